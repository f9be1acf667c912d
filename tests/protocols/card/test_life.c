/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a card as a terminal or an app asks for it, by her access token. */
#include "tests/protocols/card/code_kit.h"

#include "idp/card/card_password.h"
#include "idp/person/card.h"
#include "idp/person/evidence.h"

/* She has shown card and PIN. */
static struct telephone
by_card(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);

    world_feed(w, 0);
    assert_int_equal(evidence_add(&ctx, world_person(w, n), EVIDENCE_CARD_PIN, "check1"), OK);
    return telephone_by(w, n, "sc pin");
}

static void
a_card_is_issued_to_who_has_shown_card_and_pin(void **state)
{
    struct world *w = *state;
    struct telephone terminal = by_card(w, 0);

    world_physical_card(w, 0, PHYSICAL_NORMAL);
    world_audit_mark(w);
    telephone_posts(&terminal, "/card/issue", "{}");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "state"), "active");
    assert_string_equal(world_json(w, "region"), WORLD_REGION);
    telephone_posts(&terminal, "/card/issue", "{}");
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_CARD_ISSUED, "issued");
    assert_null(strstr(w->answer.body, "c_"));
}

static void
a_lower_login_gets_none(void **state)
{
    static const char *const paths[] = { "/card/issue", "/card/renew", "/card/close" };
    struct world *w = *state;
    struct telephone app = telephone_of(w, 0);

    world_card(w, 0);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        telephone_posts(&app, paths[i], "{}");
        assert_refused(w, &problem_ecard_level);
    }
}

static void
without_a_physical_card_or_with_one_that_is_not_in_order_none_is_issued(void **state)
{
    struct world *w = *state;
    struct telephone terminal = by_card(w, 0);

    telephone_posts(&terminal, "/card/issue", "{}");
    assert_refused(w, &problem_ecard_physical_missing);
    world_physical_card(w, 0, PHYSICAL_LOCKED);
    telephone_posts(&terminal, "/card/issue", "{}");
    assert_refused(w, &problem_ecard_physical_unfit);
    world_physical_card(w, 0, PHYSICAL_NORMAL);
    world_feed(w, 31);
    telephone_posts(&terminal, "/card/issue", "{}");
    assert_refused(w, &problem_card_register_stale);
}

static void
whose_card_it_is_says_the_token_alone(void **state)
{
    struct world *w = *state;
    struct telephone terminal = by_card(w, 0);

    telephone_posts(&terminal, "/card/issue", "{\"person_id\":\"p_world1\"}");
    assert_refused(w, &problem_ecard_member);
    telephone_posts(&terminal, "/card/password/set", "{\"password\":\"830461\",\"more\":1}");
    assert_refused(w, &problem_ecard_member);
    telephone_gets_token(w, &terminal, "openid", true);
    telephone_posts(&terminal, "/card/issue", "{}");
    assert_refused(w, &problem_ecard_scope);
}

static void
it_is_renewed_in_time_and_closed(void **state)
{
    struct world *w = *state;
    struct telephone terminal = by_card(w, 0);

    telephone_posts(&terminal, "/card/renew", "{}");
    assert_refused(w, &problem_ecard_none);
    world_card(w, 0);
    telephone_posts(&terminal, "/card/renew", "{}");
    assert_refused(w, &problem_ecard_renew_early);
    telephone_posts(&terminal, "/card/close", "{}");
    assert_int_equal(w->answer.status, 204);
}

static void
qr_08_who_has_lost_it_stops_it_where_she_is_logged_in(void **state)
{
    struct world *w = *state;
    struct telephone app = telephone_of(w, 0);

    telephone_posts(&app, "/card/loss/report", "{}");
    assert_refused(w, &problem_ecard_none);
    world_card(w, 0);
    world_audit_mark(w);
    telephone_posts(&app, "/card/loss/report", "{}");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "state"), "suspended");
    assert_audited(w, AUDIT_CARD_LOST, "provisional app");
}

/* What was given to who had shown card and PIN is worth nothing behind the loss. */
static void
qr_08_the_token_of_a_login_by_the_card_dies_with_it(void **state)
{
    struct world *w = *state;
    struct telephone terminal = by_card(w, 0);

    world_card(w, 0);
    telephone_posts(&terminal, "/card/loss/report", "{}");
    assert_int_equal(w->answer.status, 200);
    telephone_posts(&terminal, "/card/loss/report", "{}");
    assert_refused(w, &problem_bearer_invalid);
}

static void
its_password_is_set_at_a_terminal_or_behind_a_bank_check(void **state)
{
    struct world *w = *state;
    struct telephone app = telephone_of(w, 0);
    struct ctx ctx;
    bool is_set;

    telephone_posts(&app, "/card/password/set", "{\"password\":\"123456\"}");
    assert_refused(w, &problem_card_password_simple);
    telephone_posts(&app, "/card/password/set", "{\"password\":\"491231\"}");
    assert_refused(w, &problem_card_password_personal);
    telephone_posts(&app, "/card/password/set", "{\"password\":\"12\"}");
    assert_refused(w, &problem_card_password_malformed);
    telephone_posts(&app, "/card/password/set", "{\"password\":\"830461\"}");
    assert_int_equal(w->answer.status, 204);
    world_advance(w, 901); /* since she registered, by a bank check */
    app = telephone_of(w, 0);
    telephone_posts(&app, "/card/password/set", "{\"password\":\"519204\"}");
    assert_refused(w, &problem_card_password_proof);
    ctx = world_ctx(w);
    assert_int_equal(card_password_is_set(&ctx, world_person(w, 0), &is_set), OK);
    assert_true(is_set);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_card_is_issued_to_who_has_shown_card_and_pin),
        world_test(a_lower_login_gets_none),
        world_test(without_a_physical_card_or_with_one_that_is_not_in_order_none_is_issued),
        world_test(whose_card_it_is_says_the_token_alone),
        world_test(it_is_renewed_in_time_and_closed),
        world_test(qr_08_who_has_lost_it_stops_it_where_she_is_logged_in),
        world_test(qr_08_the_token_of_a_login_by_the_card_dies_with_it),
        world_test(its_password_is_set_at_a_terminal_or_behind_a_bank_check),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
