/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a card: what it shows in each state, and what its forms do. */
#include <string.h>

#include "idp/session/session.h"
#include "protocols/pages/words.h"
#include "tests/card/family_kit.h"
#include "tests/protocols/card/page_kit.h"

#define NAME "张三"

/* --- Who may look --- */

static void
who_is_not_logged_in_logs_in_and_comes_back(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    world_get(w, "/card?for=pay");
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
    world_follow(w);
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0), world_url(w, WORLD_PASSWORD));
    assert_string_equal(world_header(w, "Location"), "/card");
    world_follow(w);
    assert_true(page_shows(w, "qr"));
}

/* By WeChat alone nobody shows a card. */
static void
a_login_of_l1_shows_nothing_and_she_is_asked_to_log_in_once_more(void **state)
{
    static const struct session nobody;
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct proof proof = { .person_id = world_person(w, 0), .amr = "wechat" };
    struct session session;
    const char *cookie;

    world_card(w, 0);
    world_must(session_begin(&ctx, &nobody, &proof, &session, &cookie), "no session");
    world_cookie_put(w, "__Host-session", cookie);
    world_get(w, "/card");
    assert_int_equal(w->answer.status, 200);
    assert_true(page_shows(w, "login-again"));
    assert_false(page_shows(w, "qr"));
    assert_false(page_shows(w, "card-face"));
    world_form_post(w, "/card", "tx=&csrf=x&form=x&act=eye");
    assert_string_equal(world_header(w, "Location"), "/card");
    world_get(w, "/card?act=login");
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
}

static void
the_home_page_leads_to_the_card_where_cards_are_offered(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/");
    assert_false(page_shows(w, "home-card"));
    world_feed(w, 0);
    world_get(w, "/");
    assert_true(page_has(w, "id=\"home-card\" href=\"/card\""));
}

/* --- A card in order --- */

static void
a_card_is_shown_with_name_masked_and_a_code_and_nothing_is_stored(void **state)
{
    struct world *w = *state;
    int64_t rows;

    card_page(w, 0, "");
    rows = world_rows(w);
    world_get(w, "/card");
    assert_int_equal(w->answer.status, 200);
    assert_true(page_shows(w, "qr"));
    assert_true(page_has(w, "id=\"card-name\">张*<"));
    assert_true(page_has(w, "广东省 440100"));
    assert_true(page_has(w, "2035-01-01"));
    assert_true(page_has(w, "id=\"for-show\" href=\"/card?for=show\" aria-current=\"page\""));
    assert_true(page_has(w, "id=\"loss-link\" href=\"/card/loss\""));
    assert_int_equal(world_rows(w), rows);
    assert_int_equal(world_audit_count(w, AUDIT_CARD_CODE_REFUSED), 0);
}

static void
neither_her_numbers_nor_her_name_stand_on_the_page(void **state)
{
    static const char *const queries[] = { "", "?for=serve", "?for=login", "?for=pay" };
    struct world *w = *state;
    const char *card_id = world_card(w, 0);

    world_log_in(w, 0);
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        world_get(w, arena_printf(w->arena, "/card%s", queries[i]));
        assert_int_equal(w->answer.status, 200);
        assert_false(page_has(w, NAME));
        assert_false(page_has(w, "11010519491231002X"));
        assert_false(page_has(w, "A1000000"));
        assert_false(page_has(w, card_id + 2));
        assert_false(page_has(w, "13800138000"));
    }
}

static void
a_code_gives_way_to_the_next_one_with_script_and_without(void **state)
{
    struct world *w = *state;

    card_page(w, 0, "?for=serve&turn=3");
    assert_true(page_has(w, "<noscript><meta http-equiv=\"refresh\" "
                            "content=\"50;url=/card?for=serve&amp;turn=4\"></noscript>"));
    assert_true(page_has(w, "data-anew=\"50\" data-life=\"60\""
                            " data-url=\"/card?for=serve&amp;turn=4\""));
    assert_true(page_has(w, "08:01:00"));
    assert_non_null(strstr(world_header(w, "Content-Security-Policy"), "connect-src 'self'"));
    world_get(w, "/card?for=serve&turn=-1");
    assert_true(page_has(w, "turn=1\""));
}

static void
a_page_that_nobody_touches_stops_making_codes(void **state)
{
    struct world *w = *state;

    card_page(w, 0, "?turn=11");
    assert_true(page_shows(w, "qr"));
    world_get(w, "/card?turn=12");
    assert_false(page_shows(w, "qr"));
    assert_false(page_has(w, "http-equiv=\"refresh\""));
    assert_true(page_has(w, "id=\"code-again\" href=\"/card?for=show\""));
    assert_true(page_shows(w, "loss-link"));
}

/* --- The eye --- */

static void
the_eye_shows_her_name_for_this_view_alone(void **state)
{
    struct world *w = *state;
    const char *address;
    int64_t rows;

    card_page(w, 0, "?for=login");
    rows = world_rows(w);
    card_press(w, "eye", "");
    assert_int_equal(w->answer.status, 303);
    address = arena_text(w->arena, world_header(w, "Location"));
    assert_true(text_starts(address, "/card?for=login&permit="));
    world_follow(w);
    assert_true(page_has(w, "id=\"card-name\">" NAME "<"));
    assert_true(page_has(w, "id=\"eye-close\" href=\"/card?for=login\""));
    assert_true(page_has(w, "url=/card?for=login&amp;turn=1\""));
    world_get(w, "/card?for=login");
    assert_false(page_has(w, NAME));
    world_advance(w, 60);
    world_feed(w, 0);
    world_get(w, address);
    assert_int_equal(w->answer.status, 200);
    assert_false(page_has(w, NAME));
    assert_int_equal(world_rows(w), rows);
}

static void
what_the_eye_opened_is_closed_in_another_session(void **state)
{
    struct world *w = *state;
    const char *address;

    card_page(w, 0, "");
    card_press(w, "eye", "");
    address = arena_text(w->arena, world_header(w, "Location"));
    w->cookies = 0;
    world_log_in(w, 0);
    world_get(w, address);
    assert_false(page_has(w, NAME));
    world_get(w, "/card?permit=x");
    assert_int_equal(w->answer.status, 200);
    assert_false(page_has(w, NAME));
}

static void
a_form_of_another_page_or_person_does_nothing(void **state)
{
    struct world *w = *state;
    const char *form;
    const char *permit;

    card_page(w, 0, "");
    form = arena_text(w->arena, world_hidden(w, "form"));
    world_audit_mark(w);
    world_form_post(w, "/card", "tx=&csrf=x&form=%s&act=eye", form);
    assert_refused(w, &problem_form_forged);
    assert_audited(w, AUDIT_CARD_CODE_REFUSED, "csrf");
    world_get(w, "/card");
    card_press(w, "eye", "");
    permit = arena_text(w->arena, world_location_param(w, "permit"));
    world_get(w, "/card");
    world_form_post(w, "/card", "tx=&csrf=%s&form=%s&act=eye", world_hidden(w, "csrf"), permit);
    assert_string_equal(world_header(w, "Location"), "/card");
    w->cookies = 0;
    card_page(w, 1, "");
    world_form_post(w, "/card", "tx=&csrf=%s&form=%s&act=eye", world_hidden(w, "csrf"), form);
    assert_string_equal(world_header(w, "Location"), "/card");
    world_get(w, "/card");
    world_form_post(w, "/card", "tx=&csrf=%s&form=%s&act=x", world_hidden(w, "csrf"),
                    world_hidden(w, "form"));
    assert_string_equal(world_header(w, "Location"), "/card");
    w->cookies = 0;
    world_form_post(w, "/card", "tx=&csrf=x&form=x&act=eye");
    assert_string_equal(world_header(w, "Location"), "/card");
}

/* --- A card that is not in order --- */

static void
assert_says(struct world *w, enum word word_said, enum word trouble)
{
    assert_int_equal(w->answer.status, 200);
    assert_true(page_has(
        w, arena_printf(w->arena, "id=\"card-state\">%s<", word(LANGUAGE_ZH_CN, word_said))));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, trouble)));
    assert_false(page_shows(w, "qr"));
    assert_false(page_shows(w, "purposes"));
    assert_true(page_shows(w, "look-again"));
    assert_true(page_shows(w, "loss-link"));
}

static void
each_state_of_the_physical_card_is_told_and_the_loss_button_stays(void **state)
{
    static const struct {
        int64_t physical;
        enum word state;
        enum word trouble;
    } rows[] = {
        { PHYSICAL_NOT_ENABLED, WORD_card_state_inactive, WORD_card_inactive },
        { PHYSICAL_LOST, WORD_card_state_suspended, WORD_card_asleep },
        { PHYSICAL_PROVISIONAL, WORD_card_state_suspended, WORD_card_asleep },
        { PHYSICAL_LOCKED, WORD_card_state_suspended, WORD_card_asleep },
        { PHYSICAL_VOID, WORD_card_state_revoked, WORD_card_revoked },
        { PHYSICAL_CANCELLED, WORD_card_state_revoked, WORD_card_revoked },
    };
    struct world *w = *state;

    card_page(w, 0, "");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        world_physical_card(w, 0, rows[i].physical);
        world_get(w, "/card");
        assert_says(w, rows[i].state, rows[i].trouble);
        assert_int_equal(world_audit_count(w, AUDIT_CARD_CODE_REFUSED), 0);
    }
}

/* QR-08: the page knows it with the next view. */
static void
QR_08_a_card_reported_lost_shows_no_code_and_says_what_to_do(void **state)
{
    struct world *w = *state;

    card_page(w, 0, "");
    card_lost_ready(w, 0, CARD_LOSS_PROVISIONAL);
    world_get(w, "/card?for=serve");
    assert_says(w, WORD_card_state_suspended, WORD_card_lost);
    assert_true(page_shows(w, "lost-until"));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_step_found)));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_loss_look)));
    card_lost_ready(w, 0, CARD_LOSS_FORMAL);
    world_get(w, "/card");
    assert_says(w, WORD_card_state_revoked, WORD_card_lost_final);
    assert_false(page_shows(w, "lost-until"));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_step_replace)));
}

static void
a_card_past_its_last_day_is_told_and_one_that_is_near_to_it(void **state)
{
    struct world *w = *state;

    card_page(w, 0, "");
    assert_false(page_shows(w, "soon"));
    ecard_put(w, 0, ECARD_L1, 20260110);
    world_get(w, "/card");
    assert_true(page_shows(w, "soon"));
    assert_true(page_shows(w, "qr"));
    ecard_put(w, 0, ECARD_L1, 20251231);
    world_get(w, "/card");
    assert_says(w, WORD_card_state_lapsed, WORD_card_lapsed);
    assert_false(page_shows(w, "soon"));
}

/* QR-19: what is known is too old, and the page says so. */
static void
QR_19_where_the_register_does_not_answer_nothing_is_shown(void **state)
{
    struct world *w = *state;

    card_page(w, 0, "");
    world_feed(w, 31);
    world_get(w, "/card");
    assert_says(w, WORD_card_state_stale, WORD_card_stale);
    card_lost_ready(w, 0, CARD_LOSS_PROVISIONAL);
    world_get(w, "/card");
    assert_says(w, WORD_card_state_suspended, WORD_card_lost);
    world_feed(w, 0);
}

static void
who_has_none_is_told_how_to_get_one(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/card");
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_not_offered)));
    assert_false(page_shows(w, "card-steps"));
    world_feed(w, 0);
    world_get(w, "/card");
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_none_unknown)));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_step_bureau)));
    assert_false(page_shows(w, "card-face"));
    world_physical_card(w, 0, PHYSICAL_NOT_ENABLED);
    world_get(w, "/card");
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_none_unknown)));
    world_physical_card(w, 0, PHYSICAL_NORMAL);
    world_get(w, "/card");
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_none_known)));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_step_terminal)));
    assert_false(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_step_bureau)));
}

/* --- Paying --- */

static void
a_card_of_level_1_is_not_shown_for_paying(void **state)
{
    struct world *w = *state;

    card_page(w, 0, "?for=pay");
    assert_true(page_has(w, "id=\"pay-enable\" href=\"/card/pay\""));
    assert_false(page_shows(w, "pay-form"));
    assert_false(page_shows(w, "qr"));
}

static void
a_code_for_paying_is_shown_after_the_password_and_for_a_minute(void **state)
{
    struct world *w = *state;
    const char *address;

    card_page(w, 0, "");
    ecard_put(w, 0, ECARD_L2, 20350101);
    card_password_ready(w, 0);
    world_get(w, "/card?for=pay");
    assert_true(page_shows(w, "pay-form"));
    assert_false(page_shows(w, "qr"));
    card_press(w, "pay", "&card_password=" CARD_PASSWORD);
    assert_int_equal(w->answer.status, 303);
    address = arena_text(w->arena, world_header(w, "Location"));
    assert_true(text_starts(address, "/card?for=pay&permit="));
    world_follow(w);
    assert_true(page_shows(w, "qr"));
    assert_false(page_has(w, NAME)); /* it opens no eye */
    assert_true(page_has(w, "url=/card?for=pay&amp;turn=1\""));
    world_advance(w, 60);
    world_feed(w, 0);
    world_get(w, address);
    assert_false(page_shows(w, "qr"));
    assert_true(page_shows(w, "pay-form"));
}

static void
the_eye_is_no_password(void **state)
{
    struct world *w = *state;

    card_page(w, 0, "");
    ecard_put(w, 0, ECARD_L2, 20350101);
    card_password_ready(w, 0);
    world_get(w, "/card?for=pay");
    card_press(w, "eye", "");
    world_follow(w);
    assert_true(page_has(w, NAME));
    assert_false(page_shows(w, "qr"));
}

static void
what_is_wrong_with_the_password_stands_beside_it(void **state)
{
    struct world *w = *state;

    card_page(w, 0, "");
    ecard_put(w, 0, ECARD_L2, 20350101);
    world_get(w, "/card?for=pay");
    card_press(w, "pay", "&card_password=830461");
    assert_string_equal(world_header(w, "Location"), "/card?for=pay&told=none");
    card_password_ready(w, 0);
    world_get(w, "/card?for=pay");
    card_press(w, "pay", "&card_password=12");
    assert_string_equal(world_header(w, "Location"), "/card?for=pay&told=malformed");
    for (int i = 0; i < 6; i++) {
        world_get(w, "/card?for=pay");
        card_press(w, "pay", "&card_password=519204");
    }
    assert_string_equal(world_header(w, "Location"), "/card?for=pay&told=locked");
    world_get(w, "/card?for=pay&told=wrong");
    assert_true(page_shows(w, "card_password-problem"));
    assert_true(page_shows(w, "error-card_password_wrong"));
    assert_false(page_has(w, "519204"));
    world_get(w, "/card?for=pay&told=%3Cb%3E");
    assert_false(page_shows(w, "card_password-problem"));
}

/* --- The card of one of her family --- */

static void
she_shows_the_card_of_a_member_and_nothing_else_of_it(void **state)
{
    struct world *w = *state;
    const char *page;

    world_card(w, 1);
    member_of_her(w, 1, KINSHIP_SPOUSE, 19500101);
    page = arena_printf(w->arena, "/card?of=%s", members_of_her(w).at[0].ref);
    card_page(w, 0, page + strlen("/card"));
    assert_true(page_shows(w, "qr"));
    assert_true(page_shows(w, "for-serve"));
    assert_false(page_shows(w, "for-pay"));
    assert_false(page_shows(w, "for-login"));
    assert_false(page_shows(w, "eye"));
    assert_false(page_shows(w, "loss-link"));
    world_get(w, arena_printf(w->arena, "%s&for=pay", page));
    assert_true(page_has(w, "id=\"for-show\" href=\"/card?for=show&amp;of="));
    card_lost_ready(w, 1, CARD_LOSS_PROVISIONAL);
    world_get(w, page);
    assert_false(page_shows(w, "qr"));
}

static void
whose_card_she_may_not_show_she_does_not_see(void **state)
{
    struct world *w = *state;

    world_card(w, 1);
    card_page(w, 0, "");
    world_get(w, "/card?of=x");
    assert_refused(w, &problem_card_family_gone);
}

/* --- The language --- */

static void
the_page_is_told_in_english_too(void **state)
{
    struct world *w = *state;

    card_page(w, 0, "?for=serve&ui_locales=en");
    assert_true(page_has(w, "Guangdong 440100"));
    assert_true(page_has(w, ">Valid<"));
    assert_true(page_has(w, "href=\"/card?ui_locales=zh-CN&amp;for=serve\""));
}

#define test(name) world_test(name)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        test(who_is_not_logged_in_logs_in_and_comes_back),
        test(a_login_of_l1_shows_nothing_and_she_is_asked_to_log_in_once_more),
        test(the_home_page_leads_to_the_card_where_cards_are_offered),
        test(a_card_is_shown_with_name_masked_and_a_code_and_nothing_is_stored),
        test(neither_her_numbers_nor_her_name_stand_on_the_page),
        test(a_code_gives_way_to_the_next_one_with_script_and_without),
        test(a_page_that_nobody_touches_stops_making_codes),
        test(the_eye_shows_her_name_for_this_view_alone),
        test(what_the_eye_opened_is_closed_in_another_session),
        test(a_form_of_another_page_or_person_does_nothing),
        test(each_state_of_the_physical_card_is_told_and_the_loss_button_stays),
        test(QR_08_a_card_reported_lost_shows_no_code_and_says_what_to_do),
        test(a_card_past_its_last_day_is_told_and_one_that_is_near_to_it),
        test(QR_19_where_the_register_does_not_answer_nothing_is_shown),
        test(who_has_none_is_told_how_to_get_one),
        test(a_card_of_level_1_is_not_shown_for_paying),
        test(a_code_for_paying_is_shown_after_the_password_and_for_a_minute),
        test(the_eye_is_no_password),
        test(what_is_wrong_with_the_password_stands_beside_it),
        test(she_shows_the_card_of_a_member_and_nothing_else_of_it),
        test(whose_card_she_may_not_show_she_does_not_see),
        test(the_page_is_told_in_english_too),
    };

    return world_run(tests);
}
