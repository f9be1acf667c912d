/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of policies: cmocka with its includes in order, and an arena as the state of every
 * test.
 */
#ifndef TESTS_POLICIES_KIT_H
#define TESTS_POLICIES_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/base/arena.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A test of this file with a fresh arena in *state. */
#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, kit_begin, kit_end)

static inline int
kit_begin(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static inline int
kit_end(void **state)
{
    arena_free(*state);
    return 0;
}

#endif
