/* SPDX-License-Identifier: Apache-2.0 */
/* POST /card/codes/verify: card codes as partners and terminals scan them. */
#include "idp/tables/card_family.h"
#include "idp/tables/card_link.h"
#include "policies/family.h"
#include "tests/protocols/card/scan_kit.h"

/* --- One that is good --- */

static void
a_good_code_says_whose_it_is_with_her_name_masked(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct stored_card_use_list uses;

    scanner_verify(&scene.clinic, scene_code(&scene, CARD_PURPOSE_show));
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_CARD_SCANNED, "show");
    assert_string_equal(world_json(w, "name_masked"), "张*");
    assert_string_equal(world_json(w, "region"), WORLD_REGION);
    assert_string_equal(world_json(w, "state"), "active");
    assert_non_null(strstr(w->answer.body, "\"level\":1,"));
    assert_string_equal(world_json(w, "purpose"), "show");
    assert_null(world_json(w, "sub"));
    assert_null(world_json(w, "name"));
    assert_null(world_json(w, "identity_number"));
    assert_null(world_json(w, "risk"));
    assert_null(world_json(w, "shown_by_family"));
    assert_int_equal(
        store_card_use_list(w->store, w->arena, world_person(w, CARD_OF), TIME_NEVER, &uses), OK);
    assert_int_equal(uses.count, 1);
    assert_string_equal(uses.at[0].partner_id, "clinic");
    assert_string_equal(uses.at[0].card_id, scene.card_id);
    assert_string_equal(uses.at[0].purpose, "show");
    assert_string_equal(uses.at[0].terminal_id, "");
    assert_string_equal(uses.at[0].shown_by, "");
}

static void
more_is_told_by_scope_and_consent(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);

    world_consent(w, CARD_OF, "clinic", "openid profile");
    scanner_verify(&scene.clinic, scene_code(&scene, CARD_PURPOSE_show));
    assert_string_equal(world_json(w, "name"), "张三");
    assert_non_null(world_json(w, "sub"));
    assert_null(world_json(w, "identity_number"));
    world_consent(w, CARD_OF, "clinic", "openid profile identity_number");
    scanner_verify(&scene.clinic, scene_code(&scene, CARD_PURPOSE_show));
    assert_string_equal(world_json(w, "identity_number"), "11010519491231002X");
    scanner_verify(&scene.bank, scene_code(&scene, CARD_PURPOSE_show)); /* another's consent */
    assert_null(world_json(w, "name"));
    /* Where nobody is asked it goes by the registration alone: no identity number there. */
    kiosk_verify(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_show));
    assert_string_equal(world_json(w, "name"), "张三");
    assert_null(world_json(w, "identity_number"));
}

static void
a_terminal_is_named_in_the_history(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct stored_card_use_list uses;

    kiosk_verify(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_show));
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(
        store_card_use_list(w->store, w->arena, world_person(w, CARD_OF), TIME_NEVER, &uses), OK);
    assert_string_equal(uses.at[0].terminal_id, scene.kiosk.terminal_id);
    assert_string_equal(uses.at[0].partner_id, "kiosks");
}

/* --- Used, over, or of a card that is not in order: alike to who scans --- */

static void
qr_01_a_code_is_good_for_one_scan(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *code = scene_code(&scene, CARD_PURPOSE_show);

    scanner_verify(&scene.clinic, code);
    assert_int_equal(w->answer.status, 200);
    scanner_verify(&scene.clinic, code);
    assert_refused(w, &problem_card_code_not_good);
    assert_audited(w, AUDIT_CARD_CODE_REPLAYED, "used");
    scanner_verify(&scene.bank, code);
    assert_refused(w, &problem_card_code_not_good);
    assert_int_equal(world_rows_of(w, "card_use"), 1);
}

static void
qr_02_our_time_decides_when_a_code_is_over(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *last = scene_code(&scene, CARD_PURPOSE_show);
    const char *late = scene_code(&scene, CARD_PURPOSE_show);

    world_advance(w, 59);
    world_feed(w, 0);
    scanner_verify(&scene.clinic, last);
    assert_int_equal(w->answer.status, 200);
    world_advance(w, 2);
    scanner_verify(&scene.clinic, late);
    assert_not_good(w, "expired");
    /* What the scanner says of its time is no parameter. */
    scanner_post(&scene.clinic, "/card/codes/verify",
                 arena_printf(w->arena, "code=%s&scanned_at=%lld", late, (long long)WORLD_NOW));
    assert_not_good(w, "expired");
}

static void
used_over_and_suspended_look_alike(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *used = scene_code(&scene, CARD_PURPOSE_show);
    const char *over = scene_code(&scene, CARD_PURPOSE_show);
    const char *body;

    scanner_verify(&scene.clinic, used);
    scanner_verify(&scene.clinic, used);
    body = arena_text(w->arena, w->answer.body);
    world_advance(w, 61);
    scanner_verify(&scene.clinic, over);
    assert_string_equal(w->answer.body, body);
    world_physical_card(w, CARD_OF, PHYSICAL_LOST);
    scanner_verify(&scene.clinic, scene_code(&scene, CARD_PURPOSE_show));
    assert_string_equal(w->answer.body, body);
    assert_not_good(w, "suspended");
}

static void
each_state_of_the_card_is_told_to_the_audit_trail_alone(void **state)
{
    static const struct {
        int64_t physical;
        const char *reason;
    } cases[] = {
        { PHYSICAL_LOST, "suspended" },    { PHYSICAL_PROVISIONAL, "suspended" },
        { PHYSICAL_LOCKED, "suspended" },  { PHYSICAL_VOID, "revoked" },
        { PHYSICAL_CANCELLED, "revoked" }, { PHYSICAL_NOT_ENABLED, "inactive" },
    };
    struct world *w = *state;
    struct scene scene = scene_new(w);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_physical_card(w, CARD_OF, cases[i].physical);
        scanner_verify(&scene.clinic, scene_code(&scene, CARD_PURPOSE_show));
        assert_not_good(w, cases[i].reason);
    }
    assert_int_equal(world_rows_of(w, "card_use"), 0);
}

static void
qr_09_what_was_lost_before_is_not_accepted_and_not_when_it_is_found_either(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *code = scene_code(&scene, CARD_PURPOSE_show);

    world_physical_card(w, CARD_OF, PHYSICAL_LOST);
    scanner_verify(&scene.clinic, code);
    assert_not_good(w, "suspended");
    world_physical_card(w, CARD_OF, PHYSICAL_NORMAL);
    scanner_verify(&scene.clinic, code);
    assert_refused(w, &problem_card_code_not_good);
    assert_audited(w, AUDIT_CARD_CODE_REPLAYED, "used");
    scene_lose(&scene);
    scanner_verify(&scene.clinic, scene_code(&scene, CARD_PURPOSE_show));
    assert_not_good(w, "revoked");
}

static void
a_code_ends_with_the_session_that_shows_it(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *code = scene_code(&scene, CARD_PURPOSE_show);
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_find(&ctx, scene.sid, &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    scanner_verify(&scene.clinic, code);
    assert_not_good(w, "session");
}

static void
a_card_of_somebody_else_is_not_shown(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);

    world_person(w, 1);
    scanner_verify(&scene.clinic,
                   code_of(w, scene.card_id, scene_session(w, 1), CARD_PURPOSE_show));
    assert_not_good(w, "card");
}

static void
qr_13_a_code_of_a_telephone_dies_when_the_card_is_opened_on_another(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct ctx ctx = world_ctx(w);
    const struct card_code_order order = { scene.card_id, scene.sid, CARD_PURPOSE_show };
    struct stored_card_link link = { .person_id = world_person(w, CARD_OF),
                                     .channel = "app",
                                     .card_id = scene.card_id,
                                     .sid = scene.sid };
    const char *code = NULL;

    assert_int_equal(store_card_link_put(w->store, &link), OK);
    assert_int_equal(card_code_issue_in_app(&ctx, &order, &code), OK);
    scanner_verify(&scene.clinic, code);
    assert_int_equal(w->answer.status, 200);
    ctx = world_ctx(w);
    assert_int_equal(card_code_issue_in_app(&ctx, &order, &code), OK);
    link.sid = "s_another";
    assert_int_equal(store_card_link_put(w->store, &link), OK);
    scanner_verify(&scene.clinic, code);
    assert_not_good(w, "link");
}

static struct stored_card_family
family_link(struct world *w, unix_s ended_at)
{
    return (struct stored_card_family) { .person_id = world_person(w, 1),
                                         .member_id = world_person(w, CARD_OF),
                                         .kinship = KINSHIP_ELDER,
                                         .state = ended_at == 0 ? FAMILY_AGREED : FAMILY_ENDED,
                                         .asked_at = WORLD_NOW,
                                         .agreed_at = WORLD_NOW,
                                         .ended_at = ended_at };
}

static void
family_link_put(struct world *w, unix_s ended_at)
{
    const struct stored_card_family link = family_link(w, ended_at);

    world_must(store_begin(w->store), "no transaction");
    world_must(store_card_family_put(w->store, &link), "no link");
    world_must(store_commit(w->store), "no commit");
}

static void
qr_18_a_relative_shows_a_card_while_the_link_holds(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct stored_card_use_list uses;
    const char *sid;
    const char *before;

    family_link_put(w, 0);
    sid = scene_session(w, 1);
    before = code_of(w, scene.card_id, sid, CARD_PURPOSE_show);
    scanner_verify(&scene.clinic, code_of(w, scene.card_id, sid, CARD_PURPOSE_show));
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "\"shown_by_family\":true"));
    assert_string_equal(world_json(w, "name_masked"), "张*");
    assert_int_equal(
        store_card_use_list(w->store, w->arena, world_person(w, CARD_OF), TIME_NEVER, &uses), OK);
    assert_string_equal(uses.at[0].shown_by, world_person(w, 1));
    scanner_verify(&scene.bank, code_of(w, scene.card_id, sid, CARD_PURPOSE_pay));
    assert_not_good(w, "family"); /* nobody pays with another's card */
    family_link_put(w, WORLD_NOW);
    scanner_verify(&scene.clinic, before);
    assert_not_good(w, "card");
}

static void
what_needs_the_higher_level_is_refused_below_it(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);

    scanner_verify(&scene.bank, scene_code(&scene, CARD_PURPOSE_pay));
    assert_not_good(w, "level");
}

static void
qr_19_without_a_fresh_card_register_nothing_is_accepted(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);

    world_feed(w, 29);
    scanner_verify(&scene.clinic, scene_code(&scene, CARD_PURPOSE_show));
    assert_int_equal(w->answer.status, 200);
    world_feed(w, 31);
    scanner_verify(&scene.clinic, scene_code(&scene, CARD_PURPOSE_show));
    assert_refused(w, &problem_card_register_stale);
    assert_int_equal(world_rows_of(w, "card_use"), 1);
}

/* --- What is no code --- */

static void
qr_06_what_was_changed_on_the_way_is_no_code(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *code = scene_code(&scene, CARD_PURPOSE_show);
    char *changed = arena_copy(w->arena, code, strlen(code));
    char *cut = arena_copy(w->arena, code, strlen(code) - 1);

    changed[strlen(changed) - 10] = changed[strlen(changed) - 10] == 'A' ? 'B' : 'A';
    scanner_verify(&scene.clinic, changed);
    assert_refused(w, &problem_card_code_malformed);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "forged");
    scanner_verify(&scene.clinic, cut);
    assert_refused(w, &problem_card_code_malformed);
    scanner_verify(&scene.clinic, "https%3A%2F%2Fevil.example%2Fq");
    assert_refused(w, &problem_card_code_malformed);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "malformed");
    scanner_verify(&scene.clinic, code + 1);
    assert_refused(w, &problem_card_code_malformed);
    scanner_verify(&scene.clinic, "");
    assert_refused(w, &problem_card_code_missing);
    scanner_verify(&scene.clinic, code);
    assert_int_equal(w->answer.status, 200);
}

static void
qr_05_a_scanner_that_guesses_is_not_listened_to(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *code = scene_code(&scene, CARD_PURPOSE_show);

    for (int i = 0; i < 20; i++) {
        kiosk_verify(&scene.kiosk, arena_printf(w->arena, "x.%d.y", i));
        assert_refused(w, &problem_card_code_malformed);
    }
    assert_audited(w, AUDIT_CARD_SCAN_LIMIT, NULL);
    kiosk_verify(&scene.kiosk, "x.y.z");
    assert_refused(w, &problem_card_scanner_blocked);
    kiosk_verify(&scene.kiosk, code);
    assert_refused(w, &problem_card_scanner_blocked);
    scanner_verify(&scene.clinic, code); /* others go on */
    assert_int_equal(w->answer.status, 200);
    world_advance(w, 601);
    world_feed(w, 0);
    kiosk_verify(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_show));
    assert_int_equal(w->answer.status, 200);
}

/* --- Who may scan what --- */

static void
qr_07_a_code_for_one_purpose_is_not_good_for_another(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *code = scene_code(&scene, CARD_PURPOSE_pay);

    scanner_verify(&scene.clinic, code);
    assert_refused(w, &problem_card_code_purpose);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "purpose");
    scanner_verify(&scene.nobody, scene_code(&scene, CARD_PURPOSE_show));
    assert_refused(w, &problem_card_scan_partner);
}

static void
qr_17_cards_of_another_region_and_citizens_tokens_are_refused(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *code = scene_code(&scene, CARD_PURPOSE_show);

    scanner_verify(&scene.town, code);
    assert_refused(w, &problem_card_code_region);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "region");
    world_send(w, &(struct world_call) { .target = "/card/codes/verify",
                                         .form = arena_printf(w->arena, "code=%s", code),
                                         .authorization = "Bearer eyJ",
                                         .without_cookies = true });
    assert_refused(w, &problem_card_scan_person);
    world_send(w, &(struct world_call) { .target = "/card/codes/batch",
                                         .form = "scans=x+1",
                                         .authorization = "DPoP eyJ",
                                         .without_cookies = true });
    assert_refused(w, &problem_card_scan_person);
    world_send(w, &(struct world_call) { .target = "/card/codes/verify",
                                         .form = arena_printf(w->arena, "code=%s", code),
                                         .without_cookies = true });
    assert_refused(w, &problem_client_unauthenticated);
    scanner_verify(&scene.clinic, code); /* whoever may not scan it has not used it up */
    assert_int_equal(w->answer.status, 200);
}

/* --- A picture that was passed on --- */

static void
she_can_pay(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct card card;

    assert_int_equal(card_find(&ctx, world_person(w, CARD_OF), &card), OK);
    card.row.own_state = ECARD_L2;
    assert_int_equal(store_ecard_change(w->store, &card.row), OK);
}

static void
qr_03_two_places_within_two_minutes_are_told_and_stop_a_payment(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);

    she_can_pay(w);
    kiosk_verify(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_show));
    assert_null(world_json(w, "risk"));
    scanner_verify(&scene.clinic, scene_code(&scene, CARD_PURPOSE_show));
    assert_string_equal(world_json(w, "risk"), "elsewhere");
    assert_audited(w, AUDIT_CARD_CODE_RELAYED, "told");
    scanner_verify(&scene.bank, scene_code(&scene, CARD_PURPOSE_pay));
    assert_refused(w, &problem_card_code_elsewhere);
    assert_audited(w, AUDIT_CARD_CODE_RELAYED, "refused");
    world_advance(w, 121);
    world_feed(w, 0);
    scanner_verify(&scene.bank, scene_code(&scene, CARD_PURPOSE_pay));
    assert_int_equal(w->answer.status, 200);
    assert_null(world_json(w, "risk"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(a_good_code_says_whose_it_is_with_her_name_masked),
        scene_test(more_is_told_by_scope_and_consent),
        scene_test(a_terminal_is_named_in_the_history),
        scene_test(qr_01_a_code_is_good_for_one_scan),
        scene_test(qr_02_our_time_decides_when_a_code_is_over),
        scene_test(used_over_and_suspended_look_alike),
        scene_test(each_state_of_the_card_is_told_to_the_audit_trail_alone),
        scene_test(qr_09_what_was_lost_before_is_not_accepted_and_not_when_it_is_found_either),
        scene_test(a_code_ends_with_the_session_that_shows_it),
        scene_test(a_card_of_somebody_else_is_not_shown),
        scene_test(qr_13_a_code_of_a_telephone_dies_when_the_card_is_opened_on_another),
        scene_test(qr_18_a_relative_shows_a_card_while_the_link_holds),
        scene_test(what_needs_the_higher_level_is_refused_below_it),
        scene_test(qr_19_without_a_fresh_card_register_nothing_is_accepted),
        scene_test(qr_06_what_was_changed_on_the_way_is_no_code),
        scene_test(qr_05_a_scanner_that_guesses_is_not_listened_to),
        scene_test(qr_07_a_code_for_one_purpose_is_not_good_for_another),
        scene_test(qr_17_cards_of_another_region_and_citizens_tokens_are_refused),
        scene_test(qr_03_two_places_within_two_minutes_are_told_and_stop_a_payment),
    };

    return world_run(tests);
}
