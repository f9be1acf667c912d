/* SPDX-License-Identifier: Apache-2.0 */
/* A member of staff acts for a citizen who has agreed on her telephone. */
#include "idp/session/apart.h"
#include "tests/protocols/oauth2/grants/acting_kit.h"

static enum err
nothing_taken(struct ctx *ctx, void *state)
{
    (void)ctx;
    (void)state;
    return OK;
}

/* What the partner got when she agreed on her telephone: a session at its counters, lent by that of the telephone. */
static struct stored_grant
agreed(struct window *window, const char *channel, bool lent)
{
    struct world *w = window->w;
    struct ctx ctx = world_ctx(w);
    const struct partner *partner = registry_find(ctx.services->registry, "window");
    struct stored_session lender;
    struct proof proof = { .way = LOGIN_BY_CIBA,
                           .person_id = world_person(w, CARD_OF),
                           .amr = "pwd" };
    const struct apart apart = { .proof = &proof,
                                 .partner = partner,
                                 .scope = "openid",
                                 .claims = "",
                                 .bound_key = "",
                                 .take = nothing_taken };
    struct stored_grant grant;

    assert_int_equal(store_session_load(w->store, w->arena, window->citizen_sid, &lender), OK);
    if (lent)
        proof.lent_by = &lender;
    ctx.channel = channel;
    ctx.partner_id = "window";
    assert_int_equal(apart_begin(&ctx, &apart, &grant), OK);
    return grant;
}

static const char *
token_of_grant(struct window *window, const struct stored_grant *grant)
{
    struct world *w = window->w;
    struct ctx ctx = world_ctx(w);
    struct access access = { .sub = "x",
                             .client_id = "window",
                             .audience = WORLD_ISSUER,
                             .scope = "openid",
                             .grant_id = grant->grant_id,
                             .bound_key = "" };
    const char *token = NULL;

    assert_int_equal(
        access_token_issue(&ctx, registry_find(ctx.services->registry, "window"), &access, &token),
        OK);
    return arena_text(w->arena, token);
}

static void
an_approval_is_good_for_one_business(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct stored_grant grant = agreed(&window, "counter", true);
    const char *token = token_of_grant(&window, &grant);

    window_exchange(&window, ACCESS_TYPE, token, "");
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_ACTING_BEGUN, "approval");
    assert_non_null(strstr(window_payload(w, world_tokens_of(w).access), "\"act\":{"));
    window_exchange(&window, ACCESS_TYPE, token, "");
    assert_refused(w, &problem_acting_approval);
    assert_audited(w, AUDIT_ACTING_REJECTED, "replayed");
    assert_int_equal(world_rows_of(w, "acting"), 1);
}

static void
an_approval_is_five_minutes_old_at_most(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct stored_grant grant = agreed(&window, "counter", true);

    world_advance(w, 300);
    window.staff = staff_token(w, "window", CLERK, window.sid);
    window_exchange(&window, ACCESS_TYPE, token_of_grant(&window, &grant), "");
    window_refused(&window, &problem_acting_approval, "approval");
    grant = agreed(&window, "counter", true);
    world_advance(w, 299);
    window_exchange(&window, ACCESS_TYPE, token_of_grant(&window, &grant), "");
    assert_int_equal(w->answer.status, 200);
}

static void
a_token_that_she_did_not_agree_to_is_no_approval(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct stored_grant elsewhere = agreed(&window, "web", true);
    struct stored_grant her_own = agreed(&window, "counter", false);
    const char *acting;

    window_exchange(&window, ACCESS_TYPE, token_of_grant(&window, &elsewhere), "");
    window_refused(&window, &problem_acting_approval, "approval");
    window_exchange(&window, ACCESS_TYPE, token_of_grant(&window, &her_own), "");
    window_refused(&window, &problem_acting_approval, "approval");
    window_exchange(&window, ACCESS_TYPE, window.staff, "");
    window_refused(&window, &problem_acting_approval, "approval");
    window_exchange(&window, ACCESS_TYPE, "nonsense", "");
    window_refused(&window, &problem_acting_approval, "approval");
    window_act(&window, "");
    acting = world_tokens_of(w).access;
    window_exchange(&window, ACCESS_TYPE, acting, "");
    assert_refused(w, &problem_acting_approval);
    assert_audited(w, AUDIT_ACTING_REJECTED, "approval");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(an_approval_is_good_for_one_business),
        scene_test(an_approval_is_five_minutes_old_at_most),
        scene_test(a_token_that_she_did_not_agree_to_is_no_approval),
    };

    return world_run(tests);
}
