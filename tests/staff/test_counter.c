/* SPDX-License-Identifier: Apache-2.0 */
/* Counters and who sits there. */
#include <string.h>

#include "tests/protocols/staff/counter_kit.h"

static bool
sits(struct world *w)
{
    world_open(w, "/staff");
    return w->answer.status == 200 && strstr(w->answer.body, "id=\"sitting\"") != NULL;
}

static void
a_counter_has_a_place_an_agency_and_a_region(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_counter wanted = { .place = "一号窗口", .agency = "社保局", .region = "440106" };
    struct stored_counter_list list;
    struct setup_code code;

    assert_int_equal(counter_add(&ctx, &wanted, &code), OK);
    wanted.place = "二号窗口";
    wanted.region = "44010";
    assert_int_equal(counter_add(&ctx, &wanted, &code), ERR_INVALID);
    wanted.region = NULL;
    assert_int_equal(counter_add(&ctx, &wanted, &code), ERR_INVALID);
    wanted.region = "440106";
    wanted.place = "a\nb";
    assert_int_equal(counter_add(&ctx, &wanted, &code), ERR_INVALID);
    wanted.place = "a";
    wanted.agency = "";
    assert_int_equal(counter_add(&ctx, &wanted, &code), ERR_INVALID);
    assert_int_equal(store_counter_list(w->store, w->arena, "", &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].counter_id, code.id);
}

static void
a_retired_counter_ends_its_sitting_at_once(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    int64_t ended = 0;

    world_sit(w, "li", "counter", 1);
    assert_true(sits(w));
    ctx = world_ctx(w);
    world_audit_mark(w);
    assert_int_equal(counter_retire(&ctx, "k_0000000001", &ended), OK);
    assert_int_equal(ended, 1);
    assert_int_equal(world_audit_count(w, AUDIT_COUNTER_CHANGED), 1);
    assert_int_equal(world_audit_count(w, AUDIT_SESSION_ENDED), 1);
    assert_false(sits(w));
    assert_int_equal(counter_retire(&ctx, "k_0000000001", &ended), ERR_CONFLICT);
    assert_int_equal(counter_retire(&ctx, "k_0000000009", &ended), ERR_NOT_FOUND);
}

static void
a_code_for_a_counter_that_goes_on_changes_nothing_until_it_is_typed(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct setup_code code;

    world_sit(w, "li", "counter", 1);
    ctx = world_ctx(w);
    assert_int_equal(counter_code_renew(&ctx, "k_0000000001", &code), OK);
    assert_true(sits(w));
    assert_int_equal(counter_code_renew(&ctx, "k_0000000009", &code), ERR_NOT_FOUND);
    assert_int_equal(counter_code_renew(&ctx, "k_1", &code), ERR_NOT_FOUND);
}

/* ST-13 */
static void
a_counter_that_gets_another_computer_ends_the_sitting_at_the_former(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct setup_code code;
    const char *counter;
    const char *staff;

    world_sit(w, "li", "counter", 1);
    counter = world_cookie(w, "__Host-counter");
    staff = world_cookie(w, "__Host-staff");
    ctx = world_ctx(w);
    world_must(counter_code_renew(&ctx, "k_0000000001", &code), "no code");
    w->cookies = 0; /* the new computer */
    kit_type_code(w, code.text, NULL);
    assert_string_not_equal(world_cookie(w, "__Host-counter"), counter);
    world_cookie_put(w, "__Host-counter", counter);
    world_cookie_put(w, "__Host-staff", staff);
    assert_false(sits(w));
}

static void
a_retired_counter_is_enrolled_no_more(void **state)
{
    struct world *w = *state;
    struct setup_code code = kit_announced(w);
    struct setup_code again;
    struct ctx ctx = world_ctx(w);
    int64_t ended;

    world_must(counter_retire(&ctx, code.id, &ended), "not retired");
    assert_int_equal(ended, 0);
    kit_type_code(w, code.text, NULL);
    world_follow_mistake(w);
    assert_refused(w, &problem_counter_code_invalid);
    assert_int_equal(counter_code_renew(&ctx, code.id, &again), ERR_NOT_FOUND);
}

static void
a_state_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(counter_state_name(COUNTER_ANNOUNCED), "announced");
    assert_string_equal(counter_state_name(COUNTER_ENROLLED), "enrolled");
    assert_string_equal(counter_state_name(COUNTER_RETIRED), "retired");
    assert_string_equal(counter_state_name(9), "?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_counter_has_a_place_an_agency_and_a_region),
        world_test(a_retired_counter_ends_its_sitting_at_once),
        world_test(a_code_for_a_counter_that_goes_on_changes_nothing_until_it_is_typed),
        world_test(a_counter_that_gets_another_computer_ends_the_sitting_at_the_former),
        world_test(a_retired_counter_is_enrolled_no_more),
        world_test(a_state_has_a_name),
    };

    return world_run(tests);
}
