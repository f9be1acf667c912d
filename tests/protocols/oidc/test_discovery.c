/* SPDX-License-Identifier: Apache-2.0 */
/* Discovery and JWKS: every promise is kept by a route, a policy or a key. */
#include <jansson.h>
#include <string.h>

#include "idp/base/text.h"
#include "keys/jwk.h"
#include "policies/assurance.h"
#include "policies/auth_method.h"
#include "policies/claim_rule.h"
#include "policies/partner_profile.h"
#include "policies/signing_alg.h"
#include "protocols/routes.h"
#include "tests/world.h"

static json_t *
discovery(struct world *w)
{
    json_t *document;

    world_get(w, "/.well-known/openid-configuration");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(w->answer.content_type, "application/json");
    document = json_loads(w->answer.body, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(document);
    return document;
}

static bool
has(json_t *document, const char *member, const char *value)
{
    json_t *list = json_object_get(document, member);
    json_t *item;
    size_t i;

    json_array_foreach(list, i, item) if (text_eq(json_string_value(item), value)) return true;
    return false;
}

static void
every_endpoint_it_names_is_a_route(void **state)
{
    static const struct {
        const char *member;
        const char *method;
    } endpoints[] = {
        { "authorization_endpoint", "GET" },
        { "authorization_endpoint", "POST" },
        { "browser_ticket_endpoint", "GET" },
        { "token_endpoint", "POST" },
        { "userinfo_endpoint", "GET" },
        { "userinfo_endpoint", "POST" },
        { "jwks_uri", "GET" },
        { "introspection_endpoint", "POST" },
        { "revocation_endpoint", "POST" },
        { "end_session_endpoint", "GET" },
        { "end_session_endpoint", "POST" },
        { "device_authorization_endpoint", "POST" },
        { "backchannel_authentication_endpoint", "POST" },
    };
    struct world *w = *state;
    json_t *document = discovery(w);
    const char *name;
    json_t *value;

    assert_string_equal(json_string_value(json_object_get(document, "issuer")), WORLD_ISSUER);
    for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++) {
        const char *url = json_string_value(json_object_get(document, endpoints[i].member));
        const char *allow;

        assert_non_null(url);
        assert_true(text_starts(url, WORLD_ISSUER "/"));
        assert_non_null(route_find(public_routes, w->arena, endpoints[i].method,
                                   url + strlen(WORLD_ISSUER), &allow));
    }
    json_object_foreach(document, name, value) /* and none is named that is not looked at above */
        if (strstr(name, "_endpoint") != NULL && json_is_string(value))
            assert_true(text_starts(json_string_value(value), WORLD_ISSUER "/"));
    json_decref(document);
}

static void
it_promises_what_is_there_and_no_more(void **state)
{
    struct world *w = *state;
    json_t *document = discovery(w);

    assert_int_equal(json_array_size(json_object_get(document, "response_types_supported")), 1);
    assert_true(has(document, "response_types_supported", "code"));
    assert_int_equal(json_array_size(json_object_get(document, "grant_types_supported")),
                     text_list_count(partner_grant_types) - 1); /* there is no WeChat here */
    assert_int_equal(json_array_size(json_object_get(document, "code_challenge_methods_supported")),
                     1);
    assert_true(has(document, "code_challenge_methods_supported", "S256"));
    assert_true(json_is_false(json_object_get(document, "request_parameter_supported")));
    assert_true(json_is_false(json_object_get(document, "request_uri_parameter_supported")));
    assert_true(
        json_is_true(json_object_get(document, "authorization_response_iss_parameter_supported")));
    assert_true(json_is_true(json_object_get(document, "native_sso_supported")));
    assert_true(json_is_true(json_object_get(document, "backchannel_logout_supported")));
    assert_true(json_is_true(json_object_get(document, "backchannel_logout_session_supported")));
    assert_true(json_is_true(json_object_get(document, "frontchannel_logout_supported")));
    assert_true(json_is_true(json_object_get(document, "frontchannel_logout_session_supported")));
    assert_null(json_object_get(document, "registration_endpoint"));
    json_decref(document);
}

static void
every_grant_type_it_names_is_known_at_the_token_endpoint(void **state)
{
    struct world *w = *state;
    json_t *document = discovery(w);
    json_t *types = json_object_get(document, "grant_types_supported");
    json_t *type;
    size_t i;

    json_array_foreach(types, i, type)
    {
        world_partner_post(w, "webhall", "/oauth2/token", "grant_type=%s", json_string_value(type));
        assert_null(strstr(w->answer.body, "unsupported_grant_type"));
    }
    json_decref(document);
}

static void
assert_lists(json_t *document, const char *member, const char *words)
{
    json_t *list = json_object_get(document, member);
    const char *word;
    size_t size;

    assert_int_equal(json_array_size(list), text_list_count(words));
    for (size_t i = 0; (word = text_next_word(&words, &size)) != NULL; i++)
        assert_memory_equal(json_string_value(json_array_get(list, i)), word, size);
}

static void
it_lists_what_a_registration_may_name(void **state)
{
    struct world *w = *state;
    json_t *document;

    w->settings.wechat.mini_appid = "wx1"; /* else its grant type is not here */
    document = discovery(w);
    assert_lists(document, "grant_types_supported", partner_grant_types);
    assert_lists(document, "token_endpoint_auth_methods_supported", AUTH_METHODS);
    assert_lists(document, "revocation_endpoint_auth_methods_supported", AUTH_METHODS);
    assert_lists(document, "introspection_endpoint_auth_methods_supported",
                 "client_secret_basic client_secret_post client_secret_jwt private_key_jwt");
    assert_lists(document, "token_endpoint_auth_signing_alg_values_supported", ALGS_OF_ASSERTIONS);
    assert_lists(document, "response_modes_supported", PARTNER_RESPONSE_MODES);
    assert_lists(document, "subject_types_supported", PARTNER_SUBJECT_TYPES);
    json_decref(document);
}

static void
s25_it_names_the_claims_that_we_tell_and_no_other(void **state)
{
    json_t *document = discovery(*state);

    for (unsigned i = 0; i < CLAIM_COUNT; i++) {
        assert_true(has(document, "claims_supported", claim_rules[i].name));
        assert_int_equal(has(document, "claims_in_verified_claims_supported", claim_rules[i].name),
                         claim_rules[i].verified);
    }
    assert_true(has(document, "claims_supported", "sub"));
    assert_false(has(document, "claims_supported", "email"));
    assert_false(has(document, "claims_supported", "address"));
    json_decref(document);
}

static void
s25_it_names_the_scopes_that_tell_something(void **state)
{
    json_t *document = discovery(*state);

    assert_lists(
        document, "scopes_supported",
        "openid profile phone realname identity_number offline_access card card_number device_sso "
        "qr_login staff");
    assert_true(has(document, "acr_values_supported", acr_of_level(2)));
    assert_true(has(document, "acr_values_supported", acr_of_level(4)));
    json_decref(document);
}

static void
where_no_staff_come_it_names_nothing_of_theirs(void **state)
{
    struct world *w = *state;
    json_t *document;

    w->settings.staff.url = "";
    document = discovery(w);
    assert_false(has(document, "scopes_supported", "staff"));
    assert_false(has(document, "claims_supported", "roles"));
    assert_false(has(document, "acr_values_supported", acr_of_level(4)));
    assert_true(has(document, "claims_supported", "name"));
    json_decref(document);
}

static void
public_clients_are_named_where_they_are_taken_and_only_there(void **state)
{
    struct world *w = *state;
    json_t *document = discovery(w);

    assert_true(has(document, "token_endpoint_auth_methods_supported", "none"));
    assert_true(has(document, "revocation_endpoint_auth_methods_supported", "none"));
    assert_false(has(document, "introspection_endpoint_auth_methods_supported", "none"));
    json_decref(document);
}

static void
every_algorithm_it_names_has_a_key_in_the_jwks(void **state)
{
    struct world *w = *state;
    json_t *document = discovery(w);
    json_t *algs = json_object_get(document, "id_token_signing_alg_values_supported");
    json_t *alg;
    size_t i;

    world_get(w, "/oauth2/jwks");
    assert_true(json_array_size(algs) >= 1);
    assert_true(has(document, "id_token_signing_alg_values_supported", "ES256"));
    json_array_foreach(algs, i, alg) assert_non_null(
        strstr(w->answer.body, arena_printf(w->arena, "\"alg\":\"%s\"", json_string_value(alg))));
    json_decref(document);
}

static void
the_jwks_holds_public_keys_only(void **state)
{
    static const char *const private_members[] = { "d", "p", "q", "dp", "dq", "qi", "k" };
    struct world *w = *state;
    json_t *set;
    json_t *key;
    size_t i;

    world_get(w, "/oauth2/jwks");
    assert_int_equal(w->answer.status, 200);
    set = json_loads(w->answer.body, JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(json_array_size(json_object_get(set, "keys")), 3);
    json_array_foreach(json_object_get(set, "keys"), i, key)
    {
        for (size_t j = 0; j < sizeof(private_members) / sizeof(private_members[0]); j++)
            assert_null(json_object_get(key, private_members[j]));
        assert_string_equal(json_string_value(json_object_get(key, "use")), "sig");
        assert_non_null(json_object_get(key, "kid"));
    }
    json_decref(set);
}

static void
keys_of_card_codes_have_a_set_of_their_own(void **state)
{
    struct world *w = *state;
    json_t *document = discovery(w);
    json_t *set;

    assert_string_equal(json_string_value(json_object_get(document, "card_codes_jwks_uri")),
                        WORLD_ISSUER "/card/jwks");
    world_get(w, "/card/jwks");
    assert_int_equal(w->answer.status, 200);
    set = json_loads(w->answer.body, JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(json_array_size(json_object_get(set, "keys")), 1);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(json_object_get(set, "keys"), 0), "alg")),
        "ES256");
    json_decref(set);
    json_decref(document);
}

/* python-jose gives up at the first key of another kind than the token's; RS256 is what ID tokens
 * are signed by where nothing is registered. */
static void
b13_keys_stand_in_the_order_in_which_they_are_needed(void **state)
{
    static const char *const order[] = { "RS256", "ES256", "EdDSA" };
    struct world *w = *state;
    json_t *set;

    world_get(w, "/oauth2/jwks");
    set = json_loads(w->answer.body, JSON_REJECT_DUPLICATES, NULL);
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        const json_t *key = json_array_get(json_object_get(set, "keys"), i);

        assert_string_equal(json_string_value(json_object_get(key, "alg")), order[i]);
    }
    json_decref(set);
}

static void
the_operators_pages_are_told_where_they_are_set(void **state)
{
    static const char *const members[] = { "service_documentation", "op_policy_uri", "op_tos_uri" };
    struct world *w = *state;
    json_t *document = discovery(w);

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        assert_null(json_object_get(document, members[i]));
    json_decref(document);
    w->settings.discovery.service_documentation = "https://id.example/guide";
    w->settings.discovery.op_policy_uri = "https://id.example/policy";
    w->settings.discovery.op_tos_uri = "https://id.example/terms";
    document = discovery(w);
    assert_string_equal(json_string_value(json_object_get(document, members[0])),
                        "https://id.example/guide");
    assert_string_equal(json_string_value(json_object_get(document, members[1])),
                        "https://id.example/policy");
    assert_string_equal(json_string_value(json_object_get(document, members[2])),
                        "https://id.example/terms");
    json_decref(document);
}

static void
both_addresses_tell_the_same(void **state)
{
    struct world *w = *state;
    const char *body;

    world_get(w, "/.well-known/openid-configuration");
    body = w->answer.body;
    world_get(w, "/.well-known/oauth-authorization-server");
    assert_string_equal(w->answer.body, body);
}

static void
another_issuer_is_told_another_document(void **state)
{
    struct world *w = *state;
    json_t *document = discovery(w);

    json_decref(document);
    w->settings.server.issuer = "https://other.example/idp";
    document = discovery(w);
    assert_string_equal(json_string_value(json_object_get(document, "issuer")),
                        "https://other.example/idp");
    assert_string_equal(json_string_value(json_object_get(document, "token_endpoint")),
                        "https://other.example/idp/oauth2/token");
    json_decref(document);
    w->settings.server.issuer = WORLD_ISSUER;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(every_endpoint_it_names_is_a_route),
        world_test(it_promises_what_is_there_and_no_more),
        world_test(every_grant_type_it_names_is_known_at_the_token_endpoint),
        world_test(it_lists_what_a_registration_may_name),
        world_test(s25_it_names_the_claims_that_we_tell_and_no_other),
        world_test(s25_it_names_the_scopes_that_tell_something),
        world_test(where_no_staff_come_it_names_nothing_of_theirs),
        world_test(public_clients_are_named_where_they_are_taken_and_only_there),
        world_test(every_algorithm_it_names_has_a_key_in_the_jwks),
        world_test(the_jwks_holds_public_keys_only),
        world_test(keys_of_card_codes_have_a_set_of_their_own),
        world_test(b13_keys_stand_in_the_order_in_which_they_are_needed),
        world_test(the_operators_pages_are_told_where_they_are_set),
        world_test(both_addresses_tell_the_same),
        world_test(another_issuer_is_told_another_document),
    };

    return world_run(tests);
}
