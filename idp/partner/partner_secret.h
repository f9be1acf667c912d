/* SPDX-License-Identifier: Apache-2.0 */
/* Client secrets as rows: made, kept over other changes, rotated. Of each only the digest is kept,
 * and the secret itself, sealed, where HMAC needs it (docs/adr/0035). */
#ifndef IDP_PARTNER_PARTNER_SECRET_H
#define IDP_PARTNER_PARTNER_SECRET_H

#include "idp/context/ctx.h"
#include "idp/tables/partner.h"

/* Under this and the partner's id a client secret is sealed, where it must be known in the clear. */
#define PARTNER_SECRET_CONTEXT "partner.secret."

/* The overlap of a rotation is no longer. */
#define PARTNER_OVERLAP_MAX_S (90 * 86400)

/* Is it the secret of that digest, as a row has it (empty: none)? */
bool partner_secret_is(struct bytes digest, const char *secret);

/* The row's secret from now on, and the only one: into `row`, for a partner that authenticates by
 * `auth_method`. */
must_check enum err partner_secret_put(struct ctx *ctx, const char *auth_method, const char *secret,
                                       struct stored_partner *row);

/* The secrets of `from` go on in `row` as they are. */
void partner_secret_keep(const struct stored_partner *from, struct stored_partner *row);

struct partner_rotation {
    const char *secret;      /* the new one: to be told once */
    unix_s before_until;     /* the one from before is good until then */
    unix_s dropped_until;    /* so long the one before that would have been; 0: there was none */
    const char *auth_method; /* also when it needs none */
};

/*
 * A new secret, in a transaction of its own; the one there is stays good for `overlap_s`, beside it;
 * one that was good beside that ends. ERR_NOT_FOUND: no partner of that id is registered;
 * ERR_INVALID: its auth_method needs no secret.
 */
must_check enum err partner_secret_rotate(struct ctx *ctx, const char *partner_id,
                                          int64_t overlap_s, struct partner_rotation *out);

#endif
