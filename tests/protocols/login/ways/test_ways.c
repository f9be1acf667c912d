/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for every way to log in, whichever there are. */
#include <string.h>

#include "idp/base/text.h"
#include "policies/assurance.h"
#include "protocols/login/ways/ways.h"
#include "tests/world.h"

/* Before the page where a login begins, sent there by a partner. */
static const char *
sealed_login(struct world *w)
{
    world_authorize(w, "webhall", "");
    assert_int_equal(w->answer.status, 303);
    return world_location_param(w, "tx");
}

static void
page_of(struct world *w, const struct way *way, const char *tx)
{
    world_get(w, arena_printf(w->arena, "%s?tx=%s", way->path, tx));
}

static bool
page_says(struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

/* The whole link, with the word in the page's language. */
static bool
page_links_to(struct world *w, const struct way *way, const char *tx, enum language language)
{
    return page_says(w, arena_printf(w->arena, "id=\"login-by-%s\" href=\"%s?tx=%s\">%s</a>",
                                     way->name, way->path, tx, word(language, way->word)));
}

static bool
page_names(struct world *w, const struct way *way)
{
    return page_says(w, arena_printf(w->arena, "id=\"login-by-%s\"", way->name));
}

/* WeChat's pages are its own, and stand where they are configured: test_wechat.c. */
static bool
has_a_page(const struct way *way)
{
    return way->is_available == NULL || way == &ways[WAY_SMS];
}

static void
each_way_has_a_page_that_links_to_all_others_and_not_to_itself(void **state)
{
    struct world *w = *state;
    const char *tx = sealed_login(w);

    for (int i = 0; i < WAY_COUNT * LANGUAGE_COUNT; i++) {
        const struct way *way = &ways[i % WAY_COUNT];
        enum language language = (enum language)(i / WAY_COUNT);

        if (!has_a_page(way))
            continue;
        page_of(w, way, arena_printf(w->arena, "%s&ui_locales=%s", tx, languages[language].tag));
        assert_int_equal(w->answer.status, 200);
        tx = world_hidden(w, "tx");
        for (int j = 0; j < WAY_COUNT; j++) {
            if (&ways[j] == way || !has_a_page(&ways[j]))
                assert_false(page_names(w, &ways[j]));
            else
                assert_true(page_links_to(w, &ways[j], tx, language));
        }
    }
}

static void
each_ways_form_carries_the_login_on(void **state)
{
    struct world *w = *state;
    const char *tx = sealed_login(w);

    for (int i = 0; i < WAY_COUNT; i++) {
        if (!has_a_page(&ways[i]))
            continue;
        page_of(w, &ways[i], tx);
        assert_string_equal(world_hidden(w, "tx"), tx);
        assert_true(page_says(w, arena_printf(w->arena, "action=\"%s\"", ways[i].path)));
        assert_true(page_says(w, arena_printf(w->arena, "href=\"/register?tx=%s\"", tx)));
        world_form_post(w, ways[i].path, "tx=%s&csrf=%s", tx, world_hidden(w, "csrf"));
        assert_in_range(w->answer.status, 400, 410); /* nothing was filled in */
        assert_string_equal(world_hidden(w, "tx"), tx);
    }
}

static void
what_each_way_proves_is_worth_a_level(void **state)
{
    (void)state;
    for (int i = 0; i < WAY_COUNT; i++)
        assert_true(ways[i].amr[0] == '\0' || login_level(3, ways[i].amr) > 0);
}

static void
no_way_proves_more_than_its_row_says(void **state)
{
    struct world *w = *state;
    const struct proof proof = { .person_id = world_person(w, 0), .amr = "pwd sms" };
    struct flow flow = { 0 };

    for (int i = 0; i < WAY_COUNT; i++)
        assert_ptr_equal(way_log_in(NULL, &flow, &ways[i], &proof), &problem_internal);
    assert_int_equal(world_rows_of(w, "session"), 0);
}

static void
no_two_ways_are_taken_for_each_other(void **state)
{
    (void)state;
    for (int i = 0; i < WAY_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(ways[i].name, ways[j].name);
            assert_string_not_equal(ways[i].path, ways[j].path);
            for (enum language language = 0; language < LANGUAGE_COUNT; language++)
                assert_string_not_equal(word(language, ways[i].word), word(language, ways[j].word));
        }
    }
}

static void
a_login_begins_at_the_first_way_which_is_always_there(void **state)
{
    struct world *w = *state;

    assert_null(ways[0].is_available);
    world_authorize(w, "webhall", "");
    assert_true(
        text_starts(world_header(w, "Location"), arena_printf(w->arena, "%s?tx=", ways[0].path)));
}

/* --- A server that has only the ways that are always there --- */

static void
without_connectors(struct world *w)
{
    w->settings.sms.url = "";
}

static int
setup_without_connectors(void **state)
{
    return world_setup_adjusted(state, without_connectors);
}

static void
a_way_that_is_not_available_is_not_offered(void **state)
{
    struct world *w = *state;
    const char *tx = sealed_login(w);

    for (int i = 0; i < WAY_COUNT; i++) {
        if (ways[i].is_available != NULL)
            continue;
        page_of(w, &ways[i], tx);
        assert_int_equal(w->answer.status, 200);
        for (int j = 0; j < WAY_COUNT; j++)
            assert_true(page_names(w, &ways[j]) == (i != j && ways[j].is_available == NULL));
    }
}

static void
what_helps_who_forgot_the_password_is_said_where_it_is_true(void **state)
{
    struct world *w = *state;

    world_open(w, "/login");
    assert_true(page_names(w, &ways[WAY_SMS]) ==
                page_says(w, word(LANGUAGE_ZH_CN, WORD_recover_link)));
}

static void
a_way_that_is_not_available_says_so_and_does_nothing(void **state)
{
    struct world *w = *state;
    const char *tx = sealed_login(w);
    const char *csrf;

    page_of(w, &ways[0], tx);
    csrf = world_hidden(w, "csrf");
    for (int i = 0; i < WAY_COUNT; i++) {
        if (ways[i].is_available == NULL)
            continue;
        page_of(w, &ways[i], tx);
        assert_refused(w, &problem_way_unavailable);
        if (!has_a_page(&ways[i]))
            continue;
        world_form_post(w, ways[i].path, "tx=%s&csrf=%s&phone=%s", tx, csrf, world_phone(0));
        assert_refused(w, &problem_way_unavailable);
        assert_int_equal(world_rows_of(w, "one_time_code"), 0);
    }
}

#define bare_test(name)                                                                            \
    cmocka_unit_test_setup_teardown(name, setup_without_connectors, world_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(each_way_has_a_page_that_links_to_all_others_and_not_to_itself),
        world_test(each_ways_form_carries_the_login_on),
        world_test(what_each_way_proves_is_worth_a_level),
        world_test(no_way_proves_more_than_its_row_says),
        world_test(no_two_ways_are_taken_for_each_other),
        world_test(a_login_begins_at_the_first_way_which_is_always_there),
        world_test(what_helps_who_forgot_the_password_is_said_where_it_is_true),
        bare_test(a_way_that_is_not_available_is_not_offered),
        bare_test(a_way_that_is_not_available_says_so_and_does_nothing),
        bare_test(what_helps_who_forgot_the_password_is_said_where_it_is_true),
    };

    return world_run(tests);
}
