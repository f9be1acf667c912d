/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in front of us, and what it brings: addresses, foreign headers, and whom it tells. */
#include "tests/server/kit.h"

#define HEAD " HTTP/1.1\r\nHost: a\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static void
assert_refusal_says(struct engine_kit *kit, const char *text, const char *const says[3])
{
    char *answer = kit_read_all(kit_ask(kit, text));

    for (size_t i = 0; i < 3; i++) {
        if (strstr(answer, says[i]) == NULL)
            fail_msg("%s is missing in: %s", says[i], answer);
    }
    free(answer);
}

/* A person sees a page with the request's number, a program what it reads everywhere else. */
static void
b2_a_refusal_at_the_gate_is_in_the_language_and_form_of_who_asked(void **state)
{
    struct engine_kit *kit = *state;

    kit_start(kit);
    assert_refusal_says(kit, "GET /%ff" HEAD "Accept-Language: en\r\n\r\n",
                        (const char *const[]) { "HTTP/1.1 400", "The request is not well-formed.",
                                                "id=\"request-id\"" });
    assert_refusal_says(kit, "GET /%ff" HEAD "\r\n",
                        (const char *const[]) { "<html lang=\"zh-CN\"", "请求格式不正确。",
                                                "href=\"/%ff?ui_locales=en\"" });
    assert_refusal_says(
        kit, "GET /x" HEAD "Cookie: a=\xc4; tongxing-lang=en\r\nOrigin: \xff\r\n\r\n",
        (const char *const[]) { "HTTP/1.1 400", "<html lang=\"en\"", "error-malformed" });
    assert_refusal_says(kit, "POST /form" HEAD FORM "Origin: \xff\r\nContent-Length: 0\r\n\r\n",
                        (const char *const[]) { "HTTP/1.1 400", "application/json",
                                                "\"error\":\"invalid_request\"" });
    assert_refusal_says(
        kit, "GET /inline" HEAD "Origin: \xff\r\n\r\n",
        (const char *const[]) { "HTTP/1.1 400", "text/plain", "The request is not well-formed." });
}

static void
b2_what_strangers_put_into_headers_shuts_nobody_out(void **state)
{
    struct engine_kit *kit = *state;

    kit_start(kit);
    assert_answered(kit,
                    "GET /inline HTTP/1.1\r\nHost: my_app\r\nCookie: n=\xd5\xc5\xc8\xfd; a=1\r\n"
                    "Cookie: b=2\r\nAuthorization: Digest username=\"\xd5\xc5\"\r\n"
                    "X_Real_Name: \xd5\xc5\r\nX-Forwarded-For: 9.9.9.9\r\n"
                    "X-Forwarded-For: 8.8.8.8\r\nVia: 1.1 \xd5\r\n\r\n",
                    "200", "inline");
}

static void
strangers_do_not_say_whose_request_they_bring(void **state)
{
    struct engine_kit *kit = *state;

    kit_start(kit);
    assert_answered(kit, "GET /address" HEAD "X-Forwarded-For: 198.51.100.7\r\n\r\n", "200",
                    "127.0.0.1");
}

static void
a_trusted_network_says_whose_request_it_brings(void **state)
{
    struct engine_kit *kit = *state;

    kit->settings.server.trusted_proxies = "10.0.0.0/8 127.0.0.0/8";
    kit_start(kit);
    assert_answered(kit, "GET /address" HEAD "X-Forwarded-For: 198.51.100.7:4711\r\n\r\n", "200",
                    "198.51.100.7");
    assert_answered(kit,
                    "GET /address" HEAD "X-Forwarded-For: 9.9.9.9\r\n"
                    "X-Forwarded-For: [2001:DB8::1]:80, 10.3.4.5\r\n\r\n",
                    "200", "2001:db8::1");
}

static void
a_listener_without_a_proxy_believes_no_one_of_whose_request_it_brings(void **state)
{
    struct engine_kit *kit = *state;

    kit->settings.server.trusted_proxies = "127.0.0.0/8";
    kit->config.direct = true;
    kit_start(kit);
    assert_answered(kit, "GET /address" HEAD "X-Forwarded-For: 198.51.100.7\r\n\r\n", "200",
                    "127.0.0.1");
}

static void
dj_12_whoever_comes_from_another_network_is_told_no_more_than_no(void **state)
{
    struct engine_kit *kit = *state;
    char *answer;

    kit->settings.server.trusted_proxies = "127.0.0.0/8";
    kit->config.networks = "10.0.0.0/8 2001:db8::/32";
    kit_start(kit);
    answer = kit_read_all(kit_ask(kit, "GET /work" HEAD "X-Forwarded-For: 10.0.0.1\r\n\r\n"));
    assert_status_line(answer, "403");
    assert_non_null(strstr(answer, "Content-Type: text/plain"));
    assert_non_null(strstr(answer, problem_network_refused.sentences[LANGUAGE_EN]));
    assert_non_null(strstr(answer, "Connection: close"));
    free(answer);
    /* Nothing that it says is looked at: neither another Host nor what is malformed. */
    assert_answered(kit, "GET /%ff" HEAD "\r\n", "403", NULL);
    assert_answered(kit, "POST /form" HEAD "Content-Length: 3\r\n\r\na=1", "403", NULL);
    assert_int_equal(kit_work_runs, 0);
}

static void
dj_12_whoever_comes_from_a_network_that_may_is_let_in(void **state)
{
    struct engine_kit *kit = *state;

    kit->config.networks = "10.0.0.0/8 127.0.0.1";
    kit_start(kit);
    assert_answered(kit, "GET /inline" HEAD "\r\n", "200", "inline");
}

static void
s9_under_an_issuers_path_refusals_have_the_form_of_the_route_too(void **state)
{
    struct engine_kit *kit = *state;
    char *answer;
    int fd;

    kit->settings.server.issuer_path = "/auth";
    kit->settings.server.request_deadline_s = 1;
    kit_start(kit);
    assert_answered(kit, "GET /auth/inline" HEAD "\r\n", "200", "inline");
    assert_answered(kit, "GET /inline" HEAD "\r\n", "404", NULL);
    assert_refusal_says(kit,
                        "POST /auth/form" HEAD FORM "Origin: \xff\r\nContent-Length: 0\r\n\r\n",
                        (const char *const[]) { "HTTP/1.1 400", "application/json", "error" });
    fd = kit_ask(kit, "GET /auth/slow" HEAD "\r\n");
    sem_wait(&kit_entered);
    answer = kit_read_all(fd);
    sem_post(&kit_released);
    assert_status_line(answer, "503");
    assert_non_null(strstr(answer, "application/json"));
    free(answer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(b2_a_refusal_at_the_gate_is_in_the_language_and_form_of_who_asked),
        in_kit(b2_what_strangers_put_into_headers_shuts_nobody_out),
        in_kit(strangers_do_not_say_whose_request_they_bring),
        in_kit(a_trusted_network_says_whose_request_it_brings),
        in_kit(a_listener_without_a_proxy_believes_no_one_of_whose_request_it_brings),
        in_kit(dj_12_whoever_comes_from_another_network_is_told_no_more_than_no),
        in_kit(dj_12_whoever_comes_from_a_network_that_may_is_let_in),
        in_kit(s9_under_an_issuers_path_refusals_have_the_form_of_the_route_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
