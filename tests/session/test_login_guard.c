/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include "idp/base/metrics.h"
#include "idp/person/device.h"
#include "idp/session/login_count.h"
#include "idp/session/login_guard.h"

#define PHONE "+8613800138000"

static const struct problem *
try_from(struct world *w, const char *address, const char *phone)
{
    struct ctx ctx = world_ctx(w);

    ctx.address = address;
    return login_guard_take(&ctx, phone, NULL);
}

/* A browser that has logged in with the number; each call makes another one. */
static struct ctx
known_browser(struct world *w, const char *phone)
{
    struct ctx ctx = world_ctx(w);
    const char *cookie;

    assert_int_equal(device_remember(&ctx, phone, &cookie), OK);
    ctx.device = device_open(&ctx, cookie);
    return ctx;
}

static const char *
address_number(struct world *w, int n)
{
    return arena_printf(w->arena, "198.51.%d.%d", 100 + n / 256, n % 256);
}

static void
the_wait_is_told_in_steps(void **state)
{
    static const struct {
        int64_t passed_s;
        const struct problem *problem;
    } steps[] = {
        { 0, &problem_login_wait_15 },   /* 480 s are left */
        { 179, &problem_login_wait_15 }, /* 301 */
        { 1, &problem_login_wait_5 },    /* 300 */
        { 239, &problem_login_wait_5 },  /* 61 */
        { 1, &problem_login_wait_1 },    /* 60 */
        { 59, &problem_login_wait_1 },   /* 1 */
    };
    struct world *w = *state;

    for (int i = 0; i < 7; i++) {
        world_advance(w, i < 5 ? 0 : 240);
        assert_null(try_from(w, "192.0.2.1", PHONE));
    }
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        world_advance(w, steps[i].passed_s);
        assert_ptr_equal(try_from(w, "192.0.2.1", PHONE), steps[i].problem);
    }
    world_advance(w, 1);
    assert_null(try_from(w, "192.0.2.1", PHONE));
}

/* What the settings allow is told too: nobody is promised less than the wait. */
static void
long_waits_are_told_as_long(void **state)
{
    struct world *w = *state;

    w->settings.limits.password_wait_s = 3600;
    w->settings.limits.password_wait_most_s = 3600;
    w->settings.limits.password_tries_address = 10;
    w->settings.limits.password_address_window_s = 7200;
    for (int i = 0; i < 5; i++)
        assert_null(try_from(w, "192.0.2.1", PHONE));
    assert_ptr_equal(try_from(w, "192.0.2.1", PHONE), &problem_login_wait_60);
    for (int i = 0; i < 5; i++)
        assert_null(try_from(w, "192.0.2.1", arena_printf(w->arena, "+86139001390%02d", i)));
    assert_ptr_equal(try_from(w, "192.0.2.1", "+8613900139099"), &problem_login_network_long);
    world_advance(w, 6600);
    assert_ptr_equal(try_from(w, "192.0.2.1", "+8613900139099"), &problem_login_network_full);
    world_advance(w, 600);
    assert_null(try_from(w, "192.0.2.1", "+8613900139099"));
}

static void
strangers_of_all_networks_together_have_twenty_tries_then_one_after_each_wait(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 20; i++)
        assert_null(try_from(w, address_number(w, i), PHONE));
    assert_ptr_equal(try_from(w, address_number(w, 20), PHONE), &problem_login_wait_5);
    assert_null(try_from(w, address_number(w, 20), "+8613800138001"));
    world_advance(w, 120);
    assert_null(try_from(w, address_number(w, 21), PHONE));
    assert_ptr_equal(try_from(w, address_number(w, 22), PHONE), &problem_login_wait_5);
    world_advance(w, 240);
    assert_null(try_from(w, address_number(w, 23), PHONE));
    assert_ptr_equal(try_from(w, address_number(w, 24), PHONE), &problem_login_wait_15);
}

static void
a_known_browser_is_touched_by_no_line_of_others(void **state)
{
    struct world *w = *state;
    struct ctx browser = known_browser(w, PHONE);

    w->settings.limits.password_tries_address = 10;
    for (int i = 0; i < 20; i++)
        (void)try_from(w, address_number(w, i), PHONE);
    for (int i = 0; i < 20; i++)
        (void)try_from(w, w->address, arena_printf(w->arena, "+86139001390%02d", i));
    assert_ptr_equal(try_from(w, w->address, PHONE), &problem_login_wait_5);
    assert_ptr_equal(try_from(w, w->address, "+8613900139099"), &problem_login_network_full);
    for (int i = 0; i < 5; i++)
        assert_null(login_guard_take(&browser, PHONE, NULL));
    assert_ptr_equal(login_guard_take(&browser, PHONE, NULL), &problem_login_wait_5);
}

/* Whoever steals the cookie has five tries of their own, and spoils nobody else's. */
static void
a_stolen_cookie_is_worth_its_own_five_tries(void **state)
{
    struct world *w = *state;
    struct ctx thief = known_browser(w, PHONE);
    struct ctx owner = known_browser(w, PHONE);

    for (int i = 0; i < 5; i++)
        assert_null(login_guard_take(&thief, PHONE, NULL));
    for (int i = 0; i < 50; i++)
        assert_ptr_equal(login_guard_take(&thief, PHONE, NULL), &problem_login_wait_5);
    assert_null(login_guard_take(&owner, PHONE, NULL));
    assert_null(try_from(w, w->address, PHONE));
}

static void
a_success_forgets_the_tries_and_what_was_not_looked_at_is_none(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 5; i++)
            assert_null(login_guard_take(&ctx, PHONE, NULL));
        login_guard_passed(&ctx, PHONE);
    }
    for (int i = 0; i < 50; i++) {
        assert_null(login_guard_take(&ctx, PHONE, NULL));
        login_guard_give_back(&ctx, PHONE);
    }
}

static void
a_line_filled_is_recorded_once_and_names_the_person(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    int64_t before = metric_series_read(login_series(LOGIN_BY_PASSWORD, 0, LOGIN_LOCKED));

    world_audit_mark(w);
    for (int i = 0; i < 12; i++)
        (void)login_guard_take(&ctx, PHONE, "p_1");
    assert_audited(w, AUDIT_LOCK_SET, "password");
    assert_int_equal(world_rows_of(w, "audit"), 1);
    assert_int_equal(metric_series_read(login_series(LOGIN_BY_PASSWORD, 0, LOGIN_LOCKED)),
                     before + 7);
    world_audit_mark(w);
    for (int i = 0; i < 15; i++)
        (void)try_from(w, address_number(w, i), PHONE);
    assert_audited(w, AUDIT_LOCK_SET, "password_phone");
}

/* An operator who was asked for help: whoever has used up her tries, from wherever. */
static void
an_operator_lets_her_try_again_at_once(void **state)
{
    struct world *w = *state;
    struct person person = { .person_id = world_person(w, 0), .phone = PHONE };
    struct ctx ctx = known_browser(w, PHONE);
    int64_t forgotten = 0;

    for (int i = 0; i < 5; i++)
        assert_null(login_guard_take(&ctx, PHONE, NULL));
    assert_non_null(login_guard_take(&ctx, PHONE, NULL));
    for (int i = 0; i < 5; i++)
        assert_null(try_from(w, "192.0.2.1", PHONE));
    assert_non_null(try_from(w, "192.0.2.1", PHONE));
    assert_null(try_from(w, "192.0.2.9", "+8613800138001"));
    world_audit_mark(w);
    assert_int_equal(login_guard_forget(&ctx, &person, &forgotten), OK);
    assert_int_equal(forgotten, 3); /* her browser's, that network's, all strangers' */
    assert_audited(w, AUDIT_LOCK_CLEARED, "operator");
    assert_null(login_guard_take(&ctx, PHONE, NULL));
    assert_null(try_from(w, "192.0.2.1", PHONE));
    assert_int_equal(login_guard_forget(&ctx, &person, &forgotten), OK);
    assert_int_equal(login_guard_forget(&ctx, &person, &forgotten), OK);
    assert_int_equal(forgotten, 0);
    assert_int_equal(world_audit_count(w, AUDIT_LOCK_CLEARED), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_wait_is_told_in_steps),
        world_test(long_waits_are_told_as_long),
        world_test(strangers_of_all_networks_together_have_twenty_tries_then_one_after_each_wait),
        world_test(a_known_browser_is_touched_by_no_line_of_others),
        world_test(a_stolen_cookie_is_worth_its_own_five_tries),
        world_test(a_success_forgets_the_tries_and_what_was_not_looked_at_is_none),
        world_test(a_line_filled_is_recorded_once_and_names_the_person),
        world_test(an_operator_lets_her_try_again_at_once),
    };

    return world_run(tests);
}
