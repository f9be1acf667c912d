/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/language.h"

#include <string.h>
#include <strings.h>

const struct language_row languages[LANGUAGE_COUNT] = {
    [LANGUAGE_ZH_CN] = { "zh-CN", "中文", "ltr" },
    [LANGUAGE_EN] = { "en", "English", "ltr" },
};

bool
language_of_tag(const char *tag, size_t size, enum language *out)
{
    const char *dash = memchr(tag, '-', size);
    size_t primary = dash != NULL ? (size_t)(dash - tag) : size;

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        const char *ours = languages[i].tag;

        if (strcspn(ours, "-") == primary && strncasecmp(ours, tag, primary) == 0) {
            *out = (enum language)i;
            return true;
        }
    }
    return false;
}
