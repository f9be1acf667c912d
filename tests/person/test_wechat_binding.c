/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a WeChat account is, whatever is told and known of it. */
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/wechat_binding.h"
#include "idp/session/stop.h"
#include "tests/world.h"

static struct wechat_identity
official(const char *openid, const char *unionid)
{
    return (struct wechat_identity) { WECHAT_OFFICIAL, openid, unionid, *unionid != '\0' };
}

static struct wechat_found
found_as(struct world *w, const struct wechat_identity *who)
{
    struct ctx ctx = world_ctx(w);
    struct wechat_found found;

    assert_null(wechat_recognise(&ctx, who, &found));
    return found;
}

static const struct problem *
bind_to(struct world *w, const struct wechat_identity *who, int n)
{
    struct ctx ctx = world_ctx(w);

    return wechat_bind(&ctx, who, world_person(w, n));
}

static void
assert_is(struct world *w, const struct wechat_identity *who, int n)
{
    struct wechat_found found = found_as(w, who);

    assert_non_null(found.person_id);
    assert_string_equal(found.person_id, world_person(w, n));
}

static void
one_unionid_is_one_person(void **state)
{
    struct world *w = *state;
    struct wechat_identity first = official("o1", "u1");
    struct wechat_identity second = { WECHAT_MINI, "m1", "u1", true };

    assert_null(bind_to(w, &first, 0));
    assert_ptr_equal(bind_to(w, &second, 1), &problem_wechat_bound_elsewhere);
    assert_is(w, &second, 0); /* and it is hers from now on, by its openid too */
    second.unionid = "";
    second.unionid_was_due = false;
    assert_is(w, &second, 0);
}

static void
an_openid_of_another_application_is_another(void **state)
{
    struct world *w = *state;
    struct wechat_identity who = official("x1", "");

    w->settings.wechat.official_appid = "wx1";
    w->settings.wechat.mini_appid = "wx2";
    assert_null(bind_to(w, &who, 0));
    assert_is(w, &who, 0);
    who.app = WECHAT_MINI;
    assert_null(found_as(w, &who).person_id);
}

static void
a_unionid_that_was_not_known_joins_what_is(void **state)
{
    struct world *w = *state;
    struct wechat_identity bare = official("o1", "");
    struct wechat_identity whole = official("o1", "u1");
    struct wechat_identity elsewhere = { WECHAT_OPEN, "w1", "u1", true };

    assert_null(bind_to(w, &bare, 0));
    assert_null(found_as(w, &elsewhere).person_id);
    assert_is(w, &whole, 0);
    assert_is(w, &elsewhere, 0);
}

/* CH-05: it would make two persons one. */
static void
CH_05_a_unionid_of_another_person_joins_nobody(void **state)
{
    struct world *w = *state;
    struct wechat_identity hers = official("o1", "");
    struct wechat_identity anothers = { WECHAT_OPEN, "w2", "u2", true };
    struct wechat_identity both = official("o1", "u2");
    struct wechat_found found;

    assert_null(bind_to(w, &hers, 0));
    assert_null(bind_to(w, &anothers, 1));
    found = found_as(w, &both);
    assert_null(found.person_id);
    assert_true(found.is_doubtful);
    assert_ptr_equal(bind_to(w, &both, 0), &problem_wechat_bound_elsewhere);
    assert_ptr_equal(bind_to(w, &both, 1), &problem_wechat_bound_elsewhere);
}

/* What she had before finds her no longer, nor does it take it from who has it now. */
static void
an_old_unionid_finds_nobody(void **state)
{
    struct world *w = *state;
    struct wechat_identity before = official("o1", "u1");
    struct wechat_identity now = official("o1", "u2");
    struct wechat_identity anothers = { WECHAT_OPEN, "w9", "u1", true };
    struct ctx ctx = world_ctx(w);
    bool removed;

    assert_null(bind_to(w, &before, 0));
    assert_null(bind_to(w, &now, 0));
    assert_null(found_as(w, &anothers).person_id);
    assert_null(bind_to(w, &anothers, 1));
    assert_int_equal(wechat_unbind(&ctx, world_person(w, 0), &removed), OK);
    assert_true(removed);
    assert_null(found_as(w, &now).person_id);
    assert_is(w, &anothers, 1);
    assert_int_equal(wechat_unbind(&ctx, world_person(w, 0), &removed), OK);
    assert_false(removed);
}

static void
nothing_of_it_can_be_read_in_the_store(void **state)
{
    struct world *w = *state;
    struct wechat_identity who = official("oSecretOpenid", "uSecretUnionid");
    struct external_identities list;

    assert_null(bind_to(w, &who, 0));
    assert_int_equal(store_external_identity_list(w->store, w->arena, world_person(w, 0), &list),
                     OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].provider, "wechat");
}

static void
who_closes_her_account_may_bind_it_to_a_new_one(void **state)
{
    struct world *w = *state;
    struct wechat_identity who = official("o1", "u1");
    struct ctx ctx = world_ctx(w);

    assert_null(bind_to(w, &who, 0));
    assert_int_equal(person_stop(&ctx, world_person(w, 0), PERSON_CLOSED, "closed"), OK);
    assert_audited(w, AUDIT_EXTERNAL_UNBOUND, "closed");
    assert_null(bind_to(w, &who, 1));
    assert_is(w, &who, 1);
}

static void
who_is_disabled_is_told_so(void **state)
{
    struct world *w = *state;
    struct wechat_identity who = official("o1", "u1");
    struct wechat_found found;
    struct ctx ctx = world_ctx(w);

    assert_null(bind_to(w, &who, 0));
    assert_int_equal(person_stop(&ctx, world_person(w, 0), PERSON_DISABLED, "disabled"), OK);
    assert_ptr_equal(wechat_recognise(&ctx, &who, &found), &problem_account_stopped);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(one_unionid_is_one_person),
        world_test(an_openid_of_another_application_is_another),
        world_test(a_unionid_that_was_not_known_joins_what_is),
        world_test(CH_05_a_unionid_of_another_person_joins_nobody),
        world_test(an_old_unionid_finds_nobody),
        world_test(nothing_of_it_can_be_read_in_the_store),
        world_test(who_closes_her_account_may_bind_it_to_a_new_one),
        world_test(who_is_disabled_is_told_so),
    };

    return world_run(tests);
}
