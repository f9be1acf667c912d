/* SPDX-License-Identifier: Apache-2.0 */
/* The second factor of a member of staff: a code that changes every half minute (keys/totp.h), or the certificate that the
 * connection has proven. */
#ifndef IDP_STAFF_FACTOR_H
#define IDP_STAFF_FACTOR_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/tables/staff.h"
#include "keys/totp.h"

/* What she shows; NULL: nothing. */
struct factor_shown {
    const char *code;        /* as typed */
    const char *certificate; /* the thumbprint of the connection's */
};

/* What it comes to. */
struct factor_proof {
    const char *amr; /* of the whole sign-in (RFC 8176): "pwd otp", "pwd swk" */
    int64_t level;   /* 3, or 4 with a certificate */
    bool is_code;    /* which is good for once: `spent` until then */
    struct digest spent;
    unix_s until;
};

/* Is the certificate hers? Then nothing else is asked. */
bool staff_has_certificate(const struct stored_staff *staff, const char *certificate);

/* ERR_REFUSED: it is none of hers. ERR_CONFLICT: the code was right, and has been used. */
must_check enum err staff_factor_check(struct ctx *ctx, const struct stored_staff *staff,
                                       const struct factor_shown *shown, struct factor_proof *out);

/* The same of a secret that is not in her row yet. */
must_check enum err staff_totp_check(struct ctx *ctx, const char *staff_id,
                                     const struct totp_secret *secret, const char *code,
                                     struct factor_proof *out);

/* In the caller's transaction: of any number of callers one gets OK and the rest ERR_CONFLICT. */
must_check enum err staff_factor_spend(struct ctx *ctx, const struct factor_proof *proof,
                                       const char *sid);

/* For who sits there already, and shows that it is still she: checked, counted and spent. A wrong one counts as a wrong
 * password does (idp/staff/tries.h). */
const struct problem *staff_factor_prove(struct ctx *ctx, const struct stored_staff *staff,
                                         const struct factor_shown *shown, const char *sid);

/* Counted as refused; what she is told. `err` is that of staff_factor_check(). */
const struct problem *staff_factor_refused(struct ctx *ctx, const struct stored_staff *staff,
                                           enum err err);

/* The secret of her codes as it lies in her row. */
must_check enum err staff_totp_seal(struct ctx *ctx, const char *staff_id,
                                    const struct totp_secret *secret, struct bytes *out);

#endif
