/* SPDX-License-Identifier: Apache-2.0 */
/* From the mini program to our pages and back: the ticket, the number, the consent. */
#include "tests/protocols/login/wechat_kit.h"
#include "tests/world_sims.h"

/* Where the web-view stands once it has opened the page. */
static void
web_view_opens(struct world *w)
{
    world_get(w, bind_page(w));
    assert_true(leads_to(w, "/login/wechat/number"));
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
}

static void
type_number(struct world *w, const char *number)
{
    world_form_post(w, "/login/wechat/number", "tx=%s&csrf=%s&number=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), number);
}

static void
agree(struct world *w)
{
    assert_true(leads_to(w, "/consent"));
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_true(leads_to(w, "/login/wechat/mini"));
    world_follow(w);
    assert_non_null(strstr(w->answer.body, "id=\"wechat-mini-done\""));
}

static void
from_not_bound_to_tokens(void **state)
{
    struct world *w = *state;
    const char *number;

    mini_asks(w, once(w, "ok-1"), "");
    assert_refused(w, &problem_wechat_not_bound);
    number = world_json(w, "bind_number");
    web_view_opens(w);
    type_number(w, number);
    log_in_to_bind(w, 0);
    assert_non_null(strstr(w->answer.body, "id=\"wechat-place\">微信小程序"));
    confirm(w, "bind");
    agree(w);
    mini_asks(w, once(w, "ok-1"), "");
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_json(w, "id_token"));
    assert_non_null(world_json(w, "refresh_token"));
    assert_true(world_token_works(w, world_json(w, "access_token")));
}

static void
a_wrong_number_goes_no_further(void **state)
{
    struct world *w = *state;
    const char *number;

    mini_asks(w, once(w, "ok-1"), "");
    number = text_eq(world_json(w, "bind_number"), "0000") ? "0001" : "0000";
    web_view_opens(w);
    type_number(w, number);
    assert_refused(w, &problem_wechat_number_wrong);
    type_number(w, "");
    assert_refused(w, &problem_wechat_number_wrong);
    world_get(w, arena_printf(w->arena, "/login/wechat/bind?tx=%s", world_hidden(w, "tx")));
    assert_true(leads_to(w, "/login/wechat/number"));
}

static void
the_number_pressed_twice_leads_to_the_same_page(void **state)
{
    struct world *w = *state;
    const char *form;

    mini_asks(w, once(w, "ok-1"), "");
    form = world_json(w, "bind_number");
    web_view_opens(w);
    form = arena_printf(w->arena, "tx=%s&csrf=%s&number=%s", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"), form);
    for (int i = 0; i < 2; i++) {
        world_form_post(w, "/login/wechat/number", "%s", form);
        assert_true(leads_to(w, "/login/wechat/bind"));
    }
}

static void
a_ticket_is_good_once_for_ten_minutes_and_only_as_it_was(void **state)
{
    struct world *w = *state;
    const char *page;

    mini_asks(w, once(w, "ok-1"), "");
    page = bind_page(w);
    web_view_opens(w);
    world_get(w, page);
    assert_refused(w, &problem_wechat_ticket);
    mini_asks(w, once(w, "ok-1"), "");
    page = bind_page(w);
    world_get(w, arena_printf(w->arena, "%.*sA", (int)strlen(page) - 1, page));
    assert_refused(w, &problem_wechat_ticket);
    world_advance(w, 600);
    world_get(w, page);
    assert_refused(w, &problem_wechat_ticket);
    world_get(w, "/login/wechat/mini");
    assert_refused(w, &problem_transaction_lost);
}

static void
who_does_not_agree_is_told_that_nothing_was_bound(void **state)
{
    struct world *w = *state;
    const char *number;

    mini_asks(w, once(w, "ok-1"), "");
    number = world_json(w, "bind_number");
    web_view_opens(w);
    type_number(w, number);
    log_in_to_bind(w, 0);
    confirm(w, "skip");
    assert_true(leads_to(w, "/login/wechat/mini"));
    world_follow(w);
    assert_non_null(strstr(w->answer.body, "id=\"wechat-mini-refused\""));
    mini_asks(w, once(w, "ok-1"), "");
    assert_refused(w, &problem_wechat_not_bound);
}

/* Without her consent to this partner the tokens wait for it. */
static void
bound_by_the_official_account_she_still_agrees_to_the_mini_program(void **state)
{
    struct world *w = *state;

    bind_official(w, "ok-1", 0);
    mini_asks(w, once(w, "ok-1"), "");
    assert_refused(w, &problem_wechat_not_bound);
    world_consent(w, 0, "mini", "openid profile");
    mini_asks(w, once(w, "ok-1"), "");
    assert_int_equal(w->answer.status, 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(from_not_bound_to_tokens),
        world_sims_test(a_wrong_number_goes_no_further),
        world_sims_test(the_number_pressed_twice_leads_to_the_same_page),
        world_sims_test(a_ticket_is_good_once_for_ten_minutes_and_only_as_it_was),
        world_sims_test(who_does_not_agree_is_told_that_nothing_was_bound),
        world_sims_test(bound_by_the_official_account_she_still_agrees_to_the_mini_program),
    };

    return world_sims_run(tests);
}
