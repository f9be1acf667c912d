/* SPDX-License-Identifier: Apache-2.0 */
/* A form that is shown again: what is told, what is kept, and for how long. */
#include <string.h>

#include "idp/base/text.h"
#include "protocols/flow/mistake.h"
#include "tests/world.h"

static const char *
at_login(struct world *w)
{
    world_authorize(w, "webhall", "");
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
    return world_hidden(w, "tx");
}

static void
send_login(struct world *w, const char *tx, const char *fields)
{
    world_form_post(w, "/login", "tx=%s&csrf=%s&%s", tx, world_hidden(w, "csrf"), fields);
}

static const char *
cookie_of_mistake(const struct world *w)
{
    for (size_t i = 0; i < w->cookies; i++)
        if (strstr(w->jar[i].name, MISTAKE_COOKIE) != NULL && w->jar[i].value[0] != '\0')
            return w->jar[i].value;
    return NULL;
}

static bool
shows(struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

static void
the_page_tells_the_mistake_and_keeps_the_entries_but_no_secret(void **state)
{
    struct world *w = *state;
    const char *tx = at_login(w);

    send_login(w, tx, "phone=%EF%BC%91%EF%BC%92&password=not%20hers%20at%20all");
    assert_refused(w, &problem_login_name_invalid);
    assert_true(shows(w, "id=\"phone-problem\""));
    assert_true(shows(w, "value=\"１２\""));
    assert_false(shows(w, "not hers"));
    assert_null(strstr(cookie_of_mistake(w), "not"));
}

static void
all_that_is_wrong_is_told_at_once_each_beside_its_field(void **state)
{
    struct world *w = *state;

    send_login(w, at_login(w), "phone=12&password=");
    assert_refused(w, &problem_login_name_invalid);
    assert_true(shows(w, "id=\"phone-problem\""));
    assert_true(shows(w, "id=\"password-problem\""));
    assert_true(shows(w, problem_text(&problem_password_missing, LANGUAGE_ZH_CN)));
}

static void
a_reload_and_the_other_language_show_it_again(void **state)
{
    struct world *w = *state;
    const char *tx = at_login(w);

    send_login(w, tx, "phone=12&password=x");
    for (int i = 0; i < 2; i++) {
        world_get(w, arena_printf(w->arena, "/login?tx=%s&ui_locales=en", tx));
        assert_true(shows(w, "value=\"12\""));
        assert_true(shows(w, problem_text(&problem_login_name_invalid, LANGUAGE_EN)));
    }
}

static void
it_is_told_on_its_own_page_and_in_its_own_transaction_only(void **state)
{
    struct world *w = *state;
    const char *tx = at_login(w);
    const char *other;

    send_login(w, tx, "phone=12&password=x");
    world_get(w, arena_printf(w->arena, "/login/sms?tx=%s", tx));
    assert_int_equal(w->answer.status, 200);
    assert_false(shows(w, "value=\"12\""));
    other = at_login(w);
    assert_string_not_equal(other, tx);
    assert_false(shows(w, "value=\"12\""));
}

static void
once_it_is_mended_back_shows_the_form_as_it_was(void **state)
{
    struct world *w = *state;
    const char *tx;

    world_person(w, 0);
    tx = at_login(w);
    send_login(w, tx, "phone=12&password=x");
    assert_non_null(cookie_of_mistake(w));
    send_login(w, tx, "phone=13800138000&password=a%20password%20nobody%20guesses");
    assert_int_equal(w->answer.status, 303);
    assert_null(cookie_of_mistake(w));
}

static void
a_cookie_of_somebody_else_is_as_good_as_none(void **state)
{
    struct world *w = *state;
    const char *tx = at_login(w);
    const char *name;

    send_login(w, tx, "phone=12&password=x");
    name = NULL;
    for (size_t i = 0; i < w->cookies; i++)
        if (strstr(w->jar[i].name, MISTAKE_COOKIE) != NULL)
            name = arena_text(w->arena, w->jar[i].name);
    world_cookie_put(w, name, "AAAA");
    world_get(w, arena_printf(w->arena, "/login?tx=%s", tx));
    assert_int_equal(w->answer.status, 200);
    assert_false(shows(w, "value=\"12\""));
}

/* More than a cookie takes: the mistake is told, and the person types again. */
static void
what_is_too_long_for_a_cookie_is_left_out(void **state)
{
    struct world *w = *state;
    const char *tx = at_login(w);
    char *more = arena_alloc(w->arena, 6001);

    memset(more, 'x', 6000);
    send_login(w, tx, arena_printf(w->arena, "phone=12&password=x&other=%s", more));
    assert_refused(w, &problem_login_name_invalid);
    assert_false(shows(w, "value=\"12\""));
    assert_true(strlen(cookie_of_mistake(w)) < 4000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_page_tells_the_mistake_and_keeps_the_entries_but_no_secret),
        world_test(all_that_is_wrong_is_told_at_once_each_beside_its_field),
        world_test(a_reload_and_the_other_language_show_it_again),
        world_test(it_is_told_on_its_own_page_and_in_its_own_transaction_only),
        world_test(once_it_is_mended_back_shows_the_form_as_it_was),
        world_test(a_cookie_of_somebody_else_is_as_good_as_none),
        world_test(what_is_too_long_for_a_cookie_is_left_out),
    };

    return world_run(tests);
}
