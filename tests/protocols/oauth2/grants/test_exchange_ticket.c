/* SPDX-License-Identifier: Apache-2.0 */
/* An app trades its access token for a browser ticket (docs/adr/0047). */
#include "tests/protocols/app_kit.h"

static void
a_bound_token_and_its_key_give_a_ticket_of_half_a_minute(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens = app_tokens(w, &holder, "pilot", "openid", "");
    int64_t rows = world_rows_of(w, "session");

    ticket_ask(w, &holder, "pilot", tokens.access, "hall");
    assert_int_equal(w->answer.status, 200);
    assert_true(text_starts(world_json(w, "access_token"), "bt_"));
    assert_string_equal(world_json(w, "issued_token_type"), TYPE_TICKET);
    assert_string_equal(world_json(w, "token_type"), "N_A");
    assert_non_null(strstr(w->answer.body, "\"expires_in\":30"));
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
    assert_int_equal(world_rows_of(w, "session"), rows);
}

static void
a_bearer_token_opens_no_page(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens = app_tokens(w, NULL, "pilot", "openid", "");

    ticket_ask(w, NULL, "pilot", tokens.access, "hall");
    assert_refused(w, &problem_exchange_key_missing);
    ticket_ask(w, &holder, "pilot", tokens.access, "hall");
    assert_refused(w, &problem_exchange_key_missing);
    assert_audited(w, AUDIT_EXCHANGE_REJECTED, "key");
}

static void
another_key_or_another_app_gets_none(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct holder thief = holder_new(w);
    struct world_tokens tokens = app_tokens(w, &holder, "pilot", "openid", "");

    ticket_ask(w, &thief, "pilot", tokens.access, "hall");
    assert_refused(w, &problem_exchange_key_missing);
    ticket_ask(w, NULL, "pilot", tokens.access, "hall");
    assert_refused(w, &problem_exchange_key_missing);
    ticket_ask(w, &holder, "opener", tokens.access, "hall");
    assert_refused(w, &problem_exchange_token_invalid);
    ticket_ask(w, &holder, "pilot", tokens.id, "hall");
    assert_refused(w, &problem_exchange_token_invalid);
    assert_audited(w, AUDIT_EXCHANGE_REJECTED, "token");
}

static void
only_pages_that_the_registration_names_are_opened(void **state)
{
    static const char *const bad[] = {
        "second",
        "nobody",
        WORLD_ISSUER,
        "hall&resource=https://evil.example/",
        "hall&resource=https://hall.example.evil.example/",
        "hall&resource=https://hall.example:8443/x",
        "hall&resource=https://hall.example/../x",
        "hall&resource=javascript:alert(1)",
    };
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens = app_tokens(w, &holder, "pilot", "openid", "");

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ticket_ask(w, &holder, "pilot", tokens.access, bad[i]);
        assert_refused(w, &problem_exchange_target_invalid);
        assert_audited(w, AUDIT_EXCHANGE_REJECTED, "target");
    }
    ticket_ask(w, &holder, "pilot", tokens.access, "hall&resource=https://hall.example/case/7");
    assert_int_equal(w->answer.status, 200);
}

static void
a_channel_to_which_nothing_is_lent_is_refused(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens = app_tokens(w, &holder, "pilot", "openid", "");

    ticket_ask(w, &holder, "pilot", tokens.access, "desk");
    assert_refused(w, &problem_channel_not_lent);
    assert_audited(w, AUDIT_EXCHANGE_REJECTED, "channel");
}

static void
a_session_that_has_ended_gives_none(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens = app_tokens(w, &holder, "pilot", "openid offline_access", "");

    world_get(w, "/");
    world_form_post(w, "/logout", "csrf=%s&decision=yes", world_hidden(w, "csrf"));
    ticket_ask(w, &holder, "pilot", tokens.access, "hall"); /* its grant outlives the session */
    assert_refused(w, &problem_exchange_token_invalid);
    assert_audited(w, AUDIT_EXCHANGE_REJECTED, "session");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        apps_test(a_bound_token_and_its_key_give_a_ticket_of_half_a_minute),
        apps_test(a_bearer_token_opens_no_page),
        apps_test(another_key_or_another_app_gets_none),
        apps_test(only_pages_that_the_registration_names_are_opened),
        apps_test(a_channel_to_which_nothing_is_lent_is_refused),
        apps_test(a_session_that_has_ended_gives_none),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
