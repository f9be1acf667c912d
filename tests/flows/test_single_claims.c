/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims asked for one by one (docs/adr/0030), from the request to userinfo: asked about on the consent page,
 * remembered by themselves, and told to who asks for them. The partners may have more than they ask for.
 */
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "protocols/pages/words.h"
#include "tests/world.h"

#define NAME_AT_USERINFO "{\"userinfo\":{\"name\":{\"essential\":true}}}"

static void
authorize(struct world *w, const char *scope, const char *claims, const char *more)
{
    world_get(w, arena_printf(w->arena,
                              "/oauth2/authorize?client_id=webhall&response_type=code&state=st-1"
                              "&redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fcb&scope=%s&nonce=n-1"
                              "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256"
                              "&claims=%s%s",
                              world_url(w, scope), world_url(w, claims), more));
    assert_int_equal(w->answer.status, 303);
}

/* The page with the question stands in the answer. */
static void
assert_asked(struct world *w)
{
    assert_true(text_starts(world_header(w, "Location"), "/consent?tx="));
    world_get(w, world_header(w, "Location"));
    assert_int_equal(w->answer.status, 200);
}

static void
agree(struct world *w)
{
    assert_asked(w);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    world_get(w, world_header(w, "Location"));
}

static struct world_tokens
redeem(struct world *w)
{
    assert_non_null(world_location_param(w, "code")); /* nobody was asked */
    world_redeem(w, "webhall", world_location_param(w, "code"));
    assert_int_equal(w->answer.status, 200);
    return world_tokens_of(w);
}

/* What userinfo says of her name; NULL: nothing. */
static const char *
name_told(struct world *w, const char *access)
{
    world_send(
        w, &(struct world_call) { .target = "/oidc/userinfo",
                                  .authorization = arena_printf(w->arena, "Bearer %s", access) });
    assert_int_equal(w->answer.status, 200);
    return world_json(w, "name");
}

static size_t
times(const char *page, const char *text)
{
    size_t count = 0;

    for (; (page = strstr(page, text)) != NULL; page += strlen(text))
        count++;
    return count;
}

static void
s6_a_single_claim_is_asked_about_told_and_remembered_by_itself(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_log_in(w, 0);
    authorize(w, "openid", NAME_AT_USERINFO, "");
    agree(w);
    tokens = redeem(w);
    assert_string_equal(world_json(w, "scope"), "openid");
    assert_string_equal(name_told(w, tokens.access), "张三");

    authorize(w, "openid", "{}", "");
    tokens = redeem(w);
    assert_null(name_told(w, tokens.access));

    authorize(w, "openid", NAME_AT_USERINFO, "");
    tokens = redeem(w);
    assert_string_equal(name_told(w, tokens.access), "张三");
    assert_int_equal(world_rows_of(w, "consent"), 1);
}

static void
s6_who_agreed_to_less_is_asked_and_who_agreed_to_more_is_not(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid");
    authorize(w, "openid", NAME_AT_USERINFO, "&prompt=none");
    assert_refused_by_redirect(w, "webhall", &problem_consent_required);
    authorize(w, "openid", NAME_AT_USERINFO, "");
    assert_asked(w);
    world_consent(w, 0, "webhall", "openid realname");
    authorize(w, "openid", NAME_AT_USERINFO, "&prompt=none");
    assert_string_equal(name_told(w, redeem(w).access), "张三");
}

static void
s6_who_agreed_to_a_claim_is_asked_about_the_scope(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    authorize(w, "openid", NAME_AT_USERINFO, "");
    agree(w);
    authorize(w, "openid profile", "{}", "&prompt=none");
    assert_refused_by_redirect(w, "webhall", &problem_consent_required);
}

static void
sc_28_beyond_the_registered_scopes_nothing_is_asked_and_nothing_told(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_log_in(w, 0);
    world_consent(w, 0, "hospital", "openid");
    world_get(w, arena_printf(
                     w->arena,
                     "/oauth2/authorize?client_id=hospital&response_type=code&state=st-1"
                     "&redirect_uri=https%%3A%%2F%%2Fhospital.example%%2Fcb&scope=openid&nonce=n-1"
                     "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256&claims=%s",
                     world_url(w, "{\"userinfo\":{\"identity_number\":{\"essential\":true},"
                                  "\"verified_claims\":{\"claims\":{\"name\":null}}}}")));
    assert_non_null(world_location_param(w, "code"));
    world_redeem(w, "hospital", world_location_param(w, "code"));
    tokens = world_tokens_of(w);
    assert_null(name_told(w, tokens.access));
    assert_null(strstr(w->answer.body, "110105"));
    assert_null(strstr(w->answer.body, "verified_claims"));
}

static size_t
lines_of(struct world *w, const char *data, enum word title)
{
    return times(data, arena_printf(w->arena, "<span class=\"what\">%s</span>",
                                    word(LANGUAGE_ZH_CN, title)));
}

static void
the_page_shows_each_fact_once(void **state)
{
    static const struct {
        const char *scope;
        const char *claims;
        size_t names;
        size_t phones;
        size_t standings;
    } cases[] = {
        { "openid", NAME_AT_USERINFO, 1, 0, 0 },
        { "openid profile realname phone", "{}", 1, 1, 1 },
        { "openid profile", "{\"id_token\":{\"phone_number\":null,\"phone_number_verified\":null}}",
          1, 1, 0 },
        { "openid", "{\"userinfo\":{\"verified_claims\":{\"claims\":{\"name\":null}}}}", 1, 0, 1 },
        { "openid", "{\"userinfo\":{\"preferred_username\":null}}", 0, 0, 0 },
    };
    struct world *w = *state;

    world_log_in(w, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *data;

        authorize(w, cases[i].scope, cases[i].claims, "&prompt=consent");
        assert_asked(w);
        data = strstr(w->answer.body, "id=\"consent-data\"");
        assert_non_null(data);
        assert_int_equal(lines_of(w, data, WORD_scope_profile), cases[i].names);
        assert_int_equal(lines_of(w, data, WORD_scope_phone), cases[i].phones);
        assert_int_equal(times(data, "id=\"level\""), cases[i].standings);
        assert_int_equal(lines_of(w, data, WORD_scope_openid), 1);
    }
}

static void
a_refresh_keeps_the_single_claims_whatever_scope_it_names(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_log_in(w, 0);
    authorize(w, "openid phone", NAME_AT_USERINFO, "");
    agree(w);
    tokens = redeem(w);
    assert_string_equal(world_json(w, "scope"), "openid phone");
    world_partner_post(w, "webhall", "/oauth2/token",
                       "grant_type=refresh_token&refresh_token=%s&scope=openid", tokens.refresh);
    tokens = world_tokens_of(w);
    assert_string_equal(world_json(w, "scope"), "openid");
    assert_string_equal(name_told(w, tokens.access), "张三");
    assert_null(world_json(w, "phone_number"));
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       tokens.refresh);
    tokens = world_tokens_of(w);
    assert_string_equal(name_told(w, tokens.access), "张三");
    assert_non_null(world_json(w, "phone_number"));
}

static void
resources_are_told_the_scopes_alone(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_log_in(w, 0);
    authorize(w, "openid", NAME_AT_USERINFO, "");
    agree(w);
    tokens = redeem(w);
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", tokens.access);
    assert_string_equal(world_json(w, "scope"), "openid");
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", tokens.refresh);
    assert_string_equal(world_json(w, "scope"), "openid");
}

/* Core, 5.5.1: a sub with a value is that person or an error. */
static void
another_person_than_the_sub_asked_for_is_no_answer(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *sub;

    (void)name_told(w, tokens.access);
    sub =
        arena_printf(w->arena, "{\"id_token\":{\"sub\":{\"value\":\"%s\"}}}", world_json(w, "sub"));
    authorize(w, "openid profile", sub, "&prompt=none");
    (void)redeem(w);
    authorize(w, "openid profile", "{\"id_token\":{\"sub\":{\"value\":\"somebody-else\"}}}",
              "&prompt=none");
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
    authorize(w, "openid profile", "{\"userinfo\":{\"sub\":{\"value\":\"somebody-else\"}}}", "");
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
}

/* Grant and person, as for a scope; nothing is written. */
static void
single_claims_cost_no_row(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    int64_t rows;
    int64_t statements;

    world_log_in(w, 0);
    authorize(w, "openid", NAME_AT_USERINFO, "");
    agree(w);
    tokens = redeem(w);
    rows = world_rows(w);
    statements = metric_read(METRIC_STORE_STATEMENTS);
    assert_string_equal(name_told(w, tokens.access), "张三");
    assert_int_equal(metric_read(METRIC_STORE_STATEMENTS) - statements, 2);
    assert_int_equal(world_rows(w), rows);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(s6_a_single_claim_is_asked_about_told_and_remembered_by_itself),
        world_test(s6_who_agreed_to_less_is_asked_and_who_agreed_to_more_is_not),
        world_test(s6_who_agreed_to_a_claim_is_asked_about_the_scope),
        world_test(sc_28_beyond_the_registered_scopes_nothing_is_asked_and_nothing_told),
        world_test(the_page_shows_each_fact_once),
        world_test(a_refresh_keeps_the_single_claims_whatever_scope_it_names),
        world_test(resources_are_told_the_scopes_alone),
        world_test(another_person_than_the_sub_asked_for_is_no_answer),
        world_test(single_claims_cost_no_row),
    };

    return world_run(tests);
}
