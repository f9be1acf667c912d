/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/purpose.h"

#include <stddef.h>

#include "idp/base/text.h"

static const struct purpose purposes[] = {
    { PURPOSE_OWN, "/", false },
    { PURPOSE_PASSWORD, "/account/password", true },
    { PURPOSE_AUTHORIZE, "/oauth2/authorize/resume", true },
};

const struct purpose *
purpose_find(const char *name)
{
    for (size_t i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++) {
        if (text_eq(purposes[i].name, name))
            return &purposes[i];
    }
    return NULL;
}
