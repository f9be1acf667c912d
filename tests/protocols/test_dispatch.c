/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/metrics.h"
#include "idp/base/unwind.h"
#include "protocols/dispatch.h"
#include "tests/protocols/http/kit.h"

static int runs;

static const struct problem *
endpoint_fine(struct request *rq)
{
    runs++;
    return respond_empty(rq, 200);
}

static const struct problem *
endpoint_refuses(struct request *rq)
{
    respond_header(rq, "X-Left-Over", "1");
    return &problem_code_missing;
}

static const struct problem *
with_store(struct request *rq, void *state)
{
    (void)state;
    return respond_empty(rq, 200);
}

static const struct problem *
endpoint_wants_store(struct request *rq)
{
    runs++;
    respond_header(rq, "X-Before", "1");
    return request_on_worker(rq, with_store, NULL);
}

static const struct problem *
endpoint_says_nothing(struct request *rq)
{
    (void)rq;
    return NULL;
}

static int releases;

static void
count_release(void *what)
{
    (void)what;
    releases++;
}

static const struct problem *
endpoint_takes_too_much(struct request *rq)
{
    struct held held;

    respond_header(rq, "X-Left-Over", "1");
    hold_begin(&held, count_release, rq);
    while (arena_alloc(rq->arena, 4096) != NULL)
        continue;
    return NULL;
}

static const struct route routes[] = {
    { "GET", "/fine", endpoint_fine, RUN_INLINE, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "POST", "/fine", endpoint_fine, RUN_INLINE, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "POST", "/form", endpoint_fine, RUN_ON_WORKER, REFUSE_OAUTH,
      GUARD_PARAMETERS | GUARD_FORM_BODY, NULL, CORS_NONE },
    { "POST", "/partner", endpoint_fine, RUN_INLINE_FIRST, REFUSE_OAUTH, GUARD_PARTNER, NULL,
      CORS_NONE },
    { "POST", "/page", endpoint_refuses, RUN_ON_WORKER, REFUSE_PAGE, 0, NULL, CORS_NONE },
    { "POST", "/oauth", endpoint_refuses, RUN_ON_WORKER, REFUSE_OAUTH, 0, NULL, CORS_NONE },
    { "POST", "/bearer", endpoint_refuses, RUN_ON_WORKER, REFUSE_BEARER, 0, NULL, CORS_NONE },
    { "POST", "/text", endpoint_refuses, RUN_ON_WORKER, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "GET", "/store", endpoint_wants_store, RUN_INLINE_FIRST, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "GET", "/never", endpoint_wants_store, RUN_INLINE, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "GET", "/people/all", endpoint_fine, RUN_INLINE, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "GET", "/people/{id}", endpoint_fine, RUN_INLINE, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "PUT", "/people/{id}", endpoint_fine, RUN_INLINE, REFUSE_TEXT, GUARD_FORM_BODY, NULL,
      CORS_NONE },
    { "DELETE", "/people/{id}", endpoint_fine, RUN_INLINE, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "GET", "/people/{id}/cards", endpoint_fine, RUN_INLINE, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "POST", "/much", endpoint_takes_too_much, RUN_ON_WORKER, REFUSE_PAGE, 0, NULL, CORS_NONE },
    { "POST", "/much/api", endpoint_takes_too_much, RUN_INLINE, REFUSE_OAUTH, 0, NULL, CORS_NONE },
    { "GET", "/nothing", endpoint_says_nothing, RUN_INLINE, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { 0 },
};

static bool
ask(struct http_kit *kit, const char *method, const char *path)
{
    runs = 0;
    respond_again(&kit->rq);
    kit->rq.form = (struct params) { 0 };
    kit->rq.guards_taken = 0;
    kit->rq.endpoint_begun = false;
    kit->rq.parked = (struct parked) { 0 };
    kit->rq.method = method;
    kit->rq.path = path;
    return dispatch_route(routes, &kit->rq) && dispatch_run(&kit->rq) == DISPATCH_ANSWERED;
}

static void
post(struct http_kit *kit, const char *path, const char *type, const char *body)
{
    kit->rq.headers.content_type = type;
    kit->rq.body = bytes_of_text(body);
    assert_true(ask(kit, "POST", path));
}

static void
assert_status(struct http_kit *kit, int status)
{
    assert_int_equal(kit->rq.response.status, status);
}

static void
a_route_is_found_by_method_and_exact_path(void **state)
{
    struct http_kit *kit = *state;

    assert_true(ask(kit, "GET", "/fine"));
    assert_status(kit, 200);
    assert_true(ask(kit, "HEAD", "/fine"));
    assert_ptr_equal(kit->rq.route, &routes[0]);
    assert_true(ask(kit, "POST", "/fine"));
    assert_ptr_equal(kit->rq.route, &routes[1]);
}

static void
ht_21_an_address_that_only_resembles_one_is_404(void **state)
{
    static const char *const paths[] = { "//fine", "/./fine", "/x/../fine", "/fine;a=b", "/fine/",
                                         "/FINE",  "/fine ",  "",           "/fine\\x" };
    struct http_kit *kit = *state;

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        assert_false(ask(kit, "GET", paths[i]));
        assert_status(kit, 404);
        assert_header(kit, "X-Content-Type-Options", "nosniff");
    }
}

static void
another_method_is_405_and_told_which_there_are(void **state)
{
    struct http_kit *kit = *state;

    assert_false(ask(kit, "PUT", "/fine"));
    assert_status(kit, 405);
    assert_header(kit, "Allow", "GET, HEAD, POST");
    assert_false(ask(kit, "GET", "/form"));
    assert_header(kit, "Allow", "POST");
}

static void
a_refusal_speaks_the_routes_language(void **state)
{
    struct http_kit *kit = *state;

    post(kit, "/oauth", NULL, "");
    assert_status(kit, 400);
    assert_header(kit, "Content-Type", "application/json");
    post(kit, "/bearer", NULL, "");
    assert_non_null(response_header(&kit->rq.response, "WWW-Authenticate"));
    post(kit, "/text", NULL, "");
    assert_header(kit, "Content-Type", "text/plain; charset=utf-8");
    post(kit, "/page", NULL, "");
    assert_status(kit, 400);
}

static void
a_form_is_read_before_the_endpoint_runs(void **state)
{
    struct http_kit *kit = *state;

    post(kit, "/form", "Application/X-WWW-Form-Urlencoded; charset=utf-8", "a=1&b=2");
    assert_status(kit, 200);
    assert_string_equal(param(&kit->rq, "b"), "2");
}

static void
ht_06_a_form_that_cannot_be_read_is_400(void **state)
{
    struct http_kit *kit = *state;

    post(kit, "/form", "application/x-www-form-urlencoded", "a=%zz");
    assert_status(kit, 400);
    assert_int_equal(runs, 0);
}

static void
ht_05_a_body_of_another_type_is_refused_where_a_form_is_due(void **state)
{
    static const char *const types[] = { "multipart/form-data; boundary=", "multipart/form-data",
                                         "application/json", "application/x-www-form-urlencodedx",
                                         NULL };
    struct http_kit *kit = *state;

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        post(kit, "/form", types[i], "--\r\n\r\n");
        assert_status(kit, 400);
        assert_non_null(strstr((const char *)kit->rq.response.body.at,
                               problem_text(&problem_body_type, LANGUAGE_EN)));
        assert_int_equal(runs, 0);
    }
}

static void
a_repeated_parameter_is_refused_in_form_and_query(void **state)
{
    struct http_kit *kit = *state;

    post(kit, "/form", "application/x-www-form-urlencoded", "a=1&a=1");
    assert_status(kit, 400);
    kit->rq.query = kit_params(kit, "b=1&b=2");
    post(kit, "/form", "application/x-www-form-urlencoded", "a=1");
    assert_status(kit, 400);
    assert_int_equal(runs, 0);
}

static void
a_partner_that_is_not_authenticated_does_not_reach_the_endpoint(void **state)
{
    struct http_kit *kit = *state;

    /* Without a store the failure cannot be counted yet: on a worker it is. */
    kit->rq.body = bytes_of_text("");
    assert_false(ask(kit, "POST", "/partner"));
    assert_int_equal(runs, 0);
}

static void
an_endpoint_that_needs_the_store_goes_on_where_there_is_one(void **state)
{
    struct http_kit *kit = *state;

    assert_false(ask(kit, "GET", "/store"));
    assert_status(kit, 0);
    assert_int_equal(runs, 1);
    assert_int_equal(dispatch_run(&kit->rq), DISPATCH_ANSWERED);
    assert_status(kit, 200);
    assert_header(kit, "X-Before", "1"); /* what the first part did is kept */
    assert_int_equal(runs, 1);           /* and not done again */
}

static void
a_route_that_is_inline_throughout_may_not_ask_for_a_worker(void **state)
{
    struct http_kit *kit = *state;

    assert_true(ask(kit, "GET", "/never"));
    assert_status(kit, 500);
}

/* --- Paths with a variable part --- */

static void
a_part_of_the_path_is_what_the_endpoint_is_asked_about(void **state)
{
    static const struct {
        const char *path;
        const char *part;
    } cases[] = {
        { "/people/7", "7" },       { "/people/张 三%", "张 三%" }, /* the gate has decoded it */
        { "/people/{id}", "{id}" }, { "/people/..", ".." },         { "/people/7/cards", "7" },
    };
    struct http_kit *kit = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(ask(kit, "GET", cases[i].path));
        assert_status(kit, 200);
        assert_string_equal(kit->rq.path_part, cases[i].part);
    }
    assert_true(ask(kit, "GET", "/fine"));
    assert_null(kit->rq.path_part);
}

static void
a_variable_part_is_neither_empty_nor_long_nor_two(void **state)
{
    struct http_kit *kit = *state;
    char *path = arena_printf(kit->arena, "/people/%0*d", PATH_PART_MAX_BYTES, 7);
    const char *const paths[] = { "/people/",          "/people",
                                  "/people/7/",        "/people//cards",
                                  "/people/7/8/cards", "/people/7/card",
                                  "/people/7/cards/",  arena_printf(kit->arena, "%s0", path) };

    assert_true(ask(kit, "GET", path));
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        assert_false(ask(kit, "GET", paths[i]));
        assert_status(kit, 404);
    }
}

static void
an_earlier_row_wins_over_a_variable_part(void **state)
{
    struct http_kit *kit = *state;

    assert_true(ask(kit, "GET", "/people/all"));
    assert_null(kit->rq.path_part);
    assert_true(ask(kit, "DELETE", "/people/all"));
    assert_string_equal(kit->rq.path_part, "all");
}

static void
put_and_delete_are_methods_like_others(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.headers.content_type = "application/x-www-form-urlencoded";
    kit->rq.body = bytes_of_text("a=1");
    assert_true(ask(kit, "PUT", "/people/7"));
    assert_string_equal(param(&kit->rq, "a"), "1");
    kit->rq.body = (struct bytes) { 0 };
    assert_true(ask(kit, "DELETE", "/people/7"));
    assert_false(ask(kit, "POST", "/people/7"));
    assert_status(kit, 405);
    assert_header(kit, "Allow", "GET, HEAD, PUT, DELETE");
    assert_false(ask(kit, "PUT", "/people/7/cards"));
    assert_header(kit, "Allow", "GET, HEAD");
}

static void
an_endpoint_that_answers_nothing_is_a_500(void **state)
{
    struct http_kit *kit = *state;

    assert_true(ask(kit, "GET", "/nothing"));
    assert_status(kit, 500);
}

/* Z1 to Z4, the kind: whatever an endpoint needs too much of, the request alone ends. */
static void
a_request_that_takes_too_much_ends_with_413_and_keeps_nothing(void **state)
{
    struct http_kit *kit = *state;

    releases = 0;
    assert_true(ask(kit, "POST", "/much"));
    assert_int_equal(releases, 1);
    assert_status(kit, 413);
    assert_header(kit, "Content-Type", "text/html; charset=utf-8");
    assert_null(response_header(&kit->rq.response, "X-Left-Over"));
    assert_true(arena_used(kit->arena) > 1000000); /* the refusal came of what is allowed beyond */
    assert_true(ask(kit, "POST", "/much/api"));
    assert_status(kit, 413);
    assert_header(kit, "Content-Type", "application/json");
    assert_non_null(strstr((const char *)kit->rq.response.body.at,
                           problem_text(&problem_too_much, LANGUAGE_EN)));
    arena_reset(kit->arena);
    assert_true(ask(kit, "GET", "/fine"));
    assert_status(kit, 200);
}

static void
with_no_room_even_to_say_so_the_answer_is_bare(void **state)
{
    struct http_kit *kit = *state;

    respond_bare(&kit->rq, 503);
    assert_status(kit, 503);
    assert_int_equal(kit->rq.response.body.size, 0);
    assert_header(kit, "Retry-After", "2");
    assert_header(kit, "X-Content-Type-Options", "nosniff");
}

static void
a_refusal_of_the_engine_replaces_what_was_answered(void **state)
{
    struct http_kit *kit = *state;

    post(kit, "/form", "application/x-www-form-urlencoded", "a=1");
    dispatch_refuse(&kit->rq, &problem_body_too_large);
    assert_status(kit, 413);
    assert_header(kit, "Content-Type", "application/json");
    assert_header(kit, "X-Content-Type-Options", "nosniff");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(a_route_is_found_by_method_and_exact_path),
        in_kit(ht_21_an_address_that_only_resembles_one_is_404),
        in_kit(another_method_is_405_and_told_which_there_are),
        in_kit(a_refusal_speaks_the_routes_language),
        in_kit(a_form_is_read_before_the_endpoint_runs),
        in_kit(ht_06_a_form_that_cannot_be_read_is_400),
        in_kit(ht_05_a_body_of_another_type_is_refused_where_a_form_is_due),
        in_kit(a_repeated_parameter_is_refused_in_form_and_query),
        in_kit(a_partner_that_is_not_authenticated_does_not_reach_the_endpoint),
        in_kit(an_endpoint_that_needs_the_store_goes_on_where_there_is_one),
        in_kit(a_route_that_is_inline_throughout_may_not_ask_for_a_worker),
        in_kit(a_part_of_the_path_is_what_the_endpoint_is_asked_about),
        in_kit(a_variable_part_is_neither_empty_nor_long_nor_two),
        in_kit(an_earlier_row_wins_over_a_variable_part),
        in_kit(put_and_delete_are_methods_like_others),
        in_kit(an_endpoint_that_answers_nothing_is_a_500),
        in_kit(a_request_that_takes_too_much_ends_with_413_and_keeps_nothing),
        in_kit(with_no_room_even_to_say_so_the_answer_is_bare),
        in_kit(a_refusal_of_the_engine_replaces_what_was_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
