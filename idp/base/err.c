/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/err.h"

const char *
err_name(enum err err)
{
    static const char *const names[] = {
        [OK] = "ok",
        [ERR_NOT_FOUND] = "not_found",
        [ERR_CONFLICT] = "conflict",
        [ERR_INVALID] = "invalid",
        [ERR_EXPIRED] = "expired",
        [ERR_FORGED] = "forged",
        [ERR_FULL] = "full",
        [ERR_BUSY] = "busy",
        [ERR_TOO_LARGE] = "too_large",
        [ERR_REFUSED] = "refused",
        [ERR_UNAVAILABLE] = "unavailable",
        [ERR_UNKNOWN] = "unknown",
        [ERR_INTERNAL] = "internal",
    };

    return err <= ERR_INTERNAL ? names[err] : "internal";
}
