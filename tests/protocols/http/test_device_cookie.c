/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/person/device.h"
#include "protocols/http/device_cookie.h"

#define PHONE "+8613800138000"

static struct request
request_in(struct world *w, struct ctx *ctx, const char *cookie)
{
    return (struct request) { .ctx = ctx, .arena = w->arena, .headers = { .cookie = cookie } };
}

/* The Set-Cookie line of a login in that channel; NULL when there is none. */
static const char *
cookie_line(struct world *w, const char *channel, const char *phone)
{
    struct ctx ctx = world_ctx(w);
    struct request rq = request_in(w, &ctx, NULL);

    ctx.channel = channel;
    device_cookie_keep(&rq, phone);
    assert_in_range(rq.response.header_count, 0, 1);
    return rq.response.header_count == 1 ? rq.response.headers[0].value : NULL;
}

static void
it_lives_for_180_days_and_belongs_to_this_host_alone(void **state)
{
    const char *line = cookie_line(*state, "web", PHONE);

    assert_true(text_starts(line, "__Host-device="));
    assert_true(text_ends(line, "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=15552000"));
}

static void
what_was_set_is_known_when_it_comes_back(void **state)
{
    struct world *w = *state;
    const char *line = cookie_line(w, "app", PHONE);
    struct ctx ctx = world_ctx(w);
    struct request rq = request_in(w, &ctx, arena_copy(w->arena, line, strcspn(line, ";")));

    device_cookie_read(&rq);
    assert_true(device_knows(&ctx, PHONE));
}

static void
none_or_a_strange_one_is_nothing(void **state)
{
    static const char *const cookies[] = { NULL,
                                           "",
                                           "__Host-device=",
                                           "__Host-device=AAAA",
                                           "device=AAAA",
                                           "__Host-device=A; __Host-device=B" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cookies) / sizeof(cookies[0]); i++) {
        struct ctx ctx = world_ctx(w);
        struct request rq = request_in(w, &ctx, cookies[i]);

        device_cookie_read(&rq);
        assert_null(ctx.device);
    }
}

static void
terminals_and_counters_are_nobodys_browser(void **state)
{
    assert_null(cookie_line(*state, "terminal", PHONE));
    assert_null(cookie_line(*state, "counter", PHONE));
}

static void
the_row_of_a_login_names_the_browser(void **state)
{
    struct world *w = *state;
    const char *line = cookie_line(w, "web", NULL);
    struct ctx ctx = world_ctx(w);
    struct request rq = request_in(w, &ctx, arena_copy(w->arena, line, strcspn(line, ";")));

    rq.headers.user_agent = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36";
    assert_int_equal(device_cookie_settle(&rq), OK);
    assert_string_equal(ctx.browser, "Chrome Android");
    assert_int_equal(strlen(device_name(&ctx)), 16);
    assert_false(device_knows(&ctx, PHONE));
}

static void
a_new_browser_gets_the_name_that_its_cookie_keeps(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct request rq = request_in(w, &ctx, NULL);
    const char *name;

    assert_int_equal(device_cookie_settle(&rq), OK);
    name = device_name(&ctx);
    assert_string_not_equal(name, "");
    device_cookie_keep(&rq, PHONE);
    assert_string_equal(device_name(&ctx), name);
}

static void
whoever_stands_at_a_terminal_has_no_device(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct request rq = request_in(w, &ctx, NULL);

    ctx.channel = "terminal";
    assert_int_equal(device_cookie_settle(&rq), OK);
    assert_string_equal(device_name(&ctx), "");
}

static void
without_randomness_the_login_goes_on_without_it(void **state)
{
    struct world *w = *state;

    w->random_fails = true;
    assert_null(cookie_line(w, "web", PHONE));
    w->random_fails = false;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(it_lives_for_180_days_and_belongs_to_this_host_alone),
        world_test(what_was_set_is_known_when_it_comes_back),
        world_test(none_or_a_strange_one_is_nothing),
        world_test(terminals_and_counters_are_nobodys_browser),
        world_test(the_row_of_a_login_names_the_browser),
        world_test(a_new_browser_gets_the_name_that_its_cookie_keeps),
        world_test(whoever_stands_at_a_terminal_has_no_device),
        world_test(without_randomness_the_login_goes_on_without_it),
    };

    return world_run(tests);
}
