/* SPDX-License-Identifier: Apache-2.0 */
/* A request by hand, for the tests of protocols/http and dispatch. */
#ifndef TESTS_PROTOCOLS_HTTP_KIT_H
#define TESTS_PROTOCOLS_HTTP_KIT_H

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

#include "idp/partner/registry.h"
#include "protocols/http/request.h"
#include "protocols/http/respond.h"

struct http_kit {
    struct settings settings;
    struct services services;
    struct arena *arena;
    struct ctx ctx;
    struct request rq;
};

static inline int
kit_open(void **state)
{
    struct http_kit *kit = calloc(1, sizeof(*kit));

    kit->settings.server.issuer = "https://id.example.cn";
    kit->settings.server.issuer_path = "";
    kit->settings.server.issuer_is_https = true;
    kit->services.settings = &kit->settings;
    kit->services.env = env_machine();
    kit->services.registry = registry_new();
    kit->arena = arena_new(1U << 20);
    kit->ctx = ctx_new(&kit->services, kit->arena, NULL);
    kit->rq = (struct request) { .ctx = &kit->ctx,
                                 .arena = kit->arena,
                                 .method = "GET",
                                 .path = "/",
                                 .language = LANGUAGE_ZH_CN };
    *state = kit;
    return 0;
}

static inline int
kit_close(void **state)
{
    struct http_kit *kit = *state;

    registry_free(kit->services.registry);
    arena_free(kit->arena);
    free(kit);
    return 0;
}

static inline struct params
kit_params(struct http_kit *kit, const char *text)
{
    struct params params;

    assert_int_equal(params_parse(kit->arena, text, strlen(text), &params), OK);
    return params;
}

static inline void
assert_header(struct http_kit *kit, const char *name, const char *value)
{
    const char *found = response_header(&kit->rq.response, name);

    assert_non_null(found);
    assert_string_equal(found, value);
}

static inline void
assert_body(struct http_kit *kit, const char *text)
{
    assert_int_equal(kit->rq.response.body.size, strlen(text));
    assert_memory_equal(kit->rq.response.body.at, text, strlen(text));
}

#define in_kit(test) cmocka_unit_test_setup_teardown(test, kit_open, kit_close)

#endif
