/* SPDX-License-Identifier: Apache-2.0 */
/* After a restore: what the store has forgotten to have ended is worth nothing all the same; on two
 * nodes. */
#include <string.h>

#include "idp/session/restored.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "idp/session/transaction.h"
#include "idp/tables/epoch.h"
#include "idp/tables/grant.h"
#include "tests/world.h"

static void
run(struct world *w, const char *sql)
{
    assert_int_equal(store_run(w->store, &(struct query) { .sql = sql }), OK);
}

static bool
is_active(struct world *w, const char *token)
{
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", token);
    assert_int_equal(w->answer.status, 200);
    return strstr(w->answer.body, "\"active\":true") != NULL;
}

static bool
authorize_gives_a_code(struct world *w)
{
    world_authorize(w, "webhall", "&prompt=none");
    return w->answer.status == 303 && world_location_param(w, "code") != NULL;
}

static void
assert_all_dead(struct world *w, struct world_tokens tokens)
{
    assert_false(is_active(w, tokens.access));
    assert_false(is_active(w, tokens.refresh));
    assert_false(world_token_works(w, tokens.access));
    assert_false(authorize_gives_a_code(w));
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

/* As a store from before the end of all this has it, in processes that have just been started. */
static void
restore_from_before(struct world *w)
{
    run(w, "UPDATE session SET ended_at = 0, expires_at = 99999999999");
    run(w, "UPDATE partner_grant SET ended_at = 0, expires_at = 99999999999");
    run(w, "DELETE FROM revoked");
    run(w, "DELETE FROM spent");
    revocations_free(w->services.revocations);
    w->services.revocations = revocations_new();
}

static struct restored_count
revoked_before(struct world *w, unix_s before)
{
    struct ctx ctx = world_ctx(w);
    struct restored_place place = { .over = false };

    assert_int_equal(restored_begin(&ctx, before), OK);
    while (!place.over)
        assert_int_equal(restored_step(&ctx, before, &place), OK);
    return place.ended;
}

static void
what_a_restored_store_has_forgotten_to_have_ended_is_dead(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct restored_count count;

    world_partner_post(w, "webhall", "/oauth2/revoke", "token=%s", tokens.refresh);
    assert_false(is_active(w, tokens.access));
    restore_from_before(w);
    assert_true(is_active(w, tokens.access));
    assert_true(authorize_gives_a_code(w));
    world_advance(w, 10);
    world_audit_mark(w);
    count = revoked_before(w, w->now);
    assert_int_equal(count.sessions, 1);
    assert_int_equal(count.grants, 0); /* it ended with its session */
    assert_audited(w, AUDIT_ALL_REVOKED, "restored");
    assert_audited(w, AUDIT_SESSION_ENDED, "restored");
    assert_all_dead(w, tokens);
    count = revoked_before(w, w->now);
    assert_int_equal(count.sessions + count.grants, 0);
    world_log_in(w, 0);
    tokens = world_login_tokens(w, "webhall");
    assert_true(is_active(w, tokens.access));
    assert_true(authorize_gives_a_code(w));
}

/* Before its rows are ended one by one, and without anything of them being read. */
static void
the_time_alone_is_enough_and_every_node_learns_it(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *code = world_code(w, "webhall");
    struct epochs epochs;

    world_advance(w, 1);
    assert_true(is_active(w, tokens.access));
    assert_int_equal(store_epoch_raise(w->store, "not_before", w->now), OK);
    assert_true(is_active(w, tokens.access)); /* has not heard yet */
    assert_int_equal(store_epoch_read(w->store, &epochs), OK);
    not_before_raise(&w->services, epochs.not_before);
    world_redeem(w, "webhall", code);
    assert_refused(w, &problem_code_invalid);
    assert_all_dead(w, tokens);
    not_before_raise(&w->services, 5); /* never goes back */
    assert_all_dead(w, tokens);
}

/* In the window between the backup and the loss: the store knows nothing of it at all. */
static void
what_the_store_has_never_heard_of_is_dead_too(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *code = world_code(w, "webhall");

    run(w, "DELETE FROM session");
    run(w, "DELETE FROM partner_grant");
    world_advance(w, 1);
    assert_true(is_active(w, tokens.access)); /* reads no store */
    (void)revoked_before(w, w->now);
    world_redeem(w, "webhall", code);
    assert_refused(w, &problem_code_invalid);
    assert_all_dead(w, tokens);
}

static void
a_login_under_way_begins_anew(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct transaction tx = { .purpose = "login" };
    struct transaction read;
    const char *cookie;
    const char *sealed;

    assert_int_equal(transaction_new(&ctx, "en", &tx, &cookie), OK);
    assert_int_equal(transaction_seal(&ctx, &tx, &sealed), OK);
    assert_int_equal(transaction_peek(&ctx, sealed, &read), OK);
    world_advance(w, 1);
    (void)revoked_before(w, w->now);
    assert_int_equal(transaction_peek(&ctx, sealed, &read), ERR_EXPIRED);
    assert_false(transaction_is_honoured(&ctx, &read));
}

static void
grants_put(struct world *w, int count)
{
    for (int i = 0; i < count; i++) {
        static const char sql[] =
            "INSERT INTO partner_grant (grant_id, person_id, partner_id, sid, scope, claims, acr,"
            " amr, auth_time, offline, generation, rotated_at, created_at, expires_at, ended_at)"
            " VALUES ($1, 'p_1', 'webhall', 's_none', 'openid', '', '', 'pwd', 1, 1, 1, 1, $2,"
            " 99999999999, 0)";
        const struct arg args[] = { arg_text(arena_printf(w->arena, "g_many_%05d", i)),
                                    arg_time(WORLD_NOW), ARG_END };

        assert_int_equal(store_run(w->store, &(struct query) { .sql = sql, .args = args }), OK);
    }
}

static void
sessions_put(struct world *w, int count)
{
    for (int i = 0; i < count; i++) {
        static const char sql[] =
            "INSERT INTO session (sid, handle, person_id, channel, amr, level, auth_time, seen_at,"
            " expires_at, ended_at) VALUES ($1, $2, 'p_1', 'web', 'pwd', 2, $3, $3, 99999999999, 0)";
        struct digest digest = { 0 };
        const struct arg args[] = { arg_text(arena_printf(w->arena, "s_many_%05d", i)),
                                    arg_digest(&digest), arg_time(WORLD_NOW), ARG_END };

        assert_int_equal(store_run(w->store, &(struct query) { .sql = sql, .args = args }), OK);
    }
}

static void
more_than_a_page_is_counted_and_ended_and_what_began_later_goes_on(void **state)
{
    struct world *w = *state;
    struct restored_count count;
    struct ctx ctx;

    sessions_put(w, 2 * SESSION_PAGE + 1);
    assert_int_equal(store_begin(w->store), OK);
    grants_put(w, GRANT_PAGE + 1);
    assert_int_equal(store_commit(w->store), OK);
    world_advance(w, 10);
    (void)world_login_tokens(w, "webhall");
    ctx = world_ctx(w);
    assert_int_equal(restored_count(&ctx, WORLD_NOW + 10, &count), OK);
    assert_int_equal(count.sessions, 2 * SESSION_PAGE + 1);
    assert_int_equal(count.grants, GRANT_PAGE + 1);
    count = revoked_before(w, WORLD_NOW + 10);
    assert_int_equal(count.sessions, 2 * SESSION_PAGE + 1);
    assert_int_equal(count.grants, GRANT_PAGE + 1);
    assert_true(authorize_gives_a_code(w));
    assert_int_equal(restored_count(&ctx, WORLD_NOW + 11, &count), OK);
    assert_int_equal(count.sessions, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(what_a_restored_store_has_forgotten_to_have_ended_is_dead),
        world_test(the_time_alone_is_enough_and_every_node_learns_it),
        world_test(what_the_store_has_never_heard_of_is_dead_too),
        world_test(a_login_under_way_begins_anew),
        world_test(more_than_a_page_is_counted_and_ended_and_what_began_later_goes_on),
    };

    return world_run(tests);
}
