/* SPDX-License-Identifier: Apache-2.0 */
/* The card in tokens, from the request to a loss: asked about on the consent page, told at userinfo and at introspection as it
 * stands at that moment (docs/adr/0055). */
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/person/card.h"
#include "idp/session/grant_end.h"
#include "idp/tables/person.h"
#include "protocols/dispatch.h"
#include "protocols/pages/words.h"
#include "tests/world.h"

#define ACTIVE_CARD "\"state\":\"active\""
#define SUSPENDED_CARD "\"state\":\"suspended\""
#define INACTIVE "{\"active\":false}"

/* The hall may have both; the API answers for what its tokens are for. */
static void
hall_and_api(struct world *w)
{
    world_partners(w, "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"大厅\","
                      "\"redirect_uris\":[\"https://app.example/cb\"],"
                      "\"client_secret\":\"webhall-secret-0123456789-0123456789-0123456789\","
                      "\"id_token_signed_response_alg\":\"ES256\","
                      "\"grant_types\":[\"authorization_code\",\"refresh_token\","
                      "\"client_credentials\"],\"audience\":\"https://api.example.cn\","
                      "\"scope\":\"openid profile card card_number\"},"
                      "{\"client_id\":\"api\",\"client_name\":\"接口\","
                      "\"grant_types\":[\"client_credentials\"],"
                      "\"client_secret\":\"api-secret-0123456789-0123456789-0123456789\","
                      "\"id_token_signed_response_alg\":\"ES256\","
                      "\"resources\":\"https://api.example.cn\"}]}");
}

static void
at_consent(struct world *w, const char *scope)
{
    hall_and_api(w);
    world_log_in(w, 0);
    world_get(w, arena_printf(w->arena,
                              "/oauth2/authorize?client_id=webhall&response_type=code&state=st-1"
                              "&redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fcb&scope=%s&nonce=n-1"
                              "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256",
                              world_url(w, scope)));
    assert_int_equal(w->answer.status, 303);
    world_get(w, world_header(w, "Location"));
    assert_int_equal(w->answer.status, 200);
}

static struct world_tokens
tokens_with(struct world *w, const char *scope)
{
    at_consent(w, scope);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    world_get(w, world_header(w, "Location"));
    assert_non_null(world_location_param(w, "code"));
    world_redeem(w, "webhall", world_location_param(w, "code"));
    assert_int_equal(w->answer.status, 200);
    return world_tokens_of(w);
}

static void
ask_userinfo(struct world *w, const char *token)
{
    world_send(
        w, &(struct world_call) { .target = "/oidc/userinfo",
                                  .authorization = arena_printf(w->arena, "Bearer %s", token) });
}

static void
introspect(struct world *w, const char *partner_id, const char *token)
{
    world_partner_post(w, partner_id, "/oauth2/introspect", "token=%s", token);
    assert_int_equal(w->answer.status, 200);
}

static void
assert_said(struct world *w, const char *text)
{
    if (strstr(w->answer.body, text) == NULL)
        fail_msg("no %s in %s", text, w->answer.body);
}

static void
assert_not_said(struct world *w, const char *text)
{
    if (strstr(w->answer.body, text) != NULL)
        fail_msg("%s in %s", text, w->answer.body);
}

static void
a_citizen_is_told_in_words_what_of_her_card_is_told(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    at_consent(w, "openid card");
    assert_said(w, word(LANGUAGE_ZH_CN, WORD_scope_card));
    assert_said(w, word(LANGUAGE_ZH_CN, WORD_scope_card_why));
    assert_said(w, word(LANGUAGE_ZH_CN, WORD_scope_card_good));
    assert_not_said(w, word(LANGUAGE_ZH_CN, WORD_scope_card_number));
    world_physical_card(w, 0, PHYSICAL_LOST);
    at_consent(w, "openid card");
    assert_said(w, word(LANGUAGE_ZH_CN, WORD_scope_card_stopped));
    world_physical_card(w, 0, PHYSICAL_NORMAL);
    world_feed(w, 31);
    at_consent(w, "openid card");
    assert_said(w, word(LANGUAGE_ZH_CN, WORD_card_state_stale));
}

static void
the_number_is_a_line_of_its_own_and_masked(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    at_consent(w, "openid card_number");
    assert_said(w, word(LANGUAGE_ZH_CN, WORD_scope_card_number));
    assert_said(w, "A******00");
    assert_not_said(w, "A10000000");
    assert_not_said(w, word(LANGUAGE_ZH_CN, WORD_scope_card_why));
}

static void
who_has_no_card_is_told_that_and_may_agree(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    at_consent(w, "openid card card_number");
    assert_said(w, word(LANGUAGE_ZH_CN, WORD_scope_card_none));
    tokens = tokens_with(w, "openid card card_number");
    ask_userinfo(w, tokens.access);
    assert_not_said(w, "card");
    introspect(w, "webhall", tokens.access);
    assert_said(w, "\"active\":true");
    assert_not_said(w, "\"card\":");
}

static void
to_tell_of_the_card_is_no_leave_to_tell_its_number(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    tokens_with(w, "openid card");
    world_authorize(w, "webhall", ""); /* openid profile */
    assert_true(text_starts(world_header(w, "Location"), "/consent?tx="));
    at_consent(w, "openid card card_number");
    assert_said(w, word(LANGUAGE_ZH_CN, WORD_scope_card_number));
}

static void
a_partner_that_is_not_registered_for_it_is_told_nothing(void **state)
{
    struct world *w = *state;
    const char *code;

    world_card(w, 0);
    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_get(
        w,
        "/oauth2/authorize?client_id=webhall&response_type=code&state=st-1"
        "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=openid%20profile%20card%20card_number"
        "&nonce=n-1&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256");
    code = world_location_param(w, "code"); /* she was not asked */
    assert_non_null(code);
    world_redeem(w, "webhall", code);
    assert_string_equal(world_json(w, "scope"), "openid profile");
    ask_userinfo(w, world_json(w, "access_token"));
    assert_not_said(w, "card");
}

static void
qr_08_a_loss_is_told_by_the_next_answer(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_card(w, 0);
    tokens = tokens_with(w, "openid card");
    ask_userinfo(w, tokens.access);
    assert_said(w, ACTIVE_CARD);
    introspect(w, "webhall", tokens.access);
    assert_said(w, ACTIVE_CARD);
    world_physical_card(w, 0, PHYSICAL_LOST);
    ask_userinfo(w, tokens.access);
    assert_said(w, SUSPENDED_CARD);
    introspect(w, "webhall", tokens.access);
    assert_said(w, "\"active\":true"); /* the login is not the card's */
    assert_said(w, SUSPENDED_CARD);
    world_physical_card(w, 0, PHYSICAL_NORMAL);
    introspect(w, "webhall", tokens.access);
    assert_said(w, ACTIVE_CARD);
}

/* To be told of a card is no leave to do anything with it. */
static void
a_website_that_is_told_of_the_card_cannot_stop_it_or_set_its_password(void **state)
{
    static const struct {
        const char *path;
        const char *body;
    } calls[] = {
        { "/card/issue", "{}" },
        { "/card/renew", "{}" },
        { "/card/close", "{}" },
        { "/card/loss/report", "{}" },
        { "/card/password/set", "{\"password\":\"830461\"}" },
    };
    struct world *w = *state;
    struct world_tokens tokens;

    world_card(w, 0);
    tokens = tokens_with(w, "openid card");
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        world_send(w, &(struct world_call) {
                          .target = calls[i].path,
                          .form = calls[i].body,
                          .content_type = "application/json",
                          .authorization = arena_printf(w->arena, "Bearer %s", tokens.access) });
        assert_refused(w, &problem_ecard_scope);
    }
    ask_userinfo(w, tokens.access);
    assert_said(w, ACTIVE_CARD);
}

static void
an_api_that_answers_for_the_token_hears_of_the_card_as_the_partner_knows_it(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    const char *own;

    world_card(w, 0);
    tokens = tokens_with(w, "openid card");
    introspect(w, "webhall", tokens.access);
    own = arena_text(w->arena, strstr(w->answer.body, "\"card\":"));
    introspect(w, "api", tokens.access);
    assert_said(w, own);
}

static void
a_token_without_the_scope_is_answered_without_the_card_and_without_the_store(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    struct ctx ctx = ctx_new(&w->services, w->arena, NULL);
    struct request rq = {
        .ctx = &ctx,
        .arena = w->arena,
        .now = ctx.now,
        .method = "POST",
        .path = "/oauth2/introspect",
        .headers.content_type = "application/x-www-form-urlencoded",
    };

    world_card(w, 0);
    tokens = tokens_with(w, "openid profile");
    introspect(w, "webhall", tokens.access);
    assert_not_said(w, "\"card\":");
    rq.headers.authorization = world_basic(w, "webhall");
    rq.body = bytes_of_text(arena_printf(w->arena, "token=%s", tokens.access));
    assert_true(dispatch_route(public_routes, &rq));
    assert_int_equal(dispatch_run(&rq), DISPATCH_ANSWERED);
    assert_int_equal(rq.response.status, 200);
}

static void
a_token_with_it_is_asked_of_the_store_and_opened_once(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    struct ctx ctx = ctx_new(&w->services, w->arena, NULL);
    struct request rq = {
        .ctx = &ctx,
        .arena = w->arena,
        .now = ctx.now,
        .method = "POST",
        .path = "/oauth2/introspect",
        .headers.content_type = "application/x-www-form-urlencoded",
    };
    int64_t opened;

    world_card(w, 0);
    tokens = tokens_with(w, "openid card");
    rq.headers.authorization = world_basic(w, "webhall");
    rq.body = bytes_of_text(arena_printf(w->arena, "token=%s", tokens.access));
    opened = metric_read(METRIC_TOKENS_FRESH_HITS);
    assert_true(dispatch_route(public_routes, &rq));
    assert_int_equal(dispatch_run(&rq), DISPATCH_ON_WORKER);
    ctx.store = w->store;
    assert_int_equal(dispatch_run(&rq), DISPATCH_ANSWERED);
    assert_int_equal(rq.response.status, 200);
    assert_int_equal(metric_read(METRIC_TOKENS_FRESH_HITS), opened + 1);
}

static void
a_token_whose_grant_has_ended_in_the_store_is_not_active(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    const struct arg args[] = { arg_time(w->now), ARG_END };

    world_card(w, 0);
    tokens = tokens_with(w, "openid card");
    assert_int_equal(
        store_run(w->store, &(struct query) { .sql = "UPDATE partner_grant SET ended_at = $1",
                                              .args = args }),
        OK); /* as another node has ended it a moment ago */
    introspect(w, "webhall", tokens.access);
    assert_string_equal(w->answer.body, INACTIVE);
}

static void
a_token_of_somebody_stopped_is_not_active(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_card(w, 0);
    tokens = tokens_with(w, "openid card");
    assert_int_equal(store_person_set_state(w->store, world_person(w, 0), PERSON_DISABLED, w->now),
                     OK);
    introspect(w, "webhall", tokens.access);
    assert_string_equal(w->answer.body, INACTIVE);
}

static void
a_token_of_the_partner_itself_has_no_card(void **state)
{
    struct world *w = *state;

    hall_and_api(w);
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials");
    introspect(w, "webhall", world_json(w, "access_token"));
    assert_said(w, "\"active\":true");
    assert_not_said(w, "\"card\":");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_citizen_is_told_in_words_what_of_her_card_is_told),
        world_test(the_number_is_a_line_of_its_own_and_masked),
        world_test(who_has_no_card_is_told_that_and_may_agree),
        world_test(to_tell_of_the_card_is_no_leave_to_tell_its_number),
        world_test(a_partner_that_is_not_registered_for_it_is_told_nothing),
        world_test(qr_08_a_loss_is_told_by_the_next_answer),
        world_test(a_website_that_is_told_of_the_card_cannot_stop_it_or_set_its_password),
        world_test(an_api_that_answers_for_the_token_hears_of_the_card_as_the_partner_knows_it),
        world_test(a_token_without_the_scope_is_answered_without_the_card_and_without_the_store),
        world_test(a_token_with_it_is_asked_of_the_store_and_opened_once),
        world_test(a_token_whose_grant_has_ended_in_the_store_is_not_active),
        world_test(a_token_of_somebody_stopped_is_not_active),
        world_test(a_token_of_the_partner_itself_has_no_card),
    };

    return world_run(tests);
}
