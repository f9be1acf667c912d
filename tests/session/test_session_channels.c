/* SPDX-License-Identifier: Apache-2.0 */
/* What a session's channel makes of it: CH-12, SE-19. */
#include "tests/world.h"

static const struct session nobody;

static struct session
load(struct world *w, const char *cookie)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, cookie, &session), OK);
    return session;
}

static struct session
begin_on(struct world *w, const char *channel, const struct session *present)
{
    struct ctx ctx = world_ctx(w);
    struct proof proof = { .person_id = world_person(w, 0), .amr = "pwd" };
    struct session session;
    const char *cookie;

    ctx.channel = channel;
    ctx.partner_id = channel;
    assert_int_equal(session_begin(&ctx, present, &proof, &session, &cookie), OK);
    return load(w, cookie);
}

static void
se_19_a_session_lives_as_long_as_its_channel_says(void **state)
{
    static const struct {
        const char *channel;
        int64_t absolute_s;
    } cases[] = { { "web", 43200 },    { "app", 30 * 86400 }, { "wechat", 43200 },
                  { "terminal", 600 }, { "counter", 43200 },  { "message", 600 } };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct session session = begin_on(w, cases[i].channel, &nobody);

        assert_string_equal(session.row.channel, cases[i].channel);
        assert_string_equal(session.row.partner_id, cases[i].channel);
        assert_int_equal(session.row.expires_at, WORLD_NOW + cases[i].absolute_s);
    }
}

static void
who_logs_in_again_elsewhere_stays_where_her_session_began(void **state)
{
    struct world *w = *state;
    struct session first = begin_on(w, "app", &nobody);
    struct session second;

    world_advance(w, 100);
    second = begin_on(w, "web", &first);
    assert_string_equal(second.row.sid, first.row.sid);
    assert_string_equal(second.row.channel, "app");
    assert_string_equal(second.row.partner_id, "app");
    assert_int_equal(second.row.expires_at, WORLD_NOW + 100 + 30 * 86400);
}

static void
a_channel_that_lends_nothing_passes_nothing_on(void **state)
{
    struct world *w = *state;
    struct session first = begin_on(w, "counter", &nobody);
    struct session second = begin_on(w, "web", &first);

    assert_string_equal(second.row.sid, first.row.sid);
    assert_string_equal(second.row.channel, "web");
}

static void
ch_12_an_apps_login_is_worth_less_after_half_a_day(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct proof proof = { .person_id = world_person(w, 0), .amr = "pwd" };
    struct session session;
    const char *cookie;

    ctx.channel = "app";
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), OK);
    assert_int_equal(load(w, cookie).row.level, 2);
    world_advance(w, 12 * 3600);
    session = load(w, cookie);
    assert_int_equal(session.row.level, 1);
    assert_int_equal(session.level_at_login, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(se_19_a_session_lives_as_long_as_its_channel_says),
        world_test(who_logs_in_again_elsewhere_stays_where_her_session_began),
        world_test(a_channel_that_lends_nothing_passes_nothing_on),
        world_test(ch_12_an_apps_login_is_worth_less_after_half_a_day),
    };

    return world_run(tests);
}
