/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/auth_method.h"

#include <stddef.h>

#include "idp/base/text.h"

/* clang-format off */
const struct auth_method auth_methods[] = {
#define AUTH_METHOD(name, place, need, check, needs_store) { name, need },
#include "policies/auth_method.def"
#undef AUTH_METHOD
    { NULL, AUTH_NEEDS_KEYS },
};

const char auth_method_words[] =
#define AUTH_METHOD(name, place, need, check, needs_store) " " name
#include "policies/auth_method.def"
#undef AUTH_METHOD
    ;
/* clang-format on */

enum auth_need
auth_method_need(const char *name)
{
    const struct auth_method *method = auth_methods;

    while (method->name != NULL && !text_eq(method->name, name))
        method++;
    return method->need;
}

bool
auth_method_needs_secret(const char *name)
{
    enum auth_need need = auth_method_need(name);

    return need == AUTH_NEEDS_SECRET || need == AUTH_NEEDS_CLEAR_SECRET;
}
