/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/broken.h"
#include "idp/base/unwind.h"

#define FIRST_BLOCK 8192

struct block {
    struct block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

/* In the arena itself. */
struct owned {
    struct owned *before;
    void *what;
    void (*release)(void *what);
};

struct arena {
    struct block *first;
    struct block *last;
    struct owned *owned;
    size_t limit;
    size_t used;
    size_t allowed; /* beyond the limit, until the next reset */
};

static struct block *
block_new(size_t size)
{
    struct block *block = malloc(sizeof(*block) + size);

    if (block == NULL)
        return NULL;
    block->next = NULL;
    block->size = size;
    block->used = 0;
    return block;
}

struct arena *
arena_new(size_t limit)
{
    struct arena *arena = memory_new(sizeof(*arena));

    arena->first = block_new(limit < FIRST_BLOCK ? limit : FIRST_BLOCK);
    if (arena->first == NULL) {
        free(arena);
        unwind(ERR_UNAVAILABLE);
    }
    arena->last = arena->first;
    arena->limit = limit;
    return arena;
}

static void
blocks_free(struct block *block)
{
    while (block != NULL) {
        struct block *next = block->next;

        explicit_bzero(block->bytes, block->used);
        free(block);
        block = next;
    }
}

static void
owned_release(struct arena *arena)
{
    while (arena->owned != NULL) {
        struct owned *owned = arena->owned;

        arena->owned = owned->before;
        owned->release(owned->what);
    }
}

void
arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    owned_release(arena);
    blocks_free(arena->first);
    free(arena);
}

void
arena_release(void *arena)
{
    arena_free(arena);
}

void
arena_reset(struct arena *arena)
{
    owned_release(arena);
    blocks_free(arena->first->next);
    explicit_bzero(arena->first->bytes, arena->first->used);
    arena->first->next = NULL;
    arena->first->used = 0;
    arena->last = arena->first;
    arena->used = 0;
    arena->allowed = 0;
}

void
arena_allow(struct arena *arena, size_t more)
{
    arena->allowed = more;
}

size_t
arena_used(const struct arena *arena)
{
    return arena->used;
}

/* Alignment is added inside the limit, so `limit` bounds what is really used. */
static size_t
rounded(size_t size)
{
    const size_t align = alignof(max_align_t);

    return (size + align - 1) & ~(align - 1);
}

size_t
arena_left(const struct arena *arena)
{
    return arena->limit + arena->allowed - arena->used;
}

/* A block with room for so much, behind the others; twice as large as the one before
 * when the machine has that. */
static void
block_add(struct arena *arena, size_t need)
{
    size_t wanted = 2 * arena->last->size;
    struct block *block = block_new(need > wanted ? need : wanted);

    if (block == NULL && need < wanted)
        block = block_new(need);
    if (block == NULL)
        unwind(ERR_UNAVAILABLE);
    arena->last->next = block;
    arena->last = block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    size_t need = rounded(size > 0 ? size : 1);
    void *at;

    if (need < size || need > arena_left(arena))
        unwind(ERR_TOO_LARGE);
    if (need > arena->last->size - arena->last->used)
        block_add(arena, need);
    at = arena->last->bytes + arena->last->used;
    arena->last->used += need;
    arena->used += need;
    return memset(at, 0, need);
}

bool
arena_extend(struct arena *arena, void *at, size_t size, size_t more)
{
    struct block *block = arena->last;
    size_t had = rounded(size);
    size_t need = rounded(size + more) - had;

    if ((unsigned char *)at + had != block->bytes + block->used)
        return false;
    if (more > arena_left(arena) || need > arena_left(arena) || need > block->size - block->used)
        return false;
    memset((unsigned char *)at + size, 0, had + need - size);
    block->used += need;
    arena->used += need;
    return true;
}

void
arena_own(struct arena *arena, void *what, void (*release)(void *what))
{
    struct owned *owned;
    struct held held;

    if (what == NULL)
        return;
    hold_begin(&held, release, what);
    owned = arena_alloc(arena, sizeof(*owned));
    hold_end(&held);
    *owned = (struct owned) { arena->owned, what, release };
    arena->owned = owned;
}

char *
arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);

    if (size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

char *
arena_text(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text));
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    int size;
    char *text;

    va_copy(again, args);
    size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0)
        broken("a format of ours can be printed");
    text = arena_alloc(arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, args);
    return text;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}
