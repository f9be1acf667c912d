/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a family's cards. */
#include "tests/flows/form_family_kit.h"

#include "idp/session/stop.h"

#define ASK_OF_LI                                                                                  \
    "kinship=child&name=%E5%BC%A0%E4%B8%89%E4%B8%B0&identity_number=440106196204150020"

static bool
has(struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

static void
she_asks_and_the_other_agrees_and_each_sees_the_other_masked(void **state)
{
    struct world *w = *state;
    struct journey j = family_page_of(w, HER);

    relative(w, 1, 19620415);
    journey_post(&j, FAMILY_PAGE, ASK_OF_LI);
    assert_true(has(w, "申请已发出"));
    assert_true(has(w, "<h3 id=\"member-"));
    assert_false(has(w, "张*丰")); /* whether anybody was asked is not told */
    j = family_page_of(w, 1);
    assert_true(has(w, "张* 想为您出示电子社保卡"));
    assert_true(has(w, "<dd>138****8000</dd>"));
    assert_true(has(w, "<dd>子女</dd>"));
    journey_post(&j, FAMILY_PAGE, family_button(w, "agree"));
    assert_true(has(w, "已同意"));
    assert_true(has(w, "张* · 138****8000</h3>"));
    j = family_page_of(w, HER);
    assert_true(has(w, "张*丰 · 子女</h3>"));
    assert_true(has(w, "<dt>添加日期</dt><dd>2026-01-01</dd>"));
    assert_false(has(w, "p_world"));
    assert_int_equal(may_show(w, world_person(w, 1)), OK);
}

static void
either_ends_it_on_her_own_page(void **state)
{
    static const int enders[] = { HER, 1 };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(enders) / sizeof(enders[0]); i++) {
        const char *member = member_of_her(w, 1, KINSHIP_CHILD, 19620415);
        struct journey j = family_page_of(w, enders[i]);
        const char *button = family_button(w, "end");

        journey_post(&j, FAMILY_PAGE, button);
        assert_true(has(w, "已经解除"));
        assert_int_equal(may_show(w, member), ERR_REFUSED);
        journey_post(&j, FAMILY_PAGE, button); /* pressed again */
        assert_true(has(w, "已经解除"));
    }
}

/* Who asks is told the same, whomever she asks. */
static void
an_unknown_person_is_answered_like_a_known_one(void **state)
{
    struct world *w = *state;
    struct journey j = family_page_of(w, HER);
    const char *known;

    relative(w, 1, 19620415);
    world_form_post(w, FAMILY_PAGE, "tx=%s&csrf=%s&%s", j.tx, j.csrf, ASK_OF_LI);
    known = strstr(world_header(w, "Location"), "&done=");
    assert_non_null(known);
    known = arena_text(w->arena, known);
    j = family_page_of(w, HER);
    world_form_post(w, FAMILY_PAGE,
                    "tx=%s&csrf=%s&kinship=child&name=%%E6%%9D%%8E&identity_number="
                    "440305199008200033",
                    j.tx, j.csrf);
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(strstr(world_header(w, "Location"), "&done="), known);
    world_follow(w);
    assert_true(has(w, "子女 <span class=\"why\">还可以添加 1 人"));
}

static void
all_mistakes_are_told_beside_their_fields_and_what_was_typed_stays(void **state)
{
    struct world *w = *state;
    struct journey j = family_page_of(w, HER);

    journey_post(&j, FAMILY_PAGE, "name=1&identity_number=44");
    assert_true(has(w, "id=\"kinship-problem\""));
    assert_true(has(w, "id=\"name-problem\""));
    assert_true(has(w, "id=\"identity_number-problem\""));
    assert_true(has(w, "value=\"44\""));
    journey_post(&j, FAMILY_PAGE,
                 "kinship=elder&name=%E5%BC%A0%E4%B8%89&identity_number=11010519491231002X");
    assert_true(has(w, "id=\"identity_number-problem\"")); /* her own */
    assert_true(has(w, "value=\"elder\" checked>"));
    journey_post(&j, FAMILY_PAGE,
                 "kinship=elder&name=%E5%BC%A0%E4%B8%89&identity_number=440106196204150020");
    assert_true(has(w, "id=\"kinship-problem\""));
}

static void
a_child_is_sent_to_a_window_and_a_full_kinship_says_so(void **state)
{
    struct world *w = *state;
    struct journey j = family_page_of(w, HER);

    journey_post(&j, FAMILY_PAGE,
                 "kinship=child&name=%E6%9D%8E&identity_number=11010120150307123X");
    assert_true(has(w, "id=\"identity_number-problem\""));
    assert_true(has(w, "监护人"));
    w->settings.card.family_limits = "elder:1";
    journey_post(&j, FAMILY_PAGE, ASK_OF_LI);
    assert_true(has(w, "id=\"kinship-problem\""));
    assert_true(has(w, "子女 <span class=\"why\">名额已满"));
}

static void
a_login_by_somebody_elses_word_is_made_anew_before_she_asks_or_agrees(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_family_asked(w);
    const char *answers[] = { family_button(w, "agree"), ASK_OF_LI };
    struct ctx ctx = world_ctx(w);
    struct session nobody = { .live = false };
    struct session session;
    const struct proof proof = { .person_id = world_person(w, HER), .amr = "wechat" };
    const char *cookie;

    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), OK);
    world_cookie_put(w, "__Host-session", cookie);
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        world_open(w, FAMILY_PAGE);
        journey_arrive(&j);
        assert_true(has(w, "需要您重新登录一次"));
        world_form_post(w, FAMILY_PAGE, "tx=%s&csrf=%s&%s", j.tx, j.csrf, answers[i]);
        assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
    }
    world_open(w, FAMILY_PAGE);
    journey_arrive(&j);
    journey_post(&j, FAMILY_PAGE, family_button(w, "end")); /* refusing needs no more */
    assert_true(has(w, "已经解除"));
}

static void
what_is_over_is_said_to_be(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_family_asked(w);
    const char *button = family_button(w, "agree");
    struct ctx ctx = world_ctx(w);

    assert_int_equal(person_stop(&ctx, world_person(w, 1), PERSON_CLOSED, "closed"), OK);
    journey_post(&j, FAMILY_PAGE, button);
    assert_true(has(w, "id=\"error-card_family_gone\""));
    assert_int_equal(w->answer.status, 409);
}

static void
who_is_not_logged_in_logs_in_first_and_another_flow_is_refused(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    world_open(w, FAMILY_PAGE);
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
    world_log_in(w, HER);
    world_open(w, "/account/password");
    journey_arrive(&j);
    world_form_post(w, FAMILY_PAGE, "tx=%s&csrf=%s&end=x", j.tx, j.csrf);
    world_follow_stop(w);
    assert_refused(w, &problem_transaction_order);
    world_open(w, FAMILY_PAGE);
    journey_arrive(&j);
    world_form_post(w, FAMILY_PAGE, "tx=%s&csrf=x&end=x", j.tx);
    world_follow_stop(w);
    assert_refused(w, &problem_form_forged);
}

static void
where_no_cards_are_offered_nobody_is_added_and_what_there_is_can_be_ended(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_family_asked(w);
    const char *agreement = family_button(w, "agree");

    w->settings.card_bureau.url = "";
    journey_post(&j, FAMILY_PAGE, agreement);
    assert_true(has(w, "id=\"error-card_not_offered\""));
    assert_true(has(w, "id=\"family-not-offered\""));
    assert_false(has(w, "id=\"family-ask-form\""));
    world_form_post(w, FAMILY_PAGE, "tx=%s&csrf=%s&%s", j.tx, j.csrf, ASK_OF_LI);
    assert_refused(w, &problem_card_not_offered);
    world_open(w, FAMILY_PAGE);
    journey_arrive(&j);
    journey_post(&j, FAMILY_PAGE, family_button(w, "end"));
    assert_true(has(w, "已经解除"));
}

static void
it_speaks_english(void **state)
{
    struct world *w = *state;

    (void)at_card_family_asked(w);
    world_open(w, FAMILY_PAGE "?ui_locales=en");
    assert_true(has(w, "<h1>Cards of your family</h1>"));
    assert_true(has(w, "would like to show your electronic card"));
    assert_true(has(w, "2 more can be added"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(she_asks_and_the_other_agrees_and_each_sees_the_other_masked),
        world_sims_test(either_ends_it_on_her_own_page),
        world_sims_test(an_unknown_person_is_answered_like_a_known_one),
        world_sims_test(all_mistakes_are_told_beside_their_fields_and_what_was_typed_stays),
        world_sims_test(a_child_is_sent_to_a_window_and_a_full_kinship_says_so),
        world_sims_test(a_login_by_somebody_elses_word_is_made_anew_before_she_asks_or_agrees),
        world_sims_test(what_is_over_is_said_to_be),
        world_sims_test(who_is_not_logged_in_logs_in_first_and_another_flow_is_refused),
        world_sims_test(where_no_cards_are_offered_nobody_is_added_and_what_there_is_can_be_ended),
        world_sims_test(it_speaks_english),
    };

    return world_sims_run(tests);
}
