/* SPDX-License-Identifier: Apache-2.0 */
/* The WeChat connector against its simulator. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/connect/connector.h"
#include "idp/connect/wechat.h"
#include "tests/connect/sim_process.h"
#include "tests/sims/kit_wechat.h"

struct wechat_fixture {
    struct sim_process sim;
    struct settings settings;
    struct https *https;
    struct wechat *wechat;
    struct arena *arena;
    struct wechat_user user;
    bool is_snapshot;
};

static int
group_setup(void **state)
{
    struct wechat_fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    *state = f;
    return sim_start(&f->sim, SIM_DIR "/wechat_sim");
}

static int
group_teardown(void **state)
{
    struct wechat_fixture *f = *state;
    int status = sim_stop(&f->sim);

    free(f);
    return status;
}

static void
reopen(struct wechat_fixture *f)
{
    wechat_free(f->wechat);
    f->wechat = NULL;
    assert_int_equal(wechat_new(&f->settings, f->https, &f->wechat), OK);
}

static int
setup(void **state)
{
    struct wechat_fixture *f = *state;

    f->arena = arena_new(8 << 20);
    f->settings = (struct settings) {
        .wechat = { .official_appid = SIM_OFFICIAL_APPID,
                    .official_secret = "sim-official-secret",
                    .open_appid = SIM_OPEN_APPID,
                    .open_secret = "sim-open-secret",
                    .mini_appid = SIM_MINI_APPID,
                    .mini_secret = "sim-mini-secret",
                    .api_url = arena_printf(f->arena, "http://127.0.0.1:%d", f->sim.port),
                    .page_url = "https://open.example",
                    .max_in_flight = 4,
                    .deadline_s = 5 },
        .outbound = { .ca_file = "" },
    };
    f->https = https_new(&f->settings);
    assert_non_null(f->https);
    f->wechat = NULL;
    reopen(f);
    return 0;
}

static int
teardown(void **state)
{
    struct wechat_fixture *f = *state;

    wechat_free(f->wechat);
    https_free(f->https);
    arena_free(f->arena);
    return 0;
}

static struct bytes
sim_asked(struct wechat_fixture *f, const char *form)
{
    struct https_answer answer;
    const struct https_request request = {
        .method = form != NULL ? "POST" : "GET",
        .url = arena_printf(f->arena, "http://127.0.0.1:%d/_control", f->sim.port),
        .trust = TRUST_CONFIGURED,
        .content_type = "application/x-www-form-urlencoded",
        .body = bytes_of_text(form != NULL ? form : ""),
        .deadline_s = 5,
        .max_answer_bytes = 1 << 20,
    };

    assert_int_equal(https_call(f->https, f->arena, &request, &answer), OK);
    return answer.body;
}

static int64_t
calls(struct wechat_fixture *f, const char *name)
{
    struct bytes body = sim_asked(f, NULL);
    json_t *root = json_loadb((const char *)body.at, body.size, JSON_REJECT_DUPLICATES, NULL);
    int64_t count = json_integer_value(json_object_get(root, name));

    json_decref(root);
    return count;
}

static enum wechat_outcome
who(struct wechat_fixture *f, enum wechat_app app, const char *code)
{
    static int count;

    return wechat_who(f->wechat, f->arena, app, arena_printf(f->arena, "%s-%d", code, ++count),
                      &f->user, &f->is_snapshot);
}

static void
each_application_knows_her_by_another_openid_and_all_by_one_unionid(void **state)
{
    struct wechat_fixture *f = *state;

    assert_int_equal(who(f, WECHAT_OFFICIAL, "ok-7-userinfo"), WECHAT_DONE);
    assert_string_equal(f->user.openid, "o7");
    assert_string_equal(f->user.unionid, "u7");
    assert_true(f->user.unionid_was_due);
    assert_int_equal(who(f, WECHAT_OPEN, "ok-7"), WECHAT_DONE);
    assert_string_equal(f->user.openid, "w7");
    assert_string_equal(f->user.unionid, "u7");
    assert_int_equal(who(f, WECHAT_MINI, "ok-7"), WECHAT_DONE);
    assert_string_equal(f->user.openid, "m7");
    assert_string_equal(f->user.unionid, "u7");
}

static void
base_tells_neither_unionid_nor_name(void **state)
{
    struct wechat_fixture *f = *state;
    int64_t asked = calls(f, "userinfo");

    assert_int_equal(who(f, WECHAT_OFFICIAL, "ok-1-base"), WECHAT_DONE);
    assert_string_equal(f->user.unionid, "");
    assert_string_equal(f->user.nickname, "");
    assert_false(f->user.unionid_was_due);
    assert_int_equal(calls(f, "userinfo"), asked);
    assert_int_equal(who(f, WECHAT_OFFICIAL, "ok-1-userinfo"), WECHAT_DONE);
    assert_string_equal(f->user.nickname, "小明");
}

static void
each_code_of_wechats_has_its_class(void **state)
{
    static const struct {
        const char *code;
        enum wechat_outcome outcome;
    } cases[] = { { "expired", WECHAT_CODE_BAD },     { "bad", WECHAT_CODE_BAD },
                  { "risk", WECHAT_REFUSED },         { "limit", WECHAT_LIMITED },
                  { "secret", WECHAT_MISCONFIGURED }, { "fault", WECHAT_FAULT },
                  { "lie", WECHAT_UNKNOWN } };
    struct wechat_fixture *f = *state;
    int64_t alarms = metric_read(METRIC_WECHAT_ALARMS);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(who(f, WECHAT_MINI, cases[i].code), cases[i].outcome);
    assert_int_equal(metric_read(METRIC_WECHAT_ALARMS), alarms + 2);
}

static void
a_code_is_good_once(void **state)
{
    struct wechat_fixture *f = *state;

    for (int i = 0; i < 2; i++)
        assert_int_equal(
            wechat_who(f->wechat, f->arena, WECHAT_MINI, "ok-3", &f->user, &f->is_snapshot),
            i == 0 ? WECHAT_DONE : WECHAT_CODE_BAD);
}

static void
a_preview_is_nobody(void **state)
{
    struct wechat_fixture *f = *state;

    assert_int_equal(who(f, WECHAT_OFFICIAL, "snap-1-userinfo"), WECHAT_REFUSED);
    assert_true(f->is_snapshot);
    assert_int_equal(who(f, WECHAT_OFFICIAL, "risk"), WECHAT_REFUSED);
    assert_false(f->is_snapshot);
}

static void
busy_twice_it_is_asked_a_third_time(void **state)
{
    struct wechat_fixture *f = *state;
    int64_t before = calls(f, "jscode2session");

    assert_int_equal(who(f, WECHAT_MINI, "busy-4"), WECHAT_DONE);
    assert_string_equal(f->user.openid, "m4");
    assert_int_equal(calls(f, "jscode2session"), before + 3);
}

static void
a_wrong_secret_or_appid_is_an_alarm(void **state)
{
    struct wechat_fixture *f = *state;

    f->settings.wechat.mini_secret = "another";
    assert_int_equal(who(f, WECHAT_MINI, "ok-1"), WECHAT_MISCONFIGURED);
    f->settings.wechat.mini_appid = "wx9";
    assert_int_equal(who(f, WECHAT_MINI, "ok-1"), WECHAT_MISCONFIGURED);
}

static void
the_token_is_one_and_a_ticket_is_worth_it(void **state)
{
    struct wechat_fixture *f = *state;
    struct wechat_token token;
    struct wechat_token ticket;

    assert_int_equal(wechat_token_fetch(f->wechat, f->arena, false, &token), WECHAT_DONE);
    assert_int_equal(token.life_s, 7200);
    assert_int_equal(wechat_ticket_fetch(f->wechat, f->arena, token.value, &ticket), WECHAT_DONE);
    assert_string_equal(ticket.value, SIM_TICKET);
    (void)sim_asked(f, "revoke=on");
    assert_int_equal(wechat_ticket_fetch(f->wechat, f->arena, token.value, &ticket),
                     WECHAT_TOKEN_BAD);
    assert_int_equal(wechat_token_fetch(f->wechat, f->arena, true, &token), WECHAT_DONE);
    assert_int_equal(wechat_ticket_fetch(f->wechat, f->arena, token.value, &ticket), WECHAT_DONE);
}

static void
a_late_or_broken_answer_proves_nothing(void **state)
{
    struct wechat_fixture *f = *state;

    f->settings.wechat.deadline_s = 1;
    (void)sim_asked(f, "slow=on");
    assert_int_equal(who(f, WECHAT_MINI, "ok-1"), WECHAT_UNKNOWN);
    (void)sim_asked(f, "slow=off&down=on");
    assert_int_equal(who(f, WECHAT_MINI, "ok-1"), WECHAT_UNKNOWN);
    (void)sim_asked(f, "down=off&lie=on");
    assert_int_equal(who(f, WECHAT_MINI, "ok-1"), WECHAT_UNKNOWN);
    (void)sim_asked(f, "lie=off");
}

static void
a_wechat_that_is_not_there_is_left_alone_after_a_while(void **state)
{
    struct wechat_fixture *f = *state;

    f->settings.wechat.api_url = "http://127.0.0.1:1";
    reopen(f);
    for (int i = 0; i < CONNECTOR_FAILURES_MAX; i++)
        assert_int_equal(who(f, WECHAT_MINI, "ok-1"), WECHAT_BUSY);
    assert_int_equal(metric_read(METRIC_CONNECTOR_WECHAT), 1);
    assert_int_equal(who(f, WECHAT_MINI, "ok-1"), WECHAT_BUSY);
}

static void
what_is_not_configured_is_not_offered(void **state)
{
    struct wechat_fixture *f = *state;

    assert_true(wechat_is_in_use(f->wechat));
    f->settings.wechat.official_appid = "";
    assert_false(wechat_is_configured(f->wechat, WECHAT_OFFICIAL));
    assert_true(wechat_is_configured(f->wechat, WECHAT_OPEN));
    f->settings.wechat.open_appid = "";
    f->settings.wechat.mini_appid = "";
    assert_false(wechat_is_in_use(f->wechat));
}

/* CH-03 */
static void
CH_03_no_log_line_holds_a_secret_a_code_or_who_she_is(void **state)
{
    static const char *const hidden[] = { "sim-official-secret",
                                          "sim-mini-secret",
                                          SIM_SESSION_KEY,
                                          "user-token",
                                          "o77",
                                          "m77",
                                          "u77",
                                          "ok-77" };
    struct wechat_fixture *f = *state;
    FILE *lines = tmpfile();
    char text[16384] = "";

    assert_non_null(lines);
    log_set_level(LOG_DEBUG);
    log_set_fd(fileno(lines));
    (void)who(f, WECHAT_OFFICIAL, "ok-77-userinfo");
    (void)who(f, WECHAT_MINI, "ok-77");
    (void)who(f, WECHAT_MINI, "secret");
    f->settings.wechat.api_url = "http://127.0.0.1:1";
    reopen(f);
    (void)who(f, WECHAT_MINI, "ok-77");
    log_set_fd(2);
    log_set_level(LOG_INFO);
    rewind(lines);
    assert_true(fread(text, 1, sizeof(text) - 1, lines) > 0);
    fclose(lines);
    assert_non_null(strstr(text, "wechat.alarm"));
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        assert_null(strstr(text, hidden[i]));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_application_knows_her_by_another_openid_and_all_by_one_unionid),
        TEST(base_tells_neither_unionid_nor_name),
        TEST(each_code_of_wechats_has_its_class),
        TEST(a_code_is_good_once),
        TEST(a_preview_is_nobody),
        TEST(busy_twice_it_is_asked_a_third_time),
        TEST(a_wrong_secret_or_appid_is_an_alarm),
        TEST(the_token_is_one_and_a_ticket_is_worth_it),
        TEST(a_late_or_broken_answer_proves_nothing),
        TEST(a_wechat_that_is_not_there_is_left_alone_after_a_while),
        TEST(what_is_not_configured_is_not_offered),
        TEST(CH_03_no_log_line_holds_a_secret_a_code_or_who_she_is),
    };

    return cmocka_run_group_tests_name("wechat", tests, group_setup, group_teardown);
}
