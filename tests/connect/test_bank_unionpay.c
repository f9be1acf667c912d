/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/connect/connector.h"
#include "tests/connect/bank_fixture.h"

#define WORKERS 4 /* as many as the fixture has in flight */
#define CHECKS_EACH 10

static int
group_setup(void **state)
{
    return fixture_start(state, SIM_DIR "/bank_sim");
}

static void
a_person_with_all_four_elements_right_matches(void **state)
{
    int64_t before = metric_read(METRIC_BANK_MATCH);

    assert_answer(check(*state, &zhang_san), BANK_MATCH, "00", false);
    assert_int_equal(metric_read(METRIC_BANK_MATCH), before + 1);
}

static void
rare_characters_and_middle_dots_reach_the_network_whole(void **state)
{
    const struct bank_check rare = {
        "张𠮷", "440604198506070011", "6216260000100340018", "13800138003", NULL, 0, NULL
    };
    const struct bank_check dotted = {
        "阿卜杜拉·买买提", "650102197803030010", "6216260000100420018", "13800138004", NULL, 0, NULL
    };

    assert_answer(check(*state, &rare), BANK_MATCH, "00", false);
    assert_answer(check(*state, &dotted), BANK_MATCH, "00", false);
}

static void
any_wrong_element_is_a_mismatch(void **state)
{
    struct bank_check wrong[4] = { zhang_san, zhang_san, zhang_san, zhang_san };

    wrong[0].name = "张四";
    wrong[1].identity_number = "440524188001010014";
    wrong[2].phone = "13800138001";
    wrong[3].card_no = "6226090000000048";
    for (size_t i = 0; i < 4; i++)
        assert_answer(check(*state, &wrong[i]), BANK_MISMATCH, "66", false);
}

static void
each_code_of_the_network_has_its_outcome(void **state)
{
    static const struct {
        const char *ending;
        enum bank_outcome outcome;
    } cases[] = {
        { "061", BANK_CARD_INVALID }, { "063", BANK_CARD_STATE },   { "073", BANK_CARD_STATE },
        { "077", BANK_UNSUPPORTED },  { "037", BANK_RATE_LIMITED }, { "003", BANK_UNKNOWN },
        { "060", BANK_REFUSED },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bank_check person = person_with_card_ending(*state, cases[i].ending);

        assert_answer(check(*state, &person), cases[i].outcome, cases[i].ending + 1, false);
    }
}

static void
silence_is_unknown_and_a_query_of_the_same_order_settles_it(void **state)
{
    struct bank_fixture *f = *state;
    struct bank_check person = person_with_card_ending(f, "098");

    f->settings.bank.deadline_s = 1;
    assert_answer(check(f, &person), BANK_UNKNOWN, "", false);
    f->settings.bank.deadline_s = 10;
    assert_answer(query(f, &person), BANK_MATCH, "00", false);
    assert_int_equal(checks_seen(f, person.order_id), 1);
}

static void
a_network_that_hangs_for_everybody_is_unknown_until_queried(void **state)
{
    struct bank_fixture *f = *state;
    struct bank_check person = ordered(f, &zhang_san);

    control(f, "hang=on");
    f->settings.bank.deadline_s = 1;
    assert_answer(check(f, &person), BANK_UNKNOWN, "", false);
    assert_answer(query(f, &person), BANK_UNKNOWN, "", false);
    control(f, "hang=off");
    f->settings.bank.deadline_s = 10;
    assert_answer(query(f, &person), BANK_MATCH, "00", false);
}

static void
half_an_answer_is_unknown(void **state)
{
    struct bank_check person = person_with_card_ending(*state, "097");

    assert_answer(check(*state, &person), BANK_UNKNOWN, "", false);
}

static void
answers_that_cannot_be_believed_are_unknown_and_raise_an_alarm(void **state)
{
    static const char *const endings[] = { "096", "095", "1094", "2094", "3094", "4094" };
    int64_t alarms = metric_read(METRIC_BANK_ALARMS);

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        struct bank_check person = person_with_card_ending(*state, endings[i]);

        assert_answer(check(*state, &person), BANK_UNKNOWN, "", true);
        assert_int_equal(metric_read(METRIC_BANK_ALARMS), ++alarms);
        assert_answer(query(*state, &person), BANK_MATCH, "00", false);
    }
}

static void
the_test_networks_name_counts_only_when_configured(void **state)
{
    struct bank_fixture *f = *state;
    struct bank_check person = person_with_card_ending(f, "4094");

    f->settings.bank.test_network = true;
    bank_reopen(f);
    assert_answer(check(f, &person), BANK_MATCH, "00", false);
    person = person_with_card_ending(f, "3094");
    assert_answer(check(f, &person), BANK_UNKNOWN, "", true);
}

static void
answers_too_large_or_with_too_many_fields_are_unknown(void **state)
{
    static const char *const endings[] = { "1093", "2093" };

    for (size_t i = 0; i < 2; i++) {
        struct bank_check person = person_with_card_ending(*state, endings[i]);

        assert_answer(check(*state, &person), BANK_UNKNOWN, "", false);
    }
}

static void
an_order_sent_twice_stays_unknown_until_queried(void **state)
{
    struct bank_check person = ordered(*state, &zhang_san);

    assert_answer(check(*state, &person), BANK_MATCH, "00", false);
    assert_answer(check(*state, &person), BANK_UNKNOWN, "12", true);
    assert_answer(query(*state, &person), BANK_MATCH, "00", false);
    assert_int_equal(checks_seen(*state, person.order_id), 2);
}

static void
a_state_unknown_to_the_network_is_settled_by_a_later_query(void **state)
{
    struct bank_check late = person_with_card_ending(*state, "092");
    struct bank_check never = person_with_card_ending(*state, "003");

    assert_answer(check(*state, &late), BANK_UNKNOWN, "03", false);
    assert_answer(query(*state, &late), BANK_MATCH, "00", false);
    assert_answer(check(*state, &never), BANK_UNKNOWN, "03", false);
    assert_answer(query(*state, &never), BANK_UNKNOWN, "03", false);
}

static void
a_query_tells_a_mismatch_and_an_absent_order_apart(void **state)
{
    struct bank_check wrong = ordered(*state, &zhang_san);
    struct bank_check unsent = ordered(*state, &zhang_san);

    wrong.name = "张四";
    assert_answer(check(*state, &wrong), BANK_MISMATCH, "66", false);
    assert_answer(query(*state, &wrong), BANK_MISMATCH, "66", false);
    assert_answer(query(*state, &unsent), BANK_ORDER_ABSENT, "34", false);
}

static void
a_signature_of_ours_that_the_network_refuses_is_a_fault(void **state)
{
    struct bank_fixture *f = *state;
    struct bank_check person = ordered(f, &zhang_san);

    f->settings.bank.certificate_file = folder_file(f, "leaf.pem");
    f->settings.bank.key_file = folder_file(f, "leaf.key");
    bank_reopen(f);
    assert_answer(check(f, &person), BANK_FAULT, "11", true);
    assert_answer(query(f, &person), BANK_UNKNOWN, "11", true);
}

static void
what_cannot_be_encoded_is_never_sent(void **state)
{
    struct bank_check bad[9];

    for (size_t i = 0; i < 9; i++)
        bad[i] = ordered(*state, &zhang_san);
    bad[0].name = "张三&phoneNo=13900000000";
    bad[1].name = "";
    bad[2].name = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三";
    bad[3].identity_number = "1101051949123100}X";
    bad[4].card_no = "62162610000000000a8";
    bad[5].card_no = "621626100000";
    bad[6].phone = "1380013800";
    bad[7].phone = "+8613800138";
    bad[8].order_id = "with-hyphen-1";
    for (size_t i = 0; i < 9; i++) {
        assert_answer(check(*state, &bad[i]), BANK_NOT_SENT, "", false);
        assert_int_equal(checks_seen(*state, bad[i].order_id), 0);
    }
    assert_answer(query(*state, &bad[8]), BANK_UNKNOWN, "", false);
}

static void
no_connection_means_not_sent(void **state)
{
    struct bank_fixture *f = *state;

    f->settings.bank.url = "http://127.0.0.1:1/gateway/api/";
    assert_answer(check(f, &zhang_san), BANK_NOT_SENT, "", false);
}

static void
a_full_bulkhead_answers_at_once(void **state)
{
    struct bank_fixture *f = *state;

    f->settings.bank.max_in_flight = 0;
    bank_reopen(f);
    assert_answer(check(f, &zhang_san), BANK_NOT_SENT, "", false);
}

static void
ten_failures_in_a_row_open_the_breaker(void **state)
{
    struct bank_fixture *f = *state;
    struct bank_check last = ordered(f, &zhang_san);

    control(f, "down=on");
    for (int i = 0; i < CONNECTOR_FAILURES_MAX; i++)
        assert_answer(check(f, &zhang_san), BANK_UNKNOWN, "", false);
    control(f, "down=off");
    assert_answer(check(f, &last), BANK_NOT_SENT, "", false);
    assert_int_equal(checks_seen(f, last.order_id), 0);
}

static void
without_a_bank_every_check_is_unavailable(void **state)
{
    struct bank_fixture *f = *state;

    f->settings.bank.url = "";
    f->settings.bank.certificate_file = "";
    bank_reopen(f);
    assert_answer(check(f, &zhang_san), BANK_UNAVAILABLE, "", false);
    assert_answer(query(f, &zhang_san), BANK_UNAVAILABLE, "", false);
}

static void
a_bank_without_its_files_does_not_start(void **state)
{
    struct bank_fixture *f = *state;
    struct settings settings = f->settings;
    struct bank *bank;

    settings.bank.root_file = "/nonexistent";
    assert_int_equal(bank_new(&settings, f->https, &bank), ERR_NOT_FOUND);
    settings = f->settings;
    settings.bank.key_file = folder_file(f, "leaf.key");
    assert_int_equal(bank_new(&settings, f->https, &bank), ERR_INVALID);
}

static bool
mentions(const char *text, const char *part)
{
    return part != NULL && strstr(text, part) != NULL;
}

static void
an_alarm_line_names_the_order_and_no_person(void **state)
{
    struct bank_fixture *f = *state;
    struct bank_check person = person_with_card_ending(f, "096");
    FILE *lines = tmpfile();
    char text[4096] = "";

    assert_non_null(lines);
    log_set_fd(fileno(lines));
    assert_answer(check(f, &person), BANK_UNKNOWN, "", true);
    log_set_fd(2);
    rewind(lines);
    assert_true(fread(text, 1, sizeof(text) - 1, lines) > 0);
    fclose(lines);
    assert_true(mentions(text, "\"bank.alarm\""));
    assert_true(mentions(text, person.order_id));
    assert_false(mentions(text, person.name));
    assert_false(mentions(text, person.identity_number));
    assert_false(mentions(text, person.card_no));
    assert_false(mentions(text, person.phone));
}

/* One worker: a thread with an arena of its own and the one bank of all. */
struct bank_asker {
    struct bank *bank;
    pthread_t thread;
    int number;
    int matches;
};

static void *
check_again_and_again(void *held)
{
    struct bank_asker *worker = held;
    struct arena *arena = arena_new(8 << 20);

    for (int i = 0; i < CHECKS_EACH; i++) {
        struct bank_check order = zhang_san;
        struct bank_answer answer;

        order.order_id = arena_printf(arena, "W%04dC%06d", worker->number, i);
        bank_check(worker->bank, arena, &order, NOW, &answer);
        worker->matches += answer.outcome == BANK_MATCH;
    }
    arena_free(arena);
    return NULL;
}

static void
workers_share_one_bank(void **state)
{
    struct bank_fixture *f = *state;
    struct bank_asker workers[WORKERS];

    for (int i = 0; i < WORKERS; i++) {
        workers[i] = (struct bank_asker) { .bank = f->bank, .number = i };
        assert_int_equal(
            pthread_create(&workers[i].thread, NULL, check_again_and_again, &workers[i]), 0);
    }
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_int_equal(workers[i].matches, CHECKS_EACH);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_person_with_all_four_elements_right_matches),
        TEST(rare_characters_and_middle_dots_reach_the_network_whole),
        TEST(any_wrong_element_is_a_mismatch),
        TEST(each_code_of_the_network_has_its_outcome),
        TEST(silence_is_unknown_and_a_query_of_the_same_order_settles_it),
        TEST(a_network_that_hangs_for_everybody_is_unknown_until_queried),
        TEST(half_an_answer_is_unknown),
        TEST(answers_that_cannot_be_believed_are_unknown_and_raise_an_alarm),
        TEST(the_test_networks_name_counts_only_when_configured),
        TEST(answers_too_large_or_with_too_many_fields_are_unknown),
        TEST(an_order_sent_twice_stays_unknown_until_queried),
        TEST(a_state_unknown_to_the_network_is_settled_by_a_later_query),
        TEST(a_query_tells_a_mismatch_and_an_absent_order_apart),
        TEST(a_signature_of_ours_that_the_network_refuses_is_a_fault),
        TEST(what_cannot_be_encoded_is_never_sent),
        TEST(no_connection_means_not_sent),
        TEST(a_full_bulkhead_answers_at_once),
        TEST(ten_failures_in_a_row_open_the_breaker),
        TEST(without_a_bank_every_check_is_unavailable),
        TEST(a_bank_without_its_files_does_not_start),
        TEST(workers_share_one_bank),
        TEST(an_alarm_line_names_the_order_and_no_person),
    };

    return cmocka_run_group_tests_name("bank_unionpay", tests, group_setup, group_teardown);
}
