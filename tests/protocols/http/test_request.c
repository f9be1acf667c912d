/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/http/kit.h"

static void
a_get_is_asked_by_its_query(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.query = kit_params(kit, "scope=openid&empty=");
    kit->rq.form = kit_params(kit, "scope=other");
    assert_string_equal(param(&kit->rq, "scope"), "openid");
    assert_null(param(&kit->rq, "empty"));
    assert_null(param(&kit->rq, "absent"));
}

static void
a_post_is_asked_by_its_form_only(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.method = "POST";
    kit->rq.query = kit_params(kit, "code=in-the-address");
    assert_null(param(&kit->rq, "code"));
    kit->rq.form = kit_params(kit, "code=in-the-form");
    assert_string_equal(param(&kit->rq, "code"), "in-the-form");
}

static const struct field fields[] = { { "code", 4, &problem_code_invalid },
                                       { "name", 4, NULL },
                                       { NULL, 0, NULL } };

static void
a_value_beyond_its_bound_is_never_seen(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.method = "POST";
    kit->rq.fields = fields;
    kit->rq.form = kit_params(kit, "code=1234&name=1234");
    assert_null(request_bounds_check(&kit->rq));
    assert_string_equal(param(&kit->rq, "code"), "1234");
    kit->rq.form = kit_params(kit, "code=12345&name=1");
    assert_ptr_equal(request_bounds_check(&kit->rq), &problem_code_invalid);
    assert_null(param(&kit->rq, "code"));
    assert_null(param_typed(&kit->rq, "code"));
    kit->rq.form = kit_params(kit, "code=%31%32%33%34&name=%e4%b8%ad%e6%96%87");
    assert_ptr_equal(request_bounds_check(&kit->rq), &problem_field_too_long);
    assert_string_equal(param(&kit->rq, "code"), "1234"); /* decoded bytes count */
}

/* B2: what we read must be text; what we do not read may be anything. */
static void
bytes_that_are_no_text_are_refused_where_they_are_read(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.fields = fields;
    kit->rq.query = kit_params(kit, "utm_source=%C4%E3%BA%C3&name=1");
    assert_null(request_bounds_check(&kit->rq));
    kit->rq.query = kit_params(kit, "name=%C4%E3");
    assert_ptr_equal(request_bounds_check(&kit->rq), &problem_malformed);
    assert_null(param(&kit->rq, "name"));
}

static void
what_is_not_declared_is_not_measured(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.fields = fields;
    kit->rq.query = kit_params(kit, "other=123456789");
    assert_null(request_bounds_check(&kit->rq));
    assert_false(param_is_declared(&kit->rq, "other"));
    assert_true(param_is_declared(&kit->rq, "name"));
}

static void
what_is_typed_comes_from_a_form_and_may_be_empty(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.query = kit_params(kit, "name=x");
    assert_null(param_typed(&kit->rq, "name"));
    kit->rq.method = "POST";
    assert_null(param_typed(&kit->rq, "name"));
    kit->rq.form = kit_params(kit, "name=");
    assert_string_equal(param_typed(&kit->rq, "name"), "");
}

static void
what_stands_empty_in_the_address_does_not_stand_there(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.method = "POST";
    kit->rq.query = kit_params(kit, "a=1&b=");
    assert_true(param_is_in_query(&kit->rq, "a"));
    assert_false(param_is_in_query(&kit->rq, "b"));
    assert_false(param_is_in_query(&kit->rq, "c"));
}

static void
a_name_in_query_and_form_is_a_repeat(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.query = kit_params(kit, "a=1");
    kit->rq.form = kit_params(kit, "b=1");
    assert_false(request_has_repeats(&kit->rq));
    kit->rq.form = kit_params(kit, "b=1&%61=2");
    assert_true(request_has_repeats(&kit->rq));
    kit->rq.form = kit_params(kit, "b=1&b=2");
    assert_true(request_has_repeats(&kit->rq));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(a_get_is_asked_by_its_query),
        in_kit(a_post_is_asked_by_its_form_only),
        in_kit(a_value_beyond_its_bound_is_never_seen),
        in_kit(bytes_that_are_no_text_are_refused_where_they_are_read),
        in_kit(what_is_not_declared_is_not_measured),
        in_kit(what_is_typed_comes_from_a_form_and_may_be_empty),
        in_kit(what_stands_empty_in_the_address_does_not_stand_there),
        in_kit(a_name_in_query_and_form_is_a_repeat),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
