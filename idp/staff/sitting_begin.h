/* SPDX-License-Identifier: Apache-2.0 */
/* How a sitting begins, and how it ends (docs/adr/0058). */
#ifndef IDP_STAFF_SITTING_BEGIN_H
#define IDP_STAFF_SITTING_BEGIN_H

#include "idp/base/problem.h"
#include "idp/staff/factor.h"
#include "idp/staff/sitting.h"

struct sitting_start {
    const struct stored_staff *staff; /* the directory has taken her password a moment ago */
    const struct stored_counter *counter;
    struct factor_shown shown;
    const char *once; /* a secret of the flow: the same sign-in within REPEAT_S is one sitting */
};

/*
 * She sits at that counter from now on: whoever sat there does no more, nor does she anywhere else, and the session of each has
 * ended. Session, seat, the code's single use and the audit record are one transaction. The same sign-in sent again gets
 * the same cookie. *cookie is a new one each time else: nothing that a browser had before opens it.
 */
const struct problem *sitting_begin(struct ctx *ctx, const struct sitting_start *start,
                                    struct stored_session *out, const char **cookie);

#endif
