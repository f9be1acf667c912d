/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/person/device.h"
#include "keys/seal.h"

#define PHONE "+8613800138000"

/* The browser that has this cookie. */
static struct ctx
with_cookie(struct world *w, const char *cookie)
{
    struct ctx ctx = world_ctx(w);

    ctx.device = device_open(&ctx, cookie);
    return ctx;
}

static const char *
remembered(struct ctx *ctx, const char *phone)
{
    const char *cookie = NULL;

    assert_int_equal(device_remember(ctx, phone, &cookie), OK);
    return cookie;
}

static const char *
phone_number(struct world *w, int n)
{
    return arena_printf(w->arena, "+86138001380%02d", n);
}

static void
a_browser_knows_who_logged_in_with_it_and_nobody_else(void **state)
{
    struct world *w = *state;
    struct ctx nothing = with_cookie(w, NULL);
    struct ctx ctx = with_cookie(w, remembered(&nothing, PHONE));

    assert_false(device_knows(&nothing, PHONE));
    assert_true(device_knows(&ctx, PHONE));
    assert_false(device_knows(&ctx, "+8613800138001"));
    assert_false(device_knows(&ctx, ""));
}

static void
what_it_shows_has_nothing_to_read(void **state)
{
    struct world *w = *state;
    struct ctx ctx = with_cookie(w, NULL);
    const char *cookie = remembered(&ctx, PHONE);

    assert_null(strstr(cookie, "138"));
    assert_string_not_equal(cookie, remembered(&ctx, PHONE));
}

static void
a_login_long_ago_is_forgotten(void **state)
{
    struct world *w = *state;
    struct ctx ctx = with_cookie(w, NULL);
    const char *cookie = remembered(&ctx, PHONE);

    world_advance(w, w->settings.life.device_s - 1);
    ctx = with_cookie(w, cookie);
    assert_true(device_knows(&ctx, PHONE));
    world_advance(w, 1);
    ctx = with_cookie(w, cookie);
    assert_false(device_knows(&ctx, PHONE));
}

static void
eight_share_a_browser_and_the_longest_absent_gives_way(void **state)
{
    struct world *w = *state;
    const char *cookie = NULL;
    struct ctx ctx;

    for (int i = 0; i < 8; i++) {
        ctx = with_cookie(w, cookie);
        cookie = remembered(&ctx, phone_number(w, i));
        world_advance(w, 60);
    }
    ctx = with_cookie(w, cookie);
    cookie = remembered(&ctx, phone_number(w, 0)); /* is here again */
    assert_in_range(strlen(cookie), 1, 256);
    for (int i = 0; i < 8; i++)
        assert_true(device_knows(&ctx, phone_number(w, i)));
    world_advance(w, 60);
    ctx = with_cookie(w, cookie);
    cookie = remembered(&ctx, phone_number(w, 8));
    ctx = with_cookie(w, cookie);
    assert_int_equal(ctx.device->count, DEVICE_PEOPLE);
    for (int i = 0; i <= 8; i++)
        assert_true(device_knows(&ctx, phone_number(w, i)) == (i != 1));
}

static void
it_stays_the_same_browser_whoever_logs_in(void **state)
{
    struct world *w = *state;
    struct ctx first = with_cookie(w, NULL);
    struct ctx second = with_cookie(w, remembered(&first, phone_number(w, 1)));
    struct ctx third = with_cookie(w, remembered(&second, phone_number(w, 2)));
    struct ctx another = with_cookie(w, NULL);
    struct ctx other = with_cookie(w, remembered(&another, phone_number(w, 1)));

    assert_true(third.device->id == second.device->id);
    assert_false(other.device->id == second.device->id);
}

static void
what_we_did_not_seal_is_nothing(void **state)
{
    static const char *const cookies[] = { "", "x", "AAAA", "device" };
    static const size_t sizes[] = { 0, 7, 9, 19, 21, 8 + 9 * 12 };
    struct world *w = *state;
    struct ctx ctx = with_cookie(w, NULL);
    char *forged = arena_text(w->arena, remembered(&ctx, PHONE));
    const char *text;

    forged[40] = forged[40] == 'A' ? 'B' : 'A';
    assert_null(device_open(&ctx, forged));
    for (size_t i = 0; i < sizeof(cookies) / sizeof(cookies[0]); i++)
        assert_null(device_open(&ctx, cookies[i]));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) { /* of another version, say */
        struct bytes plain = bytes_of(arena_alloc(w->arena, sizes[i] + 1), sizes[i]);

        assert_int_equal(seal_text(&ctx.keys->seal, ctx.env, ctx.arena, "device.1", plain, &text),
                         OK);
        assert_null(device_open(&ctx, text));
    }
    assert_int_equal(seal_text(&ctx.keys->seal, ctx.env, ctx.arena, "transaction.1",
                               bytes_of_text("12345678"), &text),
                     OK);
    assert_null(device_open(&ctx, text));
}

static void
who_asks_is_the_known_browser_or_else_the_network(void **state)
{
    struct world *w = *state;
    struct ctx ctx = with_cookie(w, NULL);
    bool known = true;

    assert_string_equal(device_requester(&ctx, PHONE, &known), "203.0.113.7");
    assert_false(known);
    ctx = with_cookie(w, remembered(&ctx, PHONE));
    assert_true(text_starts(device_requester(&ctx, PHONE, &known), "device "));
    assert_true(known);
    ctx.address = "2001:db8::1";
    assert_string_equal(device_requester(&ctx, "+8613800138001", &known), "2001:db8::/64");
    assert_false(known);
}

static void
without_randomness_there_is_no_cookie(void **state)
{
    struct world *w = *state;
    struct ctx ctx = with_cookie(w, NULL);
    const char *cookie = NULL;

    w->random_fails = true;
    assert_int_equal(device_remember(&ctx, PHONE, &cookie), ERR_UNAVAILABLE);
    assert_null(cookie);
    w->random_fails = false;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_browser_knows_who_logged_in_with_it_and_nobody_else),
        world_test(what_it_shows_has_nothing_to_read),
        world_test(a_login_long_ago_is_forgotten),
        world_test(eight_share_a_browser_and_the_longest_absent_gives_way),
        world_test(it_stays_the_same_browser_whoever_logs_in),
        world_test(what_we_did_not_seal_is_nothing),
        world_test(who_asks_is_the_known_browser_or_else_the_network),
        world_test(without_randomness_there_is_no_cookie),
    };

    return world_run(tests);
}
