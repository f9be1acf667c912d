/* SPDX-License-Identifier: Apache-2.0 */
/* A member of staff gives the directory another password, by the one that she has: also one whose time is over. */
#ifndef IDP_STAFF_PASSWORD_CHANGE_H
#define IDP_STAFF_PASSWORD_CHANGE_H

#include "idp/base/problem.h"
#include "idp/connect/directory.h"
#include "idp/context/ask.h"

struct password_change {
    const char *name; /* canonical, or as typed where that is no name */
    const char *old_password;
    const char *new_password;
    bool is_done;                   /* by the same form, a moment ago: nobody is asked */
    enum directory_outcome outcome; /* asked: ask_password_change */
};

/* What may be told before anybody is asked. The old password counts as one at signing in. */
const struct problem *password_change_begin(struct ctx *ctx, struct password_change *change);

extern const struct ask ask_password_change;

const struct problem *password_change_end(struct ctx *ctx, struct password_change *changing);

#endif
