/* SPDX-License-Identifier: Apache-2.0 */
/* What comes of a code of staff's: tokens, userinfo, introspection, refresh, the end (issue 11, hand-over). */
#include "tests/protocols/oauth2/staff_kit.h"

#include "idp/context/outbox.h"
#include "idp/session/logout.h"
#include "idp/session/token.h"
#include "idp/tables/outbox.h"

#define INACTIVE "{\"active\":false}"

static void
introspect(struct world *w, const char *partner_id, const char *token)
{
    world_partner_post(w, partner_id, "/oauth2/introspect", "token=%s", token);
}

static void
refresh(struct world *w, const char *token)
{
    world_partner_post(w, "window", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       token);
}

static void
assert_told(struct world *w, const char *member)
{
    if (strstr(w->answer.body, member) == NULL)
        fail_msg("no %s in %s", member, w->answer.body);
}

static void
assert_untold(struct world *w, const char *member)
{
    if (strstr(w->answer.body, member) != NULL)
        fail_msg("%s in %s", member, w->answer.body);
}

static void
the_id_token_says_how_she_signed_in_and_nothing_that_changes(void **state)
{
    struct world *w = *state;
    const char *payload;

    world_sit(w, "liming", "counter supervisor", 1);
    payload = window_payload(w, window_tokens(w, "window", STAFF_SCOPE).id);
    assert_non_null(strstr(payload, "\"acr\":\"urn:hrss:acr:l3\""));
    assert_non_null(strstr(payload, "\"amr\":[\"pwd\",\"otp\"]"));
    assert_non_null(strstr(payload, "\"nonce\":\"n-1\""));
    assert_null(strstr(payload, "roles"));
    assert_null(strstr(payload, "liming"));
    payload = window_payload(w, window_tokens(w, "window", STAFF_SCOPE).access);
    assert_non_null(strstr(payload, "\"scope\":\"openid staff\""));
    assert_non_null(strstr(payload, "https://ledger.example"));
    assert_null(strstr(payload, "roles"));
    assert_null(strstr(payload, "liming"));
}

static void
userinfo_says_who_she_is_and_where_she_sits(void **state)
{
    struct world *w = *state;

    world_sit(w, "liming", "counter", 1);
    window_userinfo(w, window_tokens(w, "window", STAFF_SCOPE).access);
    assert_int_equal(w->answer.status, 200);
    assert_told(w, "\"name\":\"李明\"");
    assert_told(w, "\"roles\":[\"counter\"]");
    assert_told(w, "\"agency\":\"天河区社保局\"");
    assert_told(w, "\"region\":\"" WORLD_REGION "\"");
    assert_told(w, "\"counter\":\"k_");
    assert_untold(w, "liming");
}

static void
who_asks_for_openid_alone_learns_that_it_is_she_again(void **state)
{
    struct world *w = *state;

    world_sit(w, "liming", "counter", 1);
    window_userinfo(w, window_tokens(w, "window", "&scope=openid").access);
    assert_int_equal(w->answer.status, 200);
    assert_untold(w, "roles");
    assert_untold(w, "name");
}

/* A registration may have citizens' scopes too, for what it does for them in other ways. */
static void
what_is_a_citizens_is_not_told_of_staff(void **state)
{
    struct world *w = *state;

    world_sit(w, "liming", "counter", 1);
    window_userinfo(w,
                    window_tokens(w, "window", "&scope=openid%20phone%20profile%20staff").access);
    assert_untold(w, "phone");
    assert_told(w, "preferred_username");
    window_userinfo(
        w, window_tokens(w, "window",
                         "&scope=openid&claims=%7B%22userinfo%22%3A%7B%22roles%22%3Anull%2C"
                         "%22phone_number%22%3Anull%7D%7D")
               .access);
    assert_untold(w, "phone");
    assert_told(w, "\"roles\":[\"counter\"]");
}

static void
st_09_roles_are_those_of_this_moment(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_sit(w, "liming", "counter supervisor", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    introspect(w, "ledger", tokens.access);
    assert_told(w, "\"roles\":[\"counter\",\"supervisor\"]");
    assert_told(w, "\"counter\":\"k_");
    window_sql(w, "UPDATE staff SET roles = 'telephone'");
    introspect(w, "ledger", tokens.access);
    assert_told(w, "\"roles\":[\"telephone\"]");
    window_userinfo(w, tokens.access);
    assert_told(w, "\"roles\":[\"telephone\"]");
}

/* Whatever takes her rights away: what was given out is worth nothing any more, also before it is over. */
static void
st_20_who_may_no_more_has_no_token_that_is_good(void **state)
{
    static const struct {
        const char *takes;
        const char *gives_back;
    } cases[] = {
        { "UPDATE staff SET state = 2", "UPDATE staff SET state = 1" }, /* stopped */
        { "UPDATE staff SET state = 3", "UPDATE staff SET state = 1" }, /* gone */
        { "UPDATE sitting SET locked_at = 1", "UPDATE sitting SET locked_at = 0" },
        { "UPDATE session SET seen_at = seen_at - 901",
          "UPDATE session SET seen_at = seen_at + 901" },
        { "UPDATE session SET ended_at = 1", NULL },
    };
    struct world *w = *state;
    struct world_tokens tokens;

    world_sit(w, "liming", "counter", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        window_sql(w, cases[i].takes);
        introspect(w, "window", tokens.access);
        assert_string_equal(w->answer.body, INACTIVE);
        window_userinfo(w, tokens.access);
        assert_refused(w, &problem_bearer_invalid);
        if (cases[i].gives_back == NULL)
            continue;
        window_sql(w, cases[i].gives_back);
        introspect(w, "window", tokens.access);
        assert_told(w, "\"active\":true");
    }
}

static void
a_sub_is_pairwise_and_no_citizens(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct partner *window = registry_find(w->services.registry, "window");
    const char *at_window;
    const char *at_annex;

    world_sit(w, "liming", "counter", 1);
    window_userinfo(w, window_tokens(w, "window", STAFF_SCOPE).access);
    at_window = world_json(w, "sub");
    window_userinfo(w, window_tokens(w, "annex", STAFF_SCOPE).access);
    at_annex = world_json(w, "sub");
    assert_string_not_equal(at_window, at_annex);
    assert_string_equal(at_window,
                        subject_told(&ctx, window, (struct subject) { SUBJECT_STAFF, "liming" }));
    assert_string_not_equal(at_window, subject_for(&ctx, window, "liming"));
}

static void
a_code_of_staff_is_good_for_its_partner_alone(void **state)
{
    struct world *w = *state;
    const char *code;

    world_sit(w, "liming", "counter", 1);
    code = window_code(w, "window", STAFF_SCOPE);
    world_redeem(w, "annex", code);
    assert_refused(w, &problem_code_invalid);
    world_redeem(w, "window", code); /* and it is burnt */
    assert_refused(w, &problem_code_invalid);
}

static void
a_code_of_a_sitting_that_is_over_gives_nothing(void **state)
{
    static const char *const ends[] = { "UPDATE session SET ended_at = 1",
                                        "UPDATE session SET seen_at = seen_at - 901",
                                        "UPDATE staff SET state = 2" };
    struct world *w = *state;
    const char *code;

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        world_sit(w, "liming", "counter", 1);
        code = window_code(w, "window", STAFF_SCOPE);
        window_sql(w, ends[i]);
        world_redeem(w, "window", code);
        assert_refused(w, &problem_code_invalid);
        world_advance(w, 1);
    }
}

static void
dj_3_refreshing_is_working_and_who_does_neither_is_signed_out(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_sit(w, "liming", "counter", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    for (size_t i = 0; i < 3; i++) {
        world_advance(w, 600);
        refresh(w, tokens.refresh);
        assert_int_equal(w->answer.status, 200);
        tokens = world_tokens_of(w);
    }
    world_advance(w, STAFF_IDLE_S);
    refresh(w, tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    window_enter(w, "window", STAFF_SCOPE);
    window_resume(w, "/staff/sign-in");
}

static void
a_locked_counter_refreshes_nothing_until_it_is_opened(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_sit(w, "liming", "counter", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    window_lock(w);
    refresh(w, tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    window_sql(w, "UPDATE sitting SET locked_at = 0");
    refresh(w, tokens.refresh);
    assert_int_equal(w->answer.status, 200);
}

static void
nothing_outlives_the_shift(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_sit(w, "liming", "counter", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    window_sql(w, "UPDATE session SET seen_at = seen_at + 43100");
    world_advance(w, STAFF_SHIFT_S - 10);
    refresh(w, tokens.refresh);
    assert_told(w, "\"expires_in\":10,");
    world_advance(w, 10);
    refresh(w, world_tokens_of(w).refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
a_refresh_may_ask_for_less_and_never_for_what_is_a_citizens(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_sit(w, "liming", "counter", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    world_partner_post(w, "window", "/oauth2/token",
                       "grant_type=refresh_token&refresh_token=%s&scope=openid phone",
                       tokens.refresh);
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "scope"), "openid");
}

static void
a_token_that_is_given_back_is_dead(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_sit(w, "liming", "counter", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    world_partner_post(w, "window", "/oauth2/revoke", "token=%s", tokens.refresh);
    assert_int_equal(w->answer.status, 200);
    introspect(w, "window", tokens.access);
    assert_string_equal(w->answer.body, INACTIVE);
}

/* One logout reaches all: whoever signs out of a partner has left the counter. */
static void
signing_out_of_one_partner_ends_the_sitting_and_every_partner_is_told(void **state)
{
    struct world *w = *state;
    struct delivery_list list;
    struct delivery_filter filter = {
        .kind = "logout", .partner_id = "", .person_id = "", .limit = 10
    };
    struct world_tokens tokens;
    const char *elsewhere;

    world_sit(w, "liming", "counter", 1);
    elsewhere = window_tokens(w, "annex", STAFF_SCOPE).access;
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    world_get(w, arena_printf(w->arena, "/oidc/logout?id_token_hint=%s", tokens.id));
    assert_int_equal(w->answer.status, 303);
    introspect(w, "annex", elsewhere);
    assert_string_equal(w->answer.body, INACTIVE);
    window_enter(w, "annex", STAFF_SCOPE);
    window_resume(w, "/staff/sign-in");
    assert_int_equal(store_delivery_list(w->store, w->arena, &filter, &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].partner_id, "window");
    assert_string_equal(list.at[0].person_id, ""); /* she is no citizen */
}

/* The browser of a counter may have a login of hers as a citizen. It is another matter. */
static void
signing_out_leaves_a_citizens_login_in_the_same_browser_alone(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_sit(w, "liming", "counter", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    world_log_in(w, 0);
    world_get(w, arena_printf(w->arena, "/oidc/logout?id_token_hint=%s", tokens.id));
    assert_int_equal(w->answer.status, 303);
    introspect(w, "window", tokens.access);
    assert_string_equal(w->answer.body, INACTIVE);
    world_consent(w, 0, "hall", "openid");
    window_ask(w, "hall", "&scope=openid&prompt=none");
    assert_non_null(world_location_param(w, "code"));
}

static void
a_logout_token_names_her_as_the_partner_knows_her(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct partner *window = registry_find(w->services.registry, "window");
    const struct subject liming = { SUBJECT_STAFF, "liming" };
    const char *token;

    assert_int_equal(logout_token_issue(&ctx, window, liming, "s_1", &token), OK);
    assert_non_null(strstr(window_payload(w, token), subject_told(&ctx, window, liming)));
    assert_int_equal(logout_token_issue(&ctx, window, subject_person(""), "s_1", &token), OK);
    assert_null(strstr(window_payload(w, token), "\"sub\""));
    assert_non_null(strstr(window_payload(w, token), "\"sid\""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        window_test(the_id_token_says_how_she_signed_in_and_nothing_that_changes),
        window_test(userinfo_says_who_she_is_and_where_she_sits),
        window_test(who_asks_for_openid_alone_learns_that_it_is_she_again),
        window_test(what_is_a_citizens_is_not_told_of_staff),
        window_test(st_09_roles_are_those_of_this_moment),
        window_test(st_20_who_may_no_more_has_no_token_that_is_good),
        window_test(a_sub_is_pairwise_and_no_citizens),
        window_test(a_code_of_staff_is_good_for_its_partner_alone),
        window_test(a_code_of_a_sitting_that_is_over_gives_nothing),
        window_test(dj_3_refreshing_is_working_and_who_does_neither_is_signed_out),
        window_test(a_locked_counter_refreshes_nothing_until_it_is_opened),
        window_test(nothing_outlives_the_shift),
        window_test(a_refresh_may_ask_for_less_and_never_for_what_is_a_citizens),
        window_test(a_token_that_is_given_back_is_dead),
        window_test(signing_out_of_one_partner_ends_the_sitting_and_every_partner_is_told),
        window_test(signing_out_leaves_a_citizens_login_in_the_same_browser_alone),
        window_test(a_logout_token_names_her_as_the_partner_knows_her),
    };

    return world_run(tests);
}
