/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/endpoints.h"
#include "tests/protocols/http/kit.h"

static const struct keyring some_keys;

static void
life_asks_nothing_of_anybody(void **state)
{
    struct http_kit *kit = *state;

    assert_null(endpoint_healthz(&kit->rq));
    assert_int_equal(kit->rq.response.status, 200);
    assert_body(kit, "ok\n");
}

static void
assert_not_ready(struct http_kit *kit, const char *why)
{
    respond_again(&kit->rq);
    assert_null(endpoint_readyz(&kit->rq));
    assert_int_equal(kit->rq.response.status, 503);
    assert_body(kit, why);
    assert_header(kit, "Retry-After", "2");
}

static void
not_ready_without_keys_or_store_or_when_ending(void **state)
{
    struct http_kit *kit = *state;

    assert_not_ready(kit, "no keys\n");
    kit->ctx.keys = &some_keys;
    assert_not_ready(kit, "no store\n");
    kit->services.draining = true;
    assert_not_ready(kit, "draining\n");
}

static void
metrics_are_in_the_text_format(void **state)
{
    struct http_kit *kit = *state;

    assert_null(endpoint_metrics(&kit->rq));
    assert_header(kit, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    assert_non_null(strstr((const char *)kit->rq.response.body.at, "# TYPE tongxing_"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(life_asks_nothing_of_anybody),
        in_kit(not_ready_without_keys_or_store_or_when_ending),
        in_kit(metrics_are_in_the_text_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
