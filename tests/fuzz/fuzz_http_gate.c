/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/server/engine/client_address.h"
#include "idp/server/engine/gate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line of the input, without its end; *size moves with *data. Never NULL. */
static const char *
line_take(struct arena *arena, const uint8_t **data, size_t *size, size_t *line_size)
{
    const uint8_t *stop = memchr(*data, '\n', *size);
    size_t length = stop != NULL ? (size_t)(stop - *data) : *size;
    const char *line = arena_copy(arena, *data, length);

    *data += length;
    *size -= length;
    if (*size > 0) {
        (*data)++;
        (*size)--;
    }
    *line_size = length;
    return line;
}

static struct gate_header
header_take(const char *line, size_t size)
{
    const char *colon = memchr(line, ':', size);
    size_t name_size = colon != NULL ? (size_t)(colon - line) : size;

    return (struct gate_header) {
        .name = line,
        .name_size = name_size,
        .value = colon != NULL ? colon + 1 : NULL,
        .value_size = colon != NULL ? size - name_size - 1 : 0,
    };
}

/* Lines: method, target, version, then headers as the engine hands them over (sizes given,
 * a NUL behind the value). */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gate_header headers[GATE_MAX_HEADERS + 1];
    struct gate_input in = { .headers = headers };
    struct gate_output out;
    struct networks trusted;
    struct arena *arena;
    size_t line_size;

    if (size > 65536)
        return 0;
    arena = arena_new(1U << 20);
    in.method = line_take(arena, &data, &size, &line_size);
    in.target = line_take(arena, &data, &size, &line_size);
    in.version = line_take(arena, &data, &size, &line_size);
    while (size > 0 && in.header_count <= GATE_MAX_HEADERS) {
        const char *line = line_take(arena, &data, &size, &line_size);
        struct gate_header header = header_take(line, line_size);

        /* The engine ends names with a NUL too. */
        header.name = arena_copy(arena, header.name, header.name_size);
        headers[in.header_count++] = header;
    }
    if (gate_check(arena, &in, &out) == NULL) {
        if (out.path[0] != '/' || out.content_length > GATE_MAX_BODY_BYTES)
            abort();
        if (networks_read("10.0.0.0/8", &line_size, &trusted) != NULL)
            abort();
        (void)client_address(arena, "10.0.0.1", &trusted, out.forwarded_for);
    }
    arena_free(arena);
    return 0;
}
