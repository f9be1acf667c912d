/* SPDX-License-Identifier: Apache-2.0 */
/* scope, PKCE challenge and claims: AZ-26, AZ-27, CD-01 to CD-03.
 * (AZ-26's time is not asserted.) */
#include "tests/world.h"

#include <string.h>

#include "idp/base/buf.h"

static void
ask(struct world *w, const char *partner_id, const char *redirect_uri, const char *parameters)
{
    world_audit_mark(w);
    world_form_post(w, "/oauth2/authorize",
                    "client_id=%s&redirect_uri=%s&response_type=code&state=s%s", partner_id,
                    world_url(w, redirect_uri), parameters);
}

static void
assert_sent_back(struct world *w, const char *partner_id, const struct problem *problem,
                 const char *reason)
{
    assert_refused_by_redirect(w, partner_id, problem);
    assert_string_equal(world_location_param(w, "state"), "s");
    assert_audited(w, AUDIT_AUTHZ_REJECTED, reason);
}

#define PKCE "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256"

static const char *
many(struct world *w, const char *word, size_t count)
{
    struct buf list = buf_new(w->arena, 1024);

    for (size_t i = 0; i < count; i++)
        buf_text(&list, word);
    return list.at;
}

static void
az_26_a_huge_scope_is_refused(void **state)
{
    struct world *w = *state;
    const char *const lists[] = { many(w, "x", 100 * 1024), many(w, "openid+", 10000),
                                  many(w, "+", 100 * 1024) };
    int64_t rows = world_rows(w);

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        ask(w, "webhall", "https://app.example/cb",
            arena_printf(w->arena, PKCE "&scope=%s", lists[i]));
        assert_sent_back(w, "webhall", &problem_scope_invalid, "bounds");
    }
    ask(w, "webhall", "https://app.example/cb",
        arena_printf(w->arena, PKCE "&scope=%s", many(w, "openid+", 33)));
    assert_sent_back(w, "webhall", &problem_scope_invalid, "scope");
    assert_int_equal(world_rows(w), rows);
}

/* Logged in and agreed: the answer comes at once. */
static void
get(struct world *w, const char *partner_id, const char *redirect_uri, const char *parameters)
{
    world_get(w, arena_printf(w->arena,
                              "/oauth2/authorize?client_id=%s&redirect_uri=%s&response_type=code"
                              "&state=s&nonce=n-1" PKCE "%s",
                              partner_id, world_url(w, redirect_uri), parameters));
}

static void
az_27_a_scope_the_partner_may_not_have_is_left_out_and_the_answer_says_so(void **state)
{
    static const char *const scopes[] = { "openid%20phone",          "identity_number%20openid",
                                          "openid%20offline_access", "openid%20nonsense",
                                          "openid%20OPENID",         "openid%20claim:name" };
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "hospital", "openid");
    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
        get(w, "hospital", "https://hospital.example/cb",
            arena_printf(w->arena, "&scope=%s", scopes[i]));
        assert_non_null(world_location_param(w, "code"));
        world_redeem(w, "hospital", world_location_param(w, "code"));
        assert_int_equal(w->answer.status, 200);
        assert_string_equal(world_json(w, "scope"), "openid");
        world_partner_post(w, "hospital", "/oauth2/introspect", "token=%s",
                           world_json(w, "access_token"));
        assert_string_equal(world_json(w, "scope"), "openid");
    }
}

static void
az_27_when_no_scope_is_left_it_is_refused(void **state)
{
    struct world *w = *state;

    ask(w, "hospital", "https://hospital.example/cb", PKCE "&scope=phone%20nonsense");
    assert_sent_back(w, "hospital", &problem_scope_invalid, "scope");
}

static void
az_27_a_strict_partner_is_refused(void **state)
{
    static const char *const scopes[] = { "openid%20phone", "openid%20nonsense" };
    struct world *w = *state;

    world_partners(w, "{\"partners\":[{\"client_id\":\"strict\",\"client_name\":\"S\","
                      "\"redirect_uris\":[\"https://strict.example/cb\"],"
                      "\"scope\":\"openid profile\",\"strict_scope\":true}]}");
    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
        ask(w, "strict", "https://strict.example/cb",
            arena_printf(w->arena, PKCE "&scope=%s", scopes[i]));
        assert_sent_back(w, "strict", &problem_scope_invalid, "scope");
    }
    get(w, "strict", "https://strict.example/cb", "&scope=openid%20profile&prompt=none");
    assert_refused_by_redirect(w, "strict", &problem_login_required);
}

static void
the_scope_openid_is_needed(void **state)
{
    struct world *w = *state;

    ask(w, "webhall", "https://app.example/cb", PKCE "&scope=profile");
    assert_sent_back(w, "webhall", &problem_scope_openid_missing, "scope");
    ask(w, "webhall", "https://app.example/cb", PKCE);
    assert_sent_back(w, "webhall", &problem_scope_openid_missing, "scope");
}

static void
cd_01_a_public_partner_needs_a_challenge(void **state)
{
    struct world *w = *state;

    ask(w, "spa", "https://spa.example/cb", "&scope=openid");
    assert_sent_back(w, "spa", &problem_pkce_missing, "pkce");
    ask(w, "spa", "https://spa.example/cb", "&scope=openid&code_challenge=");
    assert_sent_back(w, "spa", &problem_pkce_missing, "pkce");
}

static void
cd_02_a_confidential_partner_needs_one_or_a_nonce(void **state)
{
    struct world *w = *state;

    ask(w, "webhall", "https://app.example/cb", "&scope=openid");
    assert_sent_back(w, "webhall", &problem_pkce_or_nonce_missing, "pkce");
    ask(w, "webhall", "https://app.example/cb", "&scope=openid&nonce=");
    assert_sent_back(w, "webhall", &problem_pkce_or_nonce_missing, "pkce");
    world_get(w, "/oauth2/authorize?client_id=webhall&response_type=code&state=s&scope=openid"
                 "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&prompt=none&nonce=n");
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
    /* A public partner's nonce does not replace it. */
    ask(w, "spa", "https://spa.example/cb", "&scope=openid&nonce=n");
    assert_sent_back(w, "spa", &problem_pkce_missing, "pkce");
}

static void
cd_02_a_confidential_partner_that_says_so_needs_one_always(void **state)
{
    struct world *w = *state;

    world_partners(w, "{\"partners\":[{\"client_id\":\"strict\",\"client_name\":\"S\","
                      "\"redirect_uris\":[\"https://strict.example/cb\"],"
                      "\"require_pkce\":true}]}");
    ask(w, "strict", "https://strict.example/cb", "&scope=openid&nonce=n");
    assert_sent_back(w, "strict", &problem_pkce_missing, "pkce");
    world_get(w, "/oauth2/authorize?client_id=strict&response_type=code&state=s&scope=openid"
                 "&redirect_uri=https%3A%2F%2Fstrict.example%2Fcb&prompt=none" PKCE);
    assert_refused_by_redirect(w, "strict", &problem_login_required);
}

static void
cd_02_unless_it_is_registered_as_an_old_system(void **state)
{
    struct world *w = *state;

    world_get(w, "/oauth2/authorize?client_id=legacy&response_type=code&state=s&scope=openid"
                 "&redirect_uri=https%3A%2F%2Flegacy.example%2Fcb&prompt=none");
    assert_refused_by_redirect(w, "legacy", &problem_login_required);
    ask(w, "legacy", "https://legacy.example/cb", "&scope=openid&code_challenge_method=S256");
    assert_sent_back(w, "legacy", &problem_pkce_missing, "pkce");
}

static void
cd_03_the_method_must_be_s256(void **state)
{
    static const char *const methods[] = { "&code_challenge_method=plain", "",
                                           "&code_challenge_method=", "&code_challenge_method=s256",
                                           "&code_challenge_method=S512" };
    static const struct {
        const char *partner_id;
        const char *redirect_uri;
    } partners[] = { { "webhall", "https://app.example/cb" },
                     { "spa", "https://spa.example/cb" },
                     { "legacy", "https://legacy.example/cb" } };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        for (size_t j = 0; j < sizeof(partners) / sizeof(partners[0]); j++) {
            ask(w, partners[j].partner_id, partners[j].redirect_uri,
                arena_printf(w->arena, "&scope=openid&code_challenge=" WORLD_CHALLENGE "%s",
                             methods[i]));
            assert_sent_back(w, partners[j].partner_id, &problem_pkce_method, "pkce");
        }
}

static void
a_malformed_challenge_is_refused(void **state)
{
    static const char *const challenges[] = { "short", WORLD_CHALLENGE "A", WORLD_CHALLENGE "%3D",
                                              "%2B9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(challenges) / sizeof(challenges[0]); i++) {
        ask(w, "webhall", "https://app.example/cb",
            arena_printf(w->arena, "&scope=openid&code_challenge_method=S256&code_challenge=%s",
                         challenges[i]));
        assert_sent_back(w, "webhall", &problem_pkce_challenge_malformed, "pkce");
    }
}

static void
a_claims_parameter_that_cannot_be_read_is_refused(void **state)
{
    static const char *const claims[] = { "x", "%5B%5D", "%7B%22id_token%22%3A1%7D", "%7B" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        ask(w, "webhall", "https://app.example/cb",
            arena_printf(w->arena, PKCE "&scope=openid&claims=%s", claims[i]));
        assert_sent_back(w, "webhall", &problem_claims_invalid, "claims");
    }
    ask(w, "webhall", "https://app.example/cb",
        arena_printf(w->arena, PKCE "&scope=openid&claims=%%7B%s%%7D", many(w, "+", 5000)));
    assert_sent_back(w, "webhall", &problem_claims_invalid, "bounds");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(az_26_a_huge_scope_is_refused),
        world_test(az_27_a_scope_the_partner_may_not_have_is_left_out_and_the_answer_says_so),
        world_test(az_27_when_no_scope_is_left_it_is_refused),
        world_test(az_27_a_strict_partner_is_refused),
        world_test(the_scope_openid_is_needed),
        world_test(cd_01_a_public_partner_needs_a_challenge),
        world_test(cd_02_a_confidential_partner_needs_one_or_a_nonce),
        world_test(cd_02_a_confidential_partner_that_says_so_needs_one_always),
        world_test(cd_02_unless_it_is_registered_as_an_old_system),
        world_test(cd_03_the_method_must_be_s256),
        world_test(a_malformed_challenge_is_refused),
        world_test(a_claims_parameter_that_cannot_be_read_is_refused),
    };

    return world_run(tests);
}
