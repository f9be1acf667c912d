/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/connect/card_fixture.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/connect/connector.h"

#define PIN "123456"

static struct card_check
a_check(void)
{
    return (struct card_check) {
        .reading = { .region = "330500",
                     .identity_number = "11010519491231002X",
                     .card_no = "X00000019",
                     .card_id = "33050000000000000000000000000000",
                     .name = "张三",
                     .reset = "",
                     .version = "3.00",
                     .issued_on = 20200101,
                     .valid_to = 20300101,
                     .terminal_no = "330500000001",
                     .device_no = "K1" },
        .terminal_id = "t_1",
        .pin = PIN,
    };
}

static struct card_answer answer; /* the last one */

static enum card_outcome
office_says(struct card_fixture *f, const struct card_check *check)
{
    card_bureau_check(f->bureau, f->arena, check, NOW, &answer);
    return answer.outcome;
}

static enum card_outcome
office_says_under(struct card_fixture *f, const char *form)
{
    const struct card_check check = a_check();

    (void)card_control(f, form);
    return office_says(f, &check);
}

static void
a_good_card_with_its_pin_matches(void **state)
{
    struct card_fixture *f = *state;
    struct card_check check = a_check();
    int64_t matches = metric_read(METRIC_CARD_MATCH);

    check.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assert_int_equal(office_says(f, &check), CARD_MATCH);
    assert_true(text_starts(answer.check_id, "CB"));
    assert_false(answer.alarm);
    assert_int_equal(metric_read(METRIC_CARD_MATCH), matches + 1);
    assert_string_equal(json_string_value(json_object_get(card_control(f, NULL), "traceparent")),
                        check.traceparent);
}

static void
a_pin_leaves_sealed_and_never_twice_alike(void **state)
{
    struct card_fixture *f = *state;
    const struct card_check check = a_check();
    const char *first;
    const char *second;

    assert_int_equal(office_says(f, &check), CARD_MATCH);
    first = json_string_value(json_object_get(card_control(f, NULL), "body"));
    assert_int_equal(office_says(f, &check), CARD_MATCH);
    second = json_string_value(json_object_get(card_control(f, NULL), "body"));
    assert_null(strstr(first, PIN));
    assert_null(strstr(first, base64url_encode(f->arena, bytes_of_text(PIN))));
    assert_string_not_equal(first, second);
}

static void
each_word_of_the_office_has_its_outcome(void **state)
{
    static const struct {
        const char *form;
        enum card_outcome outcome;
    } cases[] = {
        { "card_no=X00000019&state=lost", CARD_STOPPED },
        { "card_no=X00000019&state=not_enabled", CARD_STOPPED },
        { "card_no=X00000019&state=cancelled", CARD_STOPPED },
        { "card_no=X00000019&state=expired", CARD_EXPIRED },
        { "card_no=X00000019&state=normal&pin=9999", CARD_PIN_WRONG },
        { "card_no=X00000019&pin=123456&name=%E6%9D%8E%E5%9B%9B", CARD_ABSENT },
        { "card_no=X00000019&name=%E5%BC%A0%E4%B8%89&manner=later", CARD_UNAVAILABLE },
        { "manner=stranger", CARD_UNKNOWN },
        { "manner=ok", CARD_MATCH },
    };
    struct card_fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(office_says_under(f, cases[i].form), cases[i].outcome);
}

static void
a_card_that_nobody_issued_is_absent_and_wrong_pins_lock(void **state)
{
    struct card_fixture *f = *state;
    struct card_check check = a_check();

    check.reading.card_no = "X99999999";
    assert_int_equal(office_says(f, &check), CARD_ABSENT);
    check = a_check();
    check.pin = "0000";
    for (int i = 0; i < 6; i++)
        assert_int_equal(office_says(f, &check), CARD_PIN_WRONG);
    assert_int_equal(office_says(f, &check), CARD_PIN_LOCKED);
}

static void
what_cannot_be_believed_is_unknown(void **state)
{
    static const struct {
        const char *form;
        bool alarm;
    } cases[] = {
        { "manner=hang", false }, { "manner=slow", false },  { "manner=down", false },
        { "manner=cut", false },  { "manner=forged", true }, { "manner=replayed", true },
    };
    struct card_fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(office_says_under(f, cases[i].form), CARD_UNKNOWN);
        assert_int_equal(answer.alarm, cases[i].alarm);
        assert_string_equal(answer.check_id, "");
    }
}

static void
another_secret_is_not_heard_and_another_name_is_our_fault(void **state)
{
    struct card_fixture *f = *state;
    const struct card_check check = a_check();

    f->settings.card_bureau.secret = "another-secret-0123456789-0123456";
    assert_int_equal(office_says(f, &check), CARD_UNKNOWN);
    f->settings.card_bureau.secret = "card-secret-0123456789-0123456789";
    f->settings.card_bureau.app_id = "somebody";
    assert_int_equal(office_says(f, &check), CARD_UNKNOWN);
}

static void
without_an_office_or_a_way_to_it_nothing_is_sent(void **state)
{
    struct card_fixture *f = *state;
    const struct card_check check = a_check();

    f->settings.card_bureau.url = "http://127.0.0.1:1/";
    for (int i = 0; i < CONNECTOR_FAILURES_MAX + 1; i++)
        assert_int_equal(office_says(f, &check), CARD_NOT_SENT);
    assert_int_equal(metric_read(METRIC_CONNECTOR_CARD), 1);
    f->settings.card_bureau.url = "";
    assert_false(card_bureau_is_configured(f->bureau));
    assert_int_equal(office_says(f, &check), CARD_UNAVAILABLE);
    card_reopen(f);
    assert_int_equal(metric_read(METRIC_CONNECTOR_CARD), 0);
}

static void
every_outcome_has_a_name(void **state)
{
    (void)state;
    for (int i = CARD_UNKNOWN; i <= CARD_FAULT; i++)
        assert_non_null(card_outcome_name((enum card_outcome)i));
    assert_string_equal(card_outcome_name(CARD_PIN_WRONG), "pin_wrong");
}

CARD_GROUP_SETUP

int
main(void)
{
    const struct CMUnitTest tests[] = {
        card_test(a_good_card_with_its_pin_matches),
        card_test(a_pin_leaves_sealed_and_never_twice_alike),
        card_test(each_word_of_the_office_has_its_outcome),
        card_test(a_card_that_nobody_issued_is_absent_and_wrong_pins_lock),
        card_test(what_cannot_be_believed_is_unknown),
        card_test(another_secret_is_not_heard_and_another_name_is_our_fault),
        card_test(without_an_office_or_a_way_to_it_nothing_is_sent),
        cmocka_unit_test(every_outcome_has_a_name),
    };

    return cmocka_run_group_tests(tests, card_group_setup, card_group_teardown);
}
