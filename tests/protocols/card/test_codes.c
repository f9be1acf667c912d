/* SPDX-License-Identifier: Apache-2.0 */
/* The card in an app: opened on one telephone, shown there, and closed. */
#include "tests/protocols/card/code_kit.h"

#include "idp/person/card.h"
#include "idp/tables/ecard.h"

static struct stored_ecard
ecard_of(struct world *w, int n)
{
    struct stored_ecard row;

    assert_int_equal(store_ecard_find(w->store, w->arena, world_person(w, n), &row), OK);
    return row;
}

static void
a_code_is_shown_on_the_telephone_that_the_card_is_opened_on(void **state)
{
    static const char *const purposes[] = { "show", "serve", "login" };
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);

    for (size_t i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++) {
        const char *text = telephone_shows(&telephone, purposes[i]);
        struct ctx ctx = world_ctx(w);
        struct card_code code;

        assert_int_equal(w->answer.status, 200);
        assert_non_null(strstr(w->answer.body, "\"expires_in\":60,"));
        assert_string_equal(world_json(w, "purpose"), purposes[i]);
        assert_int_equal(card_code_open(&ctx, text, &code), OK);
        assert_string_equal(code.card_id, ecard_of(w, 0).card_id);
        assert_true(code.in_app);
        assert_true(code_holds(w, 0, text));
    }
}

/* attacks QR-04 */
static void
QR_04_a_telephone_without_the_bound_key_shows_nothing(void **state)
{
    struct world *w = *state;
    struct telephone hers = telephone_ready(w, 0);
    struct telephone other = telephone_of(w, 0);
    struct telephone thief = hers;

    world_audit_mark(w);
    assert_null(telephone_shows(&other, "show"));
    assert_refused(w, &problem_card_code_key);
    assert_audited(w, AUDIT_CARD_CODE_REFUSED, "key");
    thief.holder = holder_new(w); /* has her token, and not her key */
    assert_null(telephone_shows(&thief, "show"));
    assert_refused(w, &problem_bearer_proof_invalid);
    phone_posts(w, &hers.phone, "/card/codes", "{\"purpose\":\"show\"}");
    assert_refused(w, &problem_bearer_bound);
    assert_non_null(telephone_shows(&hers, "show"));
}

static void
a_token_for_the_bearer_opens_no_card(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);

    telephone_gets_token(w, &telephone, "openid card", false);
    phone_posts(w, &telephone.phone, "/card/link", "{}");
    assert_refused(w, &problem_card_link_bound);
    phone_posts(w, &telephone.phone, "/card/codes", "{\"purpose\":\"show\"}");
    assert_refused(w, &problem_card_code_key);
}

static void
the_scope_card_of_an_app_is_needed(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);
    struct world_tokens web = world_login_tokens(w, "webhall");

    telephone_gets_token(w, &telephone, "openid", true);
    telephone_links(&telephone);
    assert_refused(w, &problem_ecard_scope);
    assert_null(telephone_shows(&telephone, "show"));
    assert_refused(w, &problem_ecard_scope);
    telephone_posts(&telephone, "/card/unlink", "{}");
    assert_refused(w, &problem_ecard_scope);
    telephone.phone.access = web.access;
    phone_posts(w, &telephone.phone, "/card/codes", "{\"purpose\":\"show\"}");
    assert_refused(w, &problem_ecard_scope);
}

static void
a_body_holds_what_is_asked_for_and_nobody_else(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "{\"purpose\":\"sing\"}",
        "{\"purpose\":1}",
        "{\"purpose\":\"show\",\"card_id\":\"c_0123456789abcdefghijkA\"}",
        "{\"card_id\":\"c_0123456789abcdefghijkA\"}",
        "{\"purpose\":\"showshowshowshowshow\"}",
    };
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        telephone_posts(&telephone, "/card/codes", bodies[i]);
        assert_refused(w, &problem_card_code_member);
    }
    telephone_posts(&telephone, "/card/link", "{\"person\":\"p\"}");
    assert_refused(w, &problem_card_link_member);
    telephone_posts(&telephone, "/card/unlink", "{\"person\":\"p\"}");
    assert_refused(w, &problem_card_link_member);
    telephone_posts(&telephone, "/card/codes", "[]");
    assert_refused(w, &problem_json_body);
}

static void
who_has_no_card_opens_none(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_of(w, 0);

    telephone_links(&telephone);
    assert_refused(w, &problem_ecard_none);
}

static void
ecard_becomes(struct world *w, const struct stored_ecard *row)
{
    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(store_ecard_change(w->store, row), OK);
    assert_int_equal(store_commit(w->store), OK);
}

/* attacks QR-08 */
static void
QR_08_no_code_is_shown_of_a_card_that_was_reported_lost(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);
    struct stored_ecard row = ecard_of(w, 0);

    row.loss = CARD_LOSS_PROVISIONAL;
    ecard_becomes(w, &row);
    world_audit_mark(w);
    assert_null(telephone_shows(&telephone, "show"));
    assert_refused(w, &problem_card_code_lost);
    assert_int_equal(w->answer.status, 403);
    assert_string_equal(world_json(w, "error"), "card_lost");
    assert_audited(w, AUDIT_CARD_CODE_REFUSED, "lost");
    row.loss = CARD_LOSS_FORMAL;
    ecard_becomes(w, &row);
    assert_null(telephone_shows(&telephone, "show"));
    assert_refused(w, &problem_card_code_lost);
    telephone_links(&telephone);
    assert_refused(w, &problem_card_code_lost);
    row.loss = CARD_NOT_LOST;
    ecard_becomes(w, &row);
    assert_non_null(telephone_shows(&telephone, "show"));
}

static void
what_its_office_says_of_the_physical_card_holds_here(void **state)
{
    static const struct {
        int64_t physical;
        const struct problem *problem;
    } rows[] = {
        { PHYSICAL_LOST, &problem_card_code_suspended },
        { PHYSICAL_PROVISIONAL, &problem_card_code_suspended },
        { PHYSICAL_LOCKED, &problem_card_code_suspended },
        { PHYSICAL_VOID, &problem_card_code_revoked },
        { PHYSICAL_CANCELLED, &problem_card_code_revoked },
        { PHYSICAL_NOT_ENABLED, &problem_card_code_inactive },
    };
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);
    struct stored_ecard row = ecard_of(w, 0);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        world_physical_card(w, 0, rows[i].physical);
        assert_null(telephone_shows(&telephone, "show"));
        assert_refused(w, rows[i].problem);
    }
    world_physical_card(w, 0, PHYSICAL_NORMAL);
    row.valid_to = 20251231;
    ecard_becomes(w, &row);
    assert_null(telephone_shows(&telephone, "show"));
    assert_refused(w, &problem_card_code_lapsed);
}

/* attacks QR-19 */
static void
QR_19_a_register_that_is_not_fresh_shows_nothing(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);

    world_feed(w, 30);
    assert_non_null(telephone_shows(&telephone, "show"));
    world_feed(w, 31);
    assert_null(telephone_shows(&telephone, "show"));
    assert_refused(w, &problem_card_register_stale);
    telephone_links(&telephone);
    assert_refused(w, &problem_card_register_stale);
}

static void
where_no_card_office_is_known_no_card_is_offered(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);

    w->settings.card_bureau.url = "";
    assert_null(telephone_shows(&telephone, "show"));
    assert_refused(w, &problem_card_not_offered);
}

static void
paying_needs_level_two_and_the_card_password(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);
    struct stored_ecard row = ecard_of(w, 0);

    assert_null(telephone_shows(&telephone, "pay"));
    assert_refused(w, &problem_card_code_level);
    row.own_state = ECARD_L2;
    ecard_becomes(w, &row);
    assert_null(telephone_shows(&telephone, "pay"));
    assert_refused(w, &problem_card_code_password);
}

static void
where_the_clock_is_behind_no_code_is_shown(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);

    assert_non_null(telephone_shows(&telephone, "show"));
    w->services.card_time.high = WORLD_NOW + 31;
    assert_null(telephone_shows(&telephone, "show"));
    assert_refused(w, &problem_card_code_clock);
    w->services.card_time.high = WORLD_NOW;
}

/* attacks QR-13 */
static void
QR_13_opened_on_another_telephone_the_first_is_out_at_once_and_she_is_told(void **state)
{
    struct world *w = *state;
    struct telephone a;
    struct telephone b;
    const char *shown_by_a;

    w->settings.sms.template_code_notice = "SMS_2";
    a = telephone_ready(w, 0);
    assert_int_equal(world_rows_of(w, "outbox"), 0);
    shown_by_a = telephone_shows(&a, "show");
    assert_true(code_holds(w, 0, shown_by_a));
    b = telephone_of(w, 0);
    world_audit_mark(w);
    telephone_links(&b);
    assert_int_equal(w->answer.status, 204);
    assert_audited(w, AUDIT_CARD_LINKED, "moved");
    assert_int_equal(world_rows_of(w, "outbox"), 1);
    assert_false(code_holds(w, 0, shown_by_a));
    assert_null(telephone_shows(&a, "show"));
    assert_refused(w, &problem_card_code_key);
    assert_true(code_holds(w, 0, telephone_shows(&b, "show")));
    assert_int_equal(world_rows_of(w, "card_link"), 1);
}

static void
a_new_telephone_needs_a_message_to_her_number_of_the_last_minutes(void **state)
{
    struct world *w = *state;
    struct telephone by_password;
    struct telephone late;

    world_card(w, 0);
    by_password = telephone_by(w, 0, "pwd");
    world_audit_mark(w);
    telephone_links(&by_password);
    assert_refused(w, &problem_card_link_proof);
    assert_audited(w, AUDIT_CARD_CODE_REFUSED, "proof");
    late = telephone_of(w, 0);
    world_advance(w, CARD_LINK_FRESH_S + 1);
    world_feed(w, 0);
    telephone_gets_token(w, &late, "openid card", true);
    telephone_links(&late);
    assert_refused(w, &problem_card_link_proof);
    assert_int_equal(world_rows_of(w, "card_link"), 0);
}

static void
the_same_telephone_goes_on_after_a_login_by_password_once_it_says_so(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);
    const char *shown = telephone_shows(&telephone, "show");

    w->settings.sms.template_code_notice = "SMS_2";
    telephone_logs_in(w, &telephone, 0, "pwd");
    telephone_gets_token(w, &telephone, "openid card", true);
    assert_null(telephone_shows(&telephone, "show")); /* it was opened in the session before */
    assert_refused(w, &problem_card_code_key);
    world_audit_mark(w);
    telephone_links(&telephone);
    assert_int_equal(w->answer.status, 204);
    assert_int_equal(world_audit_count(w, AUDIT_CARD_LINKED), 0);
    assert_int_equal(world_rows_of(w, "outbox"), 0);
    assert_non_null(telephone_shows(&telephone, "show"));
    assert_false(code_holds(w, 0, shown));
}

static void
opening_it_twice_is_opening_it_once(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);
    const char *shown = telephone_shows(&telephone, "show");

    world_audit_mark(w);
    telephone_links(&telephone);
    assert_int_equal(w->answer.status, 204);
    assert_int_equal(world_audit_count(w, AUDIT_CARD_LINKED), 0);
    assert_true(code_holds(w, 0, shown));
}

static void
closed_it_shows_nothing_and_the_refresh_tokens_of_the_card_end_there_alone(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);
    struct world_tokens web = world_login_tokens(w, "webhall");
    struct telephone plain = { .holder = holder_new(w) };
    const char *shown = telephone_shows(&telephone, "show");

    telephone_logs_in(w, &plain, 0, "sms");
    telephone_gets_token(w, &plain, "openid", false);
    world_audit_mark(w);
    telephone_posts(&telephone, "/card/unlink", "{}");
    assert_int_equal(w->answer.status, 204);
    assert_audited(w, AUDIT_CARD_UNLINKED, "person");
    assert_false(code_holds(w, 0, shown));
    assert_null(telephone_shows(&telephone, "show"));
    assert_refused(w, &problem_bearer_invalid);
    assert_false(world_token_works(w, telephone.phone.access));
    assert_true(world_token_works(w, plain.phone.access));
    assert_true(world_token_works(w, web.access));
    assert_int_equal(world_rows_of(w, "card_link"), 0);
}

static void
it_is_closed_from_another_telephone_too_and_only_after_a_login_of_now(void **state)
{
    struct world *w = *state;
    struct telephone lost = telephone_ready(w, 0);
    const char *shown = telephone_shows(&lost, "show");
    struct telephone other = telephone_of(w, 0);

    world_advance(w, CARD_LINK_FRESH_S + 1);
    telephone_gets_token(w, &other, "openid card", true);
    telephone_posts(&other, "/card/unlink", "{}");
    assert_refused(w, &problem_card_unlink_proof);
    world_advance(w, -CARD_LINK_FRESH_S - 1);
    telephone_posts(&other, "/card/unlink", "{}");
    assert_int_equal(w->answer.status, 204);
    (void)shown;
}

static void
what_is_closed_twice_is_closed(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    telephone_ready(w, 0);
    world_audit_mark(w);
    assert_int_equal(card_unlink(&ctx, world_person(w, 0), "app", "operator"), OK);
    assert_audited(w, AUDIT_CARD_UNLINKED, "operator");
    assert_int_equal(card_unlink(&ctx, world_person(w, 0), "app", "operator"), OK);
    assert_int_equal(world_audit_count(w, AUDIT_CARD_UNLINKED), 1);
}

static void
showing_stores_nothing(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);
    int64_t rows;
    int64_t spent;
    int64_t audit;

    telephone_shows(&telephone, "show");
    rows = world_rows(w);
    spent = world_rows_of(w, "spent");
    audit = world_rows_of(w, "audit");
    for (int i = 0; i < 20; i++)
        assert_non_null(telephone_shows(&telephone, "serve"));
    /* but the proofs of the telephone's key, which are good once (RFC 9449) */
    assert_int_equal(world_rows(w) - rows, 20);
    assert_int_equal(world_rows_of(w, "spent") - spent, 20);
    assert_int_equal(world_rows_of(w, "audit"), audit);
}

static void
a_card_that_was_issued_anew_is_opened_anew(void **state)
{
    struct world *w = *state;
    struct telephone telephone = telephone_ready(w, 0);
    struct stored_card_link link;

    assert_int_equal(store_card_link_find(w->store, w->arena, world_person(w, 0), "app", &link),
                     OK);
    link.card_id = "c_0123456789abcdefghijkA";
    assert_int_equal(store_card_link_put(w->store, &link), OK);
    assert_null(telephone_shows(&telephone, "show"));
    assert_refused(w, &problem_card_code_key);
    telephone_links(&telephone);
    assert_non_null(telephone_shows(&telephone, "show"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_code_is_shown_on_the_telephone_that_the_card_is_opened_on),
        world_test(QR_04_a_telephone_without_the_bound_key_shows_nothing),
        world_test(a_token_for_the_bearer_opens_no_card),
        world_test(the_scope_card_of_an_app_is_needed),
        world_test(a_body_holds_what_is_asked_for_and_nobody_else),
        world_test(who_has_no_card_opens_none),
        world_test(QR_08_no_code_is_shown_of_a_card_that_was_reported_lost),
        world_test(what_its_office_says_of_the_physical_card_holds_here),
        world_test(QR_19_a_register_that_is_not_fresh_shows_nothing),
        world_test(where_no_card_office_is_known_no_card_is_offered),
        world_test(paying_needs_level_two_and_the_card_password),
        world_test(where_the_clock_is_behind_no_code_is_shown),
        world_test(QR_13_opened_on_another_telephone_the_first_is_out_at_once_and_she_is_told),
        world_test(a_new_telephone_needs_a_message_to_her_number_of_the_last_minutes),
        world_test(the_same_telephone_goes_on_after_a_login_by_password_once_it_says_so),
        world_test(opening_it_twice_is_opening_it_once),
        world_test(closed_it_shows_nothing_and_the_refresh_tokens_of_the_card_end_there_alone),
        world_test(it_is_closed_from_another_telephone_too_and_only_after_a_login_of_now),
        world_test(what_is_closed_twice_is_closed),
        world_test(showing_stores_nothing),
        world_test(a_card_that_was_issued_anew_is_opened_anew),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
