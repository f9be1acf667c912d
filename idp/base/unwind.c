/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/unwind.h"

#include <setjmp.h>
#include <stdlib.h>

#include "idp/base/broken.h"

struct run {
    struct run *outer;
    struct held *held;
    jmp_buf place;
    volatile enum err why; /* written between the two returns of setjmp() */
};

static _Thread_local struct run *innermost;

/* Nothing may be added here that is changed in between: see setjmp(3). */
enum err
unwind_run(void (*work)(void *state), void *state)
{
    struct run run = { .outer = innermost };

    innermost = &run;
    if (_setjmp(run.place) == 0)
        work(state);
    innermost = run.outer;
    return run.why;
}

void
unwind(enum err why)
{
    struct run *run = innermost;

    if (run == NULL)
        broken("work outside of unwind_run() needs memory that is not there");
    run->why = why;
    while (run->held != NULL) {
        struct held *held = run->held;

        run->held = held->before;
        held->release(held->what);
    }
    _longjmp(run->place, 1);
}

void *
memory_new(size_t size)
{
    void *at = calloc(1, size);

    if (at == NULL)
        unwind(ERR_UNAVAILABLE);
    return at;
}

void
hold_begin(struct held *held, void (*release)(void *what), void *what)
{
    *held = (struct held) { .release = release, .what = what };
    if (innermost == NULL)
        return;
    held->before = innermost->held;
    innermost->held = held;
}

void
hold_end(struct held *held)
{
    if (innermost == NULL)
        return;
    if (innermost->held != held)
        broken("things held are let go in the opposite order");
    innermost->held = held->before;
}

void
hold_release(struct held *held)
{
    hold_end(held);
    held->release(held->what);
}
