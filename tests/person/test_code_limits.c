/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/person/code_limits.h"
#include "idp/person/device.h"

#define PHONE "+8613800138000"

static const struct problem *
ask_from(struct world *w, const char *address, const char *phone)
{
    struct ctx ctx = world_ctx(w);

    ctx.address = address;
    return code_limits_take(&ctx, phone);
}

/* In a browser that has logged in with the number before. */
static const struct problem *
ask_known(struct world *w, const char *phone)
{
    struct ctx ctx = world_ctx(w);
    const char *cookie;

    assert_int_equal(device_remember(&ctx, phone, &cookie), OK);
    ctx.device = device_open(&ctx, cookie);
    return code_limits_take(&ctx, phone);
}

static const char *
address_number(struct world *w, int n)
{
    return arena_printf(w->arena, "198.51.%d.%d", 100 + n / 256, n % 256);
}

static const char *
phone_number(struct world *w, int n)
{
    return arena_printf(w->arena, "+861390000%04d", n);
}

static void
one_requester_gets_one_a_minute_five_an_hour_ten_a_day(void **state)
{
    struct world *w = *state;
    int sent = 0;

    assert_null(ask_from(w, "192.0.2.1", PHONE));
    assert_ptr_equal(ask_from(w, "192.0.2.1", PHONE), &problem_sms_too_soon);
    for (int i = 1; i < 5; i++) {
        world_advance(w, 60);
        assert_null(ask_from(w, "192.0.2.1", PHONE));
    }
    world_advance(w, 60);
    assert_ptr_equal(ask_from(w, "192.0.2.1", PHONE), &problem_sms_wait_60);
    for (int i = 0; i < 20; i++) {
        world_advance(w, 3600);
        sent += ask_from(w, "192.0.2.1", PHONE) == NULL;
    }
    assert_int_equal(sent, 5);
    assert_ptr_equal(ask_from(w, "192.0.2.1", PHONE), &problem_sms_wait_hours);
}

static void
the_wait_for_a_code_is_told_in_steps(void **state)
{
    static const struct {
        int64_t passed_s;
        const struct problem *problem;
    } steps[] = {
        { 86400 - 14401, &problem_sms_too_many }, /* 14401 s are left */
        { 1, &problem_sms_wait_hours },
        { 10799, &problem_sms_wait_hours }, /* 3601 */
        { 1, &problem_sms_wait_60 },
        { 2699, &problem_sms_wait_60 }, /* 901 */
        { 1, &problem_sms_wait_15 },
        { 839, &problem_sms_wait_15 }, /* 61 */
        { 1, &problem_sms_too_soon },
    };
    struct world *w = *state;

    w->settings.limits.codes_day = 1;
    assert_null(ask_from(w, "192.0.2.1", PHONE));
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        world_advance(w, steps[i].passed_s);
        assert_ptr_equal(ask_from(w, "192.0.2.1", PHONE), steps[i].problem);
    }
    world_advance(w, 60);
    assert_null(ask_from(w, "192.0.2.1", PHONE));
}

static int64_t
wait_of(struct ctx *ctx)
{
    int64_t wait_s = -1;

    assert_int_equal(code_limits_wait(ctx, PHONE, &wait_s), OK);
    return wait_s;
}

/* What the page counts down, by whoever asks; looking counts nothing. */
static void
the_seconds_of_the_minute_are_told_before_she_asks(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(wait_of(&ctx), 0);
    assert_null(code_limits_take(&ctx, PHONE));
    assert_int_equal(wait_of(&ctx), 60);
    ctx.now += 59;
    assert_int_equal(wait_of(&ctx), 1);
    ctx.address = "203.0.113.99";
    assert_int_equal(wait_of(&ctx), 0);
    ctx.address = w->address;
    ctx.now++;
    assert_int_equal(wait_of(&ctx), 0);
    assert_null(code_limits_take(&ctx, PHONE));
}

static void
a_cap_of_a_long_time_does_not_promise_minutes(void **state)
{
    struct world *w = *state;

    w->settings.limits.codes_address = 1;
    w->settings.limits.codes_address_window_s = 7200;
    assert_null(ask_from(w, w->address, phone_number(w, 1)));
    assert_ptr_equal(ask_from(w, w->address, PHONE), &problem_sms_network_long);
    world_advance(w, 6300);
    assert_ptr_equal(ask_from(w, w->address, PHONE), &problem_sms_network_full);
}

static void
the_addresses_of_one_64_are_one_requester(void **state)
{
    struct world *w = *state;

    assert_null(ask_from(w, "2001:db8:1:2::1", PHONE));
    assert_ptr_equal(ask_from(w, "2001:db8:1:2:ffff::9", PHONE), &problem_sms_too_soon);
    assert_null(ask_from(w, "2001:db8:1:3::1", PHONE));
    assert_null(ask_from(w, "1.2.3.4", PHONE));
    assert_ptr_equal(ask_from(w, "::ffff:1.2.3.4", PHONE), &problem_sms_too_soon);
}

/* From many addresses: first free, then slower and slower, then no more; with known browsers 30. */
static void
strangers_all_together_are_slowed_down_and_leave_room_for_the_person(void **state)
{
    static const int64_t waits[] = { 120, 240, 480, 960, 1920 };
    struct world *w = *state;
    int n = 0;

    while (n < 15)
        assert_null(ask_from(w, address_number(w, n++), PHONE));
    for (size_t i = 0; i < 5; i++) {
        assert_ptr_equal(ask_from(w, address_number(w, n), PHONE),
                         waits[i] <= 900 ? &problem_sms_wait_15 : &problem_sms_wait_60);
        world_advance(w, waits[i]);
        assert_null(ask_from(w, address_number(w, n++), PHONE));
    }
    world_advance(w, 3600);
    assert_ptr_equal(ask_from(w, address_number(w, n), PHONE), &problem_sms_too_many);
    for (int i = 0; i < 10; i++)
        assert_null(ask_known(w, PHONE));
    assert_ptr_equal(ask_known(w, PHONE), &problem_sms_too_many); /* nobody is sent more than 30 */
    assert_null(ask_from(w, address_number(w, n), "+8613800138001"));
}

static void
a_known_browser_has_its_own_minute_hour_and_day(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *cookie;

    assert_int_equal(device_remember(&ctx, PHONE, &cookie), OK);
    ctx.device = device_open(&ctx, cookie);
    assert_null(ask_from(w, w->address, PHONE));
    assert_null(code_limits_take(&ctx, PHONE));
    assert_ptr_equal(code_limits_take(&ctx, PHONE), &problem_sms_too_soon);
    assert_ptr_equal(code_limits_take(&ctx, "+8613800138001"), NULL); /* as a stranger */
}

static void
what_was_not_sent_is_not_counted(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    for (int i = 0; i < 50; i++) {
        assert_null(code_limits_take(&ctx, PHONE));
        code_limits_give_back(&ctx, PHONE);
    }
    assert_null(code_limits_take(&ctx, PHONE));
    assert_ptr_equal(code_limits_take(&ctx, PHONE), &problem_sms_too_soon);
}

static void
one_network_has_its_share_and_known_browsers_pass_by(void **state)
{
    struct world *w = *state;
    int64_t before = metric_read(METRIC_SMS_CAPPED_NETWORK);

    w->settings.limits.codes_address = 25;
    for (int i = 0; i < 25; i++)
        assert_null(ask_from(w, w->address, phone_number(w, i)));
    world_audit_mark(w);
    assert_ptr_equal(ask_from(w, w->address, PHONE), &problem_sms_network_full);
    assert_audited(w, AUDIT_CODE_CAPPED, "sms_address");
    assert_int_equal(metric_read(METRIC_SMS_CAPPED_NETWORK), before + 1);
    assert_null(ask_known(w, PHONE));
    assert_null(ask_from(w, "192.0.2.99", PHONE));
    world_advance(w, 300);
    assert_null(ask_from(w, w->address, "+8613800138001"));
}

/* How often the line stands in what `act` logs. */
static int
alarms_while(struct world *w, const char *event, void (*act)(struct world *w))
{
    char text[65536];
    const char *at = text;
    int pipe_fds[2];
    ssize_t size;
    int count = 0;

    assert_int_equal(pipe2(pipe_fds, O_NONBLOCK), 0);
    log_set_fd(pipe_fds[1]);
    act(w);
    log_set_fd(2);
    size = read(pipe_fds[0], text, sizeof(text) - 1);
    text[size > 0 ? size : 0] = '\0';
    while ((at = strstr(at, event)) != NULL) {
        at++;
        count++;
    }
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    return count;
}

static void
exhaust_a_prefix(struct world *w)
{
    for (int i = 0; i < 200; i++)
        (void)ask_from(w, arena_printf(w->arena, "2001:db8:1:%x::1", i), phone_number(w, i));
}

static void
a_prefix_at_its_cap_raises_one_alarm_a_minute(void **state)
{
    struct world *w = *state;
    int64_t before = metric_read(METRIC_SMS_CAPPED_PREFIX);

    world_advance(w, 86400); /* the alarm's own memory is the process's */
    w->settings.limits.codes_prefix = 40;
    assert_int_equal(alarms_while(w, "sms.cap_prefix", exhaust_a_prefix), 1);
    assert_int_equal(metric_read(METRIC_SMS_CAPPED_PREFIX), before + 160);
    assert_ptr_equal(ask_from(w, "2001:db8:1:ffff::1", PHONE), &problem_sms_network_full);
    assert_int_equal(alarms_while(w, "sms.cap_prefix", exhaust_a_prefix), 0);
    assert_null(ask_from(w, "2001:db8:2::1", PHONE));
    assert_null(ask_known(w, PHONE));
    world_advance(w, 60);
    assert_int_equal(alarms_while(w, "sms.cap_prefix", exhaust_a_prefix), 1);
}

static void
exhaust_the_province(struct world *w)
{
    for (int i = 0; i < 200; i++)
        (void)ask_from(w, address_number(w, i * 7), phone_number(w, i));
}

static void
the_province_at_its_cap_sends_nothing_more_to_strangers(void **state)
{
    struct world *w = *state;
    int64_t before = metric_read(METRIC_SMS_CAPPED_GLOBAL);

    world_advance(w, 2 * 86400);
    w->settings.limits.codes_all_minute = 80;
    assert_int_equal(alarms_while(w, "sms.cap_global", exhaust_the_province), 1);
    assert_int_equal(metric_read(METRIC_SMS_CAPPED_GLOBAL),
                     before + 120); /* each lane was filled */
    world_audit_mark(w);
    assert_ptr_equal(ask_from(w, "192.0.2.77", PHONE), &problem_sms_paused);
    assert_audited(w, AUDIT_CODE_CAPPED, "sms_all_minute");
    assert_null(ask_known(w, PHONE));
    world_advance(w, 60);
    assert_null(ask_from(w, "192.0.2.77", PHONE));
    w->settings.limits.codes_all_day = 8;
    assert_ptr_equal(ask_from(w, "192.0.2.78", PHONE), &problem_sms_paused_today);
}

static void
what_is_refused_leaves_no_row(void **state)
{
    struct world *w = *state;
    int64_t rows;

    world_sampling(w);
    w->settings.limits.codes_address = 10;
    for (int i = 0; i < 10; i++)
        assert_null(ask_from(w, w->address, phone_number(w, i)));
    rows = world_rows_of(w, "attempt");
    for (int i = 10; i < 500; i++)
        assert_ptr_equal(ask_from(w, w->address, phone_number(w, i)), &problem_sms_network_full);
    assert_int_equal(world_rows_of(w, "attempt"), rows);
    assert_in_range(world_audit_count(w, AUDIT_CODE_CAPPED), 1, 8);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(one_requester_gets_one_a_minute_five_an_hour_ten_a_day),
        world_test(the_wait_for_a_code_is_told_in_steps),
        world_test(the_seconds_of_the_minute_are_told_before_she_asks),
        world_test(a_cap_of_a_long_time_does_not_promise_minutes),
        world_test(the_addresses_of_one_64_are_one_requester),
        world_test(strangers_all_together_are_slowed_down_and_leave_room_for_the_person),
        world_test(a_known_browser_has_its_own_minute_hour_and_day),
        world_test(what_was_not_sent_is_not_counted),
        world_test(one_network_has_its_share_and_known_browsers_pass_by),
        world_test(a_prefix_at_its_cap_raises_one_alarm_a_minute),
        world_test(the_province_at_its_cap_sends_nothing_more_to_strangers),
        world_test(what_is_refused_leaves_no_row),
    };

    return world_run(tests);
}
