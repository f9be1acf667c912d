/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first half of signing in: a name and a password, which the directory judges (idp/connect/directory.h). It makes
 * nothing of it but what it knows of her; a sitting takes the second factor (idp/staff/sitting_begin.h).
 */
#ifndef IDP_STAFF_SIGN_IN_H
#define IDP_STAFF_SIGN_IN_H

#include "idp/base/problem.h"
#include "idp/connect/directory.h"
#include "idp/context/ask.h"
#include "idp/tables/staff.h"

struct staff_sign_in {
    const char *name; /* canonical, or as typed where that is no name */
    const char *password;
    struct directory_answer answer; /* asked: ask_staff_sign_in */
};

/* What may be told before anybody is asked: an empty password (ST-01), and too many wrong ones. */
const struct problem *staff_sign_in_begin(struct ctx *ctx, const char *name, const char *password,
                                          struct staff_sign_in *out);

extern const struct ask ask_staff_sign_in;

/*
 * The directory's answer in plain words; an unknown name and a wrong password are told alike. problem_staff_password_change:
 * it is right, and good for a change alone. Else her row, as the directory says now. Only a wrong password counts.
 */
const struct problem *staff_sign_in_end(struct ctx *ctx, const struct staff_sign_in *sign_in,
                                        struct stored_staff *out);

/* Why it was refused, for whoever asks the directory something else. NULL for OK and for MUST_CHANGE. */
const struct problem *staff_sign_in_refused(struct ctx *ctx, const char *name,
                                            enum directory_outcome outcome);

#endif
