/* SPDX-License-Identifier: Apache-2.0 */
/* response_type, response_mode, request objects, state and nonce: AZ-17, AZ-19, CD-19. */
#include "tests/world.h"

#include <string.h>

static void
ask(struct world *w, const char *partner_id, const char *redirect_uri, const char *parameters)
{
    world_audit_mark(w);
    world_get(w, arena_printf(w->arena,
                              "/oauth2/authorize?client_id=%s&redirect_uri=%s&scope=openid"
                              "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256%s",
                              partner_id, world_url(w, redirect_uri), parameters));
}

static void
assert_sent_back(struct world *w, const struct problem *problem, const char *reason)
{
    assert_refused_by_redirect(w, "webhall", problem);
    assert_audited(w, AUDIT_AUTHZ_REJECTED, reason);
}

static void
az_17_only_the_code_flow_is_served(void **state)
{
    static const char *const types[] = { "token",           "id_token%20token", "id_token", "none",
                                         "code%20id_token", "code%20",          "CODE" };
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        int64_t rows = world_rows(w);

        ask(w, "webhall", "https://app.example/cb",
            arena_printf(w->arena, "&state=s&response_type=%s", types[i]));
        assert_sent_back(w, &problem_response_type_unsupported, "response_type");
        assert_string_equal(world_location_param(w, "state"), "s");
        assert_null(strchr(world_header(w, "Location"), '#'));
        assert_int_equal(world_rows(w), rows);
    }
}

static void
the_response_type_must_be_named(void **state)
{
    struct world *w = *state;

    ask(w, "webhall", "https://app.example/cb", "");
    assert_sent_back(w, &problem_response_type_missing, "response_type");
}

static void
a_partner_without_the_code_grant_gets_no_codes(void **state)
{
    struct world *w = *state;

    world_partners(w, "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"W\","
                      "\"redirect_uris\":[\"https://app.example/cb\"],"
                      "\"grant_types\":[\"client_credentials\"]}]}");
    ask(w, "webhall", "https://app.example/cb", "&response_type=code");
    assert_sent_back(w, &problem_response_type_not_allowed, "response_type");
}

static void
az_19_a_response_mode_that_is_not_the_partners_is_refused(void **state)
{
    static const char *const modes[] = { "form_post", "form_post.jwt", "fragment",
                                         "query.jwt", "web_message",   "x" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        ask(w, "webhall", "https://app.example/cb",
            arena_printf(w->arena, "&response_type=code&response_mode=%s", modes[i]));
        assert_sent_back(w, &problem_response_mode_unsupported, "response_mode");
    }
}

static void
a_page_without_a_server_gets_its_answer_behind_a_hash(void **state)
{
    static const char answer[] = "https://spa.example/cb#code=";
    static const char refusal[] =
        "https://spa.example/cb#error=consent_required&error_description=";
    struct world *w = *state;
    const char *location;

    world_log_in(w, 0);
    ask(w, "spa", "https://spa.example/cb",
        "&response_type=code&response_mode=fragment&prompt=none&state=a%20b%23c");
    location = world_header(w, "Location");
    assert_int_equal(w->answer.status, 303);
    assert_memory_equal(location, refusal, sizeof(refusal) - 1);
    assert_non_null(strstr(location, "&state=a%20b%23c&iss=https%3A%2F%2Fid.example"));
    world_consent(w, 0, "spa", "openid");
    ask(w, "spa", "https://spa.example/cb", "&response_type=code&response_mode=fragment&state=s");
    location = world_header(w, "Location");
    assert_memory_equal(location, answer, sizeof(answer) - 1);
    assert_non_null(strstr(location, "&state=s&iss=https%3A%2F%2Fid.example"));
    assert_null(strchr(location, '?'));
    assert_null(strchr(strchr(location, '#') + 1, '#'));
}

static void
a_registered_fragment_goes_behind_the_query_of_the_address(void **state)
{
    static const char target[] = "https://app.example/cb?tenant=1#code=";
    struct world *w = *state;

    world_partners(w, "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"W\","
                      "\"redirect_uris\":[\"https://app.example/cb?tenant=1\"],"
                      "\"response_modes\":[\"fragment\"],\"consent\":\"implied\"}]}");
    world_log_in(w, 0);
    ask(w, "webhall", "https://app.example/cb?tenant=1",
        "&response_type=code&response_mode=fragment");
    assert_memory_equal(world_header(w, "Location"), target, sizeof(target) - 1);
}

static void
a_partner_registered_for_form_post_gets_a_page_that_posts(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "legacy", "openid");
    ask(w, "legacy", "https://legacy.example/cb",
        "&response_type=code&response_mode=form_post&state=s");
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_hidden(w, "code"));
    assert_string_equal(world_hidden(w, "state"), "s");
    assert_string_equal(world_hidden(w, "iss"), WORLD_ISSUER);
    assert_null(world_header(w, "Location"));
}

static void
what_is_not_understood_is_refused_rather_than_ignored(void **state)
{
    static const struct {
        const char *parameter;
        const struct problem *problem;
    } cases[] = {
        { "request=a.b.c", &problem_request_object_unsupported },
        { "request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Ax",
          &problem_request_uri_unsupported },
        { "registration=%7B%7D", &problem_registration_unsupported },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ask(w, "webhall", "https://app.example/cb",
            arena_printf(w->arena, "&response_type=code&%s", cases[i].parameter));
        assert_sent_back(w, cases[i].problem, "request_object");
    }
}

static const char *
repeated(struct world *w, size_t size)
{
    char *text = arena_alloc(w->arena, size + 1);

    memset(text, 'n', size);
    return text;
}

static const char *
object_of(struct world *w, const char *claims)
{
    return arena_printf(w->arena, "&response_type=code&state=beside&request=%s.%s.",
                        base64url_encode(w->arena, bytes_of_text("{\"alg\":\"none\"}")),
                        base64url_encode(w->arena, bytes_of_text(claims)));
}

/* The official form-post plan asks so, with nothing beside the object. */
static void
s26_the_refusal_of_a_request_object_goes_the_way_that_it_says(void **state)
{
    struct world *w = *state;

    ask(w, "legacy", "https://legacy.example/cb",
        object_of(w, "{\"state\":\"inside\",\"response_mode\":\"form_post\"}"));
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_hidden(w, "error"), "request_not_supported");
    assert_string_equal(world_hidden(w, "state"), "inside");
    assert_string_equal(world_hidden(w, "iss"), WORLD_ISSUER);
}

static void
s26_what_cannot_be_read_of_an_object_is_as_if_it_were_not_there(void **state)
{
    struct world *w = *state;
    const char *const cases[] = {
        object_of(w, "{\"response_mode\":\"form_post\"}"), /* not of this partner */
        object_of(w, "{\"state\":7,\"response_mode\":{}}"),
        object_of(w, "[\"state\"]"),
        object_of(w, "nonsense"),
        object_of(w, "{\"state\":\"\\u0000\"}"),
        object_of(w, arena_printf(w->arena, "{\"state\":\"%s\"}", repeated(w, 4097))),
        "&response_type=code&state=beside&request=x",
        "&response_type=code&state=beside&request=x.",
        "&response_type=code&state=beside&request=..",
        "&response_type=code&state=beside&request=x.!!.x",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ask(w, "webhall", "https://app.example/cb", cases[i]);
        assert_sent_back(w, &problem_request_object_unsupported, "request_object");
        assert_string_equal(world_location_param(w, "state"), "beside");
    }
}

static void
cd_19_a_nonce_beyond_1024_bytes_is_refused(void **state)
{
    struct world *w = *state;

    ask(w, "webhall", "https://app.example/cb",
        arena_printf(w->arena, "&response_type=code&nonce=%s", repeated(w, 4096)));
    assert_sent_back(w, &problem_nonce_too_long, "bounds");
    ask(w, "webhall", "https://app.example/cb",
        arena_printf(w->arena, "&response_type=code&nonce=%s", repeated(w, 1025)));
    assert_sent_back(w, &problem_nonce_too_long, "bounds");
    ask(w, "webhall", "https://app.example/cb",
        arena_printf(w->arena, "&response_type=code&prompt=none&nonce=%s", repeated(w, 1024)));
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
}

static void
a_state_beyond_4096_bytes_is_refused_and_not_sent_back(void **state)
{
    struct world *w = *state;

    ask(w, "webhall", "https://app.example/cb",
        arena_printf(w->arena, "&response_type=code&state=%s", repeated(w, 4097)));
    assert_sent_back(w, &problem_state_too_long, "bounds");
    assert_null(world_location_param(w, "state"));
    ask(w, "webhall", "https://app.example/cb",
        arena_printf(w->arena, "&response_type=code&prompt=none&state=%s", repeated(w, 4096)));
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
    assert_string_equal(world_location_param(w, "state"), repeated(w, 4096));
}

static void
state_comes_back_byte_for_byte(void **state)
{
    static const char odd[] = "a b&c=d#e?f%2B\"<>'/\\\xe4\xb8\xad\r\n";
    struct world *w = *state;

    ask(w, "webhall", "https://app.example/cb",
        arena_printf(w->arena, "&response_type=code&prompt=none&state=%s", world_url(w, odd)));
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
    assert_string_equal(world_location_param(w, "state"), odd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(az_17_only_the_code_flow_is_served),
        world_test(the_response_type_must_be_named),
        world_test(a_partner_without_the_code_grant_gets_no_codes),
        world_test(az_19_a_response_mode_that_is_not_the_partners_is_refused),
        world_test(a_page_without_a_server_gets_its_answer_behind_a_hash),
        world_test(a_registered_fragment_goes_behind_the_query_of_the_address),
        world_test(a_partner_registered_for_form_post_gets_a_page_that_posts),
        world_test(what_is_not_understood_is_refused_rather_than_ignored),
        world_test(s26_the_refusal_of_a_request_object_goes_the_way_that_it_says),
        world_test(s26_what_cannot_be_read_of_an_object_is_as_if_it_were_not_there),
        world_test(cd_19_a_nonce_beyond_1024_bytes_is_refused),
        world_test(a_state_beyond_4096_bytes_is_refused_and_not_sent_back),
        world_test(state_comes_back_byte_for_byte),
    };

    return world_run(tests);
}
