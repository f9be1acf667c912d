/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/world.h"

static void
a_stranger_is_offered_to_log_in_or_register(void **state)
{
    struct world *w = *state;

    world_get(w, "/");
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"login-link\""));
    assert_non_null(strstr(w->answer.body, "id=\"register-link\""));
    assert_null(strstr(w->answer.body, "id=\"greeting\""));
}

static void
a_person_sees_her_level_and_only_parts_of_her_data(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/");
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"greeting\""));
    assert_non_null(strstr(w->answer.body, "id=\"proof\""));
    assert_non_null(strstr(w->answer.body, "138****8000"));
    assert_null(strstr(w->answer.body, "13800138000"));
    assert_null(strstr(w->answer.body, "11010519491231002X"));
}

static void
a_session_that_was_idle_too_long_is_a_strangers(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_advance(w, w->settings.life.session_idle_s + 1);
    world_get(w, "/");
    assert_null(strstr(w->answer.body, "id=\"greeting\""));
}

/* B2: a link from a page in GBK, with that page's own words behind it. */
static void
bytes_that_nobody_reads_shut_nobody_out(void **state)
{
    struct world *w = *state;

    world_get(w, "/?from=%B9%E3%B6%AB&%FF=1");
    assert_int_equal(w->answer.status, 200);
    world_get(w, "/?ui_locales=%FF");
    assert_refused(w, &problem_malformed);
}

static void
the_page_speaks_the_readers_language(void **state)
{
    struct world *w = *state;

    world_send(w, &(struct world_call) { .target = "/", .language = "en-GB" });
    assert_non_null(strstr(w->answer.body, "<html lang=\"en\" dir=\"ltr\">"));
    world_get(w, "/");
    assert_non_null(strstr(w->answer.body, "<html lang=\"zh-CN\" dir=\"ltr\">"));
}

static void
looking_changes_nothing(void **state)
{
    struct world *w = *state;
    int64_t rows;

    world_log_in(w, 0);
    rows = world_rows(w) + world_rows_of(w, "audit");
    world_get(w, "/");
    assert_int_equal(world_rows(w) + world_rows_of(w, "audit"), rows);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_stranger_is_offered_to_log_in_or_register),
        world_test(a_person_sees_her_level_and_only_parts_of_her_data),
        world_test(a_session_that_was_idle_too_long_is_a_strangers),
        world_test(bytes_that_nobody_reads_shut_nobody_out),
        world_test(the_page_speaks_the_readers_language),
        world_test(looking_changes_nothing),
    };

    return world_run(tests);
}
