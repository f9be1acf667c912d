/* SPDX-License-Identifier: Apache-2.0 */
/* Logins that need no browser. */
#include "idp/session/apart.h"
#include "idp/tables/person.h"
#include "idp/tables/spent.h"
#include "tests/world.h"

static enum err
take_once(struct ctx *ctx, void *state)
{
    const struct digest *id = state;

    return store_spent_insert(ctx->store, id, "", ctx->now + 60);
}

/* What she allowed in her browser, for the app. */
struct allowed {
    struct ctx ctx;
    struct session lender;
    struct proof proof;
    struct digest once;
    struct apart apart;
    struct stored_grant grant;
};

static void
allow(struct world *w, struct allowed *it)
{
    it->ctx = world_ctx(w);
    world_log_in(w, 0);
    assert_int_equal(session_load(&it->ctx, world_cookie(w, "__Host-session"), &it->lender), OK);
    it->proof = (struct proof) { .way = LOGIN_BY_DEVICE,
                                 .person_id = world_person(w, 0),
                                 .lent_by = &it->lender.row };
    it->once = digest_of_text("a device code");
    it->apart = (struct apart) { .proof = &it->proof,
                                 .partner = registry_find(w->services.registry, "app"),
                                 .scope = "openid",
                                 .claims = "",
                                 .bound_key = "",
                                 .take = take_once,
                                 .state = &it->once };
    partner_enter(&it->ctx, it->apart.partner);
}

static struct stored_session
session_of_grant(struct allowed *it)
{
    struct stored_session row;

    assert_int_equal(store_session_load(it->ctx.store, it->ctx.arena, it->grant.approval.sid, &row),
                     OK);
    return row;
}

static void
it_is_a_session_of_its_own_that_says_where_it_is_from(void **state)
{
    struct world *w = *state;
    struct allowed it;
    struct stored_session row;

    allow(w, &it);
    world_advance(w, 60);
    it.ctx.now += 60;
    assert_int_equal(apart_begin(&it.ctx, &it.apart, &it.grant), OK);
    row = session_of_grant(&it);
    assert_string_not_equal(row.sid, it.lender.row.sid);
    assert_string_equal(row.lent_by, it.lender.row.sid);
    assert_string_equal(row.channel, "app");
    assert_string_equal(row.partner_id, "app");
    assert_string_equal(row.amr, it.lender.row.amr);
    assert_int_equal(row.auth_time, it.lender.row.auth_time);
    assert_int_equal(row.expires_at, it.lender.row.expires_at);
    assert_string_equal(it.grant.approval.partner_id, "app");
    assert_string_equal(it.grant.approval.scope, "openid");
}

static void
it_comes_of_a_single_use_once(void **state)
{
    struct world *w = *state;
    struct allowed it;

    allow(w, &it);
    assert_int_equal(apart_begin(&it.ctx, &it.apart, &it.grant), OK);
    assert_int_equal(apart_begin(&it.ctx, &it.apart, &it.grant), ERR_CONFLICT);
}

static void
the_lender_has_ended_and_nothing_begins(void **state)
{
    struct world *w = *state;
    struct allowed it;

    allow(w, &it);
    assert_int_equal(session_end(&it.ctx, &it.lender, "logout"), OK);
    assert_int_equal(apart_begin(&it.ctx, &it.apart, &it.grant), ERR_REFUSED);
}

static void
xd_09_somebody_who_is_disabled_gets_nothing(void **state)
{
    struct world *w = *state;
    struct allowed it;

    allow(w, &it);
    assert_int_equal(
        store_person_set_state(w->store, world_person(w, 0), PERSON_DISABLED, WORLD_NOW), OK);
    assert_int_equal(apart_begin(&it.ctx, &it.apart, &it.grant), ERR_REFUSED);
}

static void
her_credentials_were_changed_and_nothing_begins(void **state)
{
    struct world *w = *state;
    struct allowed it;

    allow(w, &it);
    it.proof.begun_at = WORLD_NOW - 1;
    assert_int_equal(store_person_secure(w->store, world_person(w, 0), WORLD_NOW - 1, WORLD_NOW),
                     OK);
    assert_int_equal(apart_begin(&it.ctx, &it.apart, &it.grant), ERR_REFUSED);
}

static void
ch_12_no_level_is_higher_than_the_lenders_or_the_channels(void **state)
{
    struct world *w = *state;
    struct allowed it;

    allow(w, &it);
    it.lender.row.level = 1;
    assert_int_equal(apart_begin(&it.ctx, &it.apart, &it.grant), OK);
    assert_int_equal(session_of_grant(&it).level, 1);

    it.lender.row.level = 3;
    it.lender.row.amr = "pwd sms";
    it.ctx.channel = "message";
    it.once = digest_of_text("another");
    assert_int_equal(apart_begin(&it.ctx, &it.apart, &it.grant), OK);
    assert_int_equal(session_of_grant(&it).level, 1);
    assert_int_equal(session_of_grant(&it).expires_at, it.ctx.now + 600);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(it_is_a_session_of_its_own_that_says_where_it_is_from),
        world_test(it_comes_of_a_single_use_once),
        world_test(the_lender_has_ended_and_nothing_begins),
        world_test(xd_09_somebody_who_is_disabled_gets_nothing),
        world_test(her_credentials_were_changed_and_nothing_begins),
        world_test(ch_12_no_level_is_higher_than_the_lenders_or_the_channels),
    };

    return world_run(tests);
}
