/* SPDX-License-Identifier: Apache-2.0 */
/* Counters and telephone lines that report cards lost. */
#include "tests/protocols/card/losses_kit.h"

static void
qr_08_a_telephone_line_stops_a_card_provisionally(void **state)
{
    struct world *w = *state;
    struct reporter line = reporter_new(w, "telephone");

    world_card(w, 0);
    reporter_posts(&line, HER_NUMBER "&name=%E5%BC%A0%E4%B8%89");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "state"), "suspended");
    assert_string_equal(world_json(w, "loss"), "provisional");
    assert_audited(w, AUDIT_CARD_LOST, "provisional telephone");
    reporter_posts(&line, HER_NUMBER);
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_audit_count(w, AUDIT_CARD_LOST), 0);
}

static void
qr_10_a_counter_that_has_seen_her_stops_it_for_good(void **state)
{
    struct world *w = *state;
    struct reporter counter = reporter_new(w, "counter");

    world_card(w, 0);
    reporter_posts(&counter, HER_NUMBER "&kind=formal");
    assert_refused(w, &problem_ecard_report_formal);
    assert_audited(w, AUDIT_CARD_REPORT_REFUSED, "formal");
    reporter_posts(&counter, HER_NUMBER "&kind=formal&seen_in_person=false");
    assert_refused(w, &problem_ecard_report_formal);
    reporter_posts(&counter, HER_NUMBER "&kind=formal&seen_in_person=true");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "state"), "revoked");
    assert_string_equal(world_json(w, "loss"), "formal");
    assert_audited(w, AUDIT_CARD_LOST, "formal counter");
}

static void
nobody_is_seen_over_the_telephone(void **state)
{
    struct world *w = *state;
    struct reporter line = reporter_new(w, "telephone");

    world_card(w, 0);
    reporter_posts(&line, HER_NUMBER "&kind=formal&seen_in_person=true");
    assert_refused(w, &problem_ecard_report_formal);
}

static void
whoever_is_not_registered_for_it_stops_nothing(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    world_audit_mark(w);
    world_partner_post(w, "legacy", "/card/losses", HER_NUMBER);
    assert_refused(w, &problem_ecard_report_partner);
    assert_audited(w, AUDIT_CARD_REPORT_REFUSED, "partner");
    assert_int_equal(world_audit_count(w, AUDIT_CARD_LOST), 0);
}

/* One that has no card, one that nobody has, one whose name is another: alike to the partner. */
static void
what_fits_nobody_with_a_card_is_told_alike(void **state)
{
    struct world *w = *state;
    struct reporter line = reporter_new(w, "telephone");

    world_person(w, 0);
    reporter_posts(&line, HER_NUMBER);
    assert_refused(w, &problem_ecard_report_unknown);
    assert_audited(w, AUDIT_CARD_REPORT_REFUSED, "unknown");
    reporter_posts(&line, "identity_number=440106196204150020");
    assert_refused(w, &problem_ecard_report_unknown);
    world_card(w, 0);
    reporter_posts(&line, HER_NUMBER "&name=%E6%9D%8E%E5%9B%9B");
    assert_refused(w, &problem_ecard_report_unknown);
    assert_audited(w, AUDIT_CARD_REPORT_REFUSED, "name");
}

static void
each_member_is_read_strictly(void **state)
{
    struct world *w = *state;
    struct reporter line = reporter_new(w, "telephone");

    world_card(w, 0);
    reporter_posts(&line, "kind=provisional");
    assert_refused(w, &problem_identity_number_invalid);
    reporter_posts(&line, HER_NUMBER "&kind=lost");
    assert_refused(w, &problem_ecard_member);
    reporter_posts(&line, HER_NUMBER "&seen_in_person=yes");
    assert_refused(w, &problem_ecard_member);
    reporter_posts(&line, HER_NUMBER "&name=1");
    assert_refused(w, &problem_name_invalid);
    assert_int_equal(world_audit_count(w, AUDIT_CARD_LOST), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(qr_08_a_telephone_line_stops_a_card_provisionally),
        world_test(qr_10_a_counter_that_has_seen_her_stops_it_for_good),
        world_test(nobody_is_seen_over_the_telephone),
        world_test(whoever_is_not_registered_for_it_stops_nothing),
        world_test(what_fits_nobody_with_a_card_is_told_alike),
        world_test(each_member_is_read_strictly),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
