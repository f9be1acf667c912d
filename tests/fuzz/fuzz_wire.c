/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests as they go over the wire, and the whole server behind: engine, gate, dispatch,
 * endpoints, pages, store. Besides what the sanitizers see: every connection ends, and no answer is
 * a 5xx but 503 (wire_client.c).
 */
#include <stdlib.h>

#include "tests/fuzz/wire.h"

/* A world is used up: codes are spent, people are logged out, caps are reached. */
#define INPUTS_PER_WORLD 1000
#define ARENA_BYTES ((size_t)256 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
finish(void)
{
    wire_report();
    wire_end();
}

/* FNV-1a: the same input comes from the same address. */
static uint32_t
address_of(const uint8_t *data, size_t size)
{
    uint32_t hash = 2166136261U;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ data[i]) * 16777619U;
    return hash;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint64_t inputs;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct wire_script script;

    if (inputs % INPUTS_PER_WORLD == 0)
        wire_renew();
    if (inputs++ == 0)
        atexit(finish); /* before OpenSSL's own, which it registered when it was first used */
    script = wire_expand(arena, bytes_of(data, size));
    wire_talk(wire_connect(address_of(data, size)), &script);
    arena_free(arena);
    return 0;
}
