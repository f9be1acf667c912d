/* SPDX-License-Identifier: Apache-2.0 */
/* A hundred thousand devices that wait: who is honest is served, and what has expired leaves in bounded pieces. The rest
 * is tested where it is used: tests/protocols/oauth2/grants/test_device_code.c, tests/protocols/login/test_device.c. */
#include "tests/protocols/login/device_kit.h"

#include <stdlib.h>

#include "idp/tables/sweep.h"

#define MANY 100000

/* Rows as an attacker leaves them, by the statement that this engine makes many by. */
static void
flood(struct world *w)
{
    static const char sqlite[] =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $3)"
        " INSERT INTO pending SELECT CAST(printf('%032d', i) AS BLOB), 1,"
        " CAST(printf('%032d', i) AS BLOB), 'tv', '', '', 'x', 0, '', 5, $1, $2 FROM n";
    static const char postgres[] =
        "INSERT INTO pending SELECT convert_to(lpad(CAST(i AS TEXT), 32, '0'), 'UTF8'), 1,"
        " convert_to(lpad(CAST(i AS TEXT), 32, '0'), 'UTF8'), 'tv', '', '', 'x', 0, '', 5, $1, $2"
        " FROM generate_series(1, $3) AS i";
    const struct arg args[] = { arg_time(WORLD_NOW), arg_time(WORLD_NOW + 600), arg_int(MANY),
                                ARG_END };
    bool is_sqlite = text_eq(getenv("TONGXING_TEST_STORE"), "sqlite");

    world_must(
        store_run(w->store, &(struct query) { .sql = is_sqlite ? sqlite : postgres, .args = args }),
        "no flood");
}

static void
among_a_hundred_thousand_that_wait_an_honest_one_is_served(void **state)
{
    struct world *w = *state;
    struct waiting device;

    flood(w);
    assert_int_equal(world_rows_of(w, "pending"), MANY);
    device = kit_waiting(w, "selfservice");
    kit_poll(&device);
    assert_refused(w, &problem_authorization_pending);
    kit_allow(&device);
    assert_shown(w, "device-done");
    kit_poll(&device);
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_rows_of(w, "pending"), MANY + 1);
}

static void
what_has_expired_leaves_in_bounded_pieces(void **state)
{
    struct world *w = *state;
    const struct audit_keep keep = { 0, 0 };
    int64_t removed = 0;

    flood(w);
    world_must(store_sweep(w->store, WORLD_NOW + 599, &keep, &removed), "no sweep");
    assert_int_equal(world_rows_of(w, "pending"), MANY);
    world_must(store_sweep(w->store, WORLD_NOW + 601, &keep, &removed), "no sweep");
    assert_int_equal(world_rows_of(w, "pending"), MANY - SWEEP_BATCH);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(among_a_hundred_thousand_that_wait_an_honest_one_is_served),
        world_test(what_has_expired_leaves_in_bounded_pieces),
    };

    return world_run(tests);
}
