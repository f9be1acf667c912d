/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store that fails at any statement of a step: once, or from there on. Whoever is then told to try again may do so;
 * what else she may rely on stands beside each step.
 */
#include <string.h>

#include "idp/base/text.h"
#include "tests/flows/failing_store.h"
#include "tests/store_kit.h"
#include "tests/world.h"

#define STATEMENTS_MAX 60

/* --- Steps --- */

/* What whoever is put off may rely on. */
enum promise {
    NOTHING_CHANGED, /* not a row, and the same request does it later */
    HOWEVER_LATE,    /* and no repeat is meant that has to come soon */
    ENDED_BY_PARTS,  /* what is over is over, and the same request ends the rest */
    GIVEN_OR_LOST    /* or it was spent before the store failed, and nobody has anything of it */
};

/* One thing that somebody does: what must stand before it, the request, how a good answer is
 * known. */
struct failing_step {
    struct world_call (*ready)(struct world *w);
    bool (*is_done)(struct world *w);
    enum promise promise;
};

static bool
has_tokens(struct world *w)
{
    return strstr(w->answer.body, "access_token") != NULL;
}

static bool
is_fine(struct world *w)
{
    return w->answer.status == 200;
}

static bool
has_code(struct world *w)
{
    return world_header(w, "Location") != NULL && world_location_param(w, "code") != NULL;
}

static bool
goes_on(struct world *w)
{
    const char *location = world_header(w, "Location");

    return location != NULL && strstr(location, "/resume?") != NULL;
}

static bool
has_left(struct world *w)
{
    return world_cookie(w, "__Host-session") == NULL;
}

static bool
goes_back(struct world *w)
{
    return text_eq(world_header(w, "Location"), "https://app.example/bye");
}

static struct world_call
ready_redeem(struct world *w)
{
    const char *form =
        arena_printf(w->arena,
                     "grant_type=authorization_code&code=%s&code_verifier=" WORLD_VERIFIER
                     "&redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fcb",
                     world_url(w, world_code(w, "webhall")));

    return (struct world_call) { .target = "/oauth2/token",
                                 .form = form,
                                 .authorization = world_basic(w, "webhall") };
}

static struct world_call
ready_refresh(struct world *w)
{
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    return (struct world_call) {
        .target = "/oauth2/token",
        .form = arena_printf(w->arena, "grant_type=refresh_token&refresh_token=%s", tokens.refresh),
        .authorization = world_basic(w, "webhall")
    };
}

static struct world_call
ready_revoke(struct world *w)
{
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    return (struct world_call) { .target = "/oauth2/revoke",
                                 .form = arena_printf(w->arena, "token=%s", tokens.refresh),
                                 .authorization = world_basic(w, "webhall") };
}

static struct world_call
ready_userinfo(struct world *w)
{
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    return (struct world_call) { .target = "/oidc/userinfo",
                                 .authorization =
                                     arena_printf(w->arena, "Bearer %s", tokens.access) };
}

static struct world_call
ready_logout(struct world *w)
{
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    return (struct world_call) {
        .target =
            arena_printf(w->arena,
                         "/oidc/logout?post_logout_redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fbye"
                         "&id_token_hint=%s",
                         tokens.id)
    };
}

/* What world_authorize() asks. */
static const char *
authorize_target(struct world *w)
{
    return arena_printf(w->arena,
                        "/oauth2/authorize?client_id=webhall&response_type=code&state=st-1"
                        "&redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fcb&scope=openid%%20profile"
                        "&nonce=n-1&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256");
}

static struct world_call
ready_authorize(struct world *w)
{
    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    return (struct world_call) { .target = authorize_target(w) };
}

/* The form of the page that the request leads to, filled. */
static struct world_call
ready_page(struct world *w, const char *target, const char *fields)
{
    world_get(w, authorize_target(w));
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
    return (struct world_call) { .target = target,
                                 .form = arena_printf(w->arena, "tx=%s&csrf=%s&%s",
                                                      world_hidden(w, "tx"),
                                                      world_hidden(w, "csrf"), fields) };
}

static struct world_call
ready_login(struct world *w)
{
    world_person(w, 0);
    w->cookies = 0;
    assert_int_equal(kit_run(w->store, "DELETE FROM attempt"), OK);
    return ready_page(w, "/login",
                      arena_printf(w->arena, "phone=%s&password=%s", world_phone(0),
                                   world_url(w, WORLD_PASSWORD)));
}

static struct world_call
ready_consent(struct world *w)
{
    assert_int_equal(kit_run(w->store, "DELETE FROM consent"), OK);
    world_log_in(w, 0);
    return ready_page(w, "/consent", "decision=allow");
}

static struct world_call
ready_home(struct world *w)
{
    world_log_in(w, 0);
    return (struct world_call) { .target = "/" };
}

/* The page that asks for a consent, before she answers. */
static struct world_call
ready_question(struct world *w)
{
    assert_int_equal(kit_run(w->store, "DELETE FROM consent"), OK);
    world_log_in(w, 0);
    world_get(w, authorize_target(w));
    return (struct world_call) { .target = world_header(w, "Location") };
}

static struct world_call
ready_button(struct world *w)
{
    w->cookies = 0;
    world_login_tokens(w, "webhall");
    world_get(w, "/oidc/logout");
    return (struct world_call) { .target = "/logout",
                                 .form = arena_printf(w->arena, "csrf=%s&decision=yes",
                                                      world_hidden(w, "csrf")) };
}

/* --- What must hold --- */

static void
assert_put_off(struct world *w, const struct failing_step *step, const struct world_call *call,
               int64_t rows)
{
    bool same = world_rows(w) == rows;

    if (!is_put_off(w))
        fail_msg("%s answers %d: %s", call->target, w->answer.status, w->answer.body);
    if (step->promise == HOWEVER_LATE)
        world_advance(w, 60);
    world_send(w, call);
    world_follow_mistake(w);
    if (step->promise == GIVEN_OR_LOST && !same)
        assert_refused(w, &problem_code_invalid);
    else if (!step->is_done(w))
        fail_msg("%s: sent again, it answers %d", call->target, w->answer.status);
    else if (step->promise <= HOWEVER_LATE && !same)
        fail_msg("%s: something was changed", call->target);
}

/* True when no statement was left to fail at. */
static bool
step_fails_at(struct world *w, const struct failing_step *step, int statement, bool for_good)
{
    struct world_call call = step->ready(w);
    int64_t rows = world_rows(w);

    failing_begin_at(w, statement, for_good);
    world_send(w, &call);
    failing_end(w);
    world_follow_mistake(w);
    if (!step->is_done(w)) {
        assert_true(failing.failures > 0);
        assert_put_off(w, step, &call, rows);
    }
    return failing.failures == 0;
}

static void
assert_fails_well(struct world *w, const struct failing_step *step)
{
    for (int for_good = 0; for_good < 2; for_good++) {
        int statement = 1;

        while (!step_fails_at(w, step, statement, for_good != 0))
            statement++;
        assert_in_range(statement, 2, STATEMENTS_MAX);
    }
}

static void
a_code_is_redeemed_or_good_for_another_try_or_lost(void **state)
{
    assert_fails_well(*state, &(struct failing_step) { ready_redeem, has_tokens, GIVEN_OR_LOST });
}

static void
a_refresh_is_made_or_may_be_tried_again(void **state)
{
    assert_fails_well(*state, &(struct failing_step) { ready_refresh, has_tokens, HOWEVER_LATE });
}

static void
a_token_is_revoked_or_may_be_another_time(void **state)
{
    assert_fails_well(*state, &(struct failing_step) { ready_revoke, is_fine, NOTHING_CHANGED });
}

static void
what_cannot_be_read_is_not_told(void **state)
{
    assert_fails_well(*state, &(struct failing_step) { ready_userinfo, is_fine, NOTHING_CHANGED });
}

static void
a_logout_is_done_or_may_be_tried_again(void **state)
{
    assert_fails_well(*state, &(struct failing_step) { ready_logout, goes_back, ENDED_BY_PARTS });
}

static void
a_code_is_given_or_the_partner_is_told_to_wait(void **state)
{
    assert_fails_well(*state,
                      &(struct failing_step) { ready_authorize, has_code, NOTHING_CHANGED });
}

static void
a_login_is_made_or_may_be_tried_again(void **state)
{
    assert_fails_well(*state, &(struct failing_step) { ready_login, goes_on, NOTHING_CHANGED });
}

static void
a_consent_is_kept_or_may_be_given_again(void **state)
{
    assert_fails_well(*state, &(struct failing_step) { ready_consent, goes_on, NOTHING_CHANGED });
}

static void
a_page_shows_what_is_so_or_says_that_it_cannot(void **state)
{
    assert_fails_well(*state, &(struct failing_step) { ready_home, is_fine, NOTHING_CHANGED });
    assert_fails_well(*state, &(struct failing_step) { ready_question, is_fine, NOTHING_CHANGED });
}

static void
the_button_logs_out_or_may_be_pressed_again(void **state)
{
    assert_fails_well(*state, &(struct failing_step) { ready_button, has_left, ENDED_BY_PARTS });
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_code_is_redeemed_or_good_for_another_try_or_lost),
        world_test(a_refresh_is_made_or_may_be_tried_again),
        world_test(a_token_is_revoked_or_may_be_another_time),
        world_test(what_cannot_be_read_is_not_told),
        world_test(a_logout_is_done_or_may_be_tried_again),
        world_test(a_code_is_given_or_the_partner_is_told_to_wait),
        world_test(a_login_is_made_or_may_be_tried_again),
        world_test(a_consent_is_kept_or_may_be_given_again),
        world_test(a_page_shows_what_is_so_or_says_that_it_cannot),
        world_test(the_button_logs_out_or_may_be_pressed_again),
    };

    return world_run(tests);
}
