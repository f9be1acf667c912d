/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/people.h"

#include "idp/base/text.h"
#include "policies/staff_rules.h"
#include "tests/world.h"

#define DAY_S 86400

static struct stored_staff
load(struct world *w, const char *staff_id)
{
    struct stored_staff staff;

    world_must(store_staff_load(w->store, w->arena, staff_id, &staff), "no staff");
    return staff;
}

/* "li wang": those that are listed. */
static const char *
listed(struct world *w, const struct staff_people *which)
{
    struct ctx ctx = world_ctx(w);
    struct listed_staff_list list;
    const char *names = "";

    world_must(staff_people(&ctx, which, &list), "no list");
    for (size_t i = 0; i < list.count; i++)
        names = text_list_union(w->arena, names, list.at[i].staff_id);
    return names;
}

static void
they_are_listed_by_id_and_by_agency_and_region(void **state)
{
    struct world *w = *state;

    world_staff(w, "wang", "counter");
    world_staff(w, "li", "supervisor");
    assert_string_equal(listed(w, &(struct staff_people) { "", "", "", false }), "li wang");
    assert_string_equal(listed(w, &(struct staff_people) { "li", "", "", false }), "wang");
    assert_string_equal(
        listed(w, &(struct staff_people) { "", "天河区社保局", WORLD_REGION, false }), "li wang");
    assert_string_equal(listed(w, &(struct staff_people) { "", "另一局", "", false }), "");
    assert_string_equal(listed(w, &(struct staff_people) { "", "", "4401", false }), "");
}

/* ST-19 */
static void
what_a_pattern_would_be_elsewhere_means_itself(void **state)
{
    struct world *w = *state;

    world_staff(w, "li", "supervisor");
    assert_string_equal(listed(w, &(struct staff_people) { "", "%", "", false }), "");
    assert_string_equal(listed(w, &(struct staff_people) { "", "", "44____", false }), "");
}

/* DJ-6 */
static void
an_account_that_nobody_has_used_for_90_days_is_listed_on_the_next(void **state)
{
    struct world *w = *state;
    const struct staff_people unused = { "", "", "", true };
    struct stored_staff staff;

    world_staff(w, "li", "supervisor");
    staff = load(w, "li");
    staff.seen_at = w->now;
    world_must(store_staff_put(w->store, &staff), "no staff");
    world_staff(w, "wang", "counter"); /* never signed in */
    w->now += STAFF_UNUSED_DAYS * DAY_S;
    assert_string_equal(listed(w, &unused), "");
    w->now += 1;
    assert_string_equal(listed(w, &unused), "li wang");
    staff.state = STAFF_STOPPED; /* has been looked into */
    world_must(store_staff_put(w->store, &staff), "no staff");
    assert_string_equal(listed(w, &unused), "wang");
}

static void
a_code_is_given_by_who_may_and_to_nobody_by_herself(void **state)
{
    static const struct {
        const char *by;
        const char *to;
        const char *agency;
        const char *region;
        bool may;
    } cases[] = {
        { "security_admin", "counter", "A", "440100", true },
        { "security_admin", "system_admin", "B", "440300", true },
        { "supervisor", "counter", "A", "440100", true },
        { "supervisor", "telephone", "A", "440100", true },
        { "supervisor", "counter telephone", "A", "440100", true },
        { "supervisor", "counter supervisor", "A", "440100", false },
        { "supervisor", "supervisor", "A", "440100", false },
        { "supervisor", "security_admin", "A", "440100", false },
        { "supervisor", "counter", "B", "440100", false },
        { "supervisor", "counter", "A", "440103", false },
        { "supervisor", "", "A", "440100", false },
        { "counter", "counter", "A", "440100", false },
        { "system_admin", "counter", "A", "440100", false },
        { "audit_admin", "counter", "A", "440100", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct stored_staff by = {
            .staff_id = "by", .roles = cases[i].by, .agency = "A", .region = "440100"
        };
        struct stored_staff to = { .staff_id = "to",
                                   .roles = cases[i].to,
                                   .agency = cases[i].agency,
                                   .region = cases[i].region };

        assert_int_equal(staff_may_enrol(&by, &to), cases[i].may);
        to.staff_id = "by";
        assert_false(staff_may_enrol(&by, &to));
    }
}

/* ST-20 */
static void
who_is_stopped_sits_nowhere_and_stays_stopped(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *sid = world_sit(w, "li", "counter", 1);
    bool goes_on = true;

    world_audit_mark(w);
    assert_int_equal(people_stop(&ctx, "li"), OK);
    assert_audited(w, AUDIT_STAFF_STATE, "stopped");
    assert_audited(w, AUDIT_SESSION_ENDED, "stopped");
    assert_int_equal(session_goes_on(&ctx, sid, &goes_on), OK);
    assert_false(goes_on);
    assert_int_equal(load(w, "li").state, STAFF_STOPPED);
    assert_int_equal(people_stop(&ctx, "li"), ERR_NOT_FOUND);
    assert_int_equal(people_stop(&ctx, "nobody"), ERR_NOT_FOUND);
    assert_int_equal(people_start(&ctx, "li"), OK);
    assert_int_equal(load(w, "li").state, STAFF_ACTIVE);
    assert_int_equal(people_start(&ctx, "li"), ERR_NOT_FOUND);
}

/* ST-20 */
static void
a_stop_that_was_interrupted_is_finished_by_the_next(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *sid = world_sit(w, "li", "counter", 1);
    struct stored_staff staff = load(w, "li");
    bool goes_on = true;

    staff.state = STAFF_STOPPED; /* and no further */
    world_must(store_staff_put(w->store, &staff), "no staff");
    assert_int_equal(people_stop(&ctx, "li"), ERR_NOT_FOUND);
    assert_int_equal(session_goes_on(&ctx, sid, &goes_on), OK);
    assert_false(goes_on);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(they_are_listed_by_id_and_by_agency_and_region),
        world_test(what_a_pattern_would_be_elsewhere_means_itself),
        world_test(an_account_that_nobody_has_used_for_90_days_is_listed_on_the_next),
        world_test(a_code_is_given_by_who_may_and_to_nobody_by_herself),
        world_test(who_is_stopped_sits_nowhere_and_stays_stopped),
        world_test(a_stop_that_was_interrupted_is_finished_by_the_next),
    };

    return world_run(tests);
}
