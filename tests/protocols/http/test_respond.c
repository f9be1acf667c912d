/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/http/kit.h"

static void
json_is_not_kept_by_anybody(void **state)
{
    struct http_kit *kit = *state;
    struct buf json = buf_new(kit->arena, 16);

    buf_text(&json, "{}");
    assert_null(respond_json(&kit->rq, 201, &json));
    assert_int_equal(kit->rq.response.status, 201);
    assert_header(kit, "Content-Type", "application/json");
    assert_header(kit, "Cache-Control", "no-store");
    assert_body(kit, "{}");
}

static void
a_redirect_is_a_303(void **state)
{
    struct http_kit *kit = *state;

    assert_null(respond_redirect(&kit->rq, "https://partner.example/cb?code=x"));
    assert_int_equal(kit->rq.response.status, 303);
    assert_header(kit, "Location", "https://partner.example/cb?code=x");
    assert_int_equal(kit->rq.response.body.size, 0);
}

static void
ht_11_a_header_with_a_line_break_becomes_a_500(void **state)
{
    static const char *const bad[] = { "/x\r\nSet-Cookie: a=b", "/x\n", "/x\r", "\x1b[31m",
                                       "\x7f" };
    struct http_kit *kit = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        respond_again(&kit->rq);
        respond_redirect(&kit->rq, bad[i]);
        respond_finish(&kit->rq);
        assert_int_equal(kit->rq.response.status, 500);
        assert_null(response_header(&kit->rq.response, "Location"));
        assert_header(kit, "X-Content-Type-Options", "nosniff");
    }
}

static void
more_headers_than_there_is_room_for_become_a_500(void **state)
{
    struct http_kit *kit = *state;

    for (int i = 0; i <= RESPONSE_MAX_HEADERS; i++)
        respond_header(&kit->rq, "X-Many", "1");
    respond_empty(&kit->rq, 200);
    respond_finish(&kit->rq);
    assert_int_equal(kit->rq.response.status, 500);
}

static void
an_oauth_refusal_is_the_json_of_rfc_6749(void **state)
{
    struct http_kit *kit = *state;

    respond_problem_oauth(&kit->rq, &problem_code_missing);
    assert_int_equal(kit->rq.response.status, 400);
    assert_header(kit, "Content-Type", "application/json");
    assert_header(kit, "Cache-Control", "no-store");
    assert_body(kit, "{\"error\":\"invalid_request\",\"error_description\":\"code is missing.\"}");
    assert_null(response_header(&kit->rq.response, "WWW-Authenticate"));
}

static void
a_401_asks_for_basic_unless_credentials_came_in_the_form(void **state)
{
    struct http_kit *kit = *state;

    respond_problem_oauth(&kit->rq, &problem_client_unauthenticated);
    assert_header(kit, "WWW-Authenticate", "Basic realm=\"tongxing\"");
    respond_again(&kit->rq);
    kit->rq.method = "POST";
    kit->rq.form = kit_params(kit, "client_secret=x");
    respond_problem_oauth(&kit->rq, &problem_client_unauthenticated);
    assert_null(response_header(&kit->rq.response, "WWW-Authenticate"));
    respond_again(&kit->rq);
    kit->rq.headers.authorization = "Basic x";
    respond_problem_oauth(&kit->rq, &problem_client_unauthenticated);
    assert_header(kit, "WWW-Authenticate", "Basic realm=\"tongxing\"");
}

static void
a_bearer_refusal_names_the_error_only_when_a_token_was_sent(void **state)
{
    struct http_kit *kit = *state;

    respond_problem_bearer(&kit->rq, &problem_bearer_missing);
    assert_int_equal(kit->rq.response.status, 401);
    assert_header(kit, "WWW-Authenticate", "Bearer realm=\"tongxing\"");
    respond_again(&kit->rq);
    respond_problem_bearer(&kit->rq, &problem_bearer_scope);
    assert_int_equal(kit->rq.response.status, 403);
    assert_header(kit, "WWW-Authenticate",
                  "Bearer error=\"insufficient_scope\", "
                  "error_description=\"The access token lacks the scope openid.\"");
    respond_again(&kit->rq); /* the token is good: what it was sent for is not there */
    respond_problem_bearer(&kit->rq, &problem_qr_over);
    assert_int_equal(kit->rq.response.status, 410);
    assert_null(response_header(&kit->rq.response, "WWW-Authenticate"));
}

static void
who_must_wait_is_told_how_long(void **state)
{
    struct http_kit *kit = *state;

    respond_problem_oauth(&kit->rq, &problem_try_again);
    assert_header(kit, "Retry-After", "2");
    respond_again(&kit->rq);
    respond_problem_text(&kit->rq, &problem_bank_limit);
    assert_header(kit, "Retry-After", "60");
    respond_again(&kit->rq);
    respond_problem_text(&kit->rq, &problem_malformed);
    assert_null(response_header(&kit->rq.response, "Retry-After"));
}

static void
every_answer_carries_the_security_headers(void **state)
{
    struct http_kit *kit = *state;

    respond_empty(&kit->rq, 200);
    respond_finish(&kit->rq);
    assert_header(kit, "X-Content-Type-Options", "nosniff");
    assert_header(kit, "Referrer-Policy", "no-referrer");
    assert_header(kit, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    assert_null(response_header(&kit->rq.response, "Content-Security-Policy"));
}

static void
plain_http_promises_no_transport_security(void **state)
{
    struct http_kit *kit = *state;

    kit->settings.server.issuer_is_https = false;
    respond_empty(&kit->rq, 200);
    respond_finish(&kit->rq);
    assert_null(response_header(&kit->rq.response, "Strict-Transport-Security"));
}

static void
a_page_is_framed_by_nobody_and_runs_no_script(void **state)
{
    struct http_kit *kit = *state;

    respond_text(&kit->rq, 200, "text/html; charset=utf-8", bytes_of_text("<p>"));
    respond_finish(&kit->rq);
    assert_header(kit, "X-Frame-Options", "DENY");
    assert_header(kit, "Cache-Control", "no-store");
    assert_non_null(strstr(response_header(&kit->rq.response, "Content-Security-Policy"),
                           "default-src 'none'"));
    assert_non_null(strstr(response_header(&kit->rq.response, "Content-Security-Policy"),
                           "frame-ancestors 'none'"));
}

static void
a_page_with_a_policy_of_its_own_keeps_it(void **state)
{
    struct http_kit *kit = *state;
    size_t policies = 0;

    respond_header(&kit->rq, "Content-Security-Policy", "default-src 'none'");
    respond_text(&kit->rq, 200, "text/html", bytes_of_text("<p>"));
    respond_finish(&kit->rq);
    assert_header(kit, "Content-Security-Policy", "default-src 'none'");
    for (size_t i = 0; i < kit->rq.response.header_count; i++)
        policies += strcmp(kit->rq.response.headers[i].name, "Content-Security-Policy") == 0;
    assert_int_equal(policies, 1);
}

static void
what_was_posted_is_asked_again_by_get(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.path = "/oidc/logout";
    kit->rq.form = kit_params(kit, "a=1%262&b=%E5%BC%A0&c=");
    assert_true(respond_by_get(&kit->rq));
    assert_int_equal(kit->rq.response.status, 303);
    assert_header(kit, "Location", "/oidc/logout?a=1%262&b=%E5%BC%A0&c=");
}

static void
s9_what_leads_to_our_own_pages_leads_under_the_issuers_path(void **state)
{
    struct http_kit *kit = *state;

    kit->settings.server.issuer_path = "/auth";
    respond_redirect(&kit->rq, "/login?tx=a");
    assert_header(kit, "Location", "/auth/login?tx=a");
    respond_again(&kit->rq);
    respond_redirect(&kit->rq, "https://partner.example/cb");
    assert_header(kit, "Location", "https://partner.example/cb");
    respond_again(&kit->rq);
    kit->rq.path = "/oidc/logout";
    kit->rq.form = kit_params(kit, "a=1");
    assert_true(respond_by_get(&kit->rq));
    assert_header(kit, "Location", "/auth/oidc/logout?a=1");
}

static void
assert_longest_link(struct http_kit *kit, char *text, size_t room)
{
    memset(text, 'a', room);
    text[room] = '\0';
    respond_again(&kit->rq);
    assert_true(respond_by_get(&kit->rq));
    assert_int_equal(strlen(response_header(&kit->rq.response, "Location")),
                     REQUEST_TARGET_MAX_BYTES);
    respond_again(&kit->rq);
    text[room] = 'a';
    text[room + 1] = '\0';
    assert_false(respond_by_get(&kit->rq));
    assert_int_equal(kit->rq.response.status, 0);
}

/* The longest link that the gate takes, and one character more; a quote is three in a link. */
static void
a_link_longer_than_the_gate_takes_is_not_made(void **state)
{
    struct http_kit *kit = *state;
    size_t room = REQUEST_TARGET_MAX_BYTES - strlen("/x?a=");
    char *text = arena_alloc(kit->arena, room + 2);

    kit->rq.path = "/x";
    kit->rq.form = (struct params) { 1, (const char *[]) { "a" }, (const char *[]) { text } };
    assert_longest_link(kit, text, room);
    kit->settings.server.issuer_path = "/auth";
    assert_longest_link(kit, text, room - strlen("/auth"));
    text[room / 2] = '\0';
    memset(text, '"', room / 2);
    assert_false(respond_by_get(&kit->rq));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(json_is_not_kept_by_anybody),
        in_kit(a_redirect_is_a_303),
        in_kit(ht_11_a_header_with_a_line_break_becomes_a_500),
        in_kit(more_headers_than_there_is_room_for_become_a_500),
        in_kit(an_oauth_refusal_is_the_json_of_rfc_6749),
        in_kit(a_401_asks_for_basic_unless_credentials_came_in_the_form),
        in_kit(a_bearer_refusal_names_the_error_only_when_a_token_was_sent),
        in_kit(who_must_wait_is_told_how_long),
        in_kit(every_answer_carries_the_security_headers),
        in_kit(plain_http_promises_no_transport_security),
        in_kit(a_page_is_framed_by_nobody_and_runs_no_script),
        in_kit(a_page_with_a_policy_of_its_own_keeps_it),
        in_kit(s9_what_leads_to_our_own_pages_leads_under_the_issuers_path),
        in_kit(what_was_posted_is_asked_again_by_get),
        in_kit(a_link_longer_than_the_gate_takes_is_not_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
