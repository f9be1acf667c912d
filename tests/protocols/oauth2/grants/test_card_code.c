/* SPDX-License-Identifier: Apache-2.0 */
/* A card code that is shown to a terminal logs its holder in there. */
#include "keys/jws.h"
#include "tests/protocols/card/scan_kit.h"

static void
show_to(struct kiosk *kiosk, const char *code)
{
    kiosk_post(kiosk,
               arena_printf(kiosk->holder.w->arena,
                            "grant_type=" CARD_CODE_GRANT "&scope=openid%%20profile&card_code=%s",
                            code));
}

static void
her_code_is_a_login_that_her_session_lends(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct ctx ctx = world_ctx(w);
    struct stored_grant grant;
    struct session session;
    struct access access;
    struct world_tokens tokens;
    struct jws jws;

    show_to(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_login));
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_CARD_SCANNED, "login");
    assert_audited(w, AUDIT_LOGIN, "pwd card");
    tokens = world_tokens_of(w);
    assert_string_equal(world_json(w, "token_type"), "DPoP");
    assert_string_equal(world_json(w, "scope"), "openid profile");
    assert_int_equal(jws_read(w->arena, tokens.id, &jws), OK);
    assert_non_null(strstr((const char *)jws.payload.at, "\"amr\":[\"pwd\",\"card\"]"));
    assert_true(kiosk_token_works(&scene.kiosk, tokens.access));
    assert_int_equal(access_token_open(&ctx, tokens.access, &access), OK);
    assert_int_equal(store_grant_load(w->store, w->arena, access.grant_id, &grant), OK);
    assert_int_equal(session_find(&ctx, grant.approval.sid, &session), OK);
    assert_string_equal(session.row.lent_by, scene.sid);
    assert_string_equal(session.row.channel, "terminal");
    assert_string_equal(session.row.terminal_id, scene.kiosk.terminal_id);
    assert_int_equal(session.row.expires_at, WORLD_NOW + 600);
    assert_string_equal(grant.approval.actor, "");
}

static void
it_is_good_once_and_at_one_terminal(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *code = scene_code(&scene, CARD_PURPOSE_login);

    show_to(&scene.kiosk, code);
    assert_int_equal(w->answer.status, 200);
    show_to(&scene.kiosk, code);
    assert_refused(w, &problem_card_code_grant);
    assert_audited(w, AUDIT_CARD_CODE_REPLAYED, "used");
    assert_int_equal(world_rows_of(w, "session"), 2);
}

static void
it_ends_when_she_walks_away_and_when_she_logs_out(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct ctx ctx = world_ctx(w);
    struct world_tokens first;
    struct world_tokens second;
    struct session session;

    show_to(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_login));
    first = world_tokens_of(w);
    show_to(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_login)); /* the next one */
    second = world_tokens_of(w);
    assert_false(kiosk_token_works(&scene.kiosk, first.access));
    assert_true(kiosk_token_works(&scene.kiosk, second.access));
    assert_int_equal(session_find(&ctx, scene.sid, &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    assert_false(kiosk_token_works(&scene.kiosk, second.access));
}

static void
a_loss_of_the_card_ends_what_it_has_at_the_terminal(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct ctx ctx = world_ctx(w);
    struct world_tokens tokens;
    struct stored_grant grant;
    struct session session;
    struct access access;

    show_to(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_login));
    tokens = world_tokens_of(w);
    assert_int_equal(access_token_open(&ctx, tokens.access, &access), OK);
    assert_int_equal(store_grant_load(w->store, w->arena, access.grant_id, &grant), OK);
    scene_lose(&scene);
    assert_false(kiosk_token_works(&scene.kiosk, tokens.access));
    kiosk_refresh(&scene.kiosk, tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    assert_int_equal(session_find(&ctx, grant.approval.sid, &session), OK);
    assert_true(session.row.level <= 1);
    assert_int_equal(session_find(&ctx, scene.sid, &session), OK); /* which is no card's */
    assert_true(session.live);
}

static void
what_is_not_good_to_scan_logs_nobody_in(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *late = scene_code(&scene, CARD_PURPOSE_login);

    show_to(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_show)); /* she did not show it for that */
    assert_refused(w, &problem_card_code_grant);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "purpose");
    show_to(&scene.kiosk, "x.y.z");
    assert_refused(w, &problem_card_code_grant);
    show_to(&scene.kiosk, "");
    assert_refused(w, &problem_card_code_missing);
    world_physical_card(w, CARD_OF, PHYSICAL_LOST);
    show_to(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_login));
    assert_refused(w, &problem_card_code_grant);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "suspended");
    world_physical_card(w, CARD_OF, PHYSICAL_NORMAL);
    world_advance(w, 61);
    show_to(&scene.kiosk, late);
    assert_refused(w, &problem_card_code_grant);
    world_feed(w, 31);
    show_to(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_login));
    assert_refused(w, &problem_card_register_stale);
    assert_int_equal(world_rows_of(w, "session"), 1);
    assert_int_equal(world_rows_of(w, "partner_grant"), 0);
}

static void
a_session_that_is_not_good_at_terminals_is_not_lent(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct world_tokens tokens;
    struct ctx ctx = world_ctx(w);
    struct stored_grant grant;
    struct access access;

    show_to(&scene.kiosk, scene_code(&scene, CARD_PURPOSE_login));
    tokens = world_tokens_of(w);
    assert_int_equal(access_token_open(&ctx, tokens.access, &access), OK);
    assert_int_equal(store_grant_load(w->store, w->arena, access.grant_id, &grant), OK);
    show_to(&scene.kiosk, code_of(w, scene.card_id, grant.approval.sid,
                                  CARD_PURPOSE_login)); /* of the terminal */
    assert_refused(w, &problem_channel_not_lent);
}

static void
only_terminals_may_use_it(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);

    scanner_post(&scene.clinic, "/oauth2/token", "grant_type=" CARD_CODE_GRANT "&card_code=x");
    assert_refused(w, &problem_grant_type_not_allowed);
    kiosk_post(&scene.kiosk,
               arena_printf(w->arena, "grant_type=" CARD_CODE_GRANT "&scope=profile&card_code=%s",
                            scene_code(&scene, CARD_PURPOSE_login)));
    assert_refused(w, &problem_scope_openid_missing);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(her_code_is_a_login_that_her_session_lends),
        scene_test(it_is_good_once_and_at_one_terminal),
        scene_test(it_ends_when_she_walks_away_and_when_she_logs_out),
        scene_test(a_loss_of_the_card_ends_what_it_has_at_the_terminal),
        scene_test(what_is_not_good_to_scan_logs_nobody_in),
        scene_test(a_session_that_is_not_good_at_terminals_is_not_lent),
        scene_test(only_terminals_may_use_it),
    };

    return world_run(tests);
}
