/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK 8192

struct block {
    struct block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *first;
    struct block *last;
    size_t limit;
    size_t used;
};

static struct block *
block_new(size_t size)
{
    struct block *block = malloc(sizeof(*block) + size);

    if (block == NULL) {
        fputs("out of memory\n", stderr);
        abort();
    }
    block->next = NULL;
    block->size = size;
    block->used = 0;
    return block;
}

struct arena *
arena_new(size_t limit)
{
    struct arena *arena = malloc(sizeof(*arena));

    if (arena == NULL) {
        fputs("out of memory\n", stderr);
        abort();
    }
    arena->first = block_new(limit < FIRST_BLOCK ? limit : FIRST_BLOCK);
    arena->last = arena->first;
    arena->limit = limit;
    arena->used = 0;
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

void
arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    blocks_free(arena->first);
    free(arena);
}

void
arena_reset(struct arena *arena)
{
    blocks_free(arena->first->next);
    explicit_bzero(arena->first->bytes, arena->first->used);
    arena->first->next = NULL;
    arena->first->used = 0;
    arena->last = arena->first;
    arena->used = 0;
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

void *
arena_alloc(struct arena *arena, size_t size)
{
    struct block *block = arena->last;
    size_t need = rounded(size > 0 ? size : 1);
    void *at;

    if (need < size || need > arena->limit - arena->used) {
        fprintf(stderr, "arena exhausted: %zu of %zu used, %zu more asked\n", arena->used,
                arena->limit, size);
        abort();
    }
    if (need > block->size - block->used) {
        block->next = block_new(need > 2 * block->size ? need : 2 * block->size);
        block = block->next;
        arena->last = block;
    }
    at = block->bytes + block->used;
    block->used += need;
    arena->used += need;
    return memset(at, 0, need);
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
        abort();
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
