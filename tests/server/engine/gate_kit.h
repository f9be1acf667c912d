/* SPDX-License-Identifier: Apache-2.0 */
/* The gate, and requests by hand that knock at it. */
#ifndef TESTS_SERVER_ENGINE_GATE_KIT_H
#define TESTS_SERVER_ENGINE_GATE_KIT_H

/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "idp/server/engine/gate.h"

struct door {
    struct arena *arena;
    struct gate_header headers[GATE_MAX_HEADERS + 8];
    struct gate_input in;
    struct gate_output out;
};

static inline int
door_open(void **state)
{
    struct door *door = calloc(1, sizeof(*door));

    door->arena = arena_new(1U << 20);
    *state = door;
    return 0;
}

static inline int
door_close(void **state)
{
    struct door *door = *state;

    arena_free(door->arena);
    free(door);
    return 0;
}

static inline void
header(struct door *door, const char *name, const char *value)
{
    door->headers[door->in.header_count++] =
        (struct gate_header) { name, strlen(name), value, strlen(value) };
}

/* A request that is fine so far. */
static inline void
begin(struct door *door, const char *method, const char *target)
{
    door->in = (struct gate_input) {
        .method = method, .target = target, .version = "HTTP/1.1", .headers = door->headers
    };
    header(door, "Host", "id.example.cn");
}

static inline const struct problem *
knock(struct door *door)
{
    return gate_check(door->arena, &door->in, &door->out);
}

static inline const struct problem *
knock_target(struct door *door, const char *target)
{
    begin(door, "GET", target);
    return knock(door);
}

static inline const struct problem *
knock_header(struct door *door, const char *name, const char *value)
{
    begin(door, "POST", "/");
    header(door, name, value);
    return knock(door);
}

#define at_door(test) cmocka_unit_test_setup_teardown(test, door_open, door_close)

#endif
