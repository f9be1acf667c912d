/* SPDX-License-Identifier: Apache-2.0 */
/* The tests' world behind a fuzz target: made once, asked without a socket. */
#ifndef TESTS_FUZZ_WORLD_H
#define TESTS_FUZZ_WORLD_H

#include <stdlib.h>
#include <unistd.h>

#include "tests/world.h"

#define FUZZ_ARENA_BYTES ((size_t)4 << 20)

static void *fuzz_state;

static inline void
fuzz_world_end(void)
{
    world_teardown(&fuzz_state);
    world_group_teardown(NULL);
}

/* The store's folder is made in memory where there is some: it is thrown away. */
static inline struct world *
fuzz_world(void)
{
    if (fuzz_state != NULL)
        return fuzz_state;
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0);
    setenv("TONGXING_TEST_STORE", "sqlite", 0);
    world_group_setup(NULL);
    world_setup(&fuzz_state);
    atexit(fuzz_world_end);
    return fuzz_state;
}

/* Asks, and ends the program when the answer is a 5xx but 503. */
static inline void
fuzz_ask(struct world *w, struct arena *arena, const struct world_call *call)
{
    struct world_answer answer;

    world_perform(w, w->store, arena, call, &answer);
    if (answer.status < 200 || (answer.status >= 500 && answer.status != 503))
        abort();
}

#endif
