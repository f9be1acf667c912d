/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a member of staff comes to a second factor: by her password, and a code that somebody who may gave her; the very first
 * one by a secret of the machine's operator (ST-21). It is hers once she has shown it.
 */
#ifndef IDP_STAFF_ENROLMENT_H
#define IDP_STAFF_ENROLMENT_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/tables/staff.h"
#include "keys/totp.h"

/* --- Codes --- */

struct staff_code {
    const char *text; /* told once: four groups of five digits */
    unix_s until;
};

/*
 * A code for her, in place of the one before. `by` NULL: the operator of the machine; else as staff_may_enrol() says (people.h).
 * problem_staff_unknown: the directory has told us of nobody of that name yet; problem_staff_denied.
 */
const struct problem *staff_code_give(struct ctx *ctx, const struct stored_staff *by,
                                      const char *staff_id, struct staff_code *out);

/* Is `typed` the code in her row? Counted as a password is. Its digest is what staff_enrol() uses up. */
const struct problem *staff_code_check(struct ctx *ctx, const struct stored_staff *staff,
                                       const char *typed, struct digest *out);

/* --- The first one --- */

/* A secret good for a day, told once. ERR_REFUSED: somebody has a factor already. */
must_check enum err bootstrap_give(struct ctx *ctx, const char **text, unix_s *until);

/* While nobody has a factor. */
must_check enum err bootstrap_is_open(struct ctx *ctx, bool *out);

/* Is that the secret, and is she a security administrator? */
const struct problem *bootstrap_check(struct ctx *ctx, const struct stored_staff *staff,
                                      const char *typed, struct digest *out);

/* --- The factor --- */

struct staff_enrolment {
    const char *staff_id;
    const char *code;        /* digest of the code, or of the bootstrap's secret: base64url */
    bool is_first;           /* by that secret */
    unix_s begun_at;         /* of the flow */
    const char *once;        /* a secret of the flow, of which that of her codes is made */
    const char *typed;       /* by her application; NULL: she takes her certificate */
    const char *certificate; /* the thumbprint of the connection's; NULL: it has none */
};

/* What is shown to her authenticator; the same as long as the flow goes on. */
void staff_enrolment_secret(struct ctx *ctx, const struct staff_enrolment *enrolment,
                            struct totp_secret *out);

/* It is hers from now on; what she had is not any more, and her sitting has ended. The same form again changes nothing. */
const struct problem *staff_enrol(struct ctx *ctx, const struct staff_enrolment *enrolment);

#endif
