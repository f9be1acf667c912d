/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters (窗口): where staff sit (docs/adr/0059). An operator announces one; whoever sets up its computer types a code of one
 * day, once, in its browser, which keeps a secret from then on. Where the connection has a client certificate
 * (mutual TLS), the counter is known by that too. One sitting is there at a time.
 */
#ifndef IDP_STAFF_COUNTER_H
#define IDP_STAFF_COUNTER_H

#include "idp/base/problem.h"
#include "idp/partner/setup_code.h"
#include "idp/staff/sitting.h"

/* Why a sitting ended: words of the audit trail. */
#define SITTING_ENDED_RETIRED "retired" /* its counter is */
#define SITTING_ENDED_COUNTER "counter" /* it has another computer */

/* ERR_INVALID: place or agency is empty, too long, or has a control character, or the region is no six digits. */
must_check enum err counter_add(struct ctx *ctx, const struct stored_counter *wanted,
                                struct setup_code *out);

/* A code in place of the one before: the computer that the counter has goes on until another is enrolled. ERR_NOT_FOUND when
 * it is retired or there is none. */
must_check enum err counter_code_renew(struct ctx *ctx, const char *counter_id,
                                       struct setup_code *out);

struct counter_enrolment {
    const char *code;        /* as typed; NULL: none */
    const char *certificate; /* of the connection; NULL: it has none */
    const char *
        once; /* a secret of the transaction: the same form sent again within REPEAT_S is one enrolment */
};

/*
 * The code is used up, and this browser is the counter's: *cookie is what it keeps. Whoever sits there on another computer
 * sits there no more. problem_counter_code_invalid also for a retired one; problem_counter_guesses_full when too many
 * wrong ones came from this network.
 */
const struct problem *counter_enrol(struct ctx *ctx, const struct counter_enrolment *enrolment,
                                    struct stored_counter *out, const char **cookie);

/* Nothing is taken from it any more, and whoever sits there has left. ERR_CONFLICT: it was retired before. */
must_check enum err counter_retire(struct ctx *ctx, const char *counter_id, int64_t *ended);

/* Nobody does anything at it until it is opened again, and for no citizen is acted there any more. OK also when it is locked already. */
must_check enum err sitting_lock(struct ctx *ctx, const struct sitting *sitting);
/* Her factor has been proven. ERR_NOT_FOUND: it has ended meanwhile. */
must_check enum err sitting_unlock(struct ctx *ctx, const struct sitting *sitting);

const char *counter_state_name(int64_t state);

#endif
