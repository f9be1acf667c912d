/* SPDX-License-Identifier: Apache-2.0 */
/* Who somebody says she is when she logs in: her phone number or her identity number, in one field. */
#ifndef POLICIES_LOGIN_NAME_H
#define POLICIES_LOGIN_NAME_H

#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/problem.h"

/* Canonical. One of the two is NULL. */
struct login_name {
    const char *phone;           /* policies/phone.h */
    const char *identity_number; /* policies/identity_number.h; of 15 digits it is made one of 18 */
};

/* `today` as for identity_number_check(). problem_login_name_invalid: it is neither. */
const struct problem *login_name_check(struct arena *arena, const char *typed, int32_t today,
                                       struct login_name *out);

#endif
