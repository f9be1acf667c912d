/* SPDX-License-Identifier: Apache-2.0 */
/* The token endpoint's door: CA-01, CA-02, CA-17 to CA-20, CA-27. */
#include "tests/world.h"

#include <string.h>

static void
assert_token_refused(struct world *w, const struct problem *problem)
{
    assert_refused(w, problem);
    assert_string_equal(w->answer.content_type, "application/json");
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
}

static void
ca_01_only_post_is_taken(void **state)
{
    static const char *const methods[] = { "GET", "PUT", "HEAD", "DELETE", "OPTIONS" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        world_send(
            w, &(struct world_call) { .method = methods[i],
                                      .target = "/oauth2/token?grant_type=client_credentials" });
        assert_int_equal(w->answer.status, 405);
        assert_string_equal(world_header(w, "Allow"), "POST");
    }
}

static void
ca_02_only_forms_are_taken(void **state)
{
    static const struct {
        const char *type;
        const char *body;
    } cases[] = {
        { "application/json", "{\"grant_type\":\"client_credentials\"}" },
        { "multipart/form-data; boundary=x", "--x--" },
        { "text/plain", "grant_type=client_credentials" },
        { "application/x-www-form-urlencodedx", "grant_type=client_credentials" },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_send(w, &(struct world_call) { .target = "/oauth2/token",
                                             .form = cases[i].body,
                                             .content_type = cases[i].type,
                                             .authorization = world_basic(w, "webhall") });
        assert_token_refused(w, &problem_body_type);
    }
}

static void
ca_17_a_grant_type_sent_twice_is_refused(void **state)
{
    struct world *w = *state;

    world_partner_post(w, "webhall", "/oauth2/token",
                       "grant_type=client_credentials&grant_type=client_credentials");
    assert_token_refused(w, &problem_parameter_repeated);
}

static void
the_grant_type_must_be_named(void **state)
{
    struct world *w = *state;

    world_partner_post(w, "webhall", "/oauth2/token", "scope=openid");
    assert_token_refused(w, &problem_grant_type_missing);
}

static void
ca_18_a_grant_the_partner_is_not_registered_for_is_refused(void **state)
{
    struct world *w = *state;

    world_partner_post(w, "hospital", "/oauth2/token", "grant_type=client_credentials");
    assert_token_refused(w, &problem_grant_type_not_allowed);
    world_partner_post(w, "legacy", "/oauth2/token", "grant_type=refresh_token&refresh_token=x");
    assert_token_refused(w, &problem_grant_type_not_allowed);
}

static void
ca_19_other_grants_are_not_supported(void **state)
{
    static const char *const types[] = {
        "password", "implicit", "Authorization_Code", "authorization_code%20",
        "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer"
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        world_partner_post(w, "webhall", "/oauth2/token",
                           "grant_type=%s&username=13800138000&password=x", types[i]);
        assert_token_refused(w, &problem_grant_type_unsupported);
    }
}

static void
ca_20_a_public_partner_gets_no_token_of_its_own(void **state)
{
    struct world *w = *state;

    world_partner_post(w, "spa", "/oauth2/token", "grant_type=client_credentials");
    assert_token_refused(w, &problem_grant_type_not_allowed);
}

static void
ca_27_no_other_origin_may_read_an_answer(void **state)
{
    struct world *w = *state;

    world_send(w, &(struct world_call) { .target = "/oauth2/token",
                                         .form = "grant_type=client_credentials",
                                         .authorization = world_basic(w, "webhall"),
                                         .origin = "https://evil.test" });
    assert_null(world_header(w, "Access-Control-Allow-Origin"));
    world_send(w, &(struct world_call) { .target = "/oauth2/token",
                                         .form = "grant_type=client_credentials"
                                                 "&client_assertion=eyJhbGciOiJFUzI1NiJ9."
                                                 "eyJhenAiOiJodHRwczovL2V2aWwudGVzdCJ9.AA",
                                         .origin = "https://evil.test" });
    assert_null(world_header(w, "Access-Control-Allow-Origin"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(ca_01_only_post_is_taken),
        world_test(ca_02_only_forms_are_taken),
        world_test(ca_17_a_grant_type_sent_twice_is_refused),
        world_test(the_grant_type_must_be_named),
        world_test(ca_18_a_grant_the_partner_is_not_registered_for_is_refused),
        world_test(ca_19_other_grants_are_not_supported),
        world_test(ca_20_a_public_partner_gets_no_token_of_its_own),
        world_test(ca_27_no_other_origin_may_read_an_answer),
    };

    return world_run(tests);
}
