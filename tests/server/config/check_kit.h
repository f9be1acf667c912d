/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a configuration, and the sentence that refuses them. */
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

/* NULL when the lines are right, else the sentence. */
static inline const char *
sentence_of(struct arena *arena, const char *lines)
{
    struct settings *settings = arena_alloc(arena, sizeof(*settings));
    const char *why = NULL;
    enum err err = config_parse(arena, "test.conf", bytes_of_text(lines), settings, &why);

    if (err == OK)
        err = config_check(arena, settings, &why);
    return err == OK ? NULL : why;
}

static inline void
assert_sentence(struct arena *arena, const char *lines, const char *part)
{
    const char *why = sentence_of(arena, lines);

    if (why == NULL || strstr(why, part) == NULL)
        fail_msg("%s: %s", lines, why != NULL ? why : "right");
}

static inline int
arena_open(void **state)
{
    *state = arena_new(1U << 20);
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
