/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/login_name.h"

#include "policies/identity_number.h"
#include "policies/phone.h"
#include "policies/typed.h"

#define OLD_SIZE 15

static const char *
identity_number_of(struct arena *arena, const char *typed, int32_t today)
{
    struct identity_number number;
    char old[OLD_SIZE + 1];
    const struct problem *problem = identity_number_check(typed, today, &number);

    if (problem == &problem_identity_number_old && typed_ascii(typed, old, sizeof(old)) &&
        identity_number_from_15(old, number.text))
        problem = NULL;
    return problem == NULL ? arena_text(arena, number.text) : NULL;
}

const struct problem *
login_name_check(struct arena *arena, const char *typed, int32_t today, struct login_name *out)
{
    struct login_name name = { .phone = NULL };

    if (phone_check(arena, typed, &name.phone) != NULL) {
        name.phone = NULL;
        name.identity_number = identity_number_of(arena, typed, today);
    }
    if (name.phone == NULL && name.identity_number == NULL)
        return &problem_login_name_invalid;
    *out = name;
    return NULL;
}
