/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/purpose.h"
#include "protocols/flow/transactions.h"

#include <string.h>

#include "idp/base/text.h"
#include "tests/world.h"

#define PREFIX "__Host-tx_"

/* A request of a browser that sends these cookies (NULL: none). */
static struct request
request_with(struct world *w, struct ctx *ctx, const char *cookie)
{
    *ctx = world_ctx(w);
    return (struct request) {
        .ctx = ctx,
        .arena = w->arena,
        .now = ctx->now,
        .method = "GET",
        .path = "/login",
        .headers.cookie = cookie,
        .language = LANGUAGE_EN,
    };
}

static size_t
cookies_set(const struct request *rq, const char *part)
{
    size_t count = 0;

    for (size_t i = 0; i < rq->response.header_count; i++)
        count += text_eq(rq->response.headers[i].name, "Set-Cookie") &&
                 strstr(rq->response.headers[i].value, part) != NULL;
    return count;
}

/* The first is the newest, though a browser should send it last. */
static const char *
cookies_of(struct world *w, size_t count)
{
    const char *line = "lang=en";

    for (size_t i = 0; i < count; i++)
        line = arena_printf(w->arena, "%s; " PREFIX "old%zu=%010zxvalue", line, i, count - i);
    return line;
}

static void
a_transaction_opens_in_the_browser_that_got_its_cookie_and_in_no_other(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct request rq = request_with(w, &ctx, NULL);
    struct transaction tx = { .purpose = PURPOSE_OWN };
    struct transaction opened;
    const char *cookie;
    const char *sealed;

    assert_null(transaction_start(&rq, &tx, &cookie, &sealed));
    assert_string_equal(tx.language, "en");
    assert_int_equal(transaction_peek(&ctx, sealed, &opened), OK);
    assert_string_equal(opened.id, tx.id);
    assert_true(transaction_is_bound(&ctx, &opened, cookie));
    assert_false(transaction_is_bound(&ctx, &opened, "another"));
    assert_false(transaction_is_bound(&ctx, &opened, NULL));
}

static void
the_cookie_is_named_by_the_id_and_goes_with_the_transaction(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct request rq = request_with(w, &ctx, NULL);
    struct transaction tx = { .purpose = PURPOSE_OWN };
    const char *cookie;
    const char *sealed;
    const char *line;
    int64_t rows = world_rows(w);

    assert_null(transaction_start(&rq, &tx, &cookie, &sealed));
    assert_string_equal(transaction_cookie_name(&rq, &tx), arena_printf(w->arena, "tx_%s", tx.id));
    line = arena_printf(w->arena, PREFIX "%s=%s; ", tx.id, cookie);
    assert_int_equal(cookies_set(&rq, line), 1);
    line =
        arena_printf(w->arena, "Max-Age=%lld", (long long)w->settings.life.transaction_s + 86400);
    assert_int_equal(cookies_set(&rq, line), 1);
    assert_int_equal(world_rows(w), rows);
}

static void
up_to_seven_other_tabs_keep_their_cookies(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct request rq = request_with(w, &ctx, cookies_of(w, 7));
    struct transaction tx = { .purpose = PURPOSE_OWN };
    const char *cookie;
    const char *sealed;

    assert_null(transaction_start(&rq, &tx, &cookie, &sealed));
    assert_int_equal(cookies_set(&rq, "Max-Age=0"), 0);
}

static void
b6_the_ninth_tab_costs_the_oldest_and_no_other(void **state)
{
    static const struct {
        size_t cookies;
        size_t given_way;
    } counts[] = { { 8, 1 }, { 9, 2 }, { 30, 8 } };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        struct ctx ctx;
        struct request rq = request_with(w, &ctx, cookies_of(w, counts[i].cookies));
        struct transaction tx = { .purpose = PURPOSE_OWN };
        const char *cookie;
        const char *sealed;

        assert_null(transaction_start(&rq, &tx, &cookie, &sealed));
        assert_int_equal(cookies_set(&rq, "Max-Age=0"), counts[i].given_way);
        for (size_t old = 0; old < counts[i].given_way; old++)
            assert_int_equal(cookies_set(&rq, arena_printf(w->arena, PREFIX "old%zu=;",
                                                           counts[i].cookies - 1 - old)),
                             1);
        assert_int_equal(cookies_set(&rq, arena_printf(w->arena, PREFIX "%s=", tx.id)), 1);
        assert_false(rq.response.broken);
    }
}

static void
without_randomness_none_is_started_and_no_cookie_is_set(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct request rq = request_with(w, &ctx, cookies_of(w, 8));
    struct transaction tx = { .purpose = PURPOSE_OWN };
    const char *cookie;
    const char *sealed;

    w->random_fails = true;
    assert_ptr_equal(transaction_start(&rq, &tx, &cookie, &sealed), problem_of(ERR_UNAVAILABLE));
    assert_int_equal(cookies_set(&rq, ""), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_transaction_opens_in_the_browser_that_got_its_cookie_and_in_no_other),
        world_test(the_cookie_is_named_by_the_id_and_goes_with_the_transaction),
        world_test(up_to_seven_other_tabs_keep_their_cookies),
        world_test(b6_the_ninth_tab_costs_the_oldest_and_no_other),
        world_test(without_randomness_none_is_started_and_no_cookie_is_set),
    };

    return world_run(tests);
}
