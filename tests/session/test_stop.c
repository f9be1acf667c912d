/* SPDX-License-Identifier: Apache-2.0 */
/* Z6: a person who is disabled or has died, and a partner that was removed, on two nodes. */
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/stop.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"
#include "idp/tables/partner.h"
#include "tests/session/node_kit.h"

/* --- What is seen of a person --- */

static bool
is_active(struct world *w, const char *access_token)
{
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", access_token);
    assert_int_equal(w->answer.status, 200);
    return strstr(w->answer.body, "\"active\":true") != NULL;
}

static bool
home_knows_her(struct world *w)
{
    world_get(w, "/");
    assert_int_equal(w->answer.status, 200);
    return strstr(w->answer.body, "id=\"logout\"") != NULL ||
           strstr(w->answer.body, "action=\"/logout\"") != NULL;
}

static bool
authorize_gives_a_code(struct world *w)
{
    world_authorize(w, "webhall", "&prompt=none");
    assert_int_equal(w->answer.status, 303);
    return world_location_param(w, "code") != NULL;
}

static void
assert_all_closed(struct world *w, struct world_tokens tokens)
{
    assert_false(world_token_works(w, tokens.access));
    assert_false(is_active(w, tokens.access));
    assert_false(home_knows_her(w));
    assert_false(authorize_gives_a_code(w));
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
assert_all_open(struct world *w, struct world_tokens tokens)
{
    assert_true(world_token_works(w, tokens.access));
    assert_true(is_active(w, tokens.access));
    assert_true(home_knows_her(w));
    assert_true(authorize_gives_a_code(w));
}

static void
disable(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);

    assert_int_equal(person_stop(&ctx, world_person(w, n), PERSON_DISABLED, "disabled"), OK);
}

static void
z6_se20_a_disabled_person_is_out_here_at_once_and_elsewhere_at_the_next_look(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct memory other = node_begin(w);
    const char *code;

    assert_all_open(w, tokens);
    code = world_code(w, "webhall");
    world_audit_mark(w);
    disable(w, 0);
    assert_audited(w, AUDIT_PERSON_STATE, "disabled");
    assert_audited(w, AUDIT_SESSION_ENDED, "disabled");
    assert_all_closed(w, tokens);
    memory_swap(w, &other);
    assert_true(is_active(w, tokens.access)); /* reads no store, and has not heard yet */
    assert_false(home_knows_her(w));
    assert_false(authorize_gives_a_code(w));
    assert_false(world_token_works(w, tokens.access));
    memory_swap(w, &other);
    node_polls(w, &other);
    memory_swap(w, &other);
    assert_all_closed(w, tokens);
    world_redeem(w, "webhall", code);
    assert_refused(w, &problem_code_invalid);
    memory_swap(w, &other);
    world_redeem(w, "webhall", code);
    assert_refused(w, &problem_code_invalid);
    node_end(&other);
}

static void
z6_nothing_revives_when_she_is_enabled(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *code = world_code(w, "webhall");
    struct ctx ctx = world_ctx(w);

    disable(w, 0);
    world_audit_mark(w);
    assert_int_equal(person_resume(&ctx, world_person(w, 0)), OK);
    assert_audited(w, AUDIT_PERSON_STATE, "enabled");
    assert_all_closed(w, tokens);
    world_redeem(w, "webhall", code);
    assert_refused(w, &problem_code_invalid);
    world_log_in(w, 0);
    tokens = world_login_tokens(w, "webhall");
    assert_all_open(w, tokens);
}

/* By hand in the database: not enough for what reads no store, but no page
 * and no token comes of it. */
static void
z6_a_state_set_by_sql_alone_closes_all_that_reads_the_store(void **state)
{
    static const char sql[] = "UPDATE person SET state = 2";
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    assert_int_equal(store_run(w->store, &(struct query) { .sql = sql }), OK);
    assert_false(home_knows_her(w));
    assert_false(authorize_gives_a_code(w));
    assert_false(world_token_works(w, tokens.access));
    assert_true(is_active(w, tokens.access)); /* docs/operations.md says so */
    disable(w, 0);                            /* finds her in that state, and does the rest */
    assert_false(is_active(w, tokens.access));
}

static void
z6_bk18_who_has_died_has_nothing_open_on_any_node_that_has_heard(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct memory other = node_begin(w);
    struct ctx ctx = world_ctx(w);

    world_audit_mark(w);
    assert_int_equal(person_stop(&ctx, world_person(w, 0), PERSON_DECEASED, "deceased"), OK);
    assert_audited(w, AUDIT_PERSON_STATE, "deceased");
    assert_all_closed(w, tokens);
    node_polls(w, &other);
    memory_swap(w, &other);
    assert_all_closed(w, tokens);
    memory_swap(w, &other);
    node_end(&other);
}

/* And nothing revives it. */
static void
a_closed_account_has_nothing_open_and_stays_closed(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct ctx ctx = world_ctx(w);
    const char *id = world_person(w, 0);

    world_audit_mark(w);
    assert_int_equal(person_stop(&ctx, id, PERSON_CLOSED, "closed"), OK);
    assert_audited(w, AUDIT_PERSON_STATE, "closed");
    assert_all_closed(w, tokens);
    assert_int_equal(person_stop(&ctx, id, PERSON_CLOSED, "closed"), OK);
    assert_int_equal(person_stop(&ctx, id, PERSON_DISABLED, "disabled"), ERR_CONFLICT);
    assert_int_equal(person_stop(&ctx, id, PERSON_DECEASED, "deceased"), ERR_CONFLICT);
    assert_int_equal(person_resume(&ctx, id), ERR_CONFLICT);
    assert_int_equal(world_audit_count(w, AUDIT_PERSON_STATE), 1);
}

static void
her_partners_are_told_and_others_go_on(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct partner *webhall = (struct partner *)registry_find(w->services.registry, "webhall");

    webhall->profile.backchannel_logout_uri = "https://app.example/logout";
    (void)world_person(w, 1);
    disable(w, 1);
    assert_int_equal(world_rows_of(w, "outbox"), 0);
    assert_all_open(w, tokens);
    disable(w, 0);
    assert_int_equal(world_rows_of(w, "outbox"), 1);
}

/* --- Many, and halfway --- */

static void
grants_put(struct world *w, const char *sid, int from, int to)
{
    const char *person_id = world_person(w, 0);

    assert_int_equal(store_begin(w->store), OK);
    for (int i = from; i < to; i++) {
        struct stored_grant row = {
            .grant_id = arena_printf(w->arena, "g_many_%05d", i),
            .approval.subject.id = person_id,
            .approval.partner_id = "webhall",
            .approval.sid = sid,
            .approval.scope = "openid",
            .approval.claims = "",
            .approval.acr = "",
            .approval.amr = "pwd",
            .offline = 1,
            .generation = 1,
            .created_at = WORLD_NOW,
            .approval.until = WORLD_NOW + 100000,
        };

        assert_int_equal(store_grant_insert(w->store, &row), OK);
    }
    assert_int_equal(store_commit(w->store), OK);
}

static int64_t
live(struct world *w, const char *sql)
{
    int64_t count = -1;
    const struct out outs[] = { out_int(&count), OUT_END };

    assert_int_equal(store_run(w->store, &(struct query) { .sql = sql, .outs = outs }), OK);
    return count;
}

static const char live_grants[] = "SELECT COUNT(*) FROM partner_grant WHERE ended_at = 0";
static const char live_sessions[] = "SELECT COUNT(*) FROM session WHERE ended_at = 0";

static void
more_than_a_page_of_sessions_and_grants_end_as_well(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 3; i++)
        world_log_in(w, 0);
    for (int i = 0; i < 2 * 50 + 1; i++) {
        static const char sql[] =
            "INSERT INTO session (sid, handle, person_id, channel, amr, level, auth_time, seen_at, "
            "expires_at, ended_at) VALUES ($1, $2, $3, 'web', 'pwd', 2, $4, $4, $5, 0)";
        struct digest digest = { 0 };
        const struct arg args[] = { arg_text(arena_printf(w->arena, "s_many_%05d", i)),
                                    arg_digest(&digest),
                                    arg_text(world_person(w, 0)),
                                    arg_time(WORLD_NOW),
                                    arg_time(WORLD_NOW + 100),
                                    ARG_END };

        assert_int_equal(store_run(w->store, &(struct query) { .sql = sql, .args = args }), OK);
    }
    grants_put(w, "s_many_00000", 0, 2 * GRANT_PAGE + 1);
    disable(w, 0);
    assert_int_equal(live(w, live_sessions), 0);
    assert_int_equal(live(w, live_grants), 0);
    assert_int_equal(world_rows_of(w, "revoked"), 2 * GRANT_PAGE + 1);
}

/* As if the command had been killed behind its first step. */
static void
a_stop_that_was_interrupted_goes_on_when_asked_again(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    assert_int_equal(
        store_person_set_state(w->store, world_person(w, 0), PERSON_DISABLED, WORLD_NOW), OK);
    world_audit_mark(w);
    disable(w, 0);
    assert_int_equal(world_audit_count(w, AUDIT_PERSON_STATE), 0); /* recorded the first time */
    assert_int_equal(live(w, live_sessions), 0);
    assert_int_equal(live(w, live_grants), 0);
    assert_false(is_active(w, tokens.access));
    disable(w, 0);
}

static void
who_is_not_there_is_not_stopped_and_who_is_closed_not_resumed(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(person_stop(&ctx, "p_nobody", PERSON_DISABLED, "disabled"), ERR_NOT_FOUND);
    assert_int_equal(person_resume(&ctx, "p_nobody"), ERR_NOT_FOUND);
    assert_int_equal(store_person_set_state(w->store, world_person(w, 0), PERSON_CLOSED, 1), OK);
    assert_int_equal(person_resume(&ctx, world_person(w, 0)), ERR_CONFLICT);
    world_audit_mark(w);
    assert_int_equal(person_resume(&ctx, world_person(w, 1)), OK); /* is active already */
    assert_int_equal(world_audit_count(w, AUDIT_PERSON_STATE), 0);
}

/* --- Removed partners --- */

#define WEBHALL                                                                                     \
    "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"新\",\"client_name#en\":\"New\"," \
    "\"channel\":\"web\",\"redirect_uris\":[\"https://app.example/cb\"],"                           \
    "\"token_endpoint_auth_method\":\"client_secret_basic\","                                       \
    "\"grant_types\":[\"authorization_code\",\"refresh_token\",\"client_credentials\"],"            \
    "\"scope\":\"openid profile\","                                                                 \
    "\"client_secret\":\"webhall-secret-0123456789-0123456789-0123456789\"}]}"

static void
refresh(struct world *w, const char *token)
{
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       token);
}

static void
z6_a_removed_partner_is_dead_on_every_node_that_has_heard(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct memory other = node_begin(w);
    struct ctx ctx = world_ctx(w);
    struct access access;

    world_partners(w, "{\"partners\":[]}");
    assert_int_equal(access_token_open(&ctx, tokens.access, &access), ERR_EXPIRED);
    assert_false(world_token_works(w, tokens.access));
    node_polls(w, &other);
    memory_swap(w, &other);
    assert_int_equal(access_token_open(&ctx, tokens.access, &access), ERR_EXPIRED);
    memory_swap(w, &other);
    node_end(&other);
}

/* Not even within the second of its removal. */
static void
z6_a_partner_that_comes_back_under_its_id_inherits_nothing(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *code = world_code(w, "webhall");
    const char *own;

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials");
    own = arena_text(w->arena, world_json(w, "access_token"));
    world_partners(w, "{\"partners\":[]}");
    world_partners(w, WEBHALL);
    assert_int_equal(registry_find(w->services.registry, "webhall")->since, WORLD_NOW + 1);
    world_advance(w, 1);
    assert_false(is_active(w, tokens.access));
    assert_false(is_active(w, own));
    assert_false(world_token_works(w, tokens.access));
    refresh(w, tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    world_redeem(w, "webhall", code);
    assert_refused(w, &problem_code_invalid);
    /* Nor what people allowed the one before. */
    world_authorize(w, "webhall", "&prompt=none");
    assert_refused_by_redirect(w, "webhall", &problem_consent_required);
    tokens = world_login_tokens(w, "webhall");
    assert_true(is_active(w, tokens.access));
    refresh(w, tokens.refresh);
    assert_int_equal(w->answer.status, 200);
}

static void
a_change_of_a_partner_ends_nothing(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_advance(w, 5);
    world_partners(w, WEBHALL);
    assert_true(is_active(w, tokens.access));
    refresh(w, tokens.refresh);
    assert_int_equal(w->answer.status, 200);
}

static void
the_grants_of_removed_partners_are_taken_out_of_the_way(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_partner unreadable = { .partner_id = "broken", .profile = "{}" };
    int64_t ended;

    (void)world_login_tokens(w, "hospital");
    grants_put(w, "s_1", 0, GRANT_PAGE + 5); /* webhall's */
    assert_int_equal(store_partner_put(w->store, &unreadable), OK);
    world_advance(w, 1);
    assert_int_equal(removed_partners_stop(&ctx, &ended), OK);
    assert_int_equal(ended, 0);
    world_partners(w, WEBHALL); /* hospital is gone */
    ctx = world_ctx(w);
    assert_int_equal(removed_partners_stop(&ctx, &ended), OK);
    assert_int_equal(ended, 1);
    world_partners(w, "{\"partners\":[]}");
    world_partners(w, WEBHALL); /* has the id of another that is gone */
    ctx = world_ctx(w);
    assert_int_equal(removed_partners_stop(&ctx, &ended), OK);
    assert_int_equal(ended, GRANT_PAGE + 5);
    assert_int_equal(removed_partners_stop(&ctx, &ended), OK);
    assert_int_equal(ended, 0);
}

/* A row that cannot be read is left out of the registry, and yet its partner is not removed. */
static void
the_grants_of_a_partner_that_cannot_be_read_stay(void **state)
{
    static const char sql[] = "UPDATE partner SET profile = '{}' WHERE partner_id = 'webhall'";
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    int64_t ended;

    grants_put(w, "s_1", 0, 3);
    assert_int_equal(store_run(w->store, &(struct query) { .sql = sql }), OK);
    assert_int_equal(registry_load(&ctx), OK);
    assert_null(registry_find(w->services.registry, "webhall"));
    assert_int_equal(removed_partners_stop(&ctx, &ended), OK);
    assert_int_equal(ended, 0);
}

/* Its request was checked against what the one before was registered for. */
static void
z6_a_request_under_way_is_not_the_new_partners(void **state)
{
    struct world *w = *state;
    const char *consent;

    world_log_in(w, 0);
    world_authorize(w, "webhall", "");
    consent = arena_text(w->arena, world_header(w, "Location"));
    assert_true(text_starts(consent, "/consent?tx="));
    world_advance(w, 1);
    world_partners(w, "{\"partners\":[]}");
    world_partners(w, WEBHALL);
    world_advance(w, 1);
    world_consent(w, 0, "webhall", "openid profile");
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume%s", strchr(consent, '?')));
    assert_refused(w, &problem_transaction_lost);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(z6_se20_a_disabled_person_is_out_here_at_once_and_elsewhere_at_the_next_look),
        world_test(z6_nothing_revives_when_she_is_enabled),
        world_test(z6_a_state_set_by_sql_alone_closes_all_that_reads_the_store),
        world_test(a_closed_account_has_nothing_open_and_stays_closed),
        world_test(z6_bk18_who_has_died_has_nothing_open_on_any_node_that_has_heard),
        world_test(her_partners_are_told_and_others_go_on),
        world_test(more_than_a_page_of_sessions_and_grants_end_as_well),
        world_test(a_stop_that_was_interrupted_goes_on_when_asked_again),
        world_test(who_is_not_there_is_not_stopped_and_who_is_closed_not_resumed),
        world_test(z6_a_removed_partner_is_dead_on_every_node_that_has_heard),
        world_test(z6_a_partner_that_comes_back_under_its_id_inherits_nothing),
        world_test(a_change_of_a_partner_ends_nothing),
        world_test(the_grants_of_removed_partners_are_taken_out_of_the_way),
        world_test(the_grants_of_a_partner_that_cannot_be_read_stay),
        world_test(z6_a_request_under_way_is_not_the_new_partners),
    };

    return world_run(tests);
}
