/* SPDX-License-Identifier: Apache-2.0 */
/* Terminals that are set up, and whom we take them for: CH-09, CH-10, CH-11. */
#include "idp/session/terminal_session.h"
#include "idp/tables/session.h"
#include "tests/protocols/oauth2/terminal_kit.h"

/* --- Enrolling --- */

static void
a_code_and_a_key_that_is_proven_make_a_terminal(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;

    kiosk_partners(w);
    kiosk = kiosk_announced(w, "kiosks");
    kiosk_enrol(&kiosk);
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "terminal_id"), kiosk.terminal_id);
    assert_string_equal(world_json(w, "client_id"), "kiosks");
    assert_string_equal(world_json(w, "place"), "一楼大厅 3 号机");
    assert_string_equal(world_json(w, "agency"), "市人社局");
    assert_string_equal(world_json(w, "issuer"), WORLD_ISSUER);
    assert_audited(w, AUDIT_TERMINAL_CHANGED, "enrolled");
}

static void
a_code_is_good_once_and_for_a_day(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;
    struct kiosk late;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    late = kiosk_announced(w, "kiosks");
    kiosk_enrol(&kiosk);
    assert_refused(w, &problem_terminal_code_invalid);
    assert_audited(w, AUDIT_TERMINAL_REJECTED, "code");
    world_advance(w, SETUP_CODE_S);
    kiosk_enrol(&late);
    assert_refused(w, &problem_terminal_code_invalid);
}

static void
a_key_that_is_not_proven_is_none(void **state)
{
    struct world *w = *state;
    struct holder thief;
    struct kiosk kiosk;
    const char *jwk;

    kiosk_partners(w);
    kiosk = kiosk_announced(w, "kiosks");
    thief = holder_new(w);
    jwk = kiosk.holder.key.jwk;
    kiosk_enrol_with(&kiosk, kiosk.code, jwk, NULL);
    assert_refused(w, &problem_terminal_key_invalid);
    assert_audited(w, AUDIT_TERMINAL_REJECTED, "key");
    kiosk_enrol_with(&kiosk, kiosk.code, jwk,
                     proof_of(&thief, &(struct proving) { .method = "POST", .uri = ENROL_URI }));
    assert_refused(w, &problem_terminal_key_invalid);
    kiosk_enrol_with(&kiosk, kiosk.code, "{\"kty\":\"oct\",\"k\":\"AA\"}",
                     kiosk_proof(&kiosk, ENROL_URI));
    assert_refused(w, &problem_terminal_key_invalid);
    kiosk_enrol_with(&kiosk, kiosk.code, jwk, kiosk_proof(&kiosk, TOKEN_URI));
    assert_refused(w, &problem_dpop_proof_invalid);
    kiosk_enrol(&kiosk); /* and the code is as good as before */
    assert_int_equal(w->answer.status, 200);
}

static void
guesses_are_bounded_and_say_nothing(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;

    kiosk_partners(w);
    kiosk = kiosk_announced(w, "kiosks");
    for (int i = 0; i < w->settings.limits.client_failures; i++) {
        kiosk_enrol_with(&kiosk, i % 2 == 0 ? "00000-00000-00000-00000-00000-00000" : "x",
                         kiosk.holder.key.jwk, kiosk_proof(&kiosk, ENROL_URI));
        assert_refused(w, &problem_terminal_code_invalid);
    }
    kiosk_enrol(&kiosk);
    assert_refused(w, &problem_terminal_guesses_full);
    assert_audited(w, AUDIT_TERMINAL_REJECTED, "guesses");
    world_advance(w, 61);
    kiosk_enrol(&kiosk);
    assert_int_equal(w->answer.status, 200);
}

static void
a_new_code_replaces_the_key_and_ends_what_was_open(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct kiosk kiosk;
    struct kiosk again;
    struct world_tokens tokens;
    struct setup_code code;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    tokens = kiosk_log_in(&kiosk);
    ctx = world_ctx(w);
    assert_int_equal(terminal_code_renew(&ctx, kiosk.terminal_id, &code), OK);
    kiosk_refresh(&kiosk, tokens.refresh); /* until it is used nothing changes */
    assert_int_equal(w->answer.status, 200);
    again = kiosk;
    again.holder = holder_new(w);
    again.holder.jti = 1000;
    again.code = code.text;
    kiosk_enrol(&again);
    assert_int_equal(w->answer.status, 200);
    kiosk_refresh(&kiosk, tokens.refresh);
    assert_refused(w, &problem_client_unauthenticated);
    assert_false(kiosk_token_works(&kiosk, tokens.access));
    (void)kiosk_log_in(&again);
}

/* --- Whom we take it for --- */

static void
ch_09_only_a_terminal_of_its_own_key_is_taken(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;
    struct kiosk other;
    struct kiosk announced;
    struct holder thief;
    struct kiosk forged;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    other = kiosk_new(w, "others");
    announced = kiosk_announced(w, "kiosks");
    thief = holder_new(w);

    forged = kiosk;
    forged.holder = thief; /* its name, another key */
    kiosk_post(&forged, "grant_type=refresh_token&refresh_token=x");
    assert_refused(w, &problem_client_unauthenticated);
    assert_audited(w, AUDIT_CLIENT_FAILED, "assertion");
    forged = kiosk;
    forged.terminal_id = other.terminal_id; /* another partner's terminal */
    kiosk_post(&forged, "grant_type=refresh_token&refresh_token=x");
    assert_refused(w, &problem_client_unauthenticated);
    forged.terminal_id = "t_0000000000"; /* none at all */
    kiosk_post(&forged, "grant_type=refresh_token&refresh_token=x");
    assert_refused(w, &problem_client_unauthenticated);
    kiosk_post(&announced, "grant_type=refresh_token&refresh_token=x"); /* not enrolled */
    assert_refused(w, &problem_client_unauthenticated);
    kiosk_post(&kiosk, "grant_type=refresh_token&refresh_token=x"); /* control */
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
ch_09_a_retired_terminal_is_refused_at_once_and_what_was_open_ends(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct kiosk kiosk;
    struct kiosk neighbour;
    struct world_tokens tokens;
    int64_t ended = 0;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    neighbour = kiosk_new(w, "kiosks");
    tokens = kiosk_log_in(&kiosk);
    assert_true(kiosk_token_works(&kiosk, tokens.access));
    world_audit_mark(w);
    ctx = world_ctx(w);
    assert_int_equal(terminal_retire(&ctx, kiosk.terminal_id, &ended), OK);
    assert_int_equal(ended, 1);
    assert_audited(w, AUDIT_TERMINAL_CHANGED, "retired");
    assert_false(kiosk_token_works(&kiosk, tokens.access));
    kiosk_refresh(&kiosk, tokens.refresh);
    assert_refused(w, &problem_client_unauthenticated);
    kiosk_enrol(&kiosk);
    assert_refused(w, &problem_terminal_code_invalid);
    (void)kiosk_log_in(&neighbour);
    assert_int_equal(terminal_retire(&ctx, kiosk.terminal_id, &ended), ERR_CONFLICT);
    assert_int_equal(terminal_retire(&ctx, "t_0000000000", &ended), ERR_NOT_FOUND);
}

/* ADR 0013: who has a removed partner's id gets nothing of it. */
static void
the_terminals_of_a_partner_that_was_removed_are_nobodys(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    world_advance(w, 1);
    world_partners(w, "{\"partners\":[]}");
    world_advance(w, 1);
    kiosk_partners(w);
    kiosk_post(&kiosk, "grant_type=refresh_token&refresh_token=x");
    assert_refused(w, &problem_client_unauthenticated);
    kiosk = kiosk_new(w, "kiosks");
    kiosk_post(&kiosk, "grant_type=refresh_token&refresh_token=x");
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
what_a_terminal_gets_is_bound_to_its_key(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;
    struct holder other;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    other = holder_new(w);
    kiosk_send(&kiosk, "/oauth2/token", "grant_type=refresh_token&refresh_token=x", NULL);
    assert_refused(w, &problem_dpop_missing);
    kiosk_send(&kiosk, "/oauth2/token", "grant_type=refresh_token&refresh_token=x",
               token_proof(&other));
    assert_refused(w, &problem_terminal_proof_key);
}

static void
a_session_goes_on_at_its_own_terminal_alone(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;
    struct kiosk neighbour;
    struct world_tokens tokens;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    neighbour = kiosk_new(w, "kiosks");
    tokens = kiosk_log_in(&kiosk);
    kiosk_refresh(&neighbour, tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    kiosk_refresh(&kiosk, tokens.refresh);
    assert_int_equal(w->answer.status, 200);
}

/* --- The channel --- */

static void
ch_11_the_channel_is_that_of_the_partner_whatever_a_request_says(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct kiosk kiosk;
    struct listed_session_list list;
    struct stored_session row;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    (void)kiosk_log_in(&kiosk);
    ctx = world_ctx(w);
    assert_int_equal(store_session_list_at(w->store, w->arena, kiosk.terminal_id, "", &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(store_session_load(w->store, w->arena, list.at[0].sid, &row), OK);
    assert_string_equal(row.channel, "terminal");
    assert_string_equal(row.partner_id, "kiosks");
    assert_string_equal(row.terminal_id, kiosk.terminal_id);
    assert_int_equal(row.expires_at, ctx.now + 600);
    /* And whoever is no terminal has none of its ways. */
    world_partner_post(w, "webhall", "/terminal/session/end", "channel=terminal");
    assert_refused(w, &problem_terminal_missing);
}

/* --- Going --- */

static struct world_tokens
open_session(struct world *w, struct kiosk *kiosk)
{
    kiosk_partners(w);
    *kiosk = kiosk_new(w, "kiosks");
    return kiosk_log_in(kiosk);
}

static void
sweep(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    bool again;

    assert_int_equal(terminal_sessions_sweep(&ctx, &again), OK);
    assert_false(again);
}

static void
ch_10_who_walks_away_is_logged_out_on_the_server(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;
    struct world_tokens tokens = open_session(w, &kiosk);

    world_advance(w, 119);
    sweep(w);
    assert_true(kiosk_token_works(&kiosk, tokens.access));
    world_advance(w, 1);
    assert_false(kiosk_token_works(&kiosk, tokens.access)); /* it does not outlive her going away */
    kiosk_refresh(&kiosk, tokens.refresh);                  /* ended or not: nobody swept yet */
    assert_refused(w, &problem_refresh_token_invalid);
    world_audit_mark(w);
    sweep(w);
    assert_audited(w, AUDIT_SESSION_ENDED, "idle");
    sweep(w);
    assert_audited(w, AUDIT_SESSION_ENDED, "idle"); /* once */
}

static void
ch_10_refreshing_is_use_and_ten_minutes_are_the_end(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;
    struct world_tokens tokens = open_session(w, &kiosk);

    for (int i = 0; i < 5; i++) {
        world_advance(w, 110);
        sweep(w);
        kiosk_refresh(&kiosk, tokens.refresh);
        assert_int_equal(w->answer.status, 200);
        tokens = world_tokens_of(w);
    }
    /* 550 s: what it got lives no longer than the session. */
    assert_non_null(strstr(w->answer.body, "\"expires_in\":50,"));
    world_advance(w, 49);
    assert_true(kiosk_token_works(&kiosk, tokens.access));
    world_advance(w, 1);
    assert_false(kiosk_token_works(&kiosk, tokens.access));
    kiosk_refresh(&kiosk, tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    world_audit_mark(w);
    sweep(w);
    assert_audited(w, AUDIT_SESSION_ENDED, "idle");
}

static void
ch_10_the_card_is_taken_and_it_is_over(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;
    struct world_tokens tokens = open_session(w, &kiosk);

    kiosk_send(&kiosk, "/terminal/session/end", "x=1", NULL);
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_SESSION_ENDED, "terminal");
    assert_false(kiosk_token_works(&kiosk, tokens.access));
    kiosk_send(&kiosk, "/terminal/session/end", "x=1", NULL); /* nothing is open any more */
    assert_int_equal(w->answer.status, 200);
}

static void
ch_10_the_next_person_logs_in_anew_and_ends_what_was_left(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;
    struct world_tokens first = open_session(w, &kiosk);
    struct world_tokens second;

    world_advance(w, 1);
    second = kiosk_log_in(&kiosk);
    assert_audited(w, AUDIT_SESSION_ENDED, "next");
    assert_false(kiosk_token_works(&kiosk, first.access));
    assert_true(kiosk_token_works(&kiosk, second.access));
    assert_null(world_header(w, "Set-Cookie"));
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(a_code_and_a_key_that_is_proven_make_a_terminal),
        world_sims_test(a_code_is_good_once_and_for_a_day),
        world_sims_test(a_key_that_is_not_proven_is_none),
        world_sims_test(guesses_are_bounded_and_say_nothing),
        world_sims_test(a_new_code_replaces_the_key_and_ends_what_was_open),
        world_sims_test(ch_09_only_a_terminal_of_its_own_key_is_taken),
        world_sims_test(ch_09_a_retired_terminal_is_refused_at_once_and_what_was_open_ends),
        world_sims_test(the_terminals_of_a_partner_that_was_removed_are_nobodys),
        world_sims_test(what_a_terminal_gets_is_bound_to_its_key),
        world_sims_test(a_session_goes_on_at_its_own_terminal_alone),
        world_sims_test(ch_11_the_channel_is_that_of_the_partner_whatever_a_request_says),
        world_sims_test(ch_10_who_walks_away_is_logged_out_on_the_server),
        world_sims_test(ch_10_refreshing_is_use_and_ten_minutes_are_the_end),
        world_sims_test(ch_10_the_card_is_taken_and_it_is_over),
        world_sims_test(ch_10_the_next_person_logs_in_anew_and_ends_what_was_left),
    };

    return cmocka_run_group_tests(tests, world_group_setup_with_sims, group_teardown_with_sims);
}
