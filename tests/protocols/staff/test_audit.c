/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/audit_search.h"
#include "tests/protocols/staff/list_kit.h"

#define PAGE "/staff/audit"
#define EXPORT "/staff/audit/export"

/* A member of staff has looked at a person, for that reason. */
static void
looked_at(struct world *w, const char *person_id, const char *reason)
{
    struct ctx ctx = world_ctx(w);

    ctx.staff_id = "wang";
    ctx.counter_id = "k_9";
    audit_note(&ctx, &(struct audit_record) { .event = AUDIT_PERSON_SEEN,
                                              .reason = reason,
                                              .subject = subject_person(person_id) });
    w->now++;
}

static struct journey
at_page(struct world *w)
{
    looked_at(w, "p_citizen", "asks for her pension");
    world_sit(w, "sun", "audit_admin", 1);
    return list_open(w, PAGE);
}

static void
who_looked_at_whom_is_found_and_the_reader_is_on_record(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w);

    journey_post(&j, PAGE, "concerned=p_citizen");
    assert_true(says(w, "<code>person.seen</code>"));
    assert_true(says(w, "<code>wang</code>"));
    assert_true(says(w, "<code>k_9</code>"));
    assert_true(says(w, "asks for her pension"));
    journey_post(&j, PAGE, "concerned=p_citizen&event=audit.read");
    assert_true(says(w, "<code>sun</code>")); /* who looked for the citizen a moment ago */
    world_audit_mark(w);
    world_open(w, PAGE);
    assert_audited(w, AUDIT_TRAIL_READ, "page");
}

static void
each_thing_narrows_it(void **state)
{
    static const char *const none[] = {
        "actor=li",         "counter=k_8",      "event=staff.",         "concerned=p_another",
        "up_to=2025-12-31", "since=2026-01-02", "concerned=p_citize%25"
    };
    static const char *const some[] = { "actor=wang", "counter=k_9", "event=person.seen",
                                        "since=2026-01-01&up_to=2026-01-01" };
    struct world *w = *state;
    struct journey j = at_page(w);

    for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
        journey_post(&j, PAGE, some[i]);
        assert_true(says(w, "asks for her pension"));
    }
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        journey_post(&j, PAGE, none[i]);
        assert_false(says(w, "asks for her pension"));
    }
}

static void
what_is_looked_for_stands_in_no_address(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w);

    world_form_post(w, PAGE, "tx=%s&csrf=%s&concerned=p_citizen", j.tx, j.csrf);
    assert_int_equal(w->answer.status, 303);
    assert_null(strstr(world_header(w, "Location"), "p_citizen"));
}

static void
a_day_that_is_none_is_told_beside_its_field(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w);

    journey_post(&j, PAGE, "concerned=p_citizen&since=2026-02-30");
    assert_refused(w, &problem_staff_day);
    assert_true(says(w, "id=\"since-problem\""));
    assert_true(says(w, "value=\"p_citizen\""));
}

static void
older_records_are_on_the_next_page(void **state)
{
    struct world *w = *state;

    looked_at(w, "p_citizen", "the oldest of them");
    for (int i = 0; i < 50; i++)
        looked_at(w, "p_citizen", "again");
    struct journey j = at_page(w);

    journey_post(&j, PAGE, "concerned=p_citizen&event=person.seen");
    assert_false(says(w, "the oldest of them"));
    world_get(w, link_of(w, "next"));
    assert_true(says(w, "the oldest of them"));
    assert_false(says(w, "id=\"next\""));
}

/* ST-19 */
static void
a_place_that_was_not_given_is_refused(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w);
    const char *place = place_of_link(w, "export");

    world_get(w, arena_printf(w->arena, PAGE "?tx=%s&page=%s", j.tx, place));
    assert_int_equal(w->answer.status, 200);
    world_get(w, arena_printf(w->arena, PAGE "?tx=%s&page=%sA", j.tx, place));
    assert_refused(w, &problem_staff_list_place);
    world_get(w, arena_printf(w->arena, EXPORT "?tx=%s&page=AAAA", j.tx));
    assert_refused(w, &problem_staff_list_place);
}

/* ST-22 */
static void
a_file_holds_no_formula(void **state)
{
    struct world *w = *state;
    struct journey j;

    looked_at(w, "p_citizen", "=HYPERLINK(\"http://evil.example\")");
    looked_at(w, "p_citizen", "@SUM(1)");
    j = at_page(w);
    journey_post(&j, PAGE, "concerned=p_citizen");
    world_get(w, link_of(w, "export"));
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(w->answer.content_type, "text/csv; charset=utf-8");
    assert_string_equal(world_header(w, "Content-Disposition"),
                        "attachment; filename=\"audit.csv\"");
    assert_true(says(w, "\"at\",\"event\",\"result\""));
    assert_true(says(w, ",\"'=HYPERLINK(\"\"http://evil.example\"\")\","));
    assert_true(says(w, ",\"'@SUM(1)\","));
    journey_post(&j, PAGE, "concerned=p_citizen&event=audit.read");
    assert_true(says(w, "<td>export</td>"));
}

static void
a_file_of_the_longest_records_fits_and_says_where_it_ends(void **state)
{
    struct world *w = *state;
    char reason[513] = { 0 };
    struct journey j;

    memset(reason, '"', sizeof(reason) - 1);
    for (int i = 0; i < 405; i++)
        looked_at(w, "p_citizen", reason);
    j = at_page(w);
    journey_post(&j, PAGE, "concerned=p_citizen&event=person.seen");
    world_get(w, link_of(w, "export"));
    assert_int_equal(w->answer.status, 200);
    assert_true(says(w, "\r\n\"... 2026-01-01 "));
}

/* DJ-7 */
static void
only_an_audit_administrator_reads_and_she_changes_nothing(void **state)
{
    static const char *const roles[] = { "system_admin", "security_admin", "supervisor", "counter",
                                         "telephone" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        w->now++;
        world_sit(w, "li", roles[i], 1);
        world_get(w, PAGE);
        assert_refused(w, &problem_staff_denied);
        world_get(w, EXPORT);
        assert_refused(w, &problem_staff_denied);
    }
    for (const struct route *route = staff_routes; route->method != NULL; route++) {
        enum staff_verb verb = route_verb(route);

        if (verb == STAFF_VERB_unset || verb == STAFF_VERB_open || verb == STAFF_VERB_work ||
            verb == STAFF_VERB_lock || verb == STAFF_VERB_read_audit)
            continue;
        assert_false(staff_may("audit_admin", verb));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(who_looked_at_whom_is_found_and_the_reader_is_on_record),
        world_test(each_thing_narrows_it),
        world_test(what_is_looked_for_stands_in_no_address),
        world_test(a_day_that_is_none_is_told_beside_its_field),
        world_test(older_records_are_on_the_next_page),
        world_test(a_place_that_was_not_given_is_refused),
        world_test(a_file_holds_no_formula),
        world_test(a_file_of_the_longest_records_fits_and_says_where_it_ends),
        world_test(only_an_audit_administrator_reads_and_she_changes_nothing),
    };

    return world_run(tests);
}
