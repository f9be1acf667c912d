/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/partner_profile.h"

#define SMALLEST                                                                                   \
    "{\"client_id\":\"hall\",\"client_name\":\"网上大厅\","                                    \
    "\"redirect_uris\":[\"https://hall.example/cb\"]}"

/* SMALLEST with one member more. */
static const char *
with(struct arena *arena, const char *member)
{
    return arena_printf(arena, "%.*s,%s}", (int)strlen(SMALLEST) - 1, SMALLEST, member);
}

static const struct partner_profile *
parsed(struct arena *arena, const char *json)
{
    struct partner_profile *out = arena_alloc(arena, sizeof(*out));
    const char *complaint = partner_profile_parse(arena, json, strlen(json), out);

    assert_string_equal(complaint != NULL ? complaint : "", "");
    return out;
}

static const char *
written(struct arena *arena, const struct partner_profile *profile)
{
    struct buf buf = buf_new(arena, 512);

    partner_profile_write(&buf, profile);
    return buf.at;
}

static void
assert_complaint(struct arena *arena, const char *json, const char *start)
{
    struct partner_profile out;
    const char *complaint = partner_profile_parse(arena, json, strlen(json), &out);

    assert_non_null(complaint);
    if (!text_starts(complaint, start))
        assert_string_equal(complaint, start);
}

static void
the_smallest_registration_has_safe_defaults(void **state)
{
    const struct partner_profile *p = parsed(*state, SMALLEST);

    assert_string_equal(p->partner_id, "hall");
    assert_string_equal(p->name_zh, "网上大厅");
    assert_string_equal(p->name_en, "网上大厅");
    assert_string_equal(p->channel, "web");
    assert_false(p->native);
    assert_string_equal(p->auth_method, "client_secret_basic");
    assert_string_equal(p->auth_signing_alg, "");
    assert_string_equal(p->assertion_audience, "");
    assert_string_equal(p->grant_types, "authorization_code");
    assert_string_equal(p->response_modes, "query");
    assert_string_equal(p->scope, "openid");
    assert_int_equal(p->require_pkce, ANSWER_NONE);
    assert_string_equal(p->id_token_alg, "RS256"); /* Registration 1.0, 2 */
    assert_string_equal(p->access_token_alg, "ES256");
    assert_true(p->pairwise);
    assert_string_equal(p->sector_identifier, "hall.example");
    assert_int_equal(p->default_max_age_s, -1);
    assert_false(p->require_auth_time);
    assert_false(p->consent_implied);
    assert_true(p->redirect_errors);
    assert_false(p->backchannel_logout_session_required);
    assert_string_equal(p->jwks, "");
    assert_int_equal(p->contacts.count, 0);
    assert_false(p->shared_redirect_uris);
    assert_string_equal(p->resources, "");
    assert_string_equal(p->access_token_typ, "at+jwt"); /* RFC 9068, 2.1 */
}

static const char full[] =
    "{\"client_id\":\"bank-1.app_x\",\"client_name\":\"银行<\\u0022>\",\"client_name#en\":\"Bank\","
    "\"channel\":\"app\",\"application_type\":\"native\","
    "\"token_endpoint_auth_method\":\"private_key_jwt\","
    "\"token_endpoint_auth_signing_alg\":\"RS256\",\"assertion_audience\":\"issuer\","
    "\"jwks\":{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"BB\"}]},"
    "\"redirect_uris\":[\"com.bank.app:/cb\",\"http://127.0.0.1/cb\"],"
    "\"shared_redirect_uris\":true,\"resources\":\"api.three https://api.four\","
    "\"access_token_typ\":\"JWT\","
    "\"post_logout_redirect_uris\":[\"https://bank.example/bye\"],"
    "\"web_origins\":[\"https://bank.example\",\"http://localhost:3000\"],"
    "\"grant_types\":[\"authorization_code\",\"refresh_token\",\"client_credentials\"],"
    "\"response_modes\":[\"query\",\"form_post\"],\"scope\":\" phone openid  phone\","
    "\"audience\":\"api.one api.two\",\"require_pkce\":false,"
    "\"id_token_claims\":\"phone_number\","
    "\"id_token_signed_response_alg\":\"RS256\",\"access_token_signed_response_alg\":\"EdDSA\","
    "\"subject_type\":\"public\",\"default_max_age\":0,\"require_auth_time\":true,"
    "\"consent\":\"implied\",\"redirect_errors\":false,"
    "\"initiate_login_uri\":\"https://bank.example/login\","
    "\"client_uri\":\"https://bank.example/\","
    "\"backchannel_logout_uri\":\"https://bank.example/out\","
    "\"backchannel_logout_session_required\":true,\"policy_uri\":\"https://bank.example/p\","
    "\"tos_uri\":\"https://bank.example/t\",\"contacts\":[\"a@bank.example\",\"021-1\"]}";

static void
every_member_is_read(void **state)
{
    const struct partner_profile *p = parsed(*state, full);

    assert_string_equal(p->partner_id, "bank-1.app_x");
    assert_string_equal(p->name_zh, "银行<\">");
    assert_string_equal(p->name_en, "Bank");
    assert_string_equal(p->channel, "app");
    assert_true(p->native);
    assert_string_equal(p->auth_method, "private_key_jwt");
    assert_string_equal(p->auth_signing_alg, "RS256");
    assert_string_equal(p->assertion_audience, "issuer");
    assert_string_equal(
        p->jwks, "{\"keys\":[{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"AA\",\"y\":\"BB\"}]}");
    assert_int_equal(p->redirect_uris.count, 2);
    assert_string_equal(p->redirect_uris.at[1], "http://127.0.0.1/cb");
    assert_string_equal(p->post_logout_redirect_uris.at[0], "https://bank.example/bye");
    assert_int_equal(p->web_origins.count, 2);
    assert_string_equal(p->web_origins.at[1], "http://localhost:3000");
    assert_string_equal(p->grant_types, "authorization_code refresh_token client_credentials");
    assert_string_equal(p->response_modes, "query form_post");
    assert_string_equal(p->scope, "phone openid");
    assert_string_equal(p->audience, "api.one api.two");
    assert_int_equal(p->require_pkce, ANSWER_NO);
    assert_string_equal(p->id_token_alg, "RS256");
    assert_string_equal(p->id_token_claims, "phone_number");
    assert_string_equal(p->access_token_alg, "EdDSA");
    assert_false(p->pairwise);
    assert_string_equal(p->sector_identifier, "bank-1.app_x");
    assert_int_equal(p->default_max_age_s, 0);
    assert_true(p->require_auth_time);
    assert_true(p->consent_implied);
    assert_false(p->redirect_errors);
    assert_string_equal(p->initiate_login_uri, "https://bank.example/login");
    assert_string_equal(p->client_uri, "https://bank.example/");
    assert_string_equal(p->backchannel_logout_uri, "https://bank.example/out");
    assert_true(p->backchannel_logout_session_required);
    assert_string_equal(p->policy_uri, "https://bank.example/p");
    assert_string_equal(p->tos_uri, "https://bank.example/t");
    assert_string_equal(p->contacts.at[1], "021-1");
    assert_true(p->shared_redirect_uris);
    assert_string_equal(p->resources, "api.three https://api.four");
    assert_string_equal(p->access_token_typ, "JWT");
}

static void
assertions_may_be_signed_by_every_algorithm_of_ours(void **state)
{
    static const char *const algs[] = { "ES256", "RS256", "EdDSA" };

    for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
        const char *member = arena_printf(*state,
                                          "\"token_endpoint_auth_method\":\"private_key_jwt\","
                                          "\"jwks\":{\"keys\":[{}]},"
                                          "\"token_endpoint_auth_signing_alg\":\"%s\"",
                                          algs[i]);

        assert_string_equal(parsed(*state, with(*state, member))->auth_signing_alg, algs[i]);
    }
}

static void
what_is_written_reads_back_the_same(void **state)
{
    static const char *const cases[] = { SMALLEST, full };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *once = written(*state, parsed(*state, cases[i]));

        assert_string_equal(written(*state, parsed(*state, once)), once);
    }
}

static void
the_canonical_text_has_a_fixed_order(void **state)
{
    static const char turned[] = "{\"redirect_uris\":[\"https://hall.example/cb\"],"
                                 " \"client_name\":\"网上大厅\", \"client_id\":\"hall\"}";

    assert_string_equal(
        written(*state, parsed(*state, turned)),
        "{\"client_id\":\"hall\",\"client_name\":\"网上大厅\",\"client_name#en\":\"网上大厅\","
        "\"channel\":\"web\",\"application_type\":\"web\","
        "\"token_endpoint_auth_method\":\"client_secret_basic\","
        "\"redirect_uris\":[\"https://hall.example/cb\"],\"grant_types\":[\"authorization_code\"],"
        "\"response_modes\":[\"query\"],\"scope\":\"openid\","
        "\"id_token_signed_response_alg\":\"RS256\",\"access_token_signed_response_alg\":\"ES256\","
        "\"subject_type\":\"pairwise\",\"sector_identifier\":\"hall.example\","
        "\"require_auth_time\":false,\"consent\":\"explicit\",\"redirect_errors\":true,"
        "\"backchannel_logout_session_required\":false}");
}

static void
what_is_no_object_is_refused(void **state)
{
    assert_complaint(*state, "", "not JSON");
    assert_complaint(*state, "{", "not JSON: line 1");
    assert_complaint(*state, "[]", "the registration must be a JSON object");
    assert_complaint(*state, SMALLEST "x", "not JSON");
    assert_complaint(*state, with(*state, "\"client_id\":\"hall\""), "not JSON");
    assert_complaint(*state, with(*state, "\"scope\":\"\xc0\x80\""), "not JSON");
    assert_complaint(*state, with(*state, "\"scope\":\"\\ud800\""), "not JSON");
}

/* A node of the version before refuses a registration with a member that it does not know. */
static void
an_option_is_written_only_where_it_is_taken(void **state)
{
    static const char *const options[] = { "strict_auth_method", "strict_scope",
                                           "shared_redirect_uris" };

    for (size_t i = 0; i < COUNT_OF(options); i++) {
        const char *yes = arena_printf(*state, "\"%s\":true", options[i]);
        const char *no = arena_printf(*state, "\"%s\":false", options[i]);
        const char *once = written(*state, parsed(*state, with(*state, yes)));

        assert_non_null(strstr(once, yes));
        assert_string_equal(written(*state, parsed(*state, once)), once);
        assert_string_equal(written(*state, parsed(*state, with(*state, no))),
                            written(*state, parsed(*state, SMALLEST)));
        assert_complaint(*state, with(*state, arena_printf(*state, "\"%s\":1", options[i])),
                         options[i]);
    }
}

static void
the_usual_typ_of_access_tokens_is_not_written(void **state)
{
    const char *usual = with(*state, "\"access_token_typ\":\"at+jwt\"");
    const char *other = with(*state, "\"access_token_typ\":\"JWT\"");

    assert_string_equal(written(*state, parsed(*state, usual)),
                        written(*state, parsed(*state, SMALLEST)));
    assert_non_null(strstr(written(*state, parsed(*state, other)), "\"access_token_typ\":\"JWT\""));
}

/* The libraries of pages ask for fragment unless told otherwise; whoever has a server asks for what
 * it registered. */
static void
a_page_without_a_server_may_ask_for_fragment(void **state)
{
    static const struct {
        const char *more;
        bool fragment;
        bool form_post;
    } cases[] = {
        { "\"channel\":\"web\"", false, false },
        { "\"token_endpoint_auth_method\":\"none\"", true, false },
        { "\"token_endpoint_auth_method\":\"none\",\"application_type\":\"native\"", false, false },
        { "\"token_endpoint_auth_method\":\"none\",\"response_modes\":[\"query\"]", false, false },
        { "\"response_modes\":[\"query\",\"fragment\"]", true, false },
        { "\"response_modes\":[\"form_post\"]", false, true },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct partner_profile *p = parsed(*state, with(*state, cases[i].more));
        const char *once = written(*state, p);

        assert_int_equal(partner_allows_response_mode(p, "fragment"), cases[i].fragment);
        assert_int_equal(partner_allows_response_mode(p, "form_post"), cases[i].form_post);
        assert_false(partner_allows_response_mode(p, "fragment.jwt"));
        assert_string_equal(written(*state, parsed(*state, once)), once);
    }
}

static void
a_registration_of_more_than_64_kb_is_refused(void **state)
{
    char *json = arena_alloc(*state, 65538);
    struct partner_profile out;

    memset(json, ' ', 65537);
    memcpy(json, SMALLEST, strlen(SMALLEST));
    assert_null(partner_profile_parse(*state, json, 65536, &out));
    assert_non_null(partner_profile_parse(*state, json, 65537, &out));
}

static void
unknown_members_are_refused_by_name(void **state)
{
    assert_complaint(*state, with(*state, "\"redirect_url\":\"x\""),
                     "redirect_url: there is no such member");
    assert_complaint(*state, with(*state, "\"\":1"), ": there is no such member");
}

static void
values_of_a_wrong_type_are_refused_by_name(void **state)
{
    static const struct {
        const char *member;
        const char *start;
    } cases[] = {
        { "\"scope\":null", "scope: must be a text" },
        { "\"scope\":[\"openid\"]", "scope: must be a text" },
        { "\"channel\":\"tv\"", "channel: must be one of: web app" },
        { "\"channel\":\"\"", "channel: must be one of" },
        { "\"channel\":\"web app\"", "channel: must be one of" },
        { "\"channel\":1", "channel: must be a text" },
        { "\"application_type\":\"desktop\"", "application_type: must be one of" },
        { "\"application_type\":true", "application_type: must be a text" },
        { "\"grant_types\":[]", "grant_types: must be an array" },
        { "\"grant_types\":\"authorization_code\"", "grant_types: must be an array" },
        { "\"grant_types\":[\"implicit\"]", "grant_types: must be one of" },
        { "\"grant_types\":[\"password\"]", "grant_types: must be one of" },
        { "\"grant_types\":[\"urn:ietf:params:oauth:grant-type:device\"]",
          "grant_types: must be one of: authorization_code refresh_token client_credentials" },
        { "\"grant_types\":[\"urn:openid:params:grant-type:other\"]",
          "grant_types: must be one of" },
        { "\"grant_types\":[\"urn:ietf:params:oauth:grant-type:saml2-bearer\"]",
          "grant_types: must be one of" },
        { "\"grant_types\":[\"refresh_token\",\"refresh_token\"]", "grant_types: names something" },
        { "\"response_modes\":[\"query.jwt\"]", "response_modes: must be one of" },
        { "\"access_token_typ\":\"jwt\"", "access_token_typ: must be one of: at+jwt JWT" },
        { "\"access_token_typ\":\"logout+jwt\"", "access_token_typ: must be one of" },
        { "\"resources\":[\"a\"]", "resources: must be a text" },
        { "\"require_pkce\":\"true\"", "require_pkce: must be true or false" },
        { "\"require_pkce\":1", "require_pkce: must be true or false" },
        { "\"default_max_age\":-1", "default_max_age: must be a whole number" },
        { "\"default_max_age\":1.5", "default_max_age: must be a whole number" },
        { "\"default_max_age\":\"1\"", "default_max_age: must be a whole number" },
        { "\"default_max_age\":31536001", "default_max_age: must be a whole number" },
        { "\"id_token_signed_response_alg\":\"none\"", "id_token_signed_response_alg: must be" },
        { "\"access_token_signed_response_alg\":\"HS256\"", "access_token_signed_response_alg: m" },
        { "\"assertion_audience\":\"token\"", "assertion_audience: must be one of: issuer" },
        { "\"subject_type\":\"secret\"", "subject_type: must be one of" },
        { "\"contacts\":\"a\"", "contacts: must be an array of texts" },
        { "\"contacts\":[1]", "contacts: must be a text" },
        { "\"contacts\":[\"a\\nb\"]", "contacts: must not hold control characters" },
        { "\"jwks\":\"x\"", "jwks: must be an object" },
        { "\"jwks\":{\"keys\":[]}", "jwks: must be an object" },
        { "\"jwks\":{\"keys\":[1]}", "jwks: must hold objects" },
        { "\"jwks\":{\"keys\":[{\"d\":\"x\"}]}", "jwks: must hold public keys only" },
        { "\"jwks\":{\"keys\":[{\"k\":\"x\"}]}", "jwks: must hold public keys only" },
        { "\"post_logout_redirect_uris\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]",
          "post_logout_redirect_uris: has more than 16" },
        { "\"web_origins\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]",
          "web_origins: has more than 16" },
        { "\"web_origins\":[\"https://*.example\"]", "web_origins: must be origins" },
        { "\"web_origins\":\"*\"", "web_origins: must be an array of texts" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_complaint(*state, with(*state, cases[i].member), cases[i].start);
}

static void
a_text_of_more_than_2048_bytes_is_refused(void **state)
{
    char text[2050] = { 0 };

    memset(text, 'a', 2049);
    assert_complaint(*state, with(*state, arena_printf(*state, "\"audience\":\"%s\"", text)),
                     "audience: is longer");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(the_smallest_registration_has_safe_defaults),
        WITH_ARENA(every_member_is_read),
        WITH_ARENA(assertions_may_be_signed_by_every_algorithm_of_ours),
        WITH_ARENA(what_is_written_reads_back_the_same),
        WITH_ARENA(the_canonical_text_has_a_fixed_order),
        WITH_ARENA(what_is_no_object_is_refused),
        WITH_ARENA(an_option_is_written_only_where_it_is_taken),
        WITH_ARENA(the_usual_typ_of_access_tokens_is_not_written),
        WITH_ARENA(a_page_without_a_server_may_ask_for_fragment),
        WITH_ARENA(a_registration_of_more_than_64_kb_is_refused),
        WITH_ARENA(unknown_members_are_refused_by_name),
        WITH_ARENA(values_of_a_wrong_type_are_refused_by_name),
        WITH_ARENA(a_text_of_more_than_2048_bytes_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
