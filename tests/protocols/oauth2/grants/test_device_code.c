/* SPDX-License-Identifier: Apache-2.0 */
/* What a device that waits is told (RFC 8628, 3.4 and 3.5): XD-01 to XD-05, XD-09. XD-05 with many callers at two nodes:
 * tests/faults/race.test.mjs. */
#include "tests/protocols/http/dpop_kit.h"
#include "tests/protocols/login/device_kit.h"

#include "idp/base/metrics.h"
#include "idp/session/poll.h"
#include "idp/tables/person.h"

static void
until_she_decides_it_is_pending(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    kit_poll(&device);
    assert_refused(w, &problem_authorization_pending);
    assert_string_equal(world_json(w, "error"), "authorization_pending");
    assert_int_equal(w->answer.status, 400);
}

static void
what_she_has_allowed_becomes_tokens_in_a_session_of_its_own(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    struct world_tokens tokens;

    kit_allow(&device);
    world_audit_mark(w);
    kit_poll(&device);
    assert_int_equal(w->answer.status, 200);
    tokens = world_tokens_of(w);
    assert_non_null(tokens.id);
    assert_non_null(tokens.refresh);
    assert_string_equal(world_json(w, "scope"), "openid profile");
    assert_true(world_token_works(w, tokens.access));
    assert_audited(w, AUDIT_CODE_REDEEMED, NULL);
    assert_int_equal(world_rows_of(w, "session"), 2);
    kit_post_with(w, "tv", "/oauth2/token",
                  arena_printf(w->arena, "grant_type=refresh_token&refresh_token=%s",
                               world_url(w, tokens.refresh)),
                  NULL);
    assert_int_equal(w->answer.status, 200);
}

/* As her list of sessions tells: where it is, and of which of hers. */
static void
the_session_is_on_the_devices_channel_and_lent_by_hers(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "selfservice");
    static const char sql[] = "SELECT channel, partner_id, amr FROM session WHERE lent_by = $1";
    struct ctx ctx = world_ctx(w);
    struct session hers;
    const char *found[3];
    const struct out outs[] = { out_text(&found[0]), out_text(&found[1]), out_text(&found[2]),
                                OUT_END };

    kit_allow(&device);
    kit_poll(&device);
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &hers), OK);
    world_must(
        store_run(w->store, &(struct query) { .sql = sql,
                                              .args = (const struct arg[]) { arg_text(hers.row.sid),
                                                                             ARG_END },
                                              .outs = outs,
                                              .arena = w->arena }),
        sql);
    assert_string_equal(found[0], "terminal");
    assert_string_equal(found[1], "selfservice");
    assert_string_equal(found[2], hers.row.amr);
}

static void
it_ends_with_hers(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    struct ctx ctx = world_ctx(w);
    struct session hers;
    struct world_tokens tokens;

    kit_allow(&device);
    kit_poll(&device);
    tokens = world_tokens_of(w);
    assert_true(world_token_works(w, tokens.access));
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &hers), OK);
    assert_int_equal(session_end(&ctx, &hers, "logout"), OK);
    assert_false(world_token_works(w, tokens.access));
}

static void
the_device_code_must_be_sent_and_be_one(void **state)
{
    static const char *const codes[] = { "x", "AAAA", "a.b.c" };
    struct world *w = *state;

    kit_post_with(w, "tv", "/oauth2/token", "grant_type=" DEVICE_GRANT, NULL);
    assert_refused(w, &problem_device_code_missing);
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        kit_post_with(
            w, "tv", "/oauth2/token",
            arena_printf(w->arena, "grant_type=" DEVICE_GRANT "&device_code=%s", codes[i]), NULL);
        assert_refused(w, &problem_device_code_invalid);
    }
}

static void
xd_01_another_partner_gets_nothing_and_burns_it(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    kit_allow(&device);
    world_audit_mark(w);
    kit_poll_as(&device, "selfservice", NULL);
    assert_refused(w, &problem_device_code_invalid);
    assert_audited(w, AUDIT_DEVICE_REJECTED, "client");
    kit_poll(&device);
    assert_refused(w, &problem_device_code_refused);
    assert_int_equal(world_rows_of(w, "partner_grant"), 0);
}

static void
a_code_of_another_terminal_is_burnt(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "selfservice");
    static const char sql[] = "UPDATE pending SET terminal_id = 'another'";
    const struct arg args[] = { ARG_END };

    world_must(store_run(w->store, &(struct query) { .sql = sql, .args = args }), sql);
    world_audit_mark(w);
    kit_poll(&device);
    assert_refused(w, &problem_device_code_invalid);
    assert_audited(w, AUDIT_DEVICE_REJECTED, "terminal");
    kit_allow(&device);
    assert_told(w, &problem_user_code_unknown);
}

static void
xd_02_a_login_that_its_channel_lends_to_no_other_allows_nothing(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    static const char sql[] = "UPDATE session SET channel = 'counter'";
    const struct arg args[] = { ARG_END };

    world_log_in(w, 0);
    world_must(store_run(w->store, &(struct query) { .sql = sql, .args = args }), sql);
    kit_scan(&device);
    assert_told(w, &problem_device_not_from_here);
    kit_poll(&device);
    assert_refused(w, &problem_authorization_pending);
}

/* It was lent when she allowed it, and is not any more. */
static void
xd_02_nor_does_it_when_the_device_comes_for_its_tokens(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    static const char sql[] = "UPDATE session SET channel = 'counter'";
    const struct arg args[] = { ARG_END };

    kit_allow(&device);
    world_must(store_run(w->store, &(struct query) { .sql = sql, .args = args }), sql);
    world_audit_mark(w);
    kit_poll(&device);
    assert_refused(w, &problem_device_code_refused);
    assert_string_equal(world_json(w, "error"), "access_denied");
    assert_audited(w, AUDIT_DEVICE_REJECTED, "person");
}

static int64_t
commits(void)
{
    return metric_read(METRIC_STORE_COMMITS);
}

static void
waiting_in_peace_writes_nothing(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    int64_t before = metric_read(METRIC_STORE_STATEMENTS);
    int64_t writes = commits();

    for (int i = 0; i < 100; i++) {
        kit_poll(&device);
        assert_refused(w, &problem_authorization_pending);
        world_advance(w, 5);
    }
    assert_int_equal(metric_read(METRIC_STORE_STATEMENTS), before + 100); /* its row, read */
    assert_int_equal(commits(), writes);
}

/* A second process has polls of its own; the interval stands in the row. */
static void
xd_03_who_asks_too_often_waits_longer_on_every_node(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    struct polls *here = w->services.polls;
    struct polls *elsewhere = polls_new();

    kit_poll(&device);
    assert_refused(w, &problem_authorization_pending);
    world_advance(w, 2);
    kit_poll(&device);
    assert_refused(w, &problem_slow_down);
    w->services.polls = elsewhere;
    kit_poll(&device);
    assert_refused(w, &problem_authorization_pending);
    world_advance(w, 6); /* more than five, less than ten */
    kit_poll(&device);
    assert_refused(w, &problem_slow_down);
    world_advance(w, 15);
    kit_poll(&device);
    assert_refused(w, &problem_authorization_pending);
    w->services.polls = here;
    polls_free(elsewhere);
}

static void
xd_03_haste_without_end_costs_few_writes(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    int64_t before = metric_read(METRIC_STORE_STATEMENTS);

    for (int i = 0; i < 100; i++)
        kit_poll(&device);
    assert_refused(w, &problem_slow_down);
    assert_int_equal(metric_read(METRIC_STORE_STATEMENTS), before + 100 + 11); /* 10 to 60 s */
    kit_allow(&device);
    kit_poll(&device);
    assert_int_equal(w->answer.status, 200);
}

static void
xd_04_after_the_end_it_has_expired(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    static const char sql[] = "DELETE FROM pending";
    const struct arg args[] = { ARG_END };

    world_advance(w, 600);
    kit_poll(&device);
    assert_refused(w, &problem_device_code_expired);
    assert_string_equal(world_json(w, "error"), "expired_token");
    world_must(store_run(w->store, &(struct query) { .sql = sql, .args = args }), sql);
    kit_poll(&device);
    assert_refused(w, &problem_device_code_expired);
}

static void
xd_04_also_when_she_has_allowed_it(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    world_advance(w, 590);
    kit_allow(&device);
    world_advance(w, 10);
    kit_poll(&device);
    assert_refused(w, &problem_device_code_expired);
    assert_int_equal(world_rows_of(w, "partner_grant"), 0);
}

static void
xd_05_it_is_good_once(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    kit_allow(&device);
    kit_poll(&device);
    assert_int_equal(w->answer.status, 200);
    kit_poll(&device);
    assert_refused(w, &problem_device_code_invalid);
    assert_int_equal(world_rows_of(w, "partner_grant"), 1);
}

static void
what_she_has_refused_is_denied(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    world_log_in(w, 0);
    kit_scan(&device);
    kit_press(w, "/device/confirm", "decision=deny");
    kit_poll(&device);
    assert_refused(w, &problem_device_code_refused);
    assert_string_equal(world_json(w, "error"), "access_denied");
}

static void
disable(struct world *w)
{
    static const char sql[] = "UPDATE person SET state = $1";
    const struct arg args[] = { arg_int(PERSON_DISABLED), ARG_END };

    world_must(store_run(w->store, &(struct query) { .sql = sql, .args = args }), sql);
}

static void
xd_09_who_was_stopped_after_allowing_it_gets_nobody_in(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    kit_allow(&device);
    disable(w);
    world_audit_mark(w);
    kit_poll(&device);
    assert_refused(w, &problem_device_code_refused);
    assert_audited(w, AUDIT_DEVICE_REJECTED, "person");
    assert_int_equal(world_rows_of(w, "partner_grant"), 0);
}

static void
xd_09_nor_does_who_has_logged_out_or_changed_her_password(void **state)
{
    struct world *w = *state;
    struct waiting one = kit_waiting(w, "tv");
    struct waiting two = kit_waiting(w, "tv");
    struct ctx ctx = world_ctx(w);
    static const char sql[] = "UPDATE person SET secured_at = $1";
    const struct arg args[] = { arg_time(WORLD_NOW + 1), ARG_END };
    struct session hers;

    kit_allow(&one);
    world_must(store_run(w->store, &(struct query) { .sql = sql, .args = args }), sql);
    kit_poll(&one);
    assert_refused(w, &problem_device_code_refused);
    kit_scan(&two);
    kit_press(w, "/device/confirm", "decision=allow");
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &hers), OK);
    assert_int_equal(session_end(&ctx, &hers, "logout"), OK);
    kit_poll(&two);
    assert_refused(w, &problem_device_code_refused);
}

static void
what_a_partner_of_the_same_name_was_promised_before_is_nothing(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    static const char sql[] = "UPDATE pending SET created_at = 1";
    const struct arg args[] = { ARG_END };

    kit_allow(&device);
    world_must(store_run(w->store, &(struct query) { .sql = sql, .args = args }), sql);
    kit_poll(&device);
    assert_refused(w, &problem_device_code_invalid);
    kit_scan(&device);
    assert_told(w, &problem_user_code_unknown);
}

static void
asked_with_a_key_it_is_good_with_that_key(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct holder thief = holder_new(w);
    struct waiting device = { .w = w, .partner_id = "tv" };

    kit_post_with(w, "tv", "/oauth2/device_authorization", "scope=openid",
                  proof_of(&holder, &(struct proving) { .method = "POST",
                                                        .uri = WORLD_ISSUER
                                                        "/oauth2/device_authorization" }));
    device.device_code = world_json(w, "device_code");
    device.user_code = world_json(w, "user_code");
    kit_allow(&device);
    world_audit_mark(w);
    kit_poll_as(&device, "tv", token_proof(&thief));
    assert_refused(w, &problem_device_code_invalid);
    assert_audited(w, AUDIT_DEVICE_REJECTED, "dpop");
    kit_poll(&device);
    assert_refused(w, &problem_device_code_invalid);
    kit_poll_as(&device, "tv", token_proof(&holder));
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "token_type"), "DPoP");
}

static void
explain(struct world *w)
{
    w->settings.errors.explain = true;
}

static int
sandbox_setup(void **state)
{
    return world_setup_adjusted(state, explain);
}

static void
assert_explained(struct world *w, const char *part)
{
    assert_int_equal(w->answer.status, 400);
    assert_non_null(strstr(world_json(w, "error_description"), part));
}

static void
a_sandbox_says_what_failed(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    kit_allow(&device);
    disable(w);
    kit_poll(&device);
    assert_explained(w, "but was stopped");
    kit_poll_as(&device, "selfservice", NULL);
    assert_explained(w, "to another partner");
    device.device_code = "x";
    kit_poll(&device);
    assert_explained(w, "no device code of ours");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(until_she_decides_it_is_pending),
        world_test(what_she_has_allowed_becomes_tokens_in_a_session_of_its_own),
        world_test(the_session_is_on_the_devices_channel_and_lent_by_hers),
        world_test(it_ends_with_hers),
        world_test(the_device_code_must_be_sent_and_be_one),
        world_test(xd_01_another_partner_gets_nothing_and_burns_it),
        world_test(a_code_of_another_terminal_is_burnt),
        world_test(xd_02_a_login_that_its_channel_lends_to_no_other_allows_nothing),
        world_test(xd_02_nor_does_it_when_the_device_comes_for_its_tokens),
        world_test(waiting_in_peace_writes_nothing),
        world_test(xd_03_who_asks_too_often_waits_longer_on_every_node),
        world_test(xd_03_haste_without_end_costs_few_writes),
        world_test(xd_04_after_the_end_it_has_expired),
        world_test(xd_04_also_when_she_has_allowed_it),
        world_test(xd_05_it_is_good_once),
        world_test(what_she_has_refused_is_denied),
        world_test(xd_09_who_was_stopped_after_allowing_it_gets_nobody_in),
        world_test(xd_09_nor_does_who_has_logged_out_or_changed_her_password),
        world_test(what_a_partner_of_the_same_name_was_promised_before_is_nothing),
        world_test(asked_with_a_key_it_is_good_with_that_key),
        cmocka_unit_test_setup_teardown(a_sandbox_says_what_failed, sandbox_setup, world_teardown),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
