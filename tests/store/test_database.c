/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "idp/base/log.h"
#include "tests/store_kit.h"

static void
a_url_of_another_kind_is_refused(void **state)
{
    struct database *db = NULL;

    (void)state;
    assert_int_equal(database_open("mysql://localhost/x", &KIT_BOUNDS, &db), ERR_INVALID);
    assert_int_equal(database_open("", &KIT_BOUNDS, &db), ERR_INVALID);
    assert_int_equal(database_open("sqlite:", &KIT_BOUNDS, &db), ERR_INVALID);
    assert_int_equal(database_open("postgresql://[::1/x", &KIT_BOUNDS, &db), ERR_INVALID);
}

static void
a_database_that_cannot_be_reached_is_unavailable(void **state)
{
    struct database *db = NULL;

    (void)state;
    assert_int_equal(database_open("postgresql://nobody@127.0.0.1:1/none", &KIT_BOUNDS, &db),
                     ERR_UNAVAILABLE);
    assert_int_equal(database_open("sqlite:/nonexistent/folder/store.db", &KIT_BOUNDS, &db),
                     ERR_UNAVAILABLE);
}

/* What a log line was: read from a pipe that stands in for standard error. */
static const char *
log_of(const char *url, char out[static 1024])
{
    struct database *db = NULL;
    int ends[2];
    ssize_t size;

    assert_int_equal(pipe(ends), 0);
    log_set_fd(ends[1]);
    assert_int_not_equal(database_open(url, &KIT_BOUNDS, &db), OK);
    log_set_fd(STDERR_FILENO);
    size = read(ends[0], out, 1023);
    assert_true(size > 0);
    out[size] = '\0';
    close(ends[0]);
    close(ends[1]);
    return out;
}

static void
a_password_in_the_url_is_not_logged(void **state)
{
    char line[1024];

    (void)state;
    assert_null(strstr(log_of("postgresql://u:hunter2@[::1/x", line), "hunter2"));
    assert_null(strstr(log_of("postgresql://u:hunter2@127.0.0.1:1/x", line), "hunter2"));
    assert_null(strstr(log_of("postgresql://u:hunter2@127.0.0.1/x?nonsense=1", line), "hunter2"));
    assert_null(strstr(log_of("postgresql://u:hunter2%zz@127.0.0.1/x", line), "hunter2"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_url_of_another_kind_is_refused),
        kit_test(a_database_that_cannot_be_reached_is_unavailable),
        kit_test(a_password_in_the_url_is_not_logged),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
