/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leaving a piece of work early, from any depth, with nothing left behind (docs/adr/0002). A piece
 * of work is one request, one round of a background job, one command. When it needs more than it
 * may have, or the machine has no memory for it, it alone ends: what it holds is released, and
 * whoever ran it is told why.
 *
 * What happens in between is as if each function up to the runner had returned at once, so whatever
 * is not the arena's must be held: a lock, a transaction, an object of a foreign library. A foreign
 * library that calls us back must not be jumped over: its callback runs its work with unwind_run()
 * and returns to it.
 */
#ifndef IDP_BASE_UNWIND_H
#define IDP_BASE_UNWIND_H

#include <stddef.h>

#include "idp/base/err.h"

/*
 * Runs work(state). OK when it came to its end; ERR_TOO_LARGE when it asked for more than its
 * limit, ERR_UNAVAILABLE when there was no memory. What was held inside has then been released,
 * latest first. Runs nest: the innermost one of this thread is left.
 */
must_check enum err unwind_run(void (*work)(void *state), void *state);

/* Leaves the innermost run. Outside of any, there is nobody who could go on: broken(). */
_Noreturn void unwind(enum err why);

/* Zeroed, from malloc(); unwinds when there is none. The caller frees. */
void *memory_new(size_t size) __attribute__((returns_nonnull, malloc));

/* Lives on the stack of the function that holds something. */
struct held {
    struct held *before;
    void (*release)(void *what);
    void *what;
};

/* From here on `what` is released when the run is left early. */
void hold_begin(struct held *held, void (*release)(void *what), void *what);

/* The one held last is this function's own again: call in the opposite order, on every way out. */
void hold_end(struct held *held);

/* hold_end(), and release it. */
void hold_release(struct held *held);

#endif
