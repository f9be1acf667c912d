/* SPDX-License-Identifier: Apache-2.0 */
/* A person is found by an exact number alone, within one's region, and so often an hour. */
#include "idp/person/attempts.h"
#include "tests/protocols/staff/citizen_kit.h"

#define CASHIER "li"

static const char *
identity_of(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct person person;

    world_must(person_load(&ctx, world_person(w, n), &person), "no person");
    return person.identity_number;
}

static void
assert_found(struct world *w, const char *typed)
{
    find(w, typed);
    assert_int_equal(w->answer.status, 303);
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
    assert_true(page_has(w, "138****8000"));
}

static void
a_person_is_found_by_identity_number_phone_and_card_with_blanks_or_without(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    assert_found(w, "138 0013 8000");
    assert_found(w, identity_of(w, 0));
    assert_found(w, "a100 00000");
    assert_found(w, WORLD_REGION " A10000000");
    assert_int_equal(acts_of(w, 0).count, 4);
}

static void
the_field_is_focused_and_what_was_typed_stands_there_again(void **state)
{
    struct world *w = *state;

    world_sit(w, CASHIER, "counter", 1);
    find(w, "13800138009");
    assert_refused(w, &problem_citizen_unknown);
    assert_true(page_has(w, "value=\"13800138009\" autofocus"));
}

/* ST-19 */
static void
neither_a_name_nor_a_pattern_is_looked_for(void **state)
{
    static const char *const typed[] = { "", "张三", "138%", "1380013800_", "%", "1380013" };
    struct world *w = *state;

    world_sit(w, CASHIER, "counter", 1);
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        find(w, typed[i]);
        assert_refused(w, &problem_find_name_invalid);
    }
    assert_int_equal(world_audit_count(w, AUDIT_STAFF_DENIED), 0);
}

/* ST-12 */
static void
who_looked_at_whom_is_on_record(void **state)
{
    struct world *w = *state;
    struct stored_staff_act_list acts;
    const char *counter = world_counter(w, 1);

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    world_audit_mark(w);
    found(w, 0);
    assert_audited(w, AUDIT_STAFF_FOUND, NULL);
    acts = acts_of(w, 0);
    assert_int_equal(acts.count, 1);
    assert_int_equal(acts.at[0].what, STAFF_ACT_found);
    assert_string_equal(acts.at[0].staff_id, CASHIER);
    assert_string_equal(acts.at[0].counter_id, counter);
    assert_string_equal(acts.at[0].agency, "天河区社保局");
}

static void
pressed_twice_it_leads_to_the_same_page_and_counts_once(void **state)
{
    struct world *w = *state;
    const char *form;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    world_open(w, "/staff/find");
    form = arena_printf(w->arena, "tx=%s&csrf=%s&find=13800138000", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"));
    for (int i = 0; i < 2; i++) {
        world_form_post(w, "/staff/find", "%s", form);
        assert_int_equal(w->answer.status, 303);
        world_follow(w);
        assert_true(page_has(w, "138****8000"));
    }
    assert_int_equal(acts_of(w, 0).count, 1);
}

/* --- Region and roles --- */

/* ST-16 */
static void
a_person_of_another_region_is_not_found_like_one_who_is_not_there(void **state)
{
    struct world *w = *state;
    const char *unknown;

    world_card(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    staff_change(w, CASHIER, "330500", NULL);
    find(w, "13800138009");
    assert_refused(w, &problem_citizen_unknown);
    assert_audited(w, AUDIT_STAFF_DENIED, "unknown");
    unknown = strstr(w->answer.body, "id=\"problems\"");
    unknown = arena_copy(w->arena, unknown, strcspn(unknown, "/"));
    world_audit_mark(w);
    find(w, "13800138000");
    assert_refused(w, &problem_citizen_unknown);
    assert_audited(w, AUDIT_STAFF_DENIED, "scope");
    assert_true(page_has(w, unknown));
    assert_int_equal(acts_of(w, 0).count, 0);
}

static void
who_moves_to_another_region_with_a_page_open_sees_her_no_more(void **state)
{
    struct world *w = *state;
    const char *person;

    world_card(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    find(w, "13800138000");
    person = world_header(w, "Location");
    staff_change(w, CASHIER, "330500", NULL);
    world_get(w, person);
    assert_refused(w, &problem_citizen_unknown);
}

static void
the_whole_province_may_be_anybodys(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    staff_change(w, CASHIER, "440000", NULL);
    assert_found(w, "13800138000");
}

static void
the_page_in_the_browsers_history_shows_nothing_to_who_sits_there_next(void **state)
{
    struct world *w = *state;
    const char *person;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    find(w, "13800138000");
    person = world_header(w, "Location");
    world_sit(w, "wang", "counter", 1);
    world_get(w, person);
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "/staff/find?"));
    assert_int_equal(acts_of(w, 0).count, 1);
}

/* --- How often (ST-12) --- */

/* `count` looks, as if they had been. */
static void
looked(struct world *w, enum attempt_kind kind, int64_t count)
{
    struct ctx ctx = world_ctx(w);
    bool allowed;

    for (int64_t i = 0; i < count; i++)
        world_must(attempt_take(&ctx, kind, CASHIER, &allowed), "not counted");
}

static void
st_12_the_201st_within_an_hour_is_refused_and_told(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    looked(w, ATTEMPT_STAFF_READ, STAFF_READS_HOUR - 2);
    found(w, 0); /* 199 */
    found(w, 0); /* 200 */
    world_audit_mark(w);
    find(w, "13800138000");
    assert_refused(w, &problem_staff_reads_full);
    assert_int_equal(w->answer.status, 429);
    assert_audited(w, AUDIT_STAFF_READS_FULL, "staff_read");
    assert_int_equal(acts_of(w, 0).count, 2);
    find(w, "13800138009"); /* nor is it told who is there */
    assert_refused(w, &problem_staff_reads_full);
    world_advance(w, 3600);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
}

static void
st_12_the_form_that_filled_the_line_may_be_pressed_twice(void **state)
{
    struct world *w = *state;
    const char *form;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    looked(w, ATTEMPT_STAFF_READ, STAFF_READS_HOUR - 1);
    world_open(w, "/staff/find");
    form = arena_printf(w->arena, "tx=%s&csrf=%s&find=13800138000", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"));
    for (int i = 0; i < 2; i++) {
        world_form_post(w, "/staff/find", "%s", form);
        assert_int_equal(w->answer.status, 303);
        assert_true(text_starts(world_header(w, "Location"), "/staff/person?"));
    }
}

static void
st_12_who_looks_for_people_in_vain_may_not_go_on_for_ever(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    looked(w, ATTEMPT_STAFF_MISS, STAFF_READS_HOUR - 1);
    find(w, "13800138009");
    assert_refused(w, &problem_citizen_unknown);
    world_audit_mark(w);
    find(w, "13800138009");
    assert_refused(w, &problem_staff_reads_full);
    assert_audited(w, AUDIT_STAFF_READS_FULL, "staff_miss");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_person_is_found_by_identity_number_phone_and_card_with_blanks_or_without),
        world_test(the_field_is_focused_and_what_was_typed_stands_there_again),
        world_test(neither_a_name_nor_a_pattern_is_looked_for),
        world_test(who_looked_at_whom_is_on_record),
        world_test(pressed_twice_it_leads_to_the_same_page_and_counts_once),
        world_test(a_person_of_another_region_is_not_found_like_one_who_is_not_there),
        world_test(who_moves_to_another_region_with_a_page_open_sees_her_no_more),
        world_test(the_whole_province_may_be_anybodys),
        world_test(the_page_in_the_browsers_history_shows_nothing_to_who_sits_there_next),
        world_test(st_12_the_201st_within_an_hour_is_refused_and_told),
        world_test(st_12_the_form_that_filled_the_line_may_be_pressed_twice),
        world_test(st_12_who_looks_for_people_in_vain_may_not_go_on_for_ever),
    };

    return world_run(tests);
}
