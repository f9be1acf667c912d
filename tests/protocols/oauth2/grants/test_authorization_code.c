/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Redeeming a code: rows CD-04 to CD-08, CD-10 to CD-19 of the attack catalogue (CD-09 is
 * test_authorization_code_race.c, CD-17 test_authorization_code_subject.c). CD-16: there are no
 * reset tokens, PAR references or device codes yet. CD-18: the access log is written by the server
 * and looked at where that is tested.
 */
#include "tests/world.h"

#include <string.h>

#include "idp/base/text.h"
#include "keys/jws.h"
#include "keys/secret.h"

#define APP_CB "https://app.example/cb"

static void
redeem_with(struct world *w, const char *code, const char *rest)
{
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=authorization_code&code=%s%s",
                       world_url(w, code), rest);
}

/* Every later use fails, the right one too. */
static void
assert_burnt(struct world *w, const char *partner_id, const char *code)
{
    world_redeem(w, partner_id, code);
    assert_refused(w, &problem_code_invalid);
    assert_int_equal(world_rows_of(w, "partner_grant"), 0);
}

static void
a_code_becomes_tokens_of_its_request(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    assert_string_equal(world_json(w, "token_type"), "Bearer");
    assert_string_equal(world_json(w, "scope"), "openid profile");
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
    assert_non_null(tokens.refresh);
    assert_true(world_token_works(w, tokens.access));
    assert_int_equal(world_rows_of(w, "spent"), 1);
    assert_int_equal(world_rows_of(w, "partner_grant"), 1);
}

static void
the_code_must_be_sent(void **state)
{
    struct world *w = *state;

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=authorization_code&code=");
    assert_refused(w, &problem_code_missing);
}

/* Registered without PKCE, so a request whose challenge was taken out gets a code (CD-04). */
static const char *
legacy_code_without_challenge(struct world *w)
{
    world_log_in(w, 0);
    world_consent(w, 0, "legacy", "openid");
    world_get(w, "/oauth2/authorize?client_id=legacy&response_type=code&scope=openid&state=s"
                 "&redirect_uri=https%3A%2F%2Flegacy.example%2Fcb");
    return world_location_param(w, "code");
}

static void
cd_04_a_verifier_without_a_challenge_burns_the_code(void **state)
{
    struct world *w = *state;
    const char *code = legacy_code_without_challenge(w);

    world_audit_mark(w);
    world_redeem(w, "legacy", code);
    assert_refused(w, &problem_code_invalid);
    assert_audited(w, AUDIT_CODE_REJECTED, "pkce");
    world_partner_post(w, "legacy", "/oauth2/token",
                       "grant_type=authorization_code&code=%s"
                       "&redirect_uri=https://legacy.example/cb",
                       code);
    assert_refused(w, &problem_code_invalid);
}

static void
an_old_system_redeems_without_pkce(void **state)
{
    struct world *w = *state;
    const char *code = legacy_code_without_challenge(w);

    world_partner_post(w, "legacy", "/oauth2/token",
                       "grant_type=authorization_code&code=%s"
                       "&redirect_uri=https://legacy.example/cb",
                       code);
    assert_int_equal(w->answer.status, 200);
    assert_null(world_json(w, "refresh_token")); /* it is not registered for that grant */
}

static void
cd_05_a_missing_verifier_burns_the_code(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "webhall");

    world_audit_mark(w);
    redeem_with(w, code, "&redirect_uri=" APP_CB);
    assert_refused(w, &problem_code_invalid);
    assert_audited(w, AUDIT_CODE_REJECTED, "pkce");
    assert_burnt(w, "webhall", code);
}

static void
cd_06_a_wrong_verifier_burns_the_code(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "webhall");

    world_audit_mark(w);
    redeem_with(w, code,
                "&redirect_uri=" APP_CB "&code_verifier=" WORLD_CHALLENGE); /* well-formed */
    assert_refused(w, &problem_code_invalid);
    assert_audited(w, AUDIT_CODE_REJECTED, "pkce");
    assert_burnt(w, "webhall", code);
}

static void
cd_07_a_malformed_verifier_burns_the_code(void **state)
{
    struct world *w = *state;
    char *const longest = arena_alloc(w->arena, 130);
    const char *const verifiers[] = { "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX", longest,
                                      "%2B%2B", WORLD_VERIFIER "%3D", WORLD_VERIFIER "%20" };

    memset(longest, 'v', 129);
    for (size_t i = 0; i < sizeof(verifiers) / sizeof(verifiers[0]); i++) {
        const char *code = world_code(w, "webhall");

        world_audit_mark(w);
        redeem_with(
            w, code,
            arena_printf(w->arena, "&redirect_uri=" APP_CB "&code_verifier=%s", verifiers[i]));
        assert_refused(w, &problem_verifier_malformed);
        assert_audited(w, AUDIT_CODE_REJECTED, "pkce");
        assert_burnt(w, "webhall", code);
    }
}

static void
cd_07_a_short_verifier_is_refused_even_if_it_fits(void **state)
{
    static const char verifier[] = "too-short";
    struct world *w = *state;
    struct digest digest = digest_of_text(verifier);
    const char *code;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid");
    world_get(w,
              arena_printf(w->arena,
                           "/oauth2/authorize?client_id=webhall&response_type=code&scope=openid"
                           "&redirect_uri=" APP_CB "&code_challenge_method=S256&code_challenge=%s",
                           base64url_encode(w->arena, digest_view(&digest))));
    code = world_location_param(w, "code");
    assert_non_null(code);
    redeem_with(w, code,
                arena_printf(w->arena, "&redirect_uri=" APP_CB "&code_verifier=%s", verifier));
    assert_refused(w, &problem_verifier_malformed);
    assert_burnt(w, "webhall", code);
}

static void
cd_08_a_replay_ends_what_came_of_the_code(void **state)
{
    static const int64_t after_s[] = { 0, 1, 30, 600 };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(after_s) / sizeof(after_s[0]); i++) {
        const char *code = world_code(w, "webhall");
        struct world_tokens tokens;

        world_redeem(w, "webhall", code);
        tokens = world_tokens_of(w);
        assert_true(world_token_works(w, tokens.access));
        world_advance(w, after_s[i]);
        world_audit_mark(w);
        world_redeem(w, "webhall", code);
        assert_refused(w, &problem_code_invalid);
        assert_audited(w, AUDIT_CODE_REPLAYED, NULL);
        assert_audited(w, AUDIT_GRANT_ENDED, "replay");
        assert_false(world_token_works(w, tokens.access));
        world_partner_post(w, "webhall", "/oauth2/token",
                           "grant_type=refresh_token&refresh_token=%s", tokens.refresh);
        assert_refused(w, &problem_refresh_token_invalid);
    }
}

static void
cd_10_another_partner_burns_the_code_and_gets_nothing(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "hospital");

    world_audit_mark(w);
    world_partner_post(w, "bank", "/oauth2/token",
                       "grant_type=authorization_code&code=%s&code_verifier=" WORLD_VERIFIER
                       "&redirect_uri=https://hospital.example/cb",
                       code);
    assert_refused(w, &problem_code_invalid);
    assert_audited(w, AUDIT_CODE_REJECTED, "client");
    assert_burnt(w, "hospital", code);
}

static void
cd_10_a_public_partner_cannot_redeem_anothers_code_either(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "hospital");

    world_redeem(w, "spa", code);
    assert_refused(w, &problem_code_invalid);
    assert_burnt(w, "hospital", code);
}

static void
cd_11_who_fails_to_authenticate_does_not_burn_the_code(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "webhall");
    const char *form = arena_printf(w->arena,
                                    "grant_type=authorization_code&code=%s&redirect_uri=" APP_CB
                                    "&code_verifier=" WORLD_VERIFIER,
                                    code);

    world_send(w, &(struct world_call) { .target = "/oauth2/token",
                                         .form = form,
                                         .authorization = "Basic d2ViaGFsbDp3cm9uZw==" });
    assert_refused(w, &problem_client_unauthenticated);
    world_form_post(w, "/oauth2/token", "%s&client_id=webhall", form);
    assert_refused(w, &problem_client_unauthenticated);
    world_redeem(w, "webhall", code);
    assert_int_equal(w->answer.status, 200);
}

static void
cd_12_the_redirect_uri_must_be_the_same(void **state)
{
    static const char *const uris[] = { "", "&redirect_uri=", "&redirect_uri=" APP_CB "%2F",
                                        "&redirect_uri=https%3A%2F%2Fhospital.example%2Fcb" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
        const char *code = world_code(w, "webhall");

        world_audit_mark(w);
        redeem_with(w, code,
                    arena_printf(w->arena, "&code_verifier=" WORLD_VERIFIER "%s", uris[i]));
        assert_refused(w, &problem_code_invalid);
        assert_audited(w, AUDIT_CODE_REJECTED, "redirect_uri");
        assert_burnt(w, "webhall", code);
    }
}

static void
cd_13_a_code_lives_for_60_seconds(void **state)
{
    struct world *w = *state;
    const char *early = world_code(w, "webhall");
    const char *late = world_code(w, "webhall");

    world_advance(w, 60);
    world_redeem(w, "webhall", early);
    assert_int_equal(w->answer.status, 200);
    world_advance(w, 1);
    world_audit_mark(w);
    world_redeem(w, "webhall", late);
    assert_refused(w, &problem_code_invalid);
    assert_audited(w, AUDIT_CODE_REJECTED, "expired");
}

/* The thief's own run has another challenge; the honest client sends the thief's
 * verifier with the victim's code. */
static void
cd_14_an_injected_code_fails_at_the_verifier(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "webhall");

    redeem_with(w, code,
                "&redirect_uri=" APP_CB
                "&code_verifier=the-verifier-of-another-run-0123456789-0123456789");
    assert_refused(w, &problem_code_invalid);
    assert_burnt(w, "webhall", code);
}

/* The code with its case changed at `at`. */
static const char *
case_changed(struct world *w, const char *code, size_t at)
{
    char *changed = arena_text(w->arena, code);

    changed[at] = (char)(changed[at] ^ 0x20);
    return changed;
}

static const char *
last_bits_changed(struct world *w, const char *code)
{
    char *changed = arena_text(w->arena, code);
    char *last = changed + strlen(changed) - 1;

    *last = *last == 'z' || *last == 'Z' || *last == '9' ? 'A' : (char)(*last + 1);
    return changed;
}

static void
cd_15_a_changed_code_is_refused_and_the_real_one_stays_good(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "webhall");
    size_t size = strlen(code);
    size_t letter = strcspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const char *const changed[] = {
        arena_copy(w->arena, code, size - 1), arena_copy(w->arena, code, size / 2),
        arena_copy(w->arena, code, 1),        code + 1,
        arena_printf(w->arena, "%sA", code),  arena_printf(w->arena, "%s=", code),
        arena_printf(w->arena, "%s==", code), arena_printf(w->arena, "%s ", code),
        arena_printf(w->arena, "%s.x", code), arena_printf(w->arena, "%s%s", code, code),
        case_changed(w, code, letter),        last_bits_changed(w, code),
    };
    int64_t rows = world_rows(w);

    for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
        world_redeem(w, "webhall", changed[i]);
        assert_refused(w, &problem_code_invalid);
        assert_int_equal(world_rows(w), rows);
    }
    world_redeem(w, "webhall", code);
    assert_int_equal(w->answer.status, 200);
}

static void
cd_16_what_is_no_code_is_refused_and_left_alone(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *tx;
    int64_t rows;

    world_authorize(w, "webhall", "&prompt=login");
    tx = world_location_param(w, "tx");
    rows = world_rows(w);
    world_redeem(w, "webhall", tokens.refresh);
    assert_refused(w, &problem_code_invalid);
    world_redeem(w, "webhall", tokens.access);
    assert_refused(w, &problem_code_invalid);
    world_redeem(w, "webhall", tx);
    assert_refused(w, &problem_code_invalid);
    world_redeem(w, "webhall", world_cookie(w, "__Host-session"));
    assert_refused(w, &problem_code_invalid);
    assert_int_equal(world_rows(w), rows);

    assert_true(world_token_works(w, tokens.access));
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       tokens.refresh);
    assert_int_equal(w->answer.status, 200);
    world_get(w, arena_printf(w->arena, "/login?tx=%s", tx));
    assert_int_equal(w->answer.status, 200);
}

static void
cd_16_a_code_is_no_refresh_token(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "webhall");

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       code);
    assert_refused(w, &problem_refresh_token_invalid);
    world_redeem(w, "webhall", code);
    assert_int_equal(w->answer.status, 200);
}

static int64_t
audit_rows_with(struct world *w, const char *text)
{
    static const char sql[] =
        "SELECT count(*) FROM audit WHERE reason LIKE $1 OR person_id LIKE $1 OR partner_id LIKE $1"
        " OR sid LIKE $1 OR request_id LIKE $1 OR address LIKE $1";
    const struct arg args[] = { arg_text(arena_printf(w->arena, "%%%s%%", text)), ARG_END };
    int64_t count = -1;
    const struct out outs[] = { out_int(&count), OUT_END };

    assert_int_equal(
        store_run(w->store, &(struct query) { .sql = sql, .args = args, .outs = outs }), OK);
    return count;
}

static void
cd_18_no_code_or_token_stands_in_the_audit(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "webhall");
    struct world_tokens tokens;

    world_redeem(w, "webhall", code);
    tokens = world_tokens_of(w);
    world_redeem(w, "webhall", code);
    assert_int_equal(audit_rows_with(w, "webhall") > 0, 1);
    assert_int_equal(audit_rows_with(w, arena_copy(w->arena, code, 40)), 0);
    assert_int_equal(audit_rows_with(w, arena_copy(w->arena, tokens.refresh, 40)), 0);
    assert_int_equal(audit_rows_with(w, arena_copy(w->arena, tokens.access, 40)), 0);
    assert_int_equal(audit_rows_with(w, world_cookie(w, "__Host-session")), 0);
}

static const char *
nonce_of_login(struct world *w, const char *nonce)
{
    struct jws jws;
    const char *code;

    world_get(w, arena_printf(w->arena,
                              "/oauth2/authorize?client_id=webhall&response_type=code&scope=openid"
                              "&redirect_uri=" APP_CB "&code_challenge=" WORLD_CHALLENGE
                              "&code_challenge_method=S256&nonce=%s",
                              world_url(w, nonce)));
    code = world_location_param(w, "code");
    assert_non_null(code);
    world_redeem(w, "webhall", code);
    assert_int_equal(jws_read(w->arena, world_json(w, "id_token"), &jws), OK);
    w->answer.body = arena_copy(w->arena, jws.payload.at, jws.payload.size);
    return world_json(w, "nonce");
}

static void
cd_19_a_nonce_is_kept_byte_for_byte(void **state)
{
    static const size_t sizes[] = { 64, 512, 1024 };
    static const char odd[] = "a b+c\"\\/<>\xe4\xb8\xad&=%41";
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *nonce = arena_alloc(w->arena, sizes[i] + 1);

        memset(nonce, 'n', sizes[i]);
        assert_string_equal(nonce_of_login(w, nonce), nonce);
    }
    assert_string_equal(nonce_of_login(w, odd), odd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_code_becomes_tokens_of_its_request),
        world_test(the_code_must_be_sent),
        world_test(cd_04_a_verifier_without_a_challenge_burns_the_code),
        world_test(an_old_system_redeems_without_pkce),
        world_test(cd_05_a_missing_verifier_burns_the_code),
        world_test(cd_06_a_wrong_verifier_burns_the_code),
        world_test(cd_07_a_malformed_verifier_burns_the_code),
        world_test(cd_07_a_short_verifier_is_refused_even_if_it_fits),
        world_test(cd_08_a_replay_ends_what_came_of_the_code),
        world_test(cd_10_another_partner_burns_the_code_and_gets_nothing),
        world_test(cd_10_a_public_partner_cannot_redeem_anothers_code_either),
        world_test(cd_11_who_fails_to_authenticate_does_not_burn_the_code),
        world_test(cd_12_the_redirect_uri_must_be_the_same),
        world_test(cd_13_a_code_lives_for_60_seconds),
        world_test(cd_14_an_injected_code_fails_at_the_verifier),
        world_test(cd_15_a_changed_code_is_refused_and_the_real_one_stays_good),
        world_test(cd_16_what_is_no_code_is_refused_and_left_alone),
        world_test(cd_16_a_code_is_no_refresh_token),
        world_test(cd_18_no_code_or_token_stands_in_the_audit),
        world_test(cd_19_a_nonce_is_kept_byte_for_byte),
    };

    return world_run(tests);
}
