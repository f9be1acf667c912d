/* SPDX-License-Identifier: Apache-2.0 */
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
#include "idp/connect/connector.h"
#include "idp/connect/sms.h"
#include "tests/connect/sim_process.h"

#define NOW 1767225600 /* 2026-01-01T00:00:00Z */

struct sms_fixture {
    struct sim_process sim;
    struct settings settings;
    struct https *https;
    struct sms *sms;
    struct arena *arena;
};

static int
group_setup(void **state)
{
    struct sms_fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    *state = f;
    return sim_start(&f->sim, SIM_DIR "/sms_sim");
}

static int
group_teardown(void **state)
{
    struct sms_fixture *f = *state;
    int status = sim_stop(&f->sim);

    free(f);
    return status;
}

static void
sms_reopen(struct sms_fixture *f)
{
    sms_free(f->sms);
    f->sms = NULL;
    assert_int_equal(sms_new(&f->settings, f->https, env_machine(), &f->sms), OK);
}

static struct https_answer
gateway_asked(struct sms_fixture *f, const char *method, const char *path, const char *form)
{
    struct https_answer answer;
    const struct https_request request = {
        .method = method,
        .url = arena_printf(f->arena, "http://127.0.0.1:%d%s", f->sim.port, path),
        .trust = TRUST_CONFIGURED,
        .content_type = "application/x-www-form-urlencoded",
        .body = bytes_of_text(form),
        .deadline_s = 5,
        .max_answer_bytes = 1 << 20,
    };

    assert_int_equal(https_call(f->https, f->arena, &request, &answer), OK);
    return answer;
}

static void
control(struct sms_fixture *f, const char *form)
{
    assert_int_equal(gateway_asked(f, "POST", "/_control", form).status, 200);
}

static int
setup(void **state)
{
    struct sms_fixture *f = *state;

    f->arena = arena_new(8 << 20);
    f->settings = (struct settings) {
        .sms = { .url = arena_printf(f->arena, "http://127.0.0.1:%d", f->sim.port),
                 .access_key_id = "sim-key-id",
                 .access_key_secret = "sim-key-secret",
                 .sign_name = "通行",
                 .template_code = "SMS_0000001",
                 .max_in_flight = 4,
                 .deadline_s = 10 },
        .outbound = { .ca_file = "" },
    };
    f->https = https_new(&f->settings);
    assert_non_null(f->https);
    f->sms = NULL;
    sms_reopen(f);
    control(f, "fail=off");
    return 0;
}

static int
teardown(void **state)
{
    struct sms_fixture *f = *state;

    sms_free(f->sms);
    https_free(f->https);
    arena_free(f->arena);
    return 0;
}

static enum err
send_code(struct sms_fixture *f, const char *phone, const char *code)
{
    const struct sms_code message = { .phone = phone, .digits = code, .purpose = "login" };

    return sms_send_code(f->sms, f->arena, &message, NOW);
}

static size_t
messages_for(struct sms_fixture *f, const char *phone, const char **newest_code)
{
    struct https_answer answer =
        gateway_asked(f, "GET", arena_printf(f->arena, "/messages.json?phone=%s", phone), "");
    json_t *root =
        json_loadb((const char *)answer.body.at, answer.body.size, JSON_REJECT_DUPLICATES, NULL);
    const char *code = json_string_value(json_object_get(json_array_get(root, 0), "code"));
    size_t count = json_array_size(root);

    *newest_code = arena_text(f->arena, code != NULL ? code : "");
    json_decref(root);
    return count;
}

static void
a_code_arrives_at_the_number_it_was_sent_to(void **state)
{
    int64_t before = metric_read(METRIC_SMS_SENT);
    const char *code;

    assert_int_equal(send_code(*state, "+8613800138000", "123456"), OK);
    assert_int_equal(send_code(*state, "+8613800138000", "654321"), OK);
    assert_int_equal(messages_for(*state, "13800138000", &code), 2);
    assert_string_equal(code, "654321");
    assert_int_equal(messages_for(*state, "%2B8613800138000", &code), 2);
    assert_int_equal(messages_for(*state, "13900000000", &code), 0);
    assert_int_equal(metric_read(METRIC_SMS_SENT), before + 2);
}

static void
the_inbox_page_shows_the_code(void **state)
{
    struct https_answer page;

    assert_int_equal(send_code(*state, "+8613800138009", "908070"), OK);
    page = gateway_asked(*state, "GET", "/", "");
    assert_int_equal(page.status, 200);
    assert_non_null(strstr((const char *)page.body.at, "<b>908070</b>【通行】"));
}

static const char *
newest(struct sms_fixture *f, const char *member)
{
    struct https_answer answer = gateway_asked(f, "GET", "/messages.json", "");
    json_t *root =
        json_loadb((const char *)answer.body.at, answer.body.size, JSON_REJECT_DUPLICATES, NULL);
    const char *text = json_string_value(json_object_get(json_array_get(root, 0), member));

    text = arena_text(f->arena, text != NULL ? text : "");
    json_decref(root);
    return text;
}

static void
send_for(struct sms_fixture *f, const char *purpose, const char *partner)
{
    const struct sms_code message = { "+8613800138006", "112233", purpose, partner, NULL };

    assert_int_equal(sms_send_code(f->sms, f->arena, &message, NOW), OK);
}

/* C9: a message says what its code is for, and for whom. */
static void
a_message_names_its_purpose_and_the_partner(void **state)
{
    struct sms_fixture *f = *state;
    struct https_answer page;

    f->settings.sms.template_code_register = "SMS_REGISTER";
    f->settings.sms.template_partner = "partner";
    send_for(f, "register", "【市】医院\n");
    assert_string_equal(newest(f, "template_code"), "SMS_REGISTER");
    assert_string_equal(newest(f, "partner"), "市医院");
    page = gateway_asked(f, "GET", "/", "");
    assert_non_null(strstr((const char *)page.body.at, "您正在实名注册，来自“市医院”。"));
    send_for(f, "login", "市医院");
    assert_string_equal(newest(f, "template_code"), "SMS_0000001");
    send_for(f, "register", NULL); /* our own pages */
    assert_string_equal(newest(f, "partner"), "通行");
}

static void
templates_without_the_variable_are_given_none(void **state)
{
    send_for(*state, "login", "市医院");
    assert_string_equal(newest(*state, "partner"), "");
}

static void
a_url_with_a_slash_at_its_end_is_the_same(void **state)
{
    struct sms_fixture *f = *state;

    f->settings.sms.url = arena_printf(f->arena, "%s/", f->settings.sms.url);
    sms_reopen(f);
    assert_int_equal(send_code(f, "+8613800138008", "123456"), OK);
}

static void
numbers_and_codes_of_another_form_are_refused(void **state)
{
    static const char *const phones[] = { "13800138000",
                                          "+85251234567",
                                          "+861380013800",
                                          "+86138001380000",
                                          "+8613800138000,13900000000",
                                          "+86138 0013800",
                                          "" };
    static const char *const codes[] = { "", "12345a", "123456789", "1\"}" };

    for (size_t i = 0; i < sizeof(phones) / sizeof(phones[0]); i++)
        assert_int_equal(send_code(*state, phones[i], "123456"), ERR_INVALID);
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        assert_int_equal(send_code(*state, "+8613800138000", codes[i]), ERR_INVALID);
}

static void
a_wrong_key_or_secret_is_refused_by_the_gateway(void **state)
{
    struct sms_fixture *f = *state;

    f->settings.sms.access_key_secret = "another";
    assert_int_equal(send_code(f, "+8613800138000", "123456"), ERR_UNAVAILABLE);
    f->settings.sms.access_key_secret = "sim-key-secret";
    f->settings.sms.access_key_id = "another";
    assert_int_equal(send_code(f, "+8613800138000", "123456"), ERR_UNAVAILABLE);
}

static enum err
same_random(struct env *env, void *out, size_t size)
{
    (void)env;
    memset(out, 7, size);
    return OK;
}

static enum err
no_random(struct env *env, void *out, size_t size)
{
    (void)env;
    (void)out;
    (void)size;
    return ERR_UNAVAILABLE;
}

static void
a_nonce_is_good_once(void **state)
{
    struct env env = { .random = same_random };
    struct sms_fixture *f = *state;

    sms_free(f->sms);
    assert_int_equal(sms_new(&f->settings, f->https, &env, &f->sms), OK);
    assert_int_equal(send_code(f, "+8613800138007", "123456"), OK);
    assert_int_equal(send_code(f, "+8613800138007", "123456"), ERR_UNAVAILABLE);
    env.random = no_random;
    assert_int_equal(send_code(f, "+8613800138007", "123456"), ERR_UNAVAILABLE);
}

static void
a_refusing_gateway_is_unavailable_and_leaves_the_breaker_closed(void **state)
{
    int64_t before = metric_read(METRIC_SMS_FAILED);

    control(*state, "fail=on");
    for (int i = 0; i < CONNECTOR_FAILURES_MAX; i++)
        assert_int_equal(send_code(*state, "+8613800138000", "123456"), ERR_UNAVAILABLE);
    assert_int_equal(metric_read(METRIC_SMS_FAILED), before + CONNECTOR_FAILURES_MAX);
    control(*state, "fail=off");
    assert_int_equal(send_code(*state, "+8613800138000", "123456"), OK);
}

static void
a_late_answer_leaves_it_unknown(void **state)
{
    struct sms_fixture *f = *state;

    f->settings.sms.deadline_s = 1;
    control(f, "fail=slow");
    assert_int_equal(send_code(f, "+8613800138000", "123456"), ERR_UNKNOWN);
    control(f, "fail=off");
}

static void
a_gateway_that_is_not_there_opens_the_breaker(void **state)
{
    struct sms_fixture *f = *state;

    f->settings.sms.url = "http://127.0.0.1:1";
    sms_reopen(f);
    for (int i = 0; i < CONNECTOR_FAILURES_MAX; i++)
        assert_int_equal(send_code(f, "+8613800138000", "123456"), ERR_UNAVAILABLE);
    assert_int_equal(send_code(f, "+8613800138000", "123456"), ERR_BUSY);
}

static void
without_a_gateway_nothing_is_sent_and_a_bad_address_does_not_start(void **state)
{
    struct sms_fixture *f = *state;
    struct settings settings = f->settings;
    struct sms *sms;

    settings.sms.url = "not an address";
    assert_int_equal(sms_new(&settings, f->https, env_machine(), &sms), ERR_INVALID);
    f->settings.sms.url = "";
    sms_reopen(f);
    assert_int_equal(send_code(f, "+8613800138000", "123456"), ERR_UNAVAILABLE);
}

static void
no_log_line_holds_the_code_or_the_number(void **state)
{
    FILE *lines = tmpfile();
    char text[8192] = "";

    assert_non_null(lines);
    log_set_level(LOG_DEBUG);
    log_set_fd(fileno(lines));
    assert_int_equal(send_code(*state, "+8613800138000", "483920"), OK);
    control(*state, "fail=on");
    assert_int_equal(send_code(*state, "+8613800138000", "483920"), ERR_UNAVAILABLE);
    log_set_fd(2);
    log_set_level(LOG_INFO);
    rewind(lines);
    assert_true(fread(text, 1, sizeof(text) - 1, lines) > 0);
    fclose(lines);
    assert_non_null(strstr(text, "isv.BUSINESS_LIMIT_CONTROL"));
    assert_null(strstr(text, "483920"));
    assert_null(strstr(text, "13800138000"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_code_arrives_at_the_number_it_was_sent_to),
        TEST(the_inbox_page_shows_the_code),
        TEST(a_message_names_its_purpose_and_the_partner),
        TEST(templates_without_the_variable_are_given_none),
        TEST(a_url_with_a_slash_at_its_end_is_the_same),
        TEST(numbers_and_codes_of_another_form_are_refused),
        TEST(a_wrong_key_or_secret_is_refused_by_the_gateway),
        TEST(a_nonce_is_good_once),
        TEST(a_refusing_gateway_is_unavailable_and_leaves_the_breaker_closed),
        TEST(a_late_answer_leaves_it_unknown),
        TEST(a_gateway_that_is_not_there_opens_the_breaker),
        TEST(without_a_gateway_nothing_is_sent_and_a_bad_address_does_not_start),
        TEST(no_log_line_holds_the_code_or_the_number),
    };

    return cmocka_run_group_tests_name("sms", tests, group_setup, group_teardown);
}
