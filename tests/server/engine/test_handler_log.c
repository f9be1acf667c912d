/* SPDX-License-Identifier: Apache-2.0 */
/* What the log says of a request. */
#include "tests/server/kit.h"

#include "idp/base/log.h"

#define HEAD " HTTP/1.1\r\nHost: a\r\n"

/* The lines that these requests left, at most `size` bytes of them. */
static void
log_of(struct engine_kit *kit, const char *const *asks, const char *status, char *out, size_t size)
{
    char path[] = "/tmp/tongxing-test-XXXXXX";
    int log = mkstemp(path);
    ssize_t got;

    unlink(path);
    kit->settings.log.access = true;
    kit_start(kit);
    log_set_fd(log);
    for (; *asks != NULL; asks++)
        assert_answered(kit, *asks, status, NULL);
    log_set_fd(STDERR_FILENO);
    got = pread(log, out, size - 1, 0);
    assert_true(got > 0);
    out[got] = '\0';
    close(log);
}

static void
ht_12_a_request_is_one_log_line_whatever_is_in_it(void **state)
{
    static const char *const asks[] = {
        "GET /inline?secret=1" HEAD "User-Agent: a\"},{\"x\":\"\r\n"
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n",
        NULL,
    };
    struct engine_kit *kit = *state;
    char line[4096];

    log_of(kit, asks, "200", line, sizeof(line));
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    assert_non_null(strstr(line, "\"path\":\"/inline\""));
    assert_non_null(strstr(line, "\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\""));
    assert_non_null(strstr(line, "\"agent\":\"a\\u0022},{\\u0022x\\u0022:\\u0022\""));
    assert_null(strstr(line, "secret"));
    assert_non_null(strstr(line, "\"route\":\"/inline\""));
    assert_non_null(strstr(line, "\"problem\":\"\""));
    assert_non_null(strstr(line, "\"partner\":\"\""));
}

static void
a_log_line_names_the_problem_and_a_route_only_where_there_is_one(void **state)
{
    static const char *const asks[] = {
        "POST /form" HEAD "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\na=1",
        "POST /form" HEAD "Content-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 4\r\n\r\na=%x",
        NULL,
    };
    struct engine_kit *kit = *state;
    char lines[4096];

    log_of(kit, asks, "400", lines, sizeof(lines));
    assert_non_null(strstr(lines, "\"route\":\"/form\",\"status\":400,\"problem\":\"body_type\""));
    assert_non_null(strstr(lines, "\"problem\":\"malformed\""));
}

static void
a_path_that_is_no_route_is_no_route_in_the_log(void **state)
{
    static const char *const asks[] = { "GET /invented" HEAD "\r\n", NULL };
    struct engine_kit *kit = *state;
    char line[4096];

    log_of(kit, asks, "404", line, sizeof(line));
    assert_non_null(strstr(line, "\"path\":\"/invented\",\"route\":\"\",\"status\":404,"
                                 "\"problem\":\"not_found\""));
}

/* Whatever a client puts there, only a trace that others can follow goes into our log. */
static void
a_traceparent_that_is_none_is_not_carried_on(void **state)
{
    static const char *const wrong[] = {
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    };
    const char *asks[sizeof(wrong) / sizeof(wrong[0]) + 1] = { NULL };
    struct engine_kit *kit = *state;
    struct arena *arena = arena_new(65536);
    char lines[8192];

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        asks[i] = arena_printf(arena, "GET /inline" HEAD "traceparent: %s\r\n\r\n", wrong[i]);
    log_of(kit, asks, "200", lines, sizeof(lines));
    assert_non_null(strstr(lines, "\"path\":\"/inline\""));
    assert_null(strstr(lines, "b7ad6b71"));
    assert_null(strstr(lines, "0af7"));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(ht_12_a_request_is_one_log_line_whatever_is_in_it),
        in_kit(a_log_line_names_the_problem_and_a_route_only_where_there_is_one),
        in_kit(a_path_that_is_no_route_is_no_route_in_the_log),
        in_kit(a_traceparent_that_is_none_is_not_carried_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
