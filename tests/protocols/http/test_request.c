/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/http/kit.h"

static void
a_get_is_asked_by_its_query(void **state)
{
    struct kit *kit = *state;

    kit->rq.query = kit_params(kit, "scope=openid&empty=");
    kit->rq.form = kit_params(kit, "scope=other");
    assert_string_equal(param(&kit->rq, "scope"), "openid");
    assert_null(param(&kit->rq, "empty"));
    assert_null(param(&kit->rq, "absent"));
}

static void
a_post_is_asked_by_its_form_only(void **state)
{
    struct kit *kit = *state;

    kit->rq.method = "POST";
    kit->rq.query = kit_params(kit, "code=in-the-address");
    assert_null(param(&kit->rq, "code"));
    kit->rq.form = kit_params(kit, "code=in-the-form");
    assert_string_equal(param(&kit->rq, "code"), "in-the-form");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(a_get_is_asked_by_its_query),
        in_kit(a_post_is_asked_by_its_form_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
