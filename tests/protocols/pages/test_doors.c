/* SPDX-License-Identifier: Apache-2.0 */
/* The list of services: K13, C4. */
#include "protocols/pages/doors.h"

#include <string.h>

#include "idp/base/buf.h"
#include "tests/world.h"

static size_t
doors_on(const struct world *w)
{
    size_t count = 0;

    for (const char *at = w->answer.body; (at = strstr(at, "id=\"door-")) != NULL; at++)
        count++;
    return count;
}

static const char *
door(struct world *w, size_t number)
{
    const char *at =
        strstr(w->answer.body, arena_printf(w->arena, "id=\"door-%zu\" href=\"", number));

    assert_non_null(at);
    at = strstr(at, "href=\"") + strlen("href=\"");
    return arena_copy(w->arena, at, strcspn(at, "<"));
}

static void
k13_the_home_page_lists_the_partners_that_have_named_a_door(void **state)
{
    struct world *w = *state;

    world_get(w, "/");
    assert_int_equal(doors_on(w), 2);
    assert_string_equal(door(w, 1), "https://hospital.example/\">市人民医院");
    assert_string_equal(door(w, 2),
                        "https://app.example/start?iss=https%3A%2F%2Fid.example\">网上办事大厅");
    world_log_in(w, 0);
    world_get(w, "/");
    assert_int_equal(doors_on(w), 2);
}

static void
they_are_named_and_sorted_in_the_language_of_the_page(void **state)
{
    struct world *w = *state;

    world_send(w, &(struct world_call) { .target = "/", .language = "en" });
    assert_string_equal(door(w, 1), "https://hospital.example/\">City hospital");
    assert_string_equal(door(w, 2),
                        "https://app.example/start?iss=https%3A%2F%2Fid.example\">Web hall");
}

static void
an_error_page_lists_them_too(void **state)
{
    struct world *w = *state;

    world_get(w, "/nowhere");
    assert_refused(w, &problem_not_found);
    assert_int_equal(doors_on(w), 2);
}

static void
an_address_that_has_a_query_keeps_it(void **state)
{
    struct world *w = *state;

    world_partners(w, "{\"partners\":[{\"client_id\":\"one\",\"client_name\":\"一\","
                      "\"redirect_uris\":[\"https://one.example/cb\"],\"client_uri\":"
                      "\"https://one.example/\",\"initiate_login_uri\":"
                      "\"https://one.example/start?at=tongxing\"}]}");
    world_get(w, "/");
    assert_string_equal(
        door(w, 1), "https://one.example/start?at=tongxing&amp;iss=https%3A%2F%2Fid.example\">一");
}

static void
a_province_of_partners_makes_no_endless_page(void **state)
{
    struct world *w = *state;
    struct buf json = buf_new(w->arena, 65536);

    buf_text(&json, "{\"partners\":[");
    for (int i = 0; i < 60; i++)
        buf_text(&json, arena_printf(w->arena,
                                     "%s{\"client_id\":\"p%02d\",\"client_name\":\"应用%02d\","
                                     "\"redirect_uris\":[\"https://p%02d.example/cb\"],"
                                     "\"client_uri\":\"https://p%02d.example/\"}",
                                     i == 0 ? "" : ",", i, i, i, i));
    buf_text(&json, "]}");
    world_partners(w, json.at);
    world_get(w, "/");
    assert_int_equal(doors_on(w), DOORS_MAX);
    assert_string_equal(door(w, 1), "https://p00.example/\">应用00");
    assert_true(strlen(w->answer.body) < 20000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(k13_the_home_page_lists_the_partners_that_have_named_a_door),
        world_test(they_are_named_and_sorted_in_the_language_of_the_page),
        world_test(an_error_page_lists_them_too),
        world_test(an_address_that_has_a_query_keeps_it),
        world_test(a_province_of_partners_makes_no_endless_page),
    };

    return world_run(tests);
}
