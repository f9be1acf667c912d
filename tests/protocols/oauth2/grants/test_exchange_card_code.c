/* SPDX-License-Identifier: Apache-2.0 */
/* Token exchange for a card code (RFC 8693): the holder is the subject, who scans it the actor. */
#include "keys/jws.h"
#include "tests/protocols/card/scan_kit.h"

static void
exchange(struct scanner *scanner, const char *code, const char *more)
{
    struct world *w = scanner->holder.w;

    scanner_post(scanner, "/oauth2/token",
                 arena_printf(w->arena, "grant_type=%s&subject_token_type=%s&subject_token=%s%s",
                              world_url(w, EXCHANGE), world_url(w, CARD_CODE_TYPE), code, more));
}

static const char *
payload_of(struct world *w, const char *token)
{
    struct jws jws;

    assert_int_equal(jws_read(w->arena, token, &jws), OK);
    return arena_copy(w->arena, jws.payload.at, jws.payload.size);
}

static bool
works(struct world *w, const char *access)
{
    ask_userinfo(w, "Bearer", access, NULL);
    return w->answer.status == 200;
}

static void
the_token_names_her_and_who_acts_for_her(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct world_tokens tokens;
    const char *payload;

    world_consent(w, CARD_OF, "clinic", "openid profile");
    exchange(&scene.clinic, scene_code(&scene, CARD_PURPOSE_serve), "");
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_CARD_SCANNED, "serve");
    tokens = world_tokens_of(w);
    assert_null(tokens.refresh);
    assert_null(tokens.id);
    assert_string_equal(world_json(w, "issued_token_type"),
                        "urn:ietf:params:oauth:token-type:access_token");
    assert_string_equal(world_json(w, "scope"), "openid profile");
    payload = payload_of(w, tokens.access);
    assert_non_null(strstr(payload, "\"act\":{\"sub\":\"clinic\"}"));
    assert_non_null(strstr(payload, "\"client_id\":\"clinic\""));
    assert_true(works(w, tokens.access));
    assert_string_equal(world_json(w, "name"), "张三");
    scanner_post(&scene.clinic, "/oauth2/introspect",
                 arena_printf(w->arena, "token=%s", tokens.access));
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
    assert_non_null(strstr(w->answer.body, "\"act\":{\"sub\":\"clinic\"}"));
}

static void
another_partner_gets_another_subject(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *first;

    exchange(&scene.clinic, scene_code(&scene, CARD_PURPOSE_serve), "");
    assert_true(works(w, world_tokens_of(w).access));
    first = world_json(w, "sub");
    exchange(&scene.bank, scene_code(&scene, CARD_PURPOSE_serve), "");
    assert_true(works(w, world_tokens_of(w).access));
    assert_string_not_equal(world_json(w, "sub"), first);
}

static void
what_she_has_not_allowed_is_left_out(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);

    exchange(&scene.clinic, scene_code(&scene, CARD_PURPOSE_serve),
             "&scope=openid%20profile%20identity_number");
    assert_string_equal(world_json(w, "scope"), "openid");
    world_consent(w, CARD_OF, "clinic", "openid profile identity_number");
    exchange(&scene.clinic, scene_code(&scene, CARD_PURPOSE_serve),
             "&scope=openid%20identity_number");
    assert_string_equal(world_json(w, "scope"), "openid identity_number");
    exchange(&scene.clinic, scene_code(&scene, CARD_PURPOSE_serve), "&scope=profile");
    assert_refused(w, &problem_scope_openid_missing);
}

static void
it_lives_a_quarter_of_an_hour_and_no_longer_than_the_session(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct ctx ctx = world_ctx(w);
    struct stored_grant grant;
    struct session session;
    struct access access;
    const char *token;

    exchange(&scene.clinic, scene_code(&scene, CARD_PURPOSE_serve), "");
    token = world_tokens_of(w).access;
    assert_int_equal(access_token_open(&ctx, token, &access), OK);
    assert_int_equal(access.expires_at, WORLD_NOW + 300);
    assert_string_equal(access.actor, "clinic");
    assert_int_equal(store_grant_load(w->store, w->arena, access.grant_id, &grant), OK);
    assert_int_equal(grant.approval.until, WORLD_NOW + 900);
    assert_string_equal(grant.approval.amr, "pwd card");
    assert_string_equal(grant.approval.sid, scene.sid);
    assert_int_equal(session_find(&ctx, scene.sid, &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    assert_false(works(w, token));
}

static void
a_loss_of_the_card_ends_it_at_once(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *token;

    exchange(&scene.clinic, scene_code(&scene, CARD_PURPOSE_serve), "");
    token = world_tokens_of(w).access;
    scene_lose(&scene);
    assert_false(works(w, token));
    scanner_post(&scene.clinic, "/oauth2/introspect", arena_printf(w->arena, "token=%s", token));
    assert_string_equal(w->answer.body, "{\"active\":false}");
}

static void
what_is_not_good_to_scan_gets_no_token(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    const char *code = scene_code(&scene, CARD_PURPOSE_serve);

    exchange(&scene.clinic, scene_code(&scene, CARD_PURPOSE_show), "");
    assert_refused(w, &problem_card_code_grant);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "purpose");
    exchange(&scene.town, code, "");
    assert_refused(w, &problem_card_code_grant);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "region");
    exchange(&scene.clinic, code, "&audience=https%3A%2F%2Felse.example");
    assert_refused(w, &problem_exchange_target_invalid);
    exchange(&scene.clinic, code, "&resource=https%3A%2F%2Felse.example");
    assert_refused(w, &problem_exchange_target_invalid);
    exchange(&scene.clinic, code,
             arena_printf(w->arena, "&audience=%s", world_url(w, WORLD_ISSUER)));
    assert_int_equal(w->answer.status, 200);
    exchange(&scene.clinic, code, "");
    assert_refused(w, &problem_card_code_grant);
    assert_audited(w, AUDIT_CARD_CODE_REPLAYED, "used");
    world_physical_card(w, CARD_OF, PHYSICAL_CANCELLED);
    exchange(&scene.clinic, scene_code(&scene, CARD_PURPOSE_serve), "");
    assert_refused(w, &problem_card_code_grant);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, "revoked");
    assert_int_equal(world_rows_of(w, "partner_grant"), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(the_token_names_her_and_who_acts_for_her),
        scene_test(another_partner_gets_another_subject),
        scene_test(what_she_has_not_allowed_is_left_out),
        scene_test(it_lives_a_quarter_of_an_hour_and_no_longer_than_the_session),
        scene_test(a_loss_of_the_card_ends_it_at_once),
        scene_test(what_is_not_good_to_scan_gets_no_token),
    };

    return world_run(tests);
}
