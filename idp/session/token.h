/* SPDX-License-Identifier: Apache-2.0 */
/* The tokens we make and take back: access (RFC 9068), ID (OpenID Connect Core, 2),
 * logout and refresh tokens. */
#ifndef IDP_SESSION_TOKEN_H
#define IDP_SESSION_TOKEN_H

#include <stdbool.h>

#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/tables/subject.h"

/* What a partner knows the person by (OpenID Connect Core, 8.1): pairwise per sector
 * unless registered as public. */
const char *subject_for(struct ctx *ctx, const struct partner *partner, const char *person_id);
/* The same of whoever logs in: a person or a member of staff. */
const char *subject_told(struct ctx *ctx, const struct partner *partner, struct subject subject);
/* A name for who needs one beside `sub`, from which it is made: 16 small letters and digits, a letter
 * first. */
const char *username_for(struct ctx *ctx, const char *sub);
/* The session's id as this partner sees it: partners cannot join their tables by it. */
const char *session_id_for(struct ctx *ctx, const struct partner *partner, const char *sid);

/* What it knows her electronic social-security card by: stable, another one in another sector, and for
 * the card that takes its place. */
const char *card_ref_for(struct ctx *ctx, const struct partner *partner, const char *card_id);

/* An access token's content. Texts are "" when not there. */
struct access {
    const char *sub;
    const char *client_id;
    const char *audience; /* space-separated */
    const char *scope;    /* as granted: policies/claim_rule.h */
    const char *sid;      /* as the partner sees it */
    const char *grant_id; /* claim gid; "": client credentials */
    const char *acr;
    const char *actor; /* who acts for her (idp/session/actor.h); NULL or "": nobody */
    const char *jti;
    const char
        *bound_key;   /* thumbprint of the key it is bound to (RFC 9449, 6.1); "": a bearer token */
    unix_s auth_time; /* 0: none */
    unix_s issued_at;
    unix_s expires_at;
    unix_s until; /* of what it comes of: it lives no longer; 0: nothing bounds it */
};

/* Fills jti and the times and signs. ERR_UNAVAILABLE when there is no randomness. */
must_check enum err access_token_issue(struct ctx *ctx, const struct partner *partner,
                                       struct access *access, const char **out);

/* The member cnf (RFC 7800, 3.1; RFC 9449, 6) of an access token or of what is told of one; nothing for
 * "". */
void emit_confirmation(struct buf *buf, const char *bound_key);

/*
 * OK: ours, an access token of either typ, within its time, of a registered partner and not revoked. ERR_EXPIRED or
 * ERR_FORGED otherwise: callers tell the client the same for both. Reads no store.
 */
must_check enum err access_token_open(struct ctx *ctx, const char *token, struct access *out);

/* An ID token's content beyond what the partner's registration gives. */
struct identity {
    struct subject subject;
    const char *sid;
    const char *grant_id; /* claim gid: what a hint names the session by, partners ignore it */
    const char *nonce;
    const char *acr;
    const char *amr; /* space-separated */
    unix_s auth_time;
    const char *access_token;  /* for at_hash; "" leaves it out */
    const char *device_secret; /* for ds_hash (Native SSO 1.0, 3.4.1); NULL leaves it out */
    const char *claims;        /* further members as JSON object text, or "" */
};

must_check enum err id_token_issue(struct ctx *ctx, const struct partner *partner,
                                   const struct identity *identity, const char **out);

/*
 * An ID token of ours presented as a hint, expired or not: signature, issuer and typ hold, and it is
 * no access token.
 * ERR_FORGED otherwise. `audience` is the partner it was made for.
 */
struct hint {
    const char *sub;
    const char *audience;
    const char *sid;
    const char *grant_id; /* "": from a version that did not write it */
    const char *ds_hash;  /* "": no device secret was given with it */
};
must_check enum err id_token_hint_open(struct ctx *ctx, const char *token, struct hint *out);

/* The claim ds_hash: its digest in base64url. */
const char *device_secret_hash(struct arena *arena, const char *device_secret);

/* OpenID Connect Back-Channel Logout 1.0, 2.4. Valid for two minutes. With no sub where the subject's
 * id is "": sid alone says which session it is. */
must_check enum err logout_token_issue(struct ctx *ctx, const struct partner *partner,
                                       struct subject subject, const char *sid, const char **out);

/* A refresh token's content: sealed, not stored. */
struct refresh {
    const char *grant_id;
    const char *partner_id;
    int64_t generation;
};

must_check enum err refresh_token_issue(struct ctx *ctx, const struct refresh *refresh,
                                        const char **out);
must_check enum err refresh_token_open(struct ctx *ctx, const char *token, struct refresh *out);

#endif
