/* SPDX-License-Identifier: Apache-2.0 */
/* An arena for each test of idp/base, and a child that is meant to abort. */
#ifndef TESTS_BASE_KIT_H
#define TESTS_BASE_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "idp/base/arena.h"

static inline int
base_setup(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static inline int
base_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

#define base_test(name) cmocka_unit_test_setup_teardown(name, base_setup, base_teardown)

/* True when `act` ends its process by abort(). */
static inline bool
aborts(void (*act)(void))
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        close(STDERR_FILENO);
        act();
        _exit(0);
    }
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

#endif
