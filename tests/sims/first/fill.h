/* SPDX-License-Identifier: Apache-2.0 */
/* The pages in files/: holes, parts that stand only when there is something, and two languages. */
#ifndef TESTS_SIMS_FIRST_FILL_H
#define TESTS_SIMS_FIRST_FILL_H

#include "idp/base/buf.h"
#include "idp/base/language.h"

/* What stands for a name; NULL and "" are nothing. A list of them ends with a name NULL. */
struct hole {
    const char *name;
    const char *value;
};

/*
 * {{name}} is the value, made harmless; {{{name}}} the value as it is; {{#name}}…{{/name}} stands
 * where there is a value, {{^name}}…{{/name}} where there is none; [[chinese||english]] is one of
 * the two. A file or a hole that does not exist ends the process.
 */
void first_fill(struct buf *out, const char *file, enum language language,
                const struct hole *holes);

/* A part of the program. */
const char *first_file(const char *name);

#endif
