/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/admin/live.h"

#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/minutes.h"
#include "idp/base/text.h"
#include "idp/session/login_count.h"
#include "idp/tables/lease.h"
#include "protocols/dispatch.h"
#include "protocols/http/respond.h"
#include "tests/world.h"

#define A_MINUTE (60 / MINUTES_SAMPLE_S)

/* The page that the admin listener would send. */
static const char *
live(struct world *w, struct store *store, const char *query)
{
    struct ctx *ctx = arena_alloc(w->arena, sizeof(*ctx));
    struct request *rq = arena_alloc(w->arena, sizeof(*rq));

    *ctx = world_ctx(w);
    ctx->store = store;
    *rq = (struct request) {
        .ctx = ctx, .arena = w->arena, .now = ctx->now, .method = "GET", .path = "/live"
    };
    assert_int_equal(params_parse(w->arena, query, strlen(query), &rq->query), OK);
    assert_true(dispatch_route(admin_routes, rq));
    assert_int_equal(dispatch_run(rq), DISPATCH_ANSWERED);
    assert_int_equal(rq->response.status, 200);
    w->answer.header_count = rq->response.header_count;
    memcpy(w->answer.headers, rq->response.headers, sizeof(w->answer.headers));
    return (const char *)rq->response.body.at;
}

static void
a_minute_passes(void)
{
    for (int i = 0; i < A_MINUTE; i++)
        minutes_sample();
}

static void
assert_row(const char *page, const char *id, const char *figure)
{
    const char *at = strstr(page, id);

    assert_non_null(at);
    at = strstr(at, figure);
    if (at == NULL || strstr(strstr(page, id), "</div>") < at)
        fail_msg("%s does not say %s:\n%s", id, figure, page);
}

/* The first one: the process has no minutes yet. */
static void
a_node_that_has_just_started_says_so(void **state)
{
    struct world *w = *state;
    const char *page = live(w, w->store, "");

    assert_non_null(strstr(page, "id=\"collecting\""));
    assert_non_null(strstr(page, "运行正常"));
    assert_null(strstr(page, "<polyline"));
}

static void
the_last_minute_is_shown_by_channel_and_reason(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *page;

    (void)login_series(LOGIN_BY_PASSWORD, 0, LOGIN_OK);
    minutes_sample();
    a_minute_passes();
    ctx.channel = "app";
    for (int i = 0; i < 41; i++)
        login_count(&ctx, LOGIN_BY_SMS, LOGIN_OK);
    login_count(&ctx, LOGIN_BY_PASSWORD, LOGIN_FAILED);
    login_count(&ctx, LOGIN_BY_PASSWORD, LOGIN_LOCKED);
    metric_series_add(problem_series(&problem_login_failed), 7);
    metric_series_add(problem_series(&problem_login_wait_5), 6);
    a_minute_passes();
    page = live(w, w->store, "");
    assert_row(page, "id=\"tile-logins\"", "<p class=\"figure\">41</p>");
    assert_row(page, "id=\"tile-failures\"", "<p class=\"figure\">2</p>");
    assert_row(page, "id=\"tile-errors\"", "<p class=\"figure\">0</p>");
    assert_non_null(strstr(page, "手机应用</th><td class=\"n\">41</td>"));
    assert_non_null(strstr(page, "<code>login_failed</code></th><td class=\"n\">7</td>"));
    assert_true(strstr(page, "<code>login_failed</code>") <
                strstr(page, "<code>login_wait_5</code>"));
    assert_null(strstr(page, "<code>client_unknown</code>"));
    page = live(w, w->store, "ui_locales=en");
    assert_non_null(strstr(page, "App</th><td class=\"n\">41</td>"));
    assert_non_null(strstr(page, "html lang=\"en\""));
}

static void
what_needs_somebody_stands_on_top(void **state)
{
    struct world *w = *state;
    const char *page;

    metric_add(METRIC_CONNECTOR_SMS, 1);
    metric_add(METRIC_HTTP_QUEUE, 101);
    metric_tell(METRIC_DELIVERIES_WAITING, 1001, 0);
    metric_tell(METRIC_CERTIFICATE_TLS, WORLD_NOW + 3 * 3600, 0);
    metric_series_add(problem_series(&problem_try_again), 100);
    a_minute_passes();
    page = live(w, NULL, "ui_locales=en");
    assert_non_null(strstr(page, "The message gateway is left alone after failures"));
    assert_non_null(strstr(page, "Too many requests wait"));
    assert_non_null(strstr(page, "Too many calls to others wait"));
    assert_non_null(strstr(page, "A certificate ends soon"));
    assert_non_null(strstr(page, "in 3 hours"));
    assert_non_null(strstr(page, "Too many server errors"));
    assert_non_null(strstr(page, "The database does not answer"));
    assert_null(strstr(page, "All is well"));
    metric_add(METRIC_CONNECTOR_SMS, -1);
    metric_add(METRIC_HTTP_QUEUE, -101);
    metric_tell(METRIC_DELIVERIES_WAITING, METRIC_ABSENT, 0);
    metric_tell(METRIC_CERTIFICATE_TLS, METRIC_ABSENT, 0);
    a_minute_passes();
    assert_non_null(strstr(live(w, w->store, "ui_locales=en"), "All is well"));
}

static void
the_last_events_are_shown_without_persons_and_addresses(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    const char *page;

    world_advance(w, 1); /* the partners were registered in the second before */
    world_log_in(w, 0);
    w->address = "203.0.113.77";
    world_authorize(w, "webhall", "&scope=invented");
    page = live(w, w->store, "");
    assert_non_null(strstr(page, "<code class=\"well\">session.begin</code>"));
    assert_non_null(strstr(page, "<code class=\"bad\">authz.reject</code>"));
    assert_non_null(strstr(page, ">0123456789abcdef<"));
    assert_null(strstr(page, person_id));
    assert_null(strstr(page, "203.0.113.77"));
}

static void
which_node_does_what_is_shown_and_which_of_them_is_this_one(void **state)
{
    struct world *w = *state;
    const struct stored_lease here = { "keys", "0123456789", WORLD_NOW + 20 };
    const struct stored_lease there = { "sweep", "abcdefabcdef", WORLD_NOW + 20 };
    const struct stored_lease nobody = { "drain", "0123456789", WORLD_NOW + 0 };
    const char *page;

    assert_int_equal(store_lease_take(w->store, &here, WORLD_NOW, 60), OK);
    assert_int_equal(store_lease_take(w->store, &there, WORLD_NOW, 60), OK);
    assert_int_equal(store_lease_take(w->store, &nobody, WORLD_NOW, 60), OK);
    w->services.node = "0123456789";
    page = live(w, w->store, "");
    assert_non_null(strstr(page, "<code>keys</code></th><td>01234567（本节点）</td>"));
    assert_non_null(strstr(page, "<code>sweep</code></th><td>abcdefab</td>"));
    assert_null(strstr(page, "<code>drain</code></th><td>0123"));
    assert_non_null(strstr(page, "节点 01234567"));
}

static void
it_refreshes_itself_until_it_is_told_to_stop(void **state)
{
    struct world *w = *state;

    (void)live(w, w->store, "");
    assert_string_equal(world_header(w, "Refresh"), "10");
    assert_non_null(strstr(live(w, w->store, "pause=1"), "id=\"resume\""));
    assert_null(world_header(w, "Refresh"));
}

/* The admin listener has no issuer's path. */
static void
s9_its_links_stand_under_no_issuers_path(void **state)
{
    struct world *w = *state;
    const char *page;

    w->settings.server.issuer_path = "/auth";
    page = live(w, w->store, "");
    assert_non_null(strstr(page, "href=\"/static/wall.css?v="));
    assert_non_null(strstr(page, "href=\"/live?ui_locales="));
    assert_null(strstr(page, "/auth/"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_node_that_has_just_started_says_so),
        world_test(the_last_minute_is_shown_by_channel_and_reason),
        world_test(what_needs_somebody_stands_on_top),
        world_test(the_last_events_are_shown_without_persons_and_addresses),
        world_test(which_node_does_what_is_shown_and_which_of_them_is_this_one),
        world_test(it_refreshes_itself_until_it_is_told_to_stop),
        world_test(s9_its_links_stand_under_no_issuers_path),
    };

    return world_run(tests);
}
