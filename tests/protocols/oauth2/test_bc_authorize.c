/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/token.h"
#include "idp/tables/person.h"
#include "policies/backchannel.h"
#include "tests/protocols/oauth2/backchannel_kit.h"

static void
a_person_is_asked_and_the_partner_waits(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);

    assert_true(strlen(auth_req_id) >= 64);
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
    assert_non_null(strstr(w->answer.body, "\"expires_in\":300"));
    assert_non_null(strstr(w->answer.body, "\"interval\":5"));
    assert_audited(w, AUDIT_APPROVAL_ASKED, "link");
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
}

static void
she_may_be_named_by_phone_identity_number_or_id_token(void **state)
{
    static const char *const hints[] = { "login_hint=%2B8613800138000", "login_hint=138+0013+8000",
                                         "login_hint=11010519491231002X" };
    struct world *w = *state;

    w->settings.limits.prompts = 10;
    world_person(w, 0);
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
        assert_non_null(bc_ask(w, "hotline", hints[i], ""));
}

static void
an_id_token_of_the_partner_names_her(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);
    const char *id_token;

    bc_answer(w, 0, "allow");
    bc_poll(w, "hotline", auth_req_id);
    id_token = world_tokens_of(w).id;
    auth_req_id = bc_ask(w, "hotline", arena_printf(w->arena, "id_token_hint=%s", id_token), "");
    assert_non_null(auth_req_id);
    bc_answer(w, 0, "allow");
    bc_poll(w, "hotline", auth_req_id);
    assert_non_null(world_tokens_of(w).access);
}

static void
an_id_token_of_somebody_else_is_no_hint(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    assert_null(bc_ask(w, "hotline", arena_printf(w->arena, "id_token_hint=%s", tokens.id), ""));
    assert_refused(w, &problem_hint_invalid);
    assert_null(bc_ask(w, "hotline", "id_token_hint=x", ""));
    assert_refused(w, &problem_hint_invalid);
}

static void
exactly_one_hint_says_who(void **state)
{
    struct world *w = *state;

    assert_null(bc_ask(w, "hotline", "", ""));
    assert_refused(w, &problem_ciba_hint_missing);
    assert_null(bc_ask(w, "hotline", "login_hint=13800138000&id_token_hint=x", ""));
    assert_refused(w, &problem_ciba_hint_missing);
    assert_null(bc_ask(w, "hotline", "login_hint_token=x", ""));
    assert_refused(w, &problem_ciba_hint_token_unsupported);
    assert_null(bc_ask(w, "hotline", "login_hint=nobody", ""));
    assert_refused(w, &problem_ciba_login_hint_invalid);
    assert_int_equal(world_rows_of(w, "pending"), 0);
}

/* XD-22: same status, same form, same rows and records; only nobody can ever answer. */
static void
xd_22_an_unknown_person_is_asked_like_a_known_one(void **state)
{
    static const char *const tables[] = { "pending", "outbox", "spent", "audit" };
    struct world *w = *state;
    int64_t before[4];
    int64_t known[4];
    const char *auth_req_id;

    world_person(w, 0);
    w->settings.sms.template_code_link = "SMS_LINK";
    for (size_t i = 0; i < 4; i++)
        before[i] = world_rows_of(w, tables[i]);
    auth_req_id = bc_ask(w, "hotline", "login_hint=13800138000", "");
    for (size_t i = 0; i < 4; i++)
        known[i] = world_rows_of(w, tables[i]) - before[i];
    for (size_t i = 0; i < 4; i++)
        before[i] = world_rows_of(w, tables[i]);
    assert_int_equal(strlen(bc_ask(w, "hotline", "login_hint=13900139000", "")),
                     strlen(auth_req_id));
    auth_req_id = world_json(w, "auth_req_id");
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(world_rows_of(w, tables[i]) - before[i], known[i]);
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
    world_advance(w, BACKCHANNEL_LIFE_S);
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_expired);
}

/* XD-22: nor is it told of who may not log in. */
static void
xd_22_who_may_not_log_in_is_nobody(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);

    world_must(store_person_set_state(w->store, person_id, PERSON_DISABLED, WORLD_NOW), "state");
    assert_non_null(bc_ask(w, "hotline", "login_hint=13800138000", ""));
}

/* XD-21 */
static void
xd_21_a_message_that_hides_something_is_refused(void **state)
{
    struct world *w = *state;

    assert_null(bc_ask(w, "hotline", "login_hint=13800138000", "&binding_message=a%0Ab"));
    assert_refused(w, &problem_binding_message_invalid);
    assert_null(bc_ask(w, "hotline", "login_hint=13800138000", "&binding_message=%E2%80%AE12"));
    assert_refused(w, &problem_binding_message_invalid);
    assert_non_null(strstr(w->answer.body, "\"invalid_binding_message\""));
}

static void
other_parameters_are_judged_too(void **state)
{
    struct world *w = *state;
    const char *hint = "login_hint=13800138000";

    assert_null(bc_ask(w, "hotline", hint, "&requested_expiry=0"));
    assert_refused(w, &problem_requested_expiry_invalid);
    world_partner_post(w, "hotline", "/oauth2/bc-authorize", "scope=profile&%s", hint);
    assert_refused(w, &problem_scope_openid_missing);
    world_partner_post(w, "hotline", "/oauth2/bc-authorize", "scope=none&%s", hint);
    assert_refused(w, &problem_scope_invalid);
    assert_null(bc_ask(w, "webhall", hint, ""));
    assert_refused(w, &problem_grant_type_not_allowed);
    assert_null(bc_ask(w, "hotline", hint, "&request=x"));
    assert_refused(w, &problem_request_object_unwanted);
    world_send(w,
               &(struct world_call) { .target = "/oauth2/bc-authorize", .form = "scope=openid" });
    assert_refused(w, &problem_client_unauthenticated);
}

static void
a_shorter_time_may_be_asked_for(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;

    world_person(w, 0);
    auth_req_id = bc_ask(w, "hotline", "login_hint=13800138000", "&requested_expiry=30");
    assert_non_null(strstr(w->answer.body, "\"expires_in\":30"));
    world_advance(w, 30);
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_expired);
    assert_non_null(strstr(w->answer.body, "\"expired_token\""));
}

/* XD-20 */
static void
xd_20_a_person_is_not_asked_over_and_over(void **state)
{
    struct world *w = *state;
    const char *hint = "login_hint=13800138000";

    world_person(w, 0);
    for (int i = 0; i < 3; i++)
        assert_non_null(bc_ask(w, "hotline", hint, ""));
    assert_null(bc_ask(w, "hotline", hint, ""));
    assert_refused(w, &problem_prompts_full);
    assert_int_equal(w->answer.status, 429);
    assert_null(bc_ask(w, "hotline", "login_hint=11010519491231002X", "")); /* one count */
    assert_refused(w, &problem_prompts_full);
    assert_int_equal(world_audit_count(w, AUDIT_PROMPT_BOMB), 1);
    world_advance(w, 300);
    assert_non_null(bc_ask(w, "hotline", hint, ""));
}

/* XD-20: who is unknown is refused like anybody. */
static void
xd_20_the_limit_tells_nobody_who_is_known(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 3; i++)
        assert_non_null(bc_ask(w, "hotline", "login_hint=13900139000", ""));
    assert_null(bc_ask(w, "hotline", "login_hint=13900139000", ""));
    assert_refused(w, &problem_prompts_full);
}

/* XD-20: she is told once, by a message. */
static void
xd_20_she_is_told_once(void **state)
{
    struct world *w = *state;
    int64_t before;

    world_person(w, 0);
    w->settings.sms.template_code_alarm = "SMS_ALARM";
    for (int i = 0; i < 3; i++)
        assert_non_null(bc_ask(w, "hotline", "login_hint=13800138000", ""));
    before = world_rows_of(w, "outbox");
    for (int i = 0; i < 3; i++)
        assert_null(bc_ask(w, "hotline", "login_hint=13800138000", ""));
    assert_int_equal(world_rows_of(w, "outbox"), before + 1);
}

static void
what_she_has_allowed_is_no_question_that_waits(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    for (int i = 0; i < 5; i++) {
        assert_non_null(bc_ask(w, "hotline", "login_hint=13800138000", ""));
        bc_answer(w, 0, "allow");
    }
}

static void
nothing_is_stored_in_the_clear(void **state)
{
    static const char sql[] = "SELECT request FROM pending";
    struct world *w = *state;
    const char *request;
    const struct out outs[] = { out_text(&request), OUT_END };

    bc_ask_her(w);
    world_must(store_run(w->store, &(struct query) { .sql = sql, .outs = outs, .arena = w->arena }),
               sql);
    assert_null(strstr(request, "4711"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_person_is_asked_and_the_partner_waits),
        world_test(she_may_be_named_by_phone_identity_number_or_id_token),
        world_test(an_id_token_of_the_partner_names_her),
        world_test(an_id_token_of_somebody_else_is_no_hint),
        world_test(exactly_one_hint_says_who),
        world_test(xd_22_an_unknown_person_is_asked_like_a_known_one),
        world_test(xd_22_who_may_not_log_in_is_nobody),
        world_test(xd_21_a_message_that_hides_something_is_refused),
        world_test(other_parameters_are_judged_too),
        world_test(a_shorter_time_may_be_asked_for),
        world_test(xd_20_a_person_is_not_asked_over_and_over),
        world_test(xd_20_the_limit_tells_nobody_who_is_known),
        world_test(xd_20_she_is_told_once),
        world_test(what_she_has_allowed_is_no_question_that_waits),
        world_test(nothing_is_stored_in_the_clear),
    };

    return world_run(tests);
}
