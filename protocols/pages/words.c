/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/pages/words.h"

#include <string.h>

#include "idp/base/text.h"

static const struct entry {
    const char *symbol;
    const char *zh;
    const char *en;
} entries[] = {
#define WORD(symbol, zh, en) { #symbol, zh, en },
#include "protocols/pages/words.def"
#undef WORD
};

const char *
word(const char *language, enum word word)
{
    return text_eq(language, "en") ? entries[word].en : entries[word].zh;
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
