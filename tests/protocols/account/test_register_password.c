/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/account/kit.h"

#include "idp/audit/audit.h"

static void
the_page_says_what_was_proven(void **state)
{
    struct world *w = *state;

    (void)journey_to_password(w, &zhang_san);
    assert_non_null(strstr(w->answer.body, "id=\"verified\""));
    assert_non_null(strstr(w->answer.body, "138****8000"));
}

/* B14: a password manager keeps the password under the name that she will log in with. */
static void
b14_password_managers_find_the_name_to_log_in_with(void **state)
{
    struct world *w = *state;

    (void)journey_to_password(w, &zhang_san);
    assert_non_null(strstr(w->answer.body,
                           "<input id=\"username\" type=\"text\" "
                           "autocomplete=\"username\" value=\"13800138000\" hidden>"));
}

static void
a_bad_password_is_told_and_another_may_be_chosen(void **state)
{
    static const struct {
        const char *password;
        const struct problem *problem;
    } cases[] = {
        { "short", &problem_password_too_short },
        { "", &problem_password_too_short },
        { "password", &problem_password_common },
        { "x13800138000x", &problem_password_personal },
        { "my11010519491231002X", &problem_password_personal },
    };
    struct world *w = *state;
    struct journey j = journey_to_password(w, &zhang_san);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        journey_choose(&j, cases[i].password);
        assert_refused(w, cases[i].problem);
        assert_non_null(strstr(w->answer.body, "id=\"password-problem\""));
    }
    assert_int_equal(world_rows_of(w, "credential"), 0);
    assert_null(world_cookie(w, "__Host-session"));
    journey_choose(&j, WORLD_PASSWORD);
    assert_non_null(world_cookie(w, "__Host-session"));
}

static void
a_password_of_more_than_128_characters_is_refused(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_password(w, &zhang_san);
    char longest[130] = "";

    memset(longest, 'q', 129);
    journey_choose(&j, longest);
    assert_refused(w, &problem_password_too_long);
}

static void
the_password_is_typed_twice_the_same(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_password(w, &zhang_san);

    journey_post(&j, "/register/password",
                 "password=one%20good%20password&password_again=another%20password");
    assert_refused(w, &problem_password_differs);
    assert_non_null(strstr(w->answer.body, "id=\"password_again-problem\""));
    assert_null(strstr(w->answer.body, "one good password"));
    assert_int_equal(world_rows_of(w, "credential"), 0);
}

/* The page that chose it may be sent again, by its person or by who found the tab:
 * it sets no other password. */
static void
the_first_password_is_chosen_once(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_password(w, &zhang_san);
    struct journey again = j;

    /* The transaction's cookie goes with the end of the flow; somebody kept it. */
    const char *name = arena_text(w->arena, w->jar[0].name);
    const char *value = w->jar[0].value;

    journey_choose(&j, WORLD_PASSWORD);
    world_cookie_put(w, name, value);
    world_audit_mark(w);
    journey_choose(&again, "some other password 7");
    assert_refused(w, &problem_transaction_order);
    assert_int_equal(world_rows_of(w, "credential"), 1);
    assert_int_equal(world_audit_count(w, AUDIT_PASSWORD_SET), 0);
    for (int i = 0; i < 5; i++)
        journey_choose(&again, arena_printf(w->arena, "some other password %d", i));
    assert_refused(w, &problem_login_wait_5); /* no way to try passwords without end */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(the_page_says_what_was_proven),
        world_sims_test(b14_password_managers_find_the_name_to_log_in_with),
        world_sims_test(a_bad_password_is_told_and_another_may_be_chosen),
        world_sims_test(a_password_of_more_than_128_characters_is_refused),
        world_sims_test(the_password_is_typed_twice_the_same),
        world_sims_test(the_first_password_is_chosen_once),
    };

    return world_sims_run(tests);
}
