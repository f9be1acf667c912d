/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session: one single-sign-on login of one subject in one place. The browser holds sid and secret;
 * the secret changes at every login and step-up, the sid stays, so that logout reaches all partners
 * of the session.
 */
#ifndef IDP_SESSION_SESSION_H
#define IDP_SESSION_SESSION_H

#include "idp/context/ctx.h"
#include "idp/session/login_count.h"
#include "idp/tables/approval.h"
#include "idp/tables/session.h"

/* What a login came to. Connectors and credentials yield it, session_begin()
 * alone makes a session of it. */
struct proof {
    enum login_way way;
    const char *person_id;
    const char *amr; /* RFC 8176 values, space-separated */
    const struct stored_session *
        lent_by; /* a live session of hers that stands for her: factors, time and level of the login
                     are that one's (amr is not read), and it ends with that one; NULL: none */
    const char *lent_amr; /* a word that the new session says beside the lender's; NULL: none */
    const char *phone;    /* E.164: the browser is known for it from now on; NULL: for none */
    const char *once; /* a secret of the transaction: the same login within REPEAT_S is one session;
                          NULL: each is one of its own */
    bool repeated;    /* it has been used up: good for the session it made, and for no other */
    bool renewed; /* a change of her credentials in the same flow has proven it, or was repeated */
    unix_s begun_at; /* of the login; 0: of this very moment. What a person's credentials were
                         changed after is worth nothing any more */
};

/* What the cookie is worth now, on its channel (policies/channel.h). `live` false: nobody is logged in, and `row` is for session_begin()
 * alone: the one that the cookie names, or zero. */
struct session {
    bool live;
    struct stored_session row; /* its level is what the login is worth by now */
    int64_t level_at_login;    /* what the same login would be worth if it were made now */
};

/* From the cookie's value (may be NULL). ERR_UNAVAILABLE only when the store says nothing; a bad
 * cookie is "not live", and so is the session of a person who is disabled or has died. */
must_check enum err session_load(struct ctx *ctx, const char *cookie, struct session *out);

/* The same for the cookie of a member of staff. */
must_check enum err session_load_staff(struct ctx *ctx, const char *cookie, struct session *out);

/* May the subject go on with what it has? A person who is disabled or has died may not, nor a member of staff who is
 * stopped or whom the directory knows no more; no other kind has a session. */
must_check enum err subject_is_active(struct ctx *ctx, struct subject subject, bool *out);

/* Neither ended nor forgotten; at a terminal, where the next person stands behind this one, and at a
 * staff member's counter not left idle either. */
must_check enum err session_goes_on(struct ctx *ctx, const char *sid, bool *out);

/* The same for what was approved in it: when the login was by a card that was lost meanwhile, the session has
 * fallen below it (idp/card/born.h). */
must_check enum err session_carries(struct ctx *ctx, const struct approval *approval, bool *out);

/* A citizen's by its sid, which grants know: for who comes with a token of that session and without its cookie. Not
 * live as session_load() says. */
must_check enum err session_find(struct ctx *ctx, const char *sid, struct session *out);
/* The same of a member of staff. */
must_check enum err session_find_staff(struct ctx *ctx, const char *sid, struct session *out);

/* Whoever stands at the terminal of ctx goes on: the session's idle time begins anew. ERR_REFUSED: it is
 * no session of that terminal; ERR_NOT_FOUND: it is forgotten. */
must_check enum err session_used(struct ctx *ctx, const char *sid);

/*
 * The session that an ID token of ours names by its grant, for who comes without the cookie. Not
 * live when it has ended, or when the grant is not the partner's or the session not the person's.
 */
struct hint; /* idp/session/token.h */
must_check enum err session_hinted(struct ctx *ctx, const struct hint *hint, struct session *out);

/*
 * For a login that needs no browser (idp/session/apart.h): the row of a new session on the channel of
 * ctx, whose cookie nobody has; and in the caller's change, it and its audit record. ERR_EXPIRED as
 * below.
 */
must_check enum err session_make(struct ctx *ctx, const struct proof *proof,
                                 struct stored_session *out);
must_check enum err session_begin_in_change(struct ctx *ctx, const struct proof *proof,
                                            const struct stored_session *session);

/*
 * Log the person in. `present` is what session_load() gave: the same person's session is renewed
 * under a new secret; another person's is ended first. One row and one audit record at most. The
 * same login sent again gives the same session and cookie, and writes nothing. `out` is loaded,
 * *cookie the new cookie value. ERR_CONFLICT: proof->repeated, and its session is gone.
 * ERR_EXPIRED: her credentials were changed since the login began.
 */
must_check enum err session_begin(struct ctx *ctx, const struct session *present,
                                  const struct proof *proof, struct session *out,
                                  const char **cookie);

/*
 * End it, and what it has lent before: the row, its grants (offline ones go on), their access tokens on every node, and a
 * delivery for each partner that wants to be told. One transaction (grants beyond GRANT_PAGE, and
 * those of codes redeemed meanwhile: one more). OK also when somebody else ended it a moment ago.
 */
must_check enum err session_end(struct ctx *ctx, const struct session *session, const char *reason);

/* What the login proved, as an approval that says nothing yet of whom and what for. */
struct approval approval_of_session(const struct stored_session *session);

/* The CSRF token of forms that belong to a session and to no transaction (logout). */
const char *session_csrf(struct ctx *ctx, const char *cookie);

#endif
