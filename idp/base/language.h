/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The languages that we speak to people. Another one is a value here, its row in language.c, and a
 * column of what is said in it: protocols/pages/words.def and idp/base/problem.def.
 */
#ifndef IDP_BASE_LANGUAGE_H
#define IDP_BASE_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

enum language {
    LANGUAGE_ZH_CN, /* for whoever asks for none of them */
    LANGUAGE_EN,    /* also what programs read */
    LANGUAGE_COUNT
};

struct language_row {
    const char *tag;       /* BCP 47: the value of lang="" and of ui_locales */
    const char *name;      /* in that language itself */
    const char *direction; /* of its writing: "ltr" or "rtl", the value of dir="" */
};

/* By enum language. */
extern const struct language_row languages[LANGUAGE_COUNT];

/*
 * A tag's primary subtag decides: zh-Hant and zh are zh-CN, en-GB is en. False when it is none of
 * ours. `tag` need not end in NUL.
 */
bool language_of_tag(const char *tag, size_t size, enum language *out);

#endif
