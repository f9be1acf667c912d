/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory with one owner and one end: a request's arena owns all that the request makes, and is
 * wiped on reset. No caller checks for NULL: when the limit is reached or the machine has no
 * memory, the piece of work under way ends (unwind.h), not the process.
 */
#ifndef IDP_BASE_ARENA_H
#define IDP_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A new arena that will hand out at most `limit` bytes between two
 * resets. Free with arena_free(). */
struct arena *arena_new(size_t limit) __attribute__((returns_nonnull));
void arena_free(struct arena *arena);
/* arena_free(), for hold_begin(). */
void arena_release(void *arena);

/* Release what was given to arena_own(), latest first, wipe all that was handed out and start
 * again; the first block is kept. */
void arena_reset(struct arena *arena);

/*
 * So many bytes more may be handed out until the next reset: for telling that the limit was
 * reached.
 */
void arena_allow(struct arena *arena, size_t more);

/* Bytes handed out since the last reset, and how many more may be. */
size_t arena_used(const struct arena *arena);
size_t arena_left(const struct arena *arena);

/* Zeroed, aligned for any type, valid until the next reset. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));

/*
 * Makes the `size` bytes at `at` that many `more`, zeroed, where they stand. False when something
 * lies behind them or the block is full: nothing has changed then.
 */
bool arena_extend(struct arena *arena, void *at, size_t size, size_t more);

/*
 * The arena owns `what` from here on, which came from a foreign library: `release` is called with
 * it at the reset, or at once when there is no room to remember it. NULL is fine and not kept.
 */
void arena_own(struct arena *arena, void *what, void (*release)(void *what));

/* Copies, with a NUL put behind. */
char *arena_copy(struct arena *arena, const void *bytes, size_t size)
    __attribute__((returns_nonnull));
char *arena_text(struct arena *arena, const char *text) __attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0), returns_nonnull));

#endif
