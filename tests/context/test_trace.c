/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/context/trace.h"

#include <string.h>

#include "idp/base/text.h"
#include "tests/world.h"

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN "b7ad6b7169203331"

static void
a_call_goes_on_in_the_trace_that_the_request_came_with_under_a_span_of_ours(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *first;
    const char *second;

    trace_take(&ctx, "00-" TRACE "-" SPAN "-01");
    assert_string_equal(ctx.trace_id, TRACE);
    first = trace_onward(&ctx);
    second = trace_onward(&ctx);
    assert_true(text_starts(first, "00-" TRACE "-"));
    assert_true(text_starts(second, "00-" TRACE "-"));
    assert_true(text_ends(first, "-01"));
    assert_null(strstr(first, SPAN));
    assert_string_not_equal(first, second);
}

static void
without_one_a_trace_begins_with_the_first_call(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *first;

    assert_null(ctx.trace_id);
    first = trace_onward(&ctx);
    assert_int_equal(strlen(ctx.trace_id), 32);
    assert_memory_equal(first + 3, ctx.trace_id, 32);
    assert_true(text_ends(first, "-00"));
    assert_memory_equal(trace_onward(&ctx), first, 35);
}

/* What it gives, another node takes. */
static void
what_is_put_down_can_be_taken_up(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct ctx other = world_ctx(w);

    trace_take(&other, trace_onward(&ctx));
    assert_string_equal(other.trace_id, ctx.trace_id);
    assert_string_equal(other.trace_flags, "00");
}

static void
what_is_no_traceparent_is_no_trace(void **state)
{
    static const char *const wrong[] = {
        NULL,
        "",
        "00-" TRACE "-" SPAN "-0",
        "00-" TRACE "-" SPAN "-01-more",
        "01-" TRACE "-" SPAN "-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" SPAN "-01",
        "00-" TRACE "_" SPAN "-01",
        "00-00000000000000000000000000000000-" SPAN "-01",
        "00-" TRACE "-0000000000000000-01",
        "00-" TRACE "-" SPAN "-\r\n",
    };
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        trace_take(&ctx, "00-" TRACE "-" SPAN "-01");
        trace_take(&ctx, wrong[i]);
        assert_null(ctx.trace_id);
    }
}

static void
without_random_numbers_there_is_no_header(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    w->random_fails = true;
    assert_null(trace_onward(&ctx));
    assert_null(ctx.trace_id);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_call_goes_on_in_the_trace_that_the_request_came_with_under_a_span_of_ours),
        world_test(without_one_a_trace_begins_with_the_first_call),
        world_test(what_is_put_down_can_be_taken_up),
        world_test(what_is_no_traceparent_is_no_trace),
        world_test(without_random_numbers_there_is_no_header),
    };

    return world_run(tests);
}
