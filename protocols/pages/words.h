/* SPDX-License-Identifier: Apache-2.0 */
/* All that our pages say, in Chinese and English side by side (words.def). */
#ifndef PROTOCOLS_PAGES_WORDS_H
#define PROTOCOLS_PAGES_WORDS_H

#include <stddef.h>

#include "idp/base/err.h"

enum word {
#define WORD(symbol, zh, en) WORD_##symbol,
#include "protocols/pages/words.def"
#undef WORD
    WORD_COUNT
};

/* The text in "en", or in Chinese for any other language. Static storage. */
const char *word(const char *language, enum word word);

/* The word of that symbol, which need not end in NUL. ERR_NOT_FOUND otherwise. */
must_check enum err word_find(const char *symbol, size_t size, enum word *out);

#endif
