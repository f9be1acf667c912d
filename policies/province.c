/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/province.h"

#include "idp/base/text.h"

static const struct province {
    const char *code;
    const char *names[LANGUAGE_COUNT];
} provinces[] = {
#define PROVINCE(code, zh, en) { code, { [LANGUAGE_ZH_CN] = (zh), [LANGUAGE_EN] = (en) } },
#include "policies/province.def"
#undef PROVINCE
};

const char *
province_name(const char *region, enum language language)
{
    for (size_t i = 0; i < sizeof(provinces) / sizeof(provinces[0]); i++) {
        if (region != NULL && text_starts(region, provinces[i].code))
            return provinces[i].names[language];
    }
    return "";
}
