/* SPDX-License-Identifier: Apache-2.0 */
/* Codes as the session layer sees them; the rows CD-… go through the endpoint, in oauth2/grants. */
#include "idp/session/code.h"
#include "keys/seal.h"
#include "tests/store_kit.h"
#include "tests/world.h"

#include <string.h>

#include "idp/session/revocation.h"

static struct code
code_of(const struct session *session, const char *scope)
{
    struct code code = { .redirect_uri = "https://app.example/cb",
                         .nonce = "n",
                         .challenge = WORLD_CHALLENGE,
                         .approval = approval_of_session(&session->row) };

    code.approval.partner_id = "webhall";
    code.approval.scope = scope;
    code.approval.claims = "";
    return code;
}

static struct session
session_of(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile offline_access");
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    return session;
}

/* In a session that is there already. */
static const char *
issue_in(struct world *w, const struct session *session, const char *scope)
{
    struct ctx ctx = world_ctx(w);
    struct code code = code_of(session, scope);
    const char *text;

    assert_int_equal(code_issue(&ctx, &code, &text), OK);
    return text;
}

static const char *
issue(struct world *w, const char *scope)
{
    struct session session = session_of(w);

    return issue_in(w, &session, scope);
}

static const struct problem *
redeem(struct world *w, const char *code, struct stored_grant *grant)
{
    struct ctx ctx = world_ctx(w);
    const char *nonce = NULL;
    struct redemption redemption = { .partner = registry_find(w->services.registry, "webhall"),
                                     .code = code,
                                     .redirect_uri = "https://app.example/cb",
                                     .code_verifier = WORLD_VERIFIER };
    const struct problem *problem = code_redeem(&ctx, &redemption, grant, &nonce);

    if (problem == NULL)
        assert_string_equal(nonce, "n");
    return problem;
}

static void
a_grant_is_what_the_code_was_issued_for(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct stored_grant grant;

    assert_null(redeem(w, issue(w, "openid profile"), &grant));
    assert_string_equal(grant.approval.subject.id, session.row.subject.id);
    assert_string_equal(grant.approval.partner_id, "webhall");
    assert_string_equal(grant.approval.scope, "openid profile");
    assert_string_equal(grant.approval.amr, "pwd");
    assert_int_equal(grant.approval.auth_time, session.row.auth_time);
    assert_int_equal(grant.generation, 1);
}

static void
a_grant_ends_with_its_session(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct stored_grant grant;

    assert_null(redeem(w, issue(w, "openid profile"), &grant));
    assert_int_equal(grant.offline, 0);
    assert_int_equal(grant.approval.until, session.row.expires_at);
}

static void
an_offline_grant_outlives_the_session(void **state)
{
    struct world *w = *state;
    struct stored_grant grant;

    assert_null(redeem(w, issue(w, "openid offline_access"), &grant));
    assert_int_equal(grant.offline, 1);
    assert_int_equal(grant.approval.until, WORLD_NOW + w->settings.life.grant_s);
}

static void
nothing_is_stored_before_a_code_is_redeemed(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    int64_t rows = world_rows(w);
    const char *code = issue_in(w, &session, "openid profile");

    assert_int_equal(world_rows(w), rows);
    assert_null(strstr(code, "webhall"));
}

static void
two_codes_of_one_request_differ(void **state)
{
    struct world *w = *state;

    assert_string_not_equal(issue(w, "openid"), issue(w, "openid"));
}

static void
without_randomness_there_is_no_code(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct ctx ctx = world_ctx(w);
    struct code code = code_of(&session, "openid");
    const char *text;

    w->random_fails = true;
    assert_int_equal(code_issue(&ctx, &code, &text), ERR_UNAVAILABLE);
}

static void
without_randomness_a_code_is_not_burnt(void **state)
{
    struct world *w = *state;
    const char *code = issue(w, "openid");
    struct stored_grant grant;

    w->random_fails = true;
    assert_ptr_equal(redeem(w, code, &grant), &problem_try_again);
    w->random_fails = false;
    assert_null(redeem(w, code, &grant));
}

static void
a_replay_long_after_still_ends_the_grant(void **state)
{
    struct world *w = *state;
    const char *code = issue(w, "openid offline_access");
    struct stored_grant grant;
    struct stored_grant after;

    assert_null(redeem(w, code, &grant));
    world_advance(w, 3000);
    assert_ptr_equal(redeem(w, code, &after), &problem_code_invalid);
    assert_int_equal(store_grant_load(w->store, w->arena, grant.grant_id, &after), OK);
    assert_int_equal(after.ended_at, WORLD_NOW + 3000);
}

/* --- Bounds (tables/grant.h) --- */

static void
log_out(struct world *w, const struct session *session)
{
    struct ctx ctx = world_ctx(w);

    ctx.arena = arena_new((size_t)1 << 20); /* as large as a request's */
    assert_int_equal(session_end(&ctx, session, "logout"), OK);
    arena_free(ctx.arena);
}

static int64_t
live_grants(struct world *w)
{
    static const char sql[] = "SELECT COUNT(*) FROM partner_grant WHERE ended_at = 0";
    int64_t count = -1;
    const struct out outs[] = { out_int(&count), OUT_END };

    assert_int_equal(store_run(w->store, &(struct query) { .sql = sql, .outs = outs }), OK);
    return count;
}

static void
z3_three_thousand_codes_in_one_session_and_then_a_logout(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct stored_grant grant;

    for (int i = 0; i < 3000; i++) {
        struct ctx ctx = world_ctx(w);
        struct redemption redemption = { .partner = registry_find(w->services.registry, "webhall"),
                                         .redirect_uri = "https://app.example/cb",
                                         .code_verifier = WORLD_VERIFIER };
        struct code code = code_of(&session, "openid profile");
        const char *nonce;

        ctx.arena = arena_new((size_t)1 << 20);
        assert_int_equal(code_issue(&ctx, &code, &redemption.code), OK);
        assert_null(code_redeem(&ctx, &redemption, &grant, &nonce));
        arena_free(ctx.arena);
    }
    assert_int_equal(live_grants(w), GRANTS_OF_PARTNER_MAX);
    log_out(w, &session);
    assert_int_equal(live_grants(w), 0);
}

/* Without codes: as a version before the bounds left them. */
static void
grants_put(struct world *w, const struct session *session, const char *partner_id, int count,
           bool offline)
{
    assert_int_equal(store_begin(w->store), OK);
    for (int i = 0; i < count; i++) {
        struct stored_grant row = {
            .grant_id = arena_printf(w->arena, "g_%s_%05d", partner_id, i),
            .approval.subject.id = session->row.subject.id,
            .approval.partner_id = partner_id,
            .approval.sid = session->row.sid,
            .approval.scope = "openid",
            .approval.claims = "",
            .approval.acr = "",
            .approval.amr = "pwd",
            .offline = offline,
            .generation = 1,
            .created_at = WORLD_NOW - count + i,
            .approval.until = WORLD_NOW + 100000,
        };

        assert_int_equal(store_grant_insert(w->store, &row), OK);
    }
    assert_int_equal(store_commit(w->store), OK);
}

static void
z3_three_thousand_grants_of_the_version_before_end_with_their_session(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);

    grants_put(w, &session, "webhall", 3000, false);
    log_out(w, &session);
    assert_int_equal(live_grants(w), 0);
    assert_int_equal(world_rows_of(w, "revoked"), 3000);
}

static void
grants_of_another_session_do_not_give_way(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct stored_grant grant;

    grants_put(w, &session, "webhall", GRANTS_OF_PARTNER_MAX, false);
    world_audit_mark(w);
    assert_null(redeem(w, issue(w, "openid"), &grant)); /* another session of hers */
    assert_int_equal(live_grants(w), GRANTS_OF_PARTNER_MAX + 1);
    assert_int_equal(world_audit_count(w, AUDIT_GRANT_ENDED), 0);
}

/* Z3 on PostgreSQL, 25 at a time: racers found one and the same oldest, and what they left stayed,
 * until the session was full. */
static void
z3_what_racers_left_beyond_the_bound_gives_way_to_the_next(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct stored_grant grant;

    grants_put(w, &session, "webhall", GRANTS_OF_PARTNER_MAX + 7, false);
    assert_null(redeem(w, issue_in(w, &session, "openid"), &grant));
    assert_int_equal(live_grants(w), GRANTS_OF_PARTNER_MAX);
    assert_int_equal(world_rows_of(w, "revoked"), 8);
}

static void
the_oldest_of_a_partner_in_a_session_gives_way_and_its_tokens_are_dead(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct stored_grant grant;
    struct stored_grant oldest;

    grants_put(w, &session, "webhall", GRANTS_OF_PARTNER_MAX, false);
    world_audit_mark(w);
    assert_null(redeem(w, issue_in(w, &session, "openid"), &grant));
    assert_int_equal(live_grants(w), GRANTS_OF_PARTNER_MAX);
    assert_audited(w, AUDIT_GRANT_ENDED, "limit");
    assert_int_equal(store_grant_load(w->store, w->arena, "g_webhall_00000", &oldest), OK);
    assert_int_equal(oldest.ended_at, WORLD_NOW);
    assert_true(revocation_has(w->services.revocations, "g_webhall_00000"));
    assert_int_equal(world_rows_of(w, "revoked"), 1);
}

static void
a_session_has_a_bounded_number_of_grants_and_the_next_code_is_refused_and_burnt(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    const char *code = issue_in(w, &session, "openid");
    struct stored_grant grant;

    grants_put(w, &session, "bank", GRANTS_OF_SESSION_MAX, false);
    world_audit_mark(w);
    assert_ptr_equal(redeem(w, code, &grant), &problem_session_grants_full);
    assert_audited(w, AUDIT_CODE_REJECTED, "limit");
    assert_int_equal(live_grants(w), GRANTS_OF_SESSION_MAX);
    assert_ptr_equal(redeem(w, code, &grant), &problem_code_invalid);
    /* After a new login there is room. */
    assert_null(redeem(w, issue(w, "openid"), &grant));
}

static void
a_person_has_a_bounded_number_of_offline_grants(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct stored_grant grant;

    grants_put(w, &session, "bank", GRANTS_OFFLINE_MAX, true);
    assert_ptr_equal(redeem(w, issue(w, "openid offline_access"), &grant),
                     &problem_person_grants_full);
    assert_null(redeem(w, issue(w, "openid"), &grant));
}

/* --- A partner that was removed (ADR 0013) --- */

static void
z6_a_code_of_before_the_partner_came_back_is_refused(void **state)
{
    struct world *w = *state;
    const char *code = issue(w, "openid profile");
    struct partner *partner = (struct partner *)registry_find(w->services.registry, "webhall");
    struct stored_grant grant;

    partner->since = WORLD_NOW + 1;
    world_audit_mark(w);
    assert_ptr_equal(redeem(w, code, &grant), &problem_code_invalid);
    assert_audited(w, AUDIT_CODE_REJECTED, "client");
}

/* --- A session that ends while its code is redeemed --- */

struct code_race {
    struct world *w;
    const struct session *session;
    const char *code;
};

static enum err
redeem_or_end(struct store *st, int thread, void *state)
{
    const struct code_race *race = state;
    struct arena *arena = arena_new((size_t)1 << 20);
    struct ctx ctx = ctx_new(&race->w->services, arena, st);
    struct redemption redemption = { .partner =
                                         registry_find(race->w->services.registry, "webhall"),
                                     .code = race->code,
                                     .redirect_uri = "https://app.example/cb",
                                     .code_verifier = WORLD_VERIFIER };
    struct stored_grant grant;
    const char *nonce;
    enum err err = OK;

    if (thread == 0)
        err = session_end(&ctx, race->session, "logout");
    else
        (void)code_redeem(&ctx, &redemption, &grant, &nonce);
    arena_free(arena);
    return err;
}

static void
no_grant_outlives_a_session_that_ends_meanwhile(void **state)
{
    struct world *w = *state;
    enum err outcomes[KIT_THREADS_MAX];

    for (int round = 0; round < 40; round++) {
        struct session session = session_of(w);
        struct code_race race = { w, &session, issue_in(w, &session, "openid") };

        kit_race(w->services.database, 2, redeem_or_end, &race, outcomes);
        assert_int_equal(outcomes[0], OK);
        assert_int_equal(live_grants(w), 0);
    }
}

/* Of a version that seals under the same name and packs otherwise. */
static void
a_code_that_cannot_be_unpacked_is_refused(void **state)
{
    static const char strange[] = "\xff more than one layout ahead";
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_grant grant;
    const char *code;

    assert_int_equal(seal_text(&ctx.keys->seal, ctx.env, ctx.arena, "code.1",
                               bytes_of(strange, sizeof(strange) - 1), &code),
                     OK);
    assert_ptr_equal(redeem(w, code, &grant), &problem_code_invalid);
    assert_int_equal(world_rows_of(w, "spent"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_grant_is_what_the_code_was_issued_for),
        world_test(a_grant_ends_with_its_session),
        world_test(an_offline_grant_outlives_the_session),
        world_test(nothing_is_stored_before_a_code_is_redeemed),
        world_test(two_codes_of_one_request_differ),
        world_test(without_randomness_there_is_no_code),
        world_test(without_randomness_a_code_is_not_burnt),
        world_test(a_replay_long_after_still_ends_the_grant),
        world_test(z3_three_thousand_codes_in_one_session_and_then_a_logout),
        world_test(z3_three_thousand_grants_of_the_version_before_end_with_their_session),
        world_test(grants_of_another_session_do_not_give_way),
        world_test(the_oldest_of_a_partner_in_a_session_gives_way_and_its_tokens_are_dead),
        world_test(z3_what_racers_left_beyond_the_bound_gives_way_to_the_next),
        world_test(a_session_has_a_bounded_number_of_grants_and_the_next_code_is_refused_and_burnt),
        world_test(a_person_has_a_bounded_number_of_offline_grants),
        world_test(z6_a_code_of_before_the_partner_came_back_is_refused),
        world_test(no_grant_outlives_a_session_that_ends_meanwhile),
        world_test(a_code_that_cannot_be_unpacked_is_refused),
    };

    return world_run(tests);
}
