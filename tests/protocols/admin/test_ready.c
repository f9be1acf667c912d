/* SPDX-License-Identifier: Apache-2.0 */
/* What /readyz finds of a real store. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "protocols/endpoints.h"
#include "protocols/http/respond.h"
#include "tests/store_kit.h"

static const struct keyring some_keys;

struct ready_asking {
    struct services services;
    struct ctx ctx;
    struct request rq;
};

static int64_t
ask(struct ready_asking *asking)
{
    respond_again(&asking->rq);
    assert_null(endpoint_readyz(&asking->rq));
    return asking->rq.response.status;
}

static void
asking_begin(struct ready_asking *asking, struct kit *k)
{
    asking->services.database = k->db;
    asking->ctx = (struct ctx) { .services = &asking->services,
                                 .keys = &some_keys,
                                 .arena = k->arena,
                                 .store = k->st,
                                 .now = 1000 };
    asking->rq = (struct request) { .ctx = &asking->ctx, .arena = k->arena, .now = 1000 };
}

static int64_t
rows(struct kit *k)
{
    static const char sql[] = "SELECT COUNT(*) FROM attempt";
    int64_t count = 0;
    const struct out outs[] = { out_int(&count), OUT_END };

    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .outs = outs }), OK);
    return count;
}

static void
ready_is_who_has_stored_a_row_and_it_stays_one_row(void **state)
{
    struct kit *k = *state;
    struct ready_asking asking = { 0 };

    asking_begin(&asking, k);
    for (int i = 0; i < 3; i++) {
        asking.services.readiness.tried_us = 0;
        assert_int_equal(ask(&asking), 200);
    }
    assert_int_equal(rows(k), 1);
}

static void
whoever_asks_within_the_second_is_told_the_same(void **state)
{
    struct kit *k = *state;
    struct ready_asking asking = { 0 };

    asking_begin(&asking, k);
    assert_int_equal(ask(&asking), 200);
    kit_database_reset();
    /* As far ahead as no machine is slow. */
    asking.services.readiness.tried_us += INT64_C(600000000);
    asking.services.readiness.stored_us += INT64_C(600000000);
    for (int i = 0; i < 5; i++)
        assert_int_equal(ask(&asking), 200);
    assert_int_equal(rows(k), 0);
}

static void
a_try_that_does_not_come_back_is_a_no(void **state)
{
    struct kit *k = *state;
    struct ready_asking asking = { 0 };

    asking_begin(&asking, k);
    assert_int_equal(ask(&asking), 200);
    /* Another has tried since and is not back, though it has begun only just now, as it seems. */
    asking.services.readiness.stored_us = 0;
    asking.services.readiness.tried_us += INT64_C(600000000);
    assert_int_equal(ask(&asking), 503);
}

static void
files_limit(rlim_t size)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
s18_a_disk_that_takes_nothing_is_not_ready_until_it_does_again(void **state)
{
    struct kit *k = *state;
    struct ready_asking asking = { 0 };

    if (!kit_is_sqlite())
        skip();
    asking_begin(&asking, k);
    assert_int_equal(ask(&asking), 200);
    signal(SIGXFSZ, SIG_IGN);
    files_limit(1);
    asking.services.readiness.tried_us = 0;
    assert_int_equal(ask(&asking), 503);
    files_limit(RLIM_INFINITY);
    assert_string_equal((const char *)asking.rq.response.body.at, "no store\n");
    asking.services.readiness.tried_us = 0;
    assert_int_equal(ask(&asking), 200);
}

static int64_t
ask_after(struct ready_asking *asking, struct kit *k, const char *sql)
{
    assert_int_equal(kit_run(k->st, sql), OK);
    asking->services.readiness.tried_us = 0;
    return ask(asking);
}

static void
whoever_would_not_start_on_the_schema_is_not_ready_on_it(void **state)
{
    static const char sql[] = "INSERT INTO schema_migration (version, name, checksum, applied_at)"
                              " VALUES (9001, '9001_later.sql', 'x', 1)";
    static const char only_adds[] =
        "INSERT INTO schema_mark (version, additive, program) VALUES (9001, 1, 'later')";
    struct kit *k = *state;
    struct ready_asking asking = { 0 };

    asking_begin(&asking, k);
    assert_int_equal(ask(&asking), 200);
    assert_int_equal(ask_after(&asking, k, sql), 503);
    assert_true(asking.services.readiness.unfit);
    assert_int_equal(ask_after(&asking, k, only_adds), 200);
    assert_false(asking.services.readiness.unfit);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(ready_is_who_has_stored_a_row_and_it_stays_one_row),
        kit_test(whoever_asks_within_the_second_is_told_the_same),
        kit_test(a_try_that_does_not_come_back_is_a_no),
        kit_test(whoever_would_not_start_on_the_schema_is_not_ready_on_it),
        kit_test(s18_a_disk_that_takes_nothing_is_not_ready_until_it_does_again),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
