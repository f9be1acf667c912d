/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A partner asks here, the person allows it elsewhere (OpenID Connect CIBA Core 1.0): on her page, by a
 * link in a text message, or by answering one. Whoever is asked for, known to us or not, the answer is
 * the same and costs the same.
 */
#ifndef IDP_SESSION_BACKCHANNEL_H
#define IDP_SESSION_BACKCHANNEL_H

#include "idp/base/problem.h"
#include "idp/partner/registry.h"
#include "idp/tables/grant.h"
#include "idp/tables/pending.h"
#include "policies/login_name.h"

/* Who is asked. */
struct asked_person {
    const char *person_id;  /* NULL: nobody that may log in */
    const char *counted_as; /* tries by her phone and by her identity number are one count */
    const char *phone;      /* E.164, hers, and proven lately; "": no message goes out */
};

/* By a hint of the partner's: the session of the ID token that it once got. */
struct hint;
must_check enum err asked_by_name(struct ctx *ctx, const struct login_name *name,
                                  struct asked_person *out);
must_check enum err asked_by_hint(struct ctx *ctx, const struct hint *hint,
                                  struct asked_person *out);

/* What is asked; sealed in the row. Texts are "" when there is nothing to say. */
struct backchannel_asked {
    const char *scope;
    const char *acr_values;
    const char *binding_message;
    const char *approval;           /* policies/backchannel.h, of the registration then */
    const char *notification_token; /* for ping */
    const char *auth_req_id;        /* the same */
};

struct backchannel_asking {
    const struct partner *partner; /* ctx is on its channel */
    struct asked_person person;
    struct backchannel_asked asked;
    int64_t life_s;
};

/*
 * A row, an audit record, and a message on its way. problem_prompts_full: she has not answered those
 * that wait for her, and has been told once. Where all hangs on a message: what code_limits.h says.
 */
const struct problem *backchannel_begin(struct ctx *ctx, struct backchannel_asking *asking,
                                        const char **auth_req_id);

/* What the row asks. ERR_FORGED: it cannot be read. */
must_check enum err backchannel_asked_open(struct ctx *ctx, const struct stored_pending *row,
                                           struct backchannel_asked *out);

/* By the secret of a link. ERR_NOT_FOUND: there is none, or it is over. */
must_check enum err backchannel_by_link(struct ctx *ctx, const char *link,
                                        struct stored_pending *out);
/* By the number sent back from that phone (E.164). */
must_check enum err backchannel_by_reply(struct ctx *ctx, const char *phone, const char *digits,
                                         struct stored_pending *out);

/* A token request. */
struct backchannel_turn {
    const struct partner *partner;
    const char *auth_req_id;
};

/* The grant of a request that was allowed, once. problem_ciba_pending, _slow_down, _expired,
 * problem_access_denied, problem_auth_req_id_invalid. */
const struct problem *backchannel_redeem(struct ctx *ctx, const struct backchannel_turn *turn,
                                         struct stored_grant *out);

#endif
