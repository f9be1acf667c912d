/* SPDX-License-Identifier: Apache-2.0 */
/* Logging in by a code on the phone, through the gateway's simulator. The counted
 * random numbers tell the code. */
#include <stdatomic.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/connect/sms.h"
#include "keys/handle.h"
#include "tests/connect/sim_process.h"
#include "tests/world.h"

static struct sim_process sim;

static int
setup(void **state)
{
    static uint64_t runs;
    struct world *w;
    int failed = world_setup(state);

    w = *state;
    atomic_fetch_add(&w->drawn, 1000000 * ++runs); /* the gateway takes no nonce twice */
    sms_free(w->services.sms);
    w->settings.sms.url = arena_printf(w->arena, "http://127.0.0.1:%d", sim.port);
    w->settings.sms.access_key_id = "sim-key-id";
    w->settings.sms.access_key_secret = "sim-key-secret";
    w->settings.sms.sign_name = "通行";
    w->settings.sms.template_code = "SMS_0000001";
    w->settings.sms.max_in_flight = 4;
    w->settings.sms.deadline_s = 10;
    if (sms_new(&w->settings, w->services.https, &w->env, &w->services.sms) != OK)
        return -1;
    return failed;
}

#define sms_test(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)

static void
at_phone_page(struct world *w)
{
    world_authorize(w, "webhall", "");
    world_get(w, arena_printf(w->arena, "/login/sms%s", strchr(world_header(w, "Location"), '?')));
    assert_int_equal(w->answer.status, 200);
}

/* Sends a code to the number; the browser is then at the code's page. */
static const char *
code_asked(struct world *w, const char *phone)
{
    uint64_t drawn = atomic_load(&w->drawn);
    const char *digits;

    assert_int_equal(digits_new(&w->env, w->arena, 6, &digits), OK);
    atomic_store(&w->drawn, drawn);
    world_form_post(w, "/login/sms", "tx=%s&csrf=%s&phone=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), phone);
    assert_int_equal(w->answer.status, 303);
    world_get(w, world_header(w, "Location"));
    assert_int_equal(w->answer.status, 200);
    return digits;
}

static void
submit(struct world *w, const char *code)
{
    world_form_post(w, "/login/sms/code", "tx=%s&csrf=%s&code=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), code);
}

static void
a_code_on_the_phone_logs_her_in(void **state)
{
    struct world *w = *state;
    const char *digits;

    world_person(w, 0);
    at_phone_page(w);
    digits = code_asked(w, world_phone(0));
    assert_null(strstr(w->answer.body, world_phone(0))); /* masked */
    world_audit_mark(w);
    submit(w, digits);
    assert_int_equal(w->answer.status, 303);
    assert_audited(w, AUDIT_LOGIN, "sms");
    assert_non_null(world_cookie(w, "__Host-session"));
}

static void
a_wrong_code_does_not_and_can_be_corrected(void **state)
{
    struct world *w = *state;
    const char *digits;

    world_person(w, 0);
    at_phone_page(w);
    digits = code_asked(w, world_phone(0));
    submit(w, digits[0] == '1' ? "200000" : "100000");
    assert_refused(w, &problem_sms_code_wrong);
    assert_null(world_cookie(w, "__Host-session"));
    submit(w, "12");
    assert_refused(w, &problem_sms_code_malformed);
    submit(w, digits);
    assert_int_equal(w->answer.status, 303);
}

static void
au_11_a_code_of_one_tab_is_nothing_in_another(void **state)
{
    struct world *w = *state;
    const char *digits;

    world_person(w, 0);
    at_phone_page(w);
    digits = code_asked(w, world_phone(0));
    world_advance(w, 61);
    at_phone_page(w);
    (void)code_asked(w, world_phone(0));
    submit(w, digits);
    assert_refused(w, &problem_sms_code_wrong);
}

static void
asking_again_within_a_minute_is_too_soon(void **state)
{
    struct world *w = *state;

    at_phone_page(w);
    (void)code_asked(w, world_phone(0));
    world_form_post(w, "/login/sms", "tx=%s&csrf=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_refused(w, &problem_sms_too_soon);
    world_advance(w, 61);
    world_form_post(w, "/login/sms", "tx=%s&csrf=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 303);
}

static void
the_page_says_when_another_code_can_be_had(void **state)
{
    struct world *w = *state;
    const char *page;

    at_phone_page(w);
    (void)code_asked(w, world_phone(0));
    page = arena_printf(w->arena, "/login/sms/code?tx=%s", world_hidden(w, "tx"));
    assert_non_null(strstr(w->answer.body, "data-seconds=\"60\""));
    world_advance(w, 13);
    world_get(w, page);
    assert_non_null(strstr(w->answer.body, ">没有收到短信？47 秒后可以重新获取。<"));
    world_advance(w, 47);
    world_get(w, page);
    assert_null(strstr(w->answer.body, "data-seconds"));
    assert_non_null(strstr(w->answer.body, "没有收到短信？现在可以重新获取。"));
}

static void
without_an_account_she_is_led_to_register(void **state)
{
    struct world *w = *state;
    const char *digits;

    at_phone_page(w);
    digits = code_asked(w, "13900139000");
    submit(w, digits);
    assert_refused(w, &problem_phone_unknown);
    assert_non_null(strstr(w->answer.body, "/register?tx="));
}

static void
a_number_that_is_none_gets_no_message(void **state)
{
    struct world *w = *state;

    at_phone_page(w);
    world_form_post(w, "/login/sms", "tx=%s&csrf=%s&phone=12345", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_refused(w, &problem_phone_invalid);
    assert_int_equal(world_rows_of(w, "one_time_code"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        sms_test(a_code_on_the_phone_logs_her_in),
        sms_test(a_wrong_code_does_not_and_can_be_corrected),
        sms_test(au_11_a_code_of_one_tab_is_nothing_in_another),
        sms_test(asking_again_within_a_minute_is_too_soon),
        sms_test(the_page_says_when_another_code_can_be_had),
        sms_test(without_an_account_she_is_led_to_register),
        sms_test(a_number_that_is_none_gets_no_message),
    };
    int failed;

    if (sim_start(&sim, SIM_DIR "/sms_sim") != 0)
        return 1;
    failed = world_run(tests);
    return sim_stop(&sim) != 0 ? 1 : failed;
}
