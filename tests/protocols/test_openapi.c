/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/openapi.h"

#include "idp/base/text.h"
#include "protocols/routes.h"
#include "tests/base/kit.h"

static const struct operation *
operation_of(const struct route *route)
{
    for (const struct operation *at = operations; at->method != NULL; at++)
        if (text_eq(at->method, route->method) && text_eq(at->path, route->path))
            return at;
    return NULL;
}

static void
every_operation_is_a_route_and_written(void **state)
{
    struct arena *arena = *state;
    struct buf out = buf_new(arena, 65536);
    const char *allow;

    openapi_write(&out);
    for (const struct operation *at = operations; at->method != NULL; at++) {
        const char *heading = arena_printf(arena, "\n  \"%s\":\n", at->path);
        const char *name = arena_printf(arena, "\n      operationId: %s\n", at->name);

        assert_non_null(route_find(public_routes, arena, at->method, at->path, &allow));
        assert_non_null(strstr(out.at, heading));
        assert_non_null(strstr(out.at, name));
        assert_null(strstr(strstr(out.at, heading) + 1, heading));
    }
}

/* What is refused in JSON is made for programs, and so is what pages of all origins may read. */
static void
every_route_that_programs_call_is_an_operation(void **state)
{
    (void)state;
    for (const struct route *route = public_routes; route->method != NULL; route++) {
        bool for_programs = route->refuse == REFUSE_OAUTH || route->refuse == REFUSE_BEARER ||
                            route->cors != CORS_NONE;

        if (for_programs && operation_of(route) == NULL)
            fail_msg("%s %s is missing from protocols/openapi_table.c", route->method, route->path);
    }
}

/* So a quotation mark or a line end in a table cannot end a text early. */
static void
no_text_needs_to_be_escaped(void **state)
{
    (void)state;
    for (const struct operation *at = operations; at->method != NULL; at++) {
        assert_null(strpbrk(at->summary, "\"\\\n"));
        for (const struct told_answer *told = at->told; told->status != 0; told++)
            assert_null(strpbrk(told->what, "\"\\\n"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(every_operation_is_a_route_and_written),
        base_test(every_route_that_programs_call_is_an_operation),
        base_test(no_text_needs_to_be_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
