/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: how they begin, go on and end (SE-01, SE-03, SE-19). */
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"
#include "idp/tables/person.h"
#include "tests/world.h"

static const char *
begin(struct world *w, int n, const struct session *present)
{
    struct ctx ctx = world_ctx(w);
    struct proof proof = { .person_id = world_person(w, n), .amr = "pwd" };
    struct session session;
    const char *cookie;

    assert_int_equal(session_begin(&ctx, present, &proof, &session, &cookie), OK);
    assert_true(session.live);
    return cookie;
}

static struct session
load(struct world *w, const char *cookie)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, cookie, &session), OK);
    return session;
}

static const struct session nobody;

static void
the_cookie_alone_opens_the_session(void **state)
{
    struct world *w = *state;
    const char *cookie = begin(w, 0, &nobody);
    struct session session = load(w, cookie);

    assert_true(session.live);
    assert_string_equal(session.row.subject.id, world_person(w, 0));
    assert_int_equal(session.row.auth_time, WORLD_NOW);
}

static void
a_cookie_that_differs_opens_nothing(void **state)
{
    struct world *w = *state;
    const char *cookie = begin(w, 0, &nobody);
    const char *other = begin(w, 1, &nobody);
    const char *const wrong[] = {
        NULL,
        "",
        "s_",
        arena_copy(w->arena, cookie, 24),
        arena_copy(w->arena, cookie, strlen(cookie) - 1),
        arena_printf(w->arena, "%sA", cookie),
        arena_printf(w->arena, "%.24s%s", cookie, other + 24),
        arena_printf(w->arena, "%s%0200d", cookie, 0),
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(load(w, wrong[i]).live);
    assert_true(load(w, cookie).live);
}

static void
se_01_the_secret_changes_and_the_sid_stays_when_she_logs_in_again(void **state)
{
    struct world *w = *state;
    const char *first = begin(w, 0, &nobody);
    struct session present = load(w, first);
    const char *second;

    world_advance(w, 100);
    second = begin(w, 0, &present);
    assert_memory_equal(first, second, 24);
    assert_string_not_equal(first, second);
    assert_false(load(w, first).live);
    assert_int_equal(load(w, second).row.auth_time, WORLD_NOW + 100);
    assert_int_equal(world_rows_of(w, "session"), 1);
}

static void
another_person_gets_another_session(void **state)
{
    struct world *w = *state;
    const char *first = begin(w, 0, &nobody);
    struct session present = load(w, first);
    const char *second = begin(w, 1, &present);

    assert_memory_not_equal(first, second, 24);
    assert_false(load(w, first).live);
    assert_true(load(w, second).live);
}

static void
a_dead_session_is_not_renewed(void **state)
{
    struct world *w = *state;
    const char *first = begin(w, 0, &nobody);
    struct session present;
    const char *second;

    world_advance(w, w->settings.life.session_idle_s);
    present = load(w, first);
    assert_false(present.live);
    second = begin(w, 0, &present);
    assert_memory_not_equal(first, second, 24);
}

static void
se_19_a_session_left_idle_ends(void **state)
{
    struct world *w = *state;
    const char *cookie = begin(w, 0, &nobody);

    world_advance(w, w->settings.life.session_idle_s - 1);
    assert_true(load(w, cookie).live); /* and this was activity */
    world_advance(w, w->settings.life.session_idle_s - 1);
    assert_true(load(w, cookie).live);
    world_advance(w, w->settings.life.session_idle_s);
    assert_false(load(w, cookie).live);
}

static void
se_19_a_session_in_use_ends_all_the_same(void **state)
{
    struct world *w = *state;
    const char *cookie = begin(w, 0, &nobody);

    for (int64_t used = 0; used < w->settings.life.session_absolute_s - 600; used += 600) {
        world_advance(w, 600);
        assert_true(load(w, cookie).live);
    }
    world_advance(w, 599);
    assert_true(load(w, cookie).live);
    world_advance(w, 1);
    assert_false(load(w, cookie).live);
}

static void
se_19_a_partner_that_asks_silently_then_hears_login_required(void **state)
{
    struct world *w = *state;

    (void)world_code(w, "webhall");
    world_advance(w, w->settings.life.session_idle_s);
    world_authorize(w, "webhall", "&prompt=none");
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
}

static void
being_seen_is_written_once_a_minute(void **state)
{
    struct world *w = *state;
    const char *cookie = begin(w, 0, &nobody);

    world_advance(w, 59);
    assert_int_equal(load(w, cookie).row.seen_at, WORLD_NOW);
    world_advance(w, 1);
    assert_int_equal(load(w, cookie).row.seen_at, WORLD_NOW + 60);
    world_advance(w, 1);
    assert_int_equal(load(w, cookie).row.seen_at, WORLD_NOW + 60);
}

static void
ending_it_twice_is_recorded_once(void **state)
{
    struct world *w = *state;
    struct session session = load(w, begin(w, 0, &nobody));
    struct ctx ctx = world_ctx(w);

    world_audit_mark(w);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    assert_audited(w, AUDIT_SESSION_ENDED, "logout");
}

static void
without_randomness_there_is_no_session(void **state)
{
    struct world *w = *state;
    struct proof proof = { .person_id = world_person(w, 0), .amr = "pwd" };
    struct ctx ctx = world_ctx(w);
    struct session session;
    const char *cookie;

    w->random_fails = true;
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), ERR_UNAVAILABLE);
    assert_int_equal(world_rows_of(w, "session"), 0);
}

static void
a_form_token_belongs_to_one_cookie(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *one = begin(w, 0, &nobody);
    const char *two = begin(w, 0, &nobody);

    assert_string_equal(session_csrf(&ctx, one), session_csrf(&ctx, one));
    assert_string_not_equal(session_csrf(&ctx, one), session_csrf(&ctx, two));
}

/* --- Named by a hint --- */

static struct session
hinted(struct world *w, const char *audience, const char *sub, const char *grant_id)
{
    struct ctx ctx = world_ctx(w);
    struct hint hint = { .sub = sub, .audience = audience, .sid = "", .grant_id = grant_id };
    struct session session;

    assert_int_equal(session_hinted(&ctx, &hint, &session), OK);
    return session;
}

static const char *
grant_in(struct world *w, const struct session *session, const char *person_id)
{
    struct stored_grant grant = { .grant_id = "g_1",
                                  .approval.subject.id = person_id,
                                  .approval.partner_id = "webhall",
                                  .approval.sid = session->row.sid,
                                  .approval.scope = "openid",
                                  .approval.claims = "",
                                  .approval.acr = "",
                                  .approval.amr = "pwd",
                                  .generation = 1,
                                  .created_at = WORLD_NOW,
                                  .approval.until = WORLD_NOW + 3600 };

    assert_int_equal(store_grant_insert(w->store, &grant), OK);
    return grant.grant_id;
}

static void
z7_a_hint_names_the_session_of_its_own_grant_alone(void **state)
{
    struct world *w = *state;
    struct session session = load(w, begin(w, 0, &nobody));
    struct ctx ctx = world_ctx(w);
    const struct partner *webhall = registry_find(w->services.registry, "webhall");
    const char *sub = subject_for(&ctx, webhall, world_person(w, 0));
    const char *grant_id = grant_in(w, &session, world_person(w, 0));

    assert_true(hinted(w, "webhall", sub, grant_id).live);
    assert_string_equal(hinted(w, "webhall", sub, grant_id).row.sid, session.row.sid);
    assert_false(hinted(w, "hospital", sub, grant_id).live);
    assert_false(hinted(w, "webhall", "another", grant_id).live);
    assert_false(hinted(w, "webhall", sub, "g_2").live);
    assert_false(hinted(w, "webhall", sub, "").live);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    assert_false(hinted(w, "webhall", sub, grant_id).live);
}

static void
z7_a_grant_of_one_person_in_the_session_of_another_names_nothing(void **state)
{
    struct world *w = *state;
    struct session session = load(w, begin(w, 0, &nobody));
    struct ctx ctx = world_ctx(w);
    const struct partner *webhall = registry_find(w->services.registry, "webhall");
    const char *grant_id = grant_in(w, &session, world_person(w, 1));

    assert_false(
        hinted(w, "webhall", subject_for(&ctx, webhall, world_person(w, 1)), grant_id).live);
}

static void
z6_the_session_of_who_may_not_go_on_is_not_live(void **state)
{
    struct world *w = *state;
    const char *cookie = begin(w, 0, &nobody);

    for (int64_t now_in = PERSON_DISABLED; now_in <= PERSON_DECEASED; now_in++) {
        assert_int_equal(store_person_set_state(w->store, world_person(w, 0),
                                                (enum person_state)now_in, WORLD_NOW),
                         OK);
        assert_false(load(w, cookie).live);
    }
}

static const char *
begin_in_transaction(struct world *w, int n, const struct session *present, unix_s later)
{
    struct ctx ctx = world_ctx(w);
    struct proof proof = { .person_id = world_person(w, n),
                           .amr = "pwd",
                           .once = "t1 and the value of its cookie" };
    struct session session;
    const char *cookie;

    ctx.now += later;
    assert_int_equal(session_begin(&ctx, present, &proof, &session, &cookie), OK);
    assert_true(session.live);
    return cookie;
}

static void
the_same_login_sent_again_is_one_session(void **state)
{
    struct world *w = *state;
    const char *cookie = begin_in_transaction(w, 0, &nobody, 0);
    struct session present = load(w, cookie);

    world_audit_mark(w);
    assert_string_equal(begin_in_transaction(w, 0, &nobody, REPEAT_S), cookie);
    assert_string_equal(begin_in_transaction(w, 0, &present, REPEAT_S), cookie);
    assert_int_equal(world_rows_of(w, "session"), 1);
    assert_int_equal(world_audit_count(w, AUDIT_LOGIN), 0);
    assert_string_not_equal(begin_in_transaction(w, 1, &nobody, 0), cookie);
}

static void
a_renewal_sent_again_is_one_renewal(void **state)
{
    struct world *w = *state;
    const char *old = begin(w, 0, &nobody);
    struct session present = load(w, old);
    const char *renewed = begin_in_transaction(w, 0, &present, 0);
    struct session as_seen_by_the_second = load(w, old);

    assert_false(as_seen_by_the_second.live);
    assert_string_equal(begin_in_transaction(w, 0, &as_seen_by_the_second, 1), renewed);
    assert_int_equal(world_rows_of(w, "session"), 1);
}

/* A partner that asks for a fresh login would else be asked for ever. */
static void
after_a_minute_the_same_login_is_another_with_another_secret(void **state)
{
    struct world *w = *state;
    const char *cookie = begin_in_transaction(w, 0, &nobody, 0);
    struct session present = load(w, cookie);
    const char *later = begin_in_transaction(w, 0, &present, REPEAT_S + 1);

    assert_string_not_equal(later, cookie);
    assert_memory_equal(later, cookie, 24); /* the sid */
    assert_int_equal(load(w, later).row.auth_time, WORLD_NOW + REPEAT_S + 1);
    assert_false(load(w, cookie).live);
}

static void
what_has_ended_does_not_come_back_by_the_same_login(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *cookie = begin_in_transaction(w, 0, &nobody, 0);
    struct session session = load(w, cookie);

    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    assert_string_not_equal(begin_in_transaction(w, 0, &nobody, 1), cookie);
    assert_false(load(w, cookie).live);
}

static const char *
amr_after(struct world *w, unix_s later)
{
    struct ctx ctx = world_ctx(w);
    struct session present = { .live = false };
    struct session session;
    const char *cookie;
    struct proof proof = { .person_id = world_person(w, 0), .amr = "pwd" };

    assert_int_equal(session_begin(&ctx, &present, &proof, &present, &cookie), OK);
    proof.amr = "sms";
    ctx.now += later;
    assert_int_equal(session_begin(&ctx, &present, &proof, &session, &cookie), OK);
    return session.row.amr;
}

static void
factors_of_a_step_up_count_together_and_old_ones_do_not(void **state)
{
    struct world *w = *state;
    unix_s life = w->settings.life.transaction_s;

    assert_string_equal(amr_after(w, life), "pwd sms");
    assert_string_equal(amr_after(w, life + 1), "sms");
}

static void
a_session_of_staff_is_no_citizens(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct session session;
    bool active;

    world_log_in(w, 0);
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_true(session.live);
    assert_int_equal(
        store_run(w->store, &(struct query) { .sql = "UPDATE session SET subject_kind = 1" }), OK);
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_false(session.live);
    assert_int_equal(session.row.subject.kind, SUBJECT_STAFF);
    assert_int_equal(subject_is_active(&ctx, session.row.subject, &active), OK);
    assert_false(active);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_cookie_alone_opens_the_session),
        world_test(a_cookie_that_differs_opens_nothing),
        world_test(se_01_the_secret_changes_and_the_sid_stays_when_she_logs_in_again),
        world_test(another_person_gets_another_session),
        world_test(a_dead_session_is_not_renewed),
        world_test(se_19_a_session_left_idle_ends),
        world_test(se_19_a_session_in_use_ends_all_the_same),
        world_test(se_19_a_partner_that_asks_silently_then_hears_login_required),
        world_test(being_seen_is_written_once_a_minute),
        world_test(ending_it_twice_is_recorded_once),
        world_test(without_randomness_there_is_no_session),
        world_test(a_form_token_belongs_to_one_cookie),
        world_test(z7_a_hint_names_the_session_of_its_own_grant_alone),
        world_test(z7_a_grant_of_one_person_in_the_session_of_another_names_nothing),
        world_test(z6_the_session_of_who_may_not_go_on_is_not_live),
        world_test(the_same_login_sent_again_is_one_session),
        world_test(a_renewal_sent_again_is_one_renewal),
        world_test(after_a_minute_the_same_login_is_another_with_another_secret),
        world_test(what_has_ended_does_not_come_back_by_the_same_login),
        world_test(factors_of_a_step_up_count_together_and_old_ones_do_not),
        world_test(a_session_of_staff_is_no_citizens),
    };

    return world_run(tests);
}
