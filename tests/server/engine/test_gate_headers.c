/* SPDX-License-Identifier: Apache-2.0 */
/* Which headers are read, refused or passed over. */
#include "tests/server/engine/gate_kit.h"

/* Proxies add what they like; what nobody reads shuts nobody out. */
static void
b2_a_header_that_nobody_reads_may_say_what_it_likes_on_its_line(void **state)
{
    static const char *const names[] = { "X-Other", "X_Forwarded_For", "X.a~b", "Content-Lengths" };
    static const char *const values[] = { "a\x01", "\x7f", "\xff", "\xc0\x80",
                                          "\xc4\xe3=\xba\xc3" };
    struct door *door = *state;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        for (size_t j = 0; j < sizeof(values) / sizeof(values[0]); j++)
            assert_null(knock_header(door, names[i], values[j]));
    }
    begin(door, "GET", "/");
    door->headers[door->in.header_count++] = (struct gate_header) { "X", 1, NULL, 0 };
    assert_null(knock(door));
}

static void
ht_11_no_value_goes_over_more_than_one_line(void **state)
{
    struct door *door = *state;

    assert_ptr_equal(knock_header(door, "X-Other", "a\rb"), &problem_malformed);
    assert_ptr_equal(knock_header(door, "X-Other", "a\nb"), &problem_malformed);
    begin(door, "GET", "/");
    door->headers[door->in.header_count++] = (struct gate_header) { "X", 1, "a\0b", 3 };
    assert_ptr_equal(knock(door), &problem_malformed);
}

/* What becomes of each header that is read, and why. A header that stands in header.def and not here
 * fails the test below. */
static const struct {
    const char *name;
    const char *good;
    enum fate {
        REFUSED,
        ABSENT,
        FIRST,
        JOINED,
        TAKEN
    } unreadable, twice;
    const char *why;
} reading[] = {
    { "Host", "id.example.cn", REFUSED, REFUSED, "two servers on the way would see two names" },
    { "Content-Length", "0", REFUSED, REFUSED, "where the next request begins would be doubtful" },
    { "Transfer-Encoding", "chunked", REFUSED, REFUSED, "the same" },
    { "Expect", "100-continue", REFUSED, REFUSED, "who expects what nobody does would wait" },
    { "Origin", "https://id.example.cn", REFUSED, REFUSED,
      "taken as absent it would open the guard against forged forms" },
    { "Authorization", "Basic YTpi", ABSENT, REFUSED,
      "of two, another server may take the other one; one in the letters of a front's own log-in is "
      "not for us" },
    { "DPoP", "a.b.c", REFUSED, REFUSED, "taken as absent it would give a token without a key" },
    { "Content-Type", "text/plain", ABSENT, REFUSED,
      "a body of no type is refused where it is read" },
    { "Cookie", "a=b", TAKEN, JOINED,
      "other applications write what they like; ours is found among them, or not at all when twice" },
    { "X-Forwarded-For", "192.0.2.1", TAKEN, JOINED,
      "one list over many lines; who cannot read a member stops believing there" },
    { "Accept-Language", "en", ABSENT, FIRST, "it only informs" },
    { "User-Agent", "curl", ABSENT, FIRST, "it only informs" },
    { "Access-Control-Request-Method", "POST", ABSENT, FIRST, "without it nothing is allowed" },
    { "traceparent", "00-1", ABSENT, FIRST, "it only informs" },
    { "If-None-Match", "\"a\"", ABSENT, FIRST, "without it the answer is whole" },
};

static const char *const *
kept(const struct door *door, const char *name)
{
    static const struct {
        const char *name;
        size_t offset;
    } places[] = {
#define HEADER(member, name, care) { name, offsetof(struct gate_output, headers.member) },
#include "protocols/http/header.def"
#undef HEADER
        { "X-Forwarded-For", offsetof(struct gate_output, forwarded_for) },
    };

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (strcmp(places[i].name, name) == 0)
            return (const char *const *)((const char *)&door->out + places[i].offset);
    }
    return NULL;
}

/* With the header for all that has none yet; Host stands once in any case. */
static const struct problem *
knock_lines(struct door *door, const char *name, const char *first, const char *second)
{
    begin(door, "POST", "/");
    if (strcmp(name, "Host") == 0)
        door->in.header_count = 0;
    header(door, name, first);
    if (second != NULL)
        header(door, name, second);
    return knock(door);
}

static void
assert_fate(struct door *door, size_t i, enum fate fate, const char *second)
{
    const char *first = second != NULL ? reading[i].good : "\xc4\xe3";
    const struct problem *problem = knock_lines(door, reading[i].name, first, second);
    const char *value = fate == REFUSED ? NULL : *kept(door, reading[i].name);

    if ((problem == &problem_malformed) != (fate == REFUSED))
        fail_msg("%s: %s", reading[i].name, reading[i].why);
    if (fate == ABSENT)
        assert_null(value);
    if (fate == FIRST || fate == TAKEN)
        assert_string_equal(value, first);
    if (fate == JOINED && second != NULL)
        assert_int_equal(strlen(value), strlen(first) + strlen(second) + 2);
}

static void
b2_each_header_that_is_read_has_its_fate_and_its_reason(void **state)
{
    struct door *door = *state;

    for (size_t i = 0; i < sizeof(reading) / sizeof(reading[0]); i++) {
        assert_null(knock_lines(door, reading[i].name, reading[i].good, NULL));
        assert_fate(door, i, reading[i].unreadable, NULL);
        assert_fate(door, i, reading[i].twice, reading[i].good);
    }
}

static void
b2_no_header_is_read_without_a_reason(void **state)
{
    static const char *const all[] = {
#define HEADER(member, name, care) name,
#include "protocols/http/header.def"
#undef HEADER
    };

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        bool found = false;

        for (size_t j = 0; j < sizeof(reading) / sizeof(reading[0]); j++)
            found = found || strcmp(all[i], reading[j].name) == 0;
        if (!found)
            fail_msg("%s has no row", all[i]);
    }
}

static void
ht_11_control_characters_and_bytes_that_are_no_utf8_are_never_read(void **state)
{
    static const char *const bad[] = { "a\x01", "\x7f", "\xff", "\xc0\x80" };
    struct door *door = *state;

    for (size_t j = 0; j < sizeof(bad) / sizeof(bad[0]); j++) {
        assert_ptr_equal(knock_header(door, "Origin", bad[j]), &problem_malformed);
        assert_null(knock_header(door, "Authorization", bad[j]));
        assert_null(door->out.headers.authorization);
        assert_null(knock_header(door, "Content-Type", bad[j]));
        assert_null(door->out.headers.content_type);
    }
}

static void
b2_what_only_informs_and_cannot_be_read_is_as_good_as_absent(void **state)
{
    struct door *door = *state;

    assert_null(knock_header(door, "User-Agent", "\xc4\xe3\xba\xc3"));
    assert_null(door->out.headers.user_agent);
    assert_null(knock_header(door, "Accept-Language", "zh\x01"));
    assert_null(door->out.headers.accept_language);
    header(door, "Accept-Language", "en");
    header(door, "Accept-Language", "fr");
    assert_null(knock(door));
    assert_string_equal(door->out.headers.accept_language, "en");
}

static void
b2_a_cookie_of_another_application_in_gbk_shuts_nobody_out(void **state)
{
    struct door *door = *state;

    assert_null(knock_header(door, "Cookie", "name=\xd5\xc5\xc8\xfd; session=abc"));
    assert_string_equal(door->out.headers.cookie, "name=\xd5\xc5\xc8\xfd; session=abc");
}

/* Not all that make one line of HTTP/2's many join the crumbs. */
static void
b2_cookies_over_two_lines_are_one_list(void **state)
{
    struct door *door = *state;

    assert_null(knock_header(door, "Cookie", "a=1"));
    header(door, "cookie", "session=abc");
    assert_null(knock(door));
    assert_string_equal(door->out.headers.cookie, "a=1; session=abc");
}

static void
b2_a_refused_request_is_told_so_in_the_readers_language(void **state)
{
    struct door *door = *state;

    assert_ptr_equal(knock_header(door, "Origin", "\xff"), &problem_malformed);
    header(door, "Accept-Language", "en");
    header(door, "Cookie", "lang=en");
    header(door, "Authorization", "Basic YTpi");
    door->in.target = "/login?phone=13800138000";
    assert_ptr_equal(knock(door), &problem_malformed);
    assert_string_equal(door->out.path, "/login");
    assert_string_equal(door->out.headers.accept_language, "en");
    assert_string_equal(door->out.headers.cookie, "lang=en");
    assert_null(door->out.headers.authorization);
    door->in.target = "/log\xff";
    assert_ptr_equal(knock(door), &problem_malformed);
    assert_string_equal(door->out.path, "");
    door->in.target = NULL;
    assert_ptr_equal(knock(door), &problem_address_too_long);
    assert_string_equal(door->out.path, "");
}

static void
b2_a_second_line_of_forwarded_addresses_goes_on_with_the_first(void **state)
{
    struct door *door = *state;

    assert_null(knock_header(door, "X-Forwarded-For", "192.0.2.1, 192.0.2.2"));
    header(door, "x-forwarded-for", "192.0.2.3");
    assert_null(knock(door));
    assert_string_equal(door->out.forwarded_for, "192.0.2.1, 192.0.2.2, 192.0.2.3");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        at_door(b2_a_header_that_nobody_reads_may_say_what_it_likes_on_its_line),
        at_door(ht_11_no_value_goes_over_more_than_one_line),
        at_door(b2_each_header_that_is_read_has_its_fate_and_its_reason),
        at_door(b2_no_header_is_read_without_a_reason),
        at_door(ht_11_control_characters_and_bytes_that_are_no_utf8_are_never_read),
        at_door(b2_what_only_informs_and_cannot_be_read_is_as_good_as_absent),
        at_door(b2_a_cookie_of_another_application_in_gbk_shuts_nobody_out),
        at_door(b2_cookies_over_two_lines_are_one_list),
        at_door(b2_a_refused_request_is_told_so_in_the_readers_language),
        at_door(b2_a_second_line_of_forwarded_addresses_goes_on_with_the_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
