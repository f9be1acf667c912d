/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/counter.h"
#include "tests/protocols/staff/list_kit.h"

#define PAGE "/staff/counters"
#define NEW "add=yes&place=%E4%BA%8C%E6%A5%BC&agency=a&region=440106" /* 二楼 */

static struct journey
at_page(struct world *w)
{
    world_sit(w, "zhao", "system_admin", 1);
    return list_open(w, PAGE);
}

static const char *
told_code(struct world *w)
{
    const char *at = strstr(w->answer.body, "id=\"enrolment-code\">");

    if (at == NULL)
        return NULL;
    at = strchr(at, '>') + 1;
    return arena_copy(w->arena, at, strcspn(at, "<"));
}

static void
a_counter_is_added_and_its_code_is_shown_once(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w);
    const char *code;

    journey_post(&j, PAGE, NEW);
    assert_true(says(w, "二楼"));
    code = told_code(w);
    assert_non_null(code);
    assert_int_equal(strlen(code), 35); /* 30 digits in groups of five */
    world_open(w, PAGE);
    assert_null(told_code(w));
    assert_true(says(w, "二楼"));
}

static void
a_form_that_is_sent_twice_adds_one_counter(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w);
    int64_t before = world_rows_of(w, "counter");

    world_form_post(w, PAGE, "tx=%s&csrf=%s&%s", j.tx, j.csrf, NEW);
    world_form_post(w, PAGE, "tx=%s&csrf=%s&%s", j.tx, j.csrf, NEW);
    assert_int_equal(world_rows_of(w, "counter"), before + 1);
}

static void
a_new_code_takes_the_place_of_the_one_before(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w);
    const char *first;
    const char *counter_id;

    journey_post(&j, PAGE, NEW);
    first = told_code(w);
    counter_id = strstr(w->answer.body, "name=\"code\" value=\"") + 19;
    counter_id = arena_copy(w->arena, counter_id, strcspn(counter_id, "\""));
    journey_post(&j, PAGE, arena_printf(w->arena, "code=%s", counter_id));
    assert_non_null(told_code(w));
    assert_string_not_equal(told_code(w), first);
    journey_post(&j, PAGE, arena_printf(w->arena, "retire=%s", counter_id));
    assert_true(says(w, "已停用"));
    assert_false(says(w, "name=\"retire\""));
    journey_post(&j, PAGE, arena_printf(w->arena, "retire=%s", counter_id)); /* pressed again */
    assert_true(says(w, "已停用"));
    journey_post(&j, PAGE, arena_printf(w->arena, "code=%s", counter_id));
    assert_null(told_code(w));
}

static void
what_is_no_place_is_told(void **state)
{
    static const char *const wrong[] = { "add=yes", "add=yes&place=a&agency=b&region=44",
                                         "add=yes&place=a&agency=&region=440106" };
    struct world *w = *state;
    struct journey j = at_page(w);

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        journey_post(&j, PAGE, wrong[i]);
        assert_refused(w, &problem_counter_text);
    }
}

/* DJ-7 */
static void
only_a_system_administrator_has_them(void **state)
{
    static const char *const roles[] = { "security_admin", "audit_admin", "supervisor", "counter",
                                         "telephone" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        w->now++;
        world_sit(w, "li", roles[i], 1);
        world_get(w, PAGE);
        assert_refused(w, &problem_staff_denied);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_counter_is_added_and_its_code_is_shown_once),
        world_test(a_form_that_is_sent_twice_adds_one_counter),
        world_test(a_new_code_takes_the_place_of_the_one_before),
        world_test(what_is_no_place_is_told),
        world_test(only_a_system_administrator_has_them),
    };

    return world_run(tests);
}
