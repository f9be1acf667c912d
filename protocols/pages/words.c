/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/pages/words.h"

#include <string.h>

static const struct entry {
    const char *symbol;
    const char *texts[LANGUAGE_COUNT];
} entries[] = {
#define WORD(symbol, zh, en) { #symbol, { [LANGUAGE_ZH_CN] = (zh), [LANGUAGE_EN] = (en) } },
#include "protocols/pages/words.def"
#undef WORD
};

const char *
word(enum language language, enum word word)
{
    return entries[word].texts[language];
}

enum err
word_find(const char *symbol, size_t size, enum word *out)
{
    for (int i = 0; i < WORD_COUNT; i++) {
        if (strlen(entries[i].symbol) == size && memcmp(entries[i].symbol, symbol, size) == 0) {
            *out = (enum word)i;
            return OK;
        }
    }
    return ERR_NOT_FOUND;
}
