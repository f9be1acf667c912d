/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a configuration, and the sentences that refuse them. */
#ifndef TESTS_SERVER_CONFIG_CHECK_KIT_H
#define TESTS_SERVER_CONFIG_CHECK_KIT_H

/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <string.h>

#include "idp/server/config/config.h"

#define HTTP_ISSUER "[server]\nissuer = http://localhost\n"

/* All that is found about the lines. */
static inline struct findings
findings_of(struct arena *arena, struct bytes lines)
{
    struct settings *settings = arena_alloc(arena, sizeof(*settings));
    struct findings found = findings_new(arena);

    config_examine_text(&found, "test.conf", lines, settings);
    return found;
}

/* NULL when the lines are right, else all errors. */
static inline const char *
sentence_of(struct arena *arena, const char *lines)
{
    struct findings found = findings_of(arena, bytes_of_text(lines));

    return found.counts[FINDING_ERROR] > 0 ? findings_errors(&found) : NULL;
}

static inline void
assert_sentence(struct arena *arena, const char *lines, const char *part)
{
    const char *why = sentence_of(arena, lines);

    if (why == NULL || strstr(why, part) == NULL)
        fail_msg("%s: %s", lines, why != NULL ? why : "right");
}

static inline void
assert_right(struct arena *arena, const char *lines)
{
    const char *why = sentence_of(arena, lines);

    if (why != NULL)
        fail_msg("%s: %s", lines, why);
}

static inline int
arena_open(void **state)
{
    *state = arena_new(4U << 20);
    return 0;
}

static inline int
arena_close(void **state)
{
    arena_free(*state);
    return 0;
}

#define with_arena(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)

#endif
