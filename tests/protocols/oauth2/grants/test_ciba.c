/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/stop.h"
#include "idp/session/token.h"
#include "tests/protocols/oauth2/backchannel_kit.h"

static void
what_she_allows_becomes_tokens_once(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);
    struct world_tokens tokens;

    bc_answer(w, 0, "allow");
    bc_poll(w, "hotline", auth_req_id);
    assert_int_equal(w->answer.status, 200);
    tokens = world_tokens_of(w);
    assert_non_null(tokens.access);
    assert_non_null(tokens.id);
    assert_non_null(tokens.refresh);
    assert_true(world_token_works(w, tokens.access));
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_auth_req_id_invalid);
    assert_true(world_token_works(w, tokens.access));
}

static void
the_tokens_are_refreshed_like_others(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);

    bc_answer(w, 0, "allow");
    bc_poll(w, "hotline", auth_req_id);
    world_partner_post(w, "hotline", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       world_tokens_of(w).refresh);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_tokens_of(w).access);
}

/* The session is one of its own, on the partner's channel, and no browser has it. */
static void
its_session_is_of_the_partners_channel(void **state)
{
    static const char sql[] = "SELECT level, lent_by FROM session WHERE channel = 'telephone'";
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);
    int64_t level = 0;
    const char *lent_by = "";
    const struct out outs[] = { out_int(&level), out_text(&lent_by), OUT_END };

    bc_answer(w, 0, "allow");
    bc_poll(w, "hotline", auth_req_id);
    world_must(store_run(w->store, &(struct query) { .sql = sql, .outs = outs, .arena = w->arena }),
               sql);
    assert_int_equal(level, 2);
    assert_string_not_equal(lent_by, "");
}

static void
what_she_refuses_is_denied_for_good(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);

    bc_answer(w, 0, "deny");
    for (int i = 0; i < 2; i++) {
        bc_poll(w, "hotline", auth_req_id);
        assert_refused(w, &problem_access_denied);
    }
}

static void
who_asks_too_often_is_slowed_down(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);

    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_slow_down);
    world_advance(w, 6); /* five more are asked for now */
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_slow_down);
    world_advance(w, 16);
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
}

static void
waiting_writes_nothing(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);
    int64_t rows = world_rows(w);

    for (int i = 0; i < 3; i++) {
        bc_poll(w, "hotline", auth_req_id);
        assert_refused(w, &problem_ciba_pending);
        world_advance(w, 5);
    }
    assert_int_equal(world_rows(w), rows);
}

static void
an_id_that_is_none_of_the_partners_is_refused(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);

    bc_answer(w, 0, "allow");
    world_audit_mark(w);
    bc_poll(w, "linking", auth_req_id);
    assert_refused(w, &problem_auth_req_id_invalid);
    assert_audited(w, AUDIT_CIBA_REJECTED, "client");
    bc_poll(w, "hotline", "1c266114-a1be-4252-8ad1-04986c5b9ac1");
    assert_refused(w, &problem_auth_req_id_invalid);
    world_partner_post(w, "hotline", "/oauth2/token", "grant_type=" CIBA);
    assert_refused(w, &problem_auth_req_id_missing);
    bc_poll(w, "hotline", auth_req_id); /* alive for whom it is for */
    assert_int_equal(w->answer.status, 200);
}

/* XD-09: stopped between the approval and its redemption. */
static void
xd_09_who_was_stopped_after_she_allowed_it_gives_nothing(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);
    struct ctx ctx = world_ctx(w);

    bc_answer(w, 0, "allow");
    world_must(person_stop(&ctx, world_person(w, 0), PERSON_DISABLED, "disabled"), "stop");
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_access_denied);
}

/* XD-09: what lent it is logged out. */
static void
xd_09_an_approval_ends_with_the_session_that_gave_it(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);

    bc_answer(w, 0, "allow");
    world_get(w, "/");
    world_form_post(w, "/logout", "csrf=%s&decision=yes", world_hidden(w, "csrf"));
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_access_denied);
}

static void
an_approval_that_nobody_fetches_expires(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);

    bc_answer(w, 0, "allow");
    world_advance(w, 300);
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_expired);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(what_she_allows_becomes_tokens_once),
        world_test(the_tokens_are_refreshed_like_others),
        world_test(its_session_is_of_the_partners_channel),
        world_test(what_she_refuses_is_denied_for_good),
        world_test(who_asks_too_often_is_slowed_down),
        world_test(waiting_writes_nothing),
        world_test(an_id_that_is_none_of_the_partners_is_refused),
        world_test(xd_09_who_was_stopped_after_she_allowed_it_gives_nothing),
        world_test(xd_09_an_approval_ends_with_the_session_that_gave_it),
        world_test(an_approval_that_nobody_fetches_expires),
    };

    return world_run(tests);
}
