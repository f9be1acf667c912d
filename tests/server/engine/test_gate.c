/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/engine/gate_kit.h"

static void
a_plain_request_is_let_in_and_taken_apart(void **state)
{
    struct door *door = *state;

    begin(door, "POST", "/a/%e4%ba%ba?x=1&y=%20");
    header(door, "Content-Length", "12");
    header(door, "cookie", "a=b");
    header(door, "X-Forwarded-For", "192.0.2.1");
    header(door, "X-Other", "\xe4\xba\xba\t");
    assert_null(knock(door));
    assert_string_equal(door->out.path, "/a/\xe4\xba\xba");
    assert_string_equal(params_find(&door->out.query, "y"), " ");
    assert_string_equal(door->out.headers.host, "id.example.cn");
    assert_string_equal(door->out.headers.cookie, "a=b");
    assert_string_equal(door->out.forwarded_for, "192.0.2.1");
    assert_int_equal(door->out.content_length, 12);
    assert_false(door->out.chunked);
    assert_null(door->out.headers.origin);
}

static void
ht_01_a_body_has_one_length_said_in_one_way(void **state)
{
    static const struct {
        const char *length[2];
        const char *encoding;
        const struct problem *problem;
    } cases[] = {
        { { "3", "3" }, NULL, &problem_malformed },
        { { "3", "5" }, NULL, &problem_malformed },
        { { "3" }, "chunked", &problem_malformed },
        { { NULL }, "xchunked", &problem_malformed },
        { { NULL }, "identity", &problem_malformed },
        { { NULL }, "gzip, chunked", &problem_malformed },
        { { "+3" }, NULL, &problem_malformed },
        { { "-1" }, NULL, &problem_malformed },
        { { "3, 3" }, NULL, &problem_malformed },
        { { "0x3" }, NULL, &problem_malformed },
        { { "99999999999999999999" }, NULL, &problem_malformed },
        { { "65537" }, NULL, &problem_body_too_large },
        { { "65536" }, NULL, NULL },
        { { NULL }, "Chunked", NULL },
        { { NULL }, NULL, NULL },
    };
    struct door *door = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(door, "POST", "/");
        for (size_t j = 0; j < 2 && cases[i].length[j] != NULL; j++)
            header(door, "Content-Length", cases[i].length[j]);
        if (cases[i].encoding != NULL)
            header(door, "Transfer-Encoding", cases[i].encoding);
        assert_ptr_equal(knock(door), cases[i].problem);
    }
}

static void
ht_01_two_transfer_encodings_or_one_in_http_1_0_are_refused(void **state)
{
    struct door *door = *state;

    begin(door, "POST", "/");
    header(door, "Transfer-Encoding", "chunked");
    header(door, "Transfer-Encoding", "chunked");
    assert_ptr_equal(knock(door), &problem_malformed);
    begin(door, "POST", "/");
    door->in.version = "HTTP/1.0";
    header(door, "Transfer-Encoding", "chunked");
    assert_ptr_equal(knock(door), &problem_malformed);
}

static void
a_body_of_get_and_head_is_refused(void **state)
{
    static const char *const methods[] = { "GET", "HEAD", "DELETE" };
    struct door *door = *state;

    for (size_t i = 0; i < 2; i++) {
        begin(door, methods[i], "/");
        header(door, "Content-Length", "1");
        assert_ptr_equal(knock(door), &problem_malformed);
        begin(door, methods[i], "/");
        header(door, "Transfer-Encoding", "chunked");
        assert_ptr_equal(knock(door), &problem_malformed);
        begin(door, methods[i], "/");
        header(door, "Content-Length", "0");
        assert_null(knock(door));
    }
}

static void
ht_02_a_header_name_is_a_token_and_none_only_looks_like_the_framing(void **state)
{
    static const char *const bad[] = { "Content-Length ",
                                       " X",
                                       "X\tY",
                                       "X:Y",
                                       "",
                                       "X\xe4",
                                       "X(",
                                       "Content_Length",
                                       "ContentLength",
                                       "Transfer_Encoding",
                                       "transfer.encoding",
                                       "Transfer--Encoding" };
    struct door *door = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_ptr_equal(knock_header(door, bad[i], "1"), &problem_malformed);
    begin(door, "GET", "/");
    door->headers[door->in.header_count++] = (struct gate_header) { "X\0Y", 3, "1", 1 };
    assert_ptr_equal(knock(door), &problem_malformed);
}

static void
ht_03_too_many_or_too_large_headers_are_431(void **state)
{
    struct door *door = *state;
    char *large = calloc(1, GATE_MAX_HEADER_BYTES + 1);

    begin(door, "GET", "/");
    while (door->in.header_count < GATE_MAX_HEADERS)
        header(door, "X-Many", "1");
    assert_null(knock(door));
    door->in.header_count = 1000;
    assert_ptr_equal(knock(door), &problem_headers_too_large);
    memset(large, 'x', GATE_MAX_HEADER_BYTES);
    assert_ptr_equal(knock_header(door, "X-Large", large), &problem_headers_too_large);
    free(large);
}

static void
ht_07_a_nul_in_path_or_query_is_400(void **state)
{
    assert_ptr_equal(knock_target(*state, "/a%00b"), &problem_malformed);
    assert_ptr_equal(knock_target(*state, "/a?b=%00"), &problem_malformed);
}

static void
a_target_that_is_not_clean_is_400(void **state)
{
    static const char *const bad[] = { "/a%zz",
                                       "/%",
                                       "/a%ff",
                                       "/a\x01",
                                       "/a b",
                                       "/\xe4\xba\xba",
                                       "/a#b",
                                       "/a%0d%0ab",
                                       "/a%5cb",
                                       "/a%7fb",
                                       "/a%1fb",
                                       "/x/..%2fadmin",
                                       "/%2F",
                                       "/a?b=%zz",
                                       "",
                                       "*",
                                       "a",
                                       "ftp://id.example.cn/",
                                       "http://id.example.cn",
                                       "//%2f" };
    struct door *door = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_ptr_equal(knock_target(door, bad[i]), &problem_malformed);
}

static void
an_address_over_12_kilobytes_is_414(void **state)
{
    char *target = calloc(1, GATE_MAX_TARGET_BYTES + 2);

    memset(target, '/', GATE_MAX_TARGET_BYTES);
    assert_null(knock_target(*state, target));
    target[GATE_MAX_TARGET_BYTES] = '/';
    assert_ptr_equal(knock_target(*state, target), &problem_address_too_long);
    free(target);
}

static void
ht_10_a_method_that_nobody_knows_is_501(void **state)
{
    static const struct {
        const char *method;
        const struct problem *problem;
    } cases[] = {
        { "GET", NULL },
        { "HEAD", NULL },
        { "POST", NULL },
        { "TRACE", NULL }, /* the table of routes says which it takes */
        { "OPTIONS", NULL },
        { "CONNECT", NULL },
        { "DELETE", NULL },
        { "PUT", NULL },
        { "BREW", &problem_method_unknown },
        { "get", &problem_method_unknown },
        { "", &problem_method_unknown },
    };
    struct door *door = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(door, cases[i].method, "/");
        header(door, "X-HTTP-Method-Override", "DELETE");
        assert_ptr_equal(knock(door), cases[i].problem);
    }
}

static void
ht_16_there_is_one_host_and_the_request_line_agrees(void **state)
{
    struct door *door = *state;

    begin(door, "GET", "/");
    door->in.header_count = 0;
    assert_ptr_equal(knock(door), &problem_malformed);
    door->in.version = "HTTP/1.0";
    assert_null(knock(door));
    begin(door, "GET", "/");
    header(door, "Host", "id.example.cn");
    assert_ptr_equal(knock(door), &problem_malformed);
    assert_ptr_equal(knock_target(door, "http://other.example/"), &problem_malformed);
    assert_ptr_equal(knock_target(door, "http://id.example.cn@evil/"), &problem_malformed);
    assert_null(knock_target(door, "HTTP://ID.example.cn/a?b=1"));
    assert_string_equal(door->out.path, "/a");
}

static const struct problem *
knock_host(struct door *door, const char *host)
{
    begin(door, "GET", "/");
    door->in.header_count = 0;
    header(door, "Host", host);
    return knock(door);
}

static void
a_host_with_foreign_characters_is_refused(void **state)
{
    static const char *const bad[] = { "a b", "a/b", "a@b", "a\"b", "a,b", "a?b", "a#b", "a\\b" };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_ptr_equal(knock_host(*state, bad[i]), &problem_malformed);
}

static void
b2_a_host_may_be_odd(void **state)
{
    static const char *const odd[] = { "my_app",   "id.example.cn.", "ID.EXAMPLE.CN:443", "",
                                       "[::1]:80", "10.0.0.1:9443",  "xn--fiq228c.cn",    "a~b",
                                       "id.cn:",   "%e4%ba%ba.cn",   "tongxing-0.svc" };

    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        assert_null(knock_host(*state, odd[i]));
}

static void
ht_17_other_versions_are_refused(void **state)
{
    static const char *const bad[] = { "", "HTTP/0.9", "HTTP/2.0", "HTTP/1.2", "http/1.1" };
    struct door *door = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        begin(door, "GET", "/");
        door->in.version = bad[i];
        assert_ptr_equal(knock(door), &problem_malformed);
    }
}

static void
ht_09_only_100_continue_can_be_expected(void **state)
{
    assert_null(knock_header(*state, "Expect", "100-Continue"));
    assert_ptr_equal(knock_header(*state, "Expect", "200-ok"), &problem_malformed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        at_door(a_plain_request_is_let_in_and_taken_apart),
        at_door(ht_01_a_body_has_one_length_said_in_one_way),
        at_door(ht_01_two_transfer_encodings_or_one_in_http_1_0_are_refused),
        at_door(a_body_of_get_and_head_is_refused),
        at_door(ht_02_a_header_name_is_a_token_and_none_only_looks_like_the_framing),
        at_door(b2_a_host_may_be_odd),
        at_door(ht_03_too_many_or_too_large_headers_are_431),
        at_door(ht_07_a_nul_in_path_or_query_is_400),
        at_door(a_target_that_is_not_clean_is_400),
        at_door(an_address_over_12_kilobytes_is_414),
        at_door(ht_10_a_method_that_nobody_knows_is_501),
        at_door(ht_16_there_is_one_host_and_the_request_line_agrees),
        at_door(a_host_with_foreign_characters_is_refused),
        at_door(ht_17_other_versions_are_refused),
        at_door(ht_09_only_100_continue_can_be_expected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
