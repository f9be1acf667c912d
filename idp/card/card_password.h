/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The password of a person's electronic card: six digits, one for all channels (policies/card_password.h). So
 * whoever changes it here changes it everywhere, and wrong ones count together wherever they were typed.
 */
#ifndef IDP_CARD_CARD_PASSWORD_H
#define IDP_CARD_CARD_PASSWORD_H

#include "idp/base/problem.h"
#include "idp/context/ask.h"

/* Has she set one? */
must_check enum err card_password_is_set(struct ctx *ctx, const char *person_id, bool *out);

/* Since when it is the one that it is; 0: there is none. */
must_check enum err card_password_set_at(struct ctx *ctx, const char *person_id, unix_s *out);

/* --- Is it hers? --- */

struct card_password_asking {
    const char *person_id;
    const char *digits;
    const char *phc;
    enum err err; /* of the hash */
};

/*
 * Counts the try before it is evaluated, so that of any number at once limits.card_password_tries are
 * evaluated. problem_card_password_malformed (counts nothing), _none, _locked.
 */
const struct problem *card_password_ask_begin(struct ctx *ctx, const char *person_id,
                                              const char *typed, struct card_password_asking *out);
extern const struct ask ask_card_password;
/* NULL: it is hers, and what was counted is forgotten. problem_card_password_wrong; problem_try_again when it was
 * not evaluated: it does not count. */
const struct problem *card_password_ask_end(struct ctx *ctx, struct card_password_asking *asking);

/* --- Another one --- */

struct card_password_setting {
    const char *person_id;
    const char *digits;
    const char *reason; /* first, changed or reset */
    const char *phc;
    enum err err; /* of the hash */
};

/* What policies/card_password.h says about it. `reset`: by a new proof, whether there is one or not; else in place of
 * the one that she has shown to know. */
const struct problem *card_password_set_begin(struct ctx *ctx, const char *person_id,
                                              const char *typed, bool reset,
                                              struct card_password_setting *out);
extern const struct ask ask_card_password_set;
/* It is hers in all channels, wrong tries are forgotten, and she is told. problem_try_again: it was not hashed. */
const struct problem *card_password_set_end(struct ctx *ctx, struct card_password_setting *setting);

/*
 * May she set one without the one that she has? She logged in by card and PIN (`level` 3), or has made a bank check
 * within the last 15 minutes.
 */
must_check enum err card_password_may_reset(struct ctx *ctx, const char *person_id, int64_t level,
                                            bool *out);

#endif
