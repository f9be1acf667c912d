/* SPDX-License-Identifier: Apache-2.0 */
/* Whose a phone number is, when somebody else proves it: operators give numbers away again. */
#ifndef IDP_PERSON_PHONE_HOLDER_H
#define IDP_PERSON_PHONE_HOLDER_H

#include <stdbool.h>

#include "idp/context/ctx.h"

struct phone_holder {
    const char *person_id; /* NULL: nobody else has it */
    bool lately; /* and has proven it within life.phone_s: it is no number given away again */
};

/* Who has the number (E.164), `person_id` apart. */
must_check enum err phone_holder_find(struct ctx *ctx, const char *person_id, const char *phone,
                                      struct phone_holder *out);

/*
 * In the caller's transaction: she has no number any more, on record, and finishes no login that
 * she has begun by it. The caller ends what she has once that is durable (idp/session/stop.h).
 * `reason` as in the records of whoever takes it.
 */
must_check enum err phone_holder_dispossess(struct ctx *ctx, const char *person_id,
                                            const char *reason);

#endif
