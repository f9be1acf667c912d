/* SPDX-License-Identifier: Apache-2.0 */
/* All that our pages say, a column for each language (words.def). */
#ifndef PROTOCOLS_PAGES_WORDS_H
#define PROTOCOLS_PAGES_WORDS_H

#include <stddef.h>

#include "idp/base/err.h"
#include "idp/base/language.h"

enum word {
#define WORD(symbol, ...) WORD_##symbol,
#include "protocols/pages/words.def"
#undef WORD
    WORD_COUNT
};

/* Static storage. */
const char *word(enum language language, enum word word);

/* The word of that symbol, which need not end in NUL. ERR_NOT_FOUND otherwise. */
must_check enum err word_find(const char *symbol, size_t size, enum word *out);

#endif
