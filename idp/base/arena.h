/* SPDX-License-Identifier: Apache-2.0 */
/* Memory with one owner and one end: a request's arena owns all that the request makes, and is
 * wiped on reset. */
#ifndef IDP_BASE_ARENA_H
#define IDP_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/*
 * A new arena that will hand out at most `limit` bytes between two resets. Sizes are bounded at the
 * door, so running out is a bug and aborts: no caller checks for NULL. Free with arena_free().
 */
struct arena *arena_new(size_t limit) __attribute__((returns_nonnull));
void arena_free(struct arena *arena);

/* Wipe all that was handed out and start again; the first block is kept. */
void arena_reset(struct arena *arena);

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);

/* Zeroed, aligned for any type, valid until the next reset. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));

/* Copies, with a NUL put behind. */
char *arena_copy(struct arena *arena, const void *bytes, size_t size)
    __attribute__((returns_nonnull));
char *arena_text(struct arena *arena, const char *text) __attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0), returns_nonnull));

#endif
