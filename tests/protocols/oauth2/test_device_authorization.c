/* SPDX-License-Identifier: Apache-2.0 */
/* XD-12, and what a device is told when it asks (RFC 8628, 3.1 and 3.2). */
#include "tests/protocols/http/dpop_kit.h"
#include "tests/protocols/login/device_kit.h"

#include "policies/user_code.h"

#define ASK_URI WORLD_ISSUER "/oauth2/device_authorization"

static void
a_device_is_told_its_codes_and_where_hers_is_typed(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    char code[USER_CODE_LETTERS + 1];

    assert_true(user_code_read(device.user_code, code));
    assert_int_equal(device.user_code[4], '-');
    assert_string_equal(world_json(w, "verification_uri"), WORLD_ISSUER "/device");
    assert_string_equal(
        world_json(w, "verification_uri_complete"),
        arena_printf(w->arena, WORLD_ISSUER "/device?user_code=%s", device.user_code));
    assert_non_null(strstr(w->answer.body, "\"expires_in\":600,\"interval\":5"));
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
    assert_null(device.number);
    assert_int_equal(world_rows_of(w, "pending"), 1);
}

static void
a_terminal_is_given_a_number_to_show(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "selfservice");

    assert_non_null(device.number);
    assert_int_equal(strlen(device.number), 2);
    assert_int_equal(strspn(device.number, "0123456789"), 2);
}

static void
two_devices_have_nothing_in_common(void **state)
{
    struct world *w = *state;
    struct waiting one = kit_waiting(w, "tv");
    struct waiting two = kit_waiting(w, "tv");

    assert_string_not_equal(one.device_code, two.device_code);
    assert_string_not_equal(one.user_code, two.user_code);
}

static void
xd_12_a_partner_without_the_grant_type_may_not(void **state)
{
    struct world *w = *state;

    kit_ask(w, "webhall", "scope=openid");
    assert_refused(w, &problem_grant_type_not_allowed);
    assert_string_equal(world_json(w, "error"), "unauthorized_client");
    kit_post_with(w, "webhall", "/oauth2/token", "grant_type=" DEVICE_GRANT "&device_code=x", NULL);
    assert_refused(w, &problem_grant_type_not_allowed);
    assert_int_equal(world_rows_of(w, "pending"), 0);
}

static void
a_partner_proves_itself_as_at_the_token_endpoint(void **state)
{
    struct world *w = *state;

    world_send(w, &(struct world_call) { .target = "/oauth2/device_authorization",
                                         .form = "client_id=selfservice&scope=openid" });
    assert_refused(w, &problem_client_unauthenticated);
    world_send(w, &(struct world_call) { .target = "/oauth2/device_authorization",
                                         .form = "scope=openid" });
    assert_refused(w, &problem_client_unauthenticated);
}

static void
scope_is_judged_as_at_the_authorization_endpoint(void **state)
{
    struct world *w = *state;

    kit_ask(w, "tv", "scope=profile");
    assert_refused(w, &problem_scope_openid_missing);
    kit_ask(w, "tv", "scope=nonsense");
    assert_refused(w, &problem_scope_invalid);
    kit_ask(w, "tv", "");
    assert_refused(w, &problem_scope_openid_missing);
    assert_int_equal(world_rows_of(w, "pending"), 0);
}

static void
a_key_may_be_named_or_proven_and_both_must_agree(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct holder other = holder_new(w);
    const char *form;

    kit_ask(w, "tv", "scope=openid&dpop_jkt=short");
    assert_refused(w, &problem_dpop_key_malformed);
    form = arena_printf(w->arena, "scope=openid&dpop_jkt=%s", other.key.kid);
    kit_post_with(w, "tv", "/oauth2/device_authorization", form,
                  proof_of(&holder, &(struct proving) { .method = "POST", .uri = ASK_URI }));
    assert_refused(w, &problem_dpop_proof_invalid);
    kit_post_with(w, "tv", "/oauth2/device_authorization", form,
                  proof_of(&other, &(struct proving) { .method = "POST", .uri = ASK_URI }));
    assert_int_equal(w->answer.status, 200);
}

static void
few_rows(struct world *w)
{
    w->settings.limits.devices_address = 3;
    w->settings.limits.devices_partner = 5;
}

static int
setup_with_few_rows(void **state)
{
    return world_setup_adjusted(state, few_rows);
}

static void
ask_from(struct world *w, const char *address)
{
    w->address = address;
    kit_ask(w, "tv", "scope=openid");
}

static void
one_network_fills_no_table_and_others_are_served(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 3; i++)
        ask_from(w, "203.0.113.1");
    world_audit_mark(w);
    ask_from(w, "203.0.113.1");
    assert_refused(w, &problem_device_codes_full);
    assert_non_null(world_header(w, "Retry-After"));
    assert_audited(w, AUDIT_DEVICE_CAPPED, "device_address");
    ask_from(w, "203.0.113.2");
    assert_int_equal(w->answer.status, 200);
    kit_ask(w, "selfservice", "scope=openid");
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_rows_of(w, "pending"), 5);
    world_advance(w, 601);
    ask_from(w, "203.0.113.1");
    assert_int_equal(w->answer.status, 200);
}

static void
a_partner_has_no_more_rows_than_it_may_from_wherever_it_asks(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 5; i++)
        ask_from(w, arena_printf(w->arena, "203.0.113.%d", i));
    world_audit_mark(w);
    ask_from(w, "203.0.113.9");
    assert_refused(w, &problem_device_codes_full);
    assert_audited(w, AUDIT_DEVICE_CAPPED, "device_partner");
    assert_int_equal(world_rows_of(w, "pending"), 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_device_is_told_its_codes_and_where_hers_is_typed),
        world_test(a_terminal_is_given_a_number_to_show),
        world_test(two_devices_have_nothing_in_common),
        world_test(xd_12_a_partner_without_the_grant_type_may_not),
        world_test(a_partner_proves_itself_as_at_the_token_endpoint),
        world_test(scope_is_judged_as_at_the_authorization_endpoint),
        world_test(a_key_may_be_named_or_proven_and_both_must_agree),
        cmocka_unit_test_setup_teardown(one_network_fills_no_table_and_others_are_served,
                                        setup_with_few_rows, world_teardown),
        cmocka_unit_test_setup_teardown(
            a_partner_has_no_more_rows_than_it_may_from_wherever_it_asks, setup_with_few_rows,
            world_teardown),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
