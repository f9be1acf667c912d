/* SPDX-License-Identifier: Apache-2.0 */
/* What goes over the wire for an answer. */
#include "tests/server/kit.h"

#define HEAD " HTTP/1.1\r\nHost: a\r\n"
#define CLOSING "Connection: close\r\n"

/* The answer to the request, over a connection of its own. The caller frees it. */
static char *
answer_to(struct engine_kit *kit, const char *text)
{
    int fd = kit_ask(kit, text);
    char *answer = kit_read_one(fd);

    close(fd);
    return answer;
}

static void
assert_tells(struct engine_kit *kit, const char *text, const char *status, const char *part)
{
    char *answer = answer_to(kit, text);

    assert_status_line(answer, status);
    if (strstr(answer, part) == NULL)
        fail_msg("no %s in: %s", part, answer);
    free(answer);
}

static void
an_answer_carries_its_headers_body_and_request_id(void **state)
{
    struct engine_kit *kit = *state;

    kit_start(kit);
    assert_tells(kit, "GET /work" HEAD "\r\n", "200", "Content-Type: text/plain\r\n");
    assert_tells(kit, "GET /work" HEAD "\r\n", "200", "X-Content-Type-Options: nosniff\r\n");
    assert_tells(kit, "GET /work" HEAD "\r\n", "200", "X-Request-Id: ");
    assert_tells(kit, "GET /work" HEAD "\r\n", "200", "\r\n\r\nworked");
}

static void
a_prepared_answer_carries_the_same_security_headers_and_no_request_id(void **state)
{
    struct engine_kit *kit = *state;
    char *answer;

    kit_start(kit);
    answer = answer_to(kit, "GET /doc" HEAD "\r\n");
    assert_status_line(answer, "200");
    assert_non_null(strstr(answer, "Content-Type: text/css\r\n"));
    assert_non_null(strstr(answer, "Cache-Control: public\r\n"));
    assert_non_null(strstr(answer, "Access-Control-Allow-Origin: *\r\n"));
    assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff\r\n"));
    assert_non_null(strstr(answer, "\r\n\r\nbody { }"));
    assert_null(strstr(answer, "X-Request-Id"));
    free(answer);
}

static void
who_has_a_prepared_answer_already_is_told_304_without_a_body(void **state)
{
    struct engine_kit *kit = *state;
    char request[256];
    char *answer;

    kit_start(kit);
    snprintf(request, sizeof(request), "GET /doc" HEAD "If-None-Match: %s\r\n\r\n",
             kit_document->etag);
    for (int i = 0; i < 2; i++) {
        answer = answer_to(kit, request);
        assert_status_line(answer, "304");
        assert_non_null(strstr(answer, kit_document->etag));
        assert_null(strstr(answer, "body { }"));
        free(answer);
    }
}

static void
a_new_version_takes_the_place_of_the_old(void **state)
{
    const struct document *before = kit_document;
    struct engine_kit *kit = *state;

    kit_start(kit);
    assert_tells(kit, "GET /doc" HEAD "\r\n", "200", "\r\n\r\nbody { }");
    kit_document = document_new("text/css", "public", false, bytes_of_text("p { }"));
    assert_tells(kit, "GET /doc" HEAD "\r\n", "200", "\r\n\r\np { }");
    kit_document = before;
}

/* HTTP/1.1 clients that ask for it are told so, for prepared answers too. */
static void
a_connection_that_is_to_end_ends_behind_the_answer(void **state)
{
    static const char *const requests[] = { "GET /work" HEAD CLOSING "\r\n",
                                            "GET /doc" HEAD CLOSING "\r\n" };
    struct engine_kit *kit = *state;

    kit_start(kit);
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        char *answer = kit_read_all(kit_ask(kit, requests[i]));

        assert_status_line(answer, "200");
        assert_non_null(strstr(answer, "Connection: close\r\n"));
        free(answer);
    }
}

/* Only the head: a body would be taken for the next answer. */
static void
head_is_answered_without_a_body(void **state)
{
    static const char *const requests[] = { "HEAD /work" HEAD CLOSING "\r\n",
                                            "HEAD /doc" HEAD CLOSING "\r\n" };
    struct engine_kit *kit = *state;

    kit_start(kit);
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        char *answer = kit_read_all(kit_ask(kit, requests[i]));
        const char *end = strstr(answer, "\r\n\r\n");

        assert_status_line(answer, "200");
        assert_non_null(strstr(answer, "Content-Length: "));
        assert_non_null(end);
        assert_string_equal(end, "\r\n\r\n");
        free(answer);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(an_answer_carries_its_headers_body_and_request_id),
        in_kit(a_prepared_answer_carries_the_same_security_headers_and_no_request_id),
        in_kit(who_has_a_prepared_answer_already_is_told_304_without_a_body),
        in_kit(a_new_version_takes_the_place_of_the_old),
        in_kit(a_connection_that_is_to_end_ends_behind_the_answer),
        in_kit(head_is_answered_without_a_body),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
