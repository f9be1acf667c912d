/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/metrics.h"

static int64_t
counted(const char *labels)
{
    return metric_series_read(metric_series(METRIC_HTTP_REQUESTS, labels));
}

static void
a_request_counts_for_its_route_and_class(void **state)
{
    static const char labels[] = "route=\"/login\",method=\"POST\",class=\"3xx\"";
    struct request_tally *tally = tally_new(public_routes);
    const struct route *route = public_routes;
    struct request rq = { .response.status = 303 };

    (void)state;
    while (route->endpoint == NULL || strcmp(route->path, "/login") != 0 ||
           strcmp(route->method, "POST") != 0)
        route++;
    rq.route = route;
    tally_request(tally, &rq, 1000);
    assert_int_equal(counted(labels), 1);
    rq.response.status = 503;
    tally_request(tally, &rq, 1000);
    assert_int_equal(counted(labels), 1);
    assert_int_equal(metric_read(METRIC_HTTP_REQUESTS), 2);
    tally_free(tally);
}

/* Nothing that a client makes up becomes a label. */
static void
what_has_no_route_is_one_series(void **state)
{
    struct request_tally *tally = tally_new(public_routes);
    struct request rq = { .path = "/invented", .method = "INVENTED", .response.status = 404 };

    (void)state;
    tally_request(tally, &rq, 1000);
    assert_int_equal(counted("route=\"none\",method=\"any\",class=\"4xx\""), 1);
    tally_free(tally);
}

static void
a_request_counts_for_the_problem_it_ended_with(void **state)
{
    struct request_tally *tally = tally_new(admin_routes);
    struct request rq = { .response = { .status = 401, .problem = &problem_login_failed } };
    unsigned series = metric_series(METRIC_PROBLEMS, "problem=\"login_failed\"");

    (void)state;
    tally_request(tally, &rq, 1000);
    rq.response.problem = NULL;
    tally_request(tally, &rq, 1000);
    assert_int_equal(metric_series_read(series), 1);
    assert_int_equal(metric_read(METRIC_PROBLEMS), 1);
    tally_free(tally);
}

/* All routes of both tables, all problems and all logins, and as much again. */
static void
there_is_room_for_the_series_of_all_tables(void **state)
{
    struct request_tally *open = tally_new(public_routes);
    struct request_tally *admin = tally_new(admin_routes);
    unsigned next = metric_series(METRIC_LOGINS, "next=\"1\"");

    (void)state;
    assert_true((next - METRIC_COUNT) * 2 < METRIC_SERIES_MAX);
    tally_free(open);
    tally_free(admin);
    tally_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_counts_for_its_route_and_class),
        cmocka_unit_test(what_has_no_route_is_one_series),
        cmocka_unit_test(a_request_counts_for_the_problem_it_ended_with),
        cmocka_unit_test(there_is_room_for_the_series_of_all_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
