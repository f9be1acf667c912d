/* SPDX-License-Identifier: Apache-2.0 */
/* A member of staff acts for the citizen in front of her (RFC 8693): by a card code, an approval, or what a page has begun. */
#include "idp/person/vault.h"
#include "idp/session/stop.h"
#include "idp/staff/counter.h"
#include "tests/protocols/oauth2/grants/acting_kit.h"

/* --- What she gets --- */

static void
the_token_names_the_citizen_and_who_acts_for_her(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct ctx ctx = world_ctx(w);
    struct world_tokens tokens;
    struct access access;
    const char *act;

    window_act(&window, "");
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_ACTING_BEGUN, "code");
    assert_audited(w, AUDIT_CARD_SCANNED, "serve");
    tokens = world_tokens_of(w);
    assert_null(tokens.refresh);
    assert_null(tokens.id);
    assert_string_equal(world_json(w, "scope"), "openid profile");
    assert_string_equal(world_json(w, "issued_token_type"), ACCESS_TYPE);
    act =
        arena_printf(w->arena,
                     "\"act\":{\"sub\":\"sub-of-" CLERK "\",\"agency\":\"天河区社保局\","
                     "\"counter\":\"%s\"},\"business\":\"pension.query\",\"reason\":\"" REASON "\"",
                     window.counter_id);
    assert_non_null(strstr(window_payload(w, tokens.access), act));
    assert_int_equal(access_token_open(&ctx, tokens.access, &access), OK);
    assert_string_equal(access.sub,
                        subject_for(&ctx, registry_find(ctx.services->registry, "window"),
                                    world_person(w, CARD_OF)));
    assert_true(window_token_works(w, tokens.access));
    assert_string_equal(world_json(w, "name"), "张三");
    assert_non_null(strstr(w->answer.body, act));
    scanner_post(&window.scanner, "/oauth2/introspect",
                 arena_printf(w->arena, "token=%s", tokens.access));
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
    assert_non_null(strstr(w->answer.body, act));
}

static void
it_reaches_no_further_than_the_business(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");

    window_act(&window, "&scope=openid%20profile%20realname");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "scope"), "openid profile");
    window_act(&window, "&scope=openid");
    assert_string_equal(world_json(w, "scope"), "openid");
    ask_userinfo(w, "Bearer", world_tokens_of(w).access, NULL);
    assert_non_null(strstr(w->answer.body, "\"business\":\"pension.query\""));
    assert_null(strstr(w->answer.body, "\"name\""));
    window_act(&window, "&scope=realname");
    assert_refused(w, &problem_scope_invalid);
    window_act(&window, "&scope=profile");
    assert_refused(w, &problem_scope_openid_missing);
}

static void
it_is_of_the_sitting_and_ends_with_the_quarter_of_an_hour(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct ctx ctx = world_ctx(w);
    struct stored_acting acting;
    struct acting_list list;
    struct stored_grant grant;
    struct access access;

    window_act(&window, "");
    assert_int_equal(access_token_open(&ctx, world_tokens_of(w).access, &access), OK);
    assert_int_equal(store_grant_load(w->store, w->arena, access.grant_id, &grant), OK);
    assert_string_equal(grant.approval.sid, window.sid);
    assert_string_equal(grant.approval.amr, "pwd card");
    assert_int_equal(grant.approval.until, WORLD_NOW + ACTING_S);
    assert_int_equal(store_acting_list(w->store, w->arena, window.sid, ctx.now, &list), OK);
    assert_int_equal(list.count, 1);
    acting = list.at[0];
    assert_string_equal(acting.grant_id, access.grant_id);
    assert_string_equal(acting.staff_id, CLERK);
    assert_string_equal(acting.counter_id, window.counter_id);
    assert_string_equal(acting.person_id, world_person(w, CARD_OF));
    assert_string_equal(acting.proof, "code");
    assert_int_equal(acting.until, WORLD_NOW + ACTING_S);
    assert_int_equal(store_acting_list(w->store, w->arena, window.sid, acting.until, &list), OK);
    assert_int_equal(list.count, 0);
}

static void
she_is_told_and_can_read_it_later(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    int64_t before;

    w->settings.sms.url = "https://sms.example";
    w->settings.sms.template_code_act = "SMS_ACT";
    before = world_rows_of(w, "outbox");
    window_act(&window, "");
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_rows_of(w, "staff_act"), 1);
    assert_int_equal(world_rows_of(w, "outbox"), before + 1);
}

/* --- Who may not --- */

static void
st_10_nobody_acts_for_herself(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct ctx ctx = world_ctx(w);
    struct stored_staff staff;
    struct person person;
    struct digest self;

    assert_int_equal(person_load(&ctx, world_person(w, CARD_OF), &person), OK);
    self = identity_digest(&ctx, person.identity_number);
    assert_int_equal(store_staff_load(w->store, w->arena, CLERK, &staff), OK);
    staff.person_key = digest_view(&self);
    world_must(store_begin(w->store), "no transaction");
    assert_int_equal(store_staff_put(w->store, &staff), OK);
    world_must(store_commit(w->store), "no commit");
    window_act(&window, "");
    assert_refused(w, &problem_staff_self);
    assert_audited(w, AUDIT_STAFF_DENIED, "self");
    assert_int_equal(world_rows_of(w, "acting"), 0);
}

static void
st_16_a_citizen_of_another_region_is_nobody(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct stored_staff staff;

    assert_int_equal(store_staff_load(w->store, w->arena, CLERK, &staff), OK);
    staff.region = "330500";
    world_must(store_begin(w->store), "no transaction");
    assert_int_equal(store_staff_put(w->store, &staff), OK);
    world_must(store_commit(w->store), "no commit");
    window_act(&window, "");
    assert_refused(w, &problem_citizen_unknown);
    assert_int_equal(w->answer.status, 404);
    assert_audited(w, AUDIT_STAFF_DENIED, "scope");
    assert_int_equal(world_rows_of(w, "acting"), 0);
}

static void
st_09_a_role_that_is_gone_is_gone_at_the_next_exchange(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");

    window_act(&window, "&business=audit");
    window_refused(&window, &problem_acting_role, "role");
    world_staff(w, CLERK, "telephone");
    window_act(&window, "");
    window_refused(&window, &problem_acting_role, "role");
    world_staff(w, CLERK, "supervisor");
    window_act(&window, "&business=audit");
    assert_int_equal(w->answer.status, 200);
}

static void
a_business_is_one_that_the_partner_has(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");

    window_act(&window, "&business=pension.steal");
    window_refused(&window, &problem_acting_business, "business");
    window_act(&window, "&business=");
    window_refused(&window, &problem_acting_business, "business");
}

static void
there_is_a_reason_that_holds_no_personal_data(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct buf most = buf_new(w->arena, 256);

    window_act(&window, "&reason=");
    window_refused(&window, &problem_staff_reason_invalid, "reason");
    window_act(&window, "&reason=a%0Abcdef");
    window_refused(&window, &problem_staff_reason_invalid, "reason");
    window_act(&window, "&reason=%E5%BC%A0%E4%B8%89%20wants%20it"); /* 张三 */
    window_refused(&window, &problem_staff_reason_invalid, "reason");
    window_act(&window, "&reason=call%2013800138000");
    window_refused(&window, &problem_staff_reason_invalid, "reason");
    buf_text(&most, "&reason=");
    for (int i = 0; i < 201; i++)
        buf_char(&most, 'x');
    window_act(&window, most.at);
    window_refused(&window, &problem_staff_reason_invalid, "reason");
    window_act(&window, arena_copy(w->arena, most.at, most.size - 1));
    assert_int_equal(w->answer.status, 200);
}

static void
st_11_a_business_of_two_asks_for_a_second_person(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    const char *code = window_code(&window);

    window_exchange(&window, CARD_CODE_TYPE, code, "&business=pension.change");
    window_refused(&window, &problem_acting_second, "second");
    window_exchange(&window, CARD_CODE_TYPE, code, ""); /* which is not used up by that */
    assert_int_equal(w->answer.status, 200);
}

/* --- The actor token --- */

static void
the_actor_is_this_partners_and_sits_there(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct ctx ctx = world_ctx(w);
    const char *hers = window.staff;

    window.staff = staff_token(w, "hatch", CLERK, window.sid);
    window_act(&window, "");
    window_refused(&window, &problem_acting_actor, "token");
    window.staff = "nonsense";
    window_act(&window, "");
    window_refused(&window, &problem_acting_actor, "token");
    window.staff = hers;
    assert_int_equal(store_session_end(w->store, window.sid, ctx.now), OK);
    window_act(&window, "");
    window_refused(&window, &problem_acting_actor, "sitting");
}

static void
whoever_has_taken_the_counter_over_sits_there(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");

    world_sit(w, "wang", "counter", 1);
    window_act(&window, "");
    window_refused(&window, &problem_acting_actor, "sitting");
}

static void
a_citizens_token_is_no_actor(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");

    window_act(&window, "");
    window.staff = world_tokens_of(w).access;
    window_act(&window, "");
    assert_refused(w, &problem_acting_actor);
    assert_audited(w, AUDIT_ACTING_REJECTED, "token");
}

static void
the_target_is_us(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");

    window_act(&window, "&audience=https%3A%2F%2Felse.example");
    assert_refused(w, &problem_exchange_target_invalid);
    window_act(&window, "&resource=https%3A%2F%2Felse.example");
    assert_refused(w, &problem_exchange_target_invalid);
}

/* --- The code --- */

static void
a_code_is_good_once(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    const char *code = window_code(&window);

    window_exchange(&window, CARD_CODE_TYPE, code, "");
    assert_int_equal(w->answer.status, 200);
    window_exchange(&window, CARD_CODE_TYPE, code, "");
    assert_refused(w, &problem_card_code_grant);
    assert_audited(w, AUDIT_CARD_CODE_REPLAYED, "used");
    assert_int_equal(world_rows_of(w, "acting"), 1);
    window_exchange(&window, CARD_CODE_TYPE, "nonsense", "");
    assert_refused(w, &problem_card_code_grant);
    window_exchange(&window, CARD_CODE_TYPE,
                    code_of(w, window.card_id, window.citizen_sid, CARD_PURPOSE_show), "");
    assert_refused(w, &problem_card_code_grant);
}

/* --- Ends --- */

struct ending {
    struct window window;
    const char *token;
};

static struct ending
ending_new(struct world *w)
{
    struct ending ending = { .window = window_new(w, "counter") };

    window_act(&ending.window, "");
    assert_int_equal(w->answer.status, 200);
    ending.token = world_tokens_of(w).access;
    assert_true(window_token_works(w, ending.token));
    return ending;
}

static void
it_ends_when_the_counter_is_locked(void **state)
{
    struct world *w = *state;
    struct ending ending = ending_new(w);
    struct ctx ctx = world_ctx(w);
    struct sitting sitting;

    assert_int_equal(acting_sitting_find(&ctx, ending.window.sid, &sitting), OK);
    world_audit_mark(w);
    assert_int_equal(sitting_lock(&ctx, &sitting), OK);
    assert_audited(w, AUDIT_ACTING_ENDED, "locked");
    assert_false(window_token_works(w, ending.token));
    scanner_post(&ending.window.scanner, "/oauth2/introspect",
                 arena_printf(w->arena, "token=%s", ending.token));
    assert_string_equal(w->answer.body, "{\"active\":false}");
    window_act(&ending.window, "");
    assert_refused(w, &problem_acting_locked);
}

static void
it_ends_with_the_sitting(void **state)
{
    struct world *w = *state;
    struct ending ending = ending_new(w);
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(store_session_load(w->store, w->arena, ending.window.sid, &session.row), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    assert_false(window_token_works(w, ending.token));
}

static void
it_ends_with_her_account(void **state)
{
    struct world *w = *state;
    struct ending ending = ending_new(w);
    struct ctx ctx = world_ctx(w);

    assert_int_equal(person_stop(&ctx, world_person(w, CARD_OF), PERSON_DISABLED, "test"), OK);
    assert_false(window_token_works(w, ending.token));
}

static void
it_ends_with_the_card_whose_code_began_it(void **state)
{
    struct world *w = *state;
    struct ending ending = ending_new(w);
    struct ctx ctx = world_ctx(w);
    const struct loss_report report = { world_person(w, CARD_OF), CARD_LOSS_FORMAL, LOSS_ON_PAGE };
    struct card card;

    assert_null(card_lose(&ctx, &report, &card));
    assert_false(window_token_works(w, ending.token));
}

static void
a_counter_that_was_locked_meanwhile_is_seen(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");

    assert_int_equal(kit_run(w->store, "UPDATE sitting SET locked_at = 1"), OK);
    window_act(&window, "");
    window_refused(&window, &problem_acting_locked, "locked");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(the_token_names_the_citizen_and_who_acts_for_her),
        scene_test(it_reaches_no_further_than_the_business),
        scene_test(it_is_of_the_sitting_and_ends_with_the_quarter_of_an_hour),
        scene_test(she_is_told_and_can_read_it_later),
        scene_test(st_10_nobody_acts_for_herself),
        scene_test(st_16_a_citizen_of_another_region_is_nobody),
        scene_test(st_09_a_role_that_is_gone_is_gone_at_the_next_exchange),
        scene_test(a_business_is_one_that_the_partner_has),
        scene_test(there_is_a_reason_that_holds_no_personal_data),
        scene_test(st_11_a_business_of_two_asks_for_a_second_person),
        scene_test(the_actor_is_this_partners_and_sits_there),
        scene_test(whoever_has_taken_the_counter_over_sits_there),
        scene_test(a_citizens_token_is_no_actor),
        scene_test(the_target_is_us),
        scene_test(a_code_is_good_once),
        scene_test(it_ends_when_the_counter_is_locked),
        scene_test(it_ends_with_the_sitting),
        scene_test(it_ends_with_her_account),
        scene_test(it_ends_with_the_card_whose_code_began_it),
        scene_test(a_counter_that_was_locked_meanwhile_is_seen),
    };

    return world_run(tests);
}
