/* SPDX-License-Identifier: Apache-2.0 */
/* What the page says to somebody who has logged out (C12). */
#include <string.h>

#include "idp/base/text.h"
#include "idp/session/grant.h"
#include "idp/session/logout.h"
#include "tests/protocols/oidc/kit.h"
#include "tests/world.h"

#define RETURN_LINK "id=\"return\" href=\"https://app.example/bye\""

/* Put into the registry by hand: partners of the world want not to be told. */
static void
wants_to_be_told(struct world *w, const char *partner_id)
{
    struct partner *partner = (struct partner *)registry_find(w->services.registry, partner_id);

    partner->profile.backchannel_logout_uri = "https://app.example/backchannel";
}

static void
hospital_is_called(struct world *w, const char *name)
{
    struct partner *partner = (struct partner *)registry_find(w->services.registry, "hospital");

    partner->profile.name_zh = name;
}

static bool
page_has(struct world *w, const char *text)
{
    assert_arrived(w);
    assert_non_null(strstr(w->answer.body, "id=\"signed-out\""));
    return strstr(w->answer.body, text) != NULL;
}

/* Without a word of the partner's: the person is asked, and says yes. */
static void
logout_by_question(struct world *w, const char *query)
{
    logout(w, query, "");
    world_form_post(w, "/logout", "tx=%s&csrf=%s&decision=yes", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
}

static void
c12_it_lists_those_that_are_told_and_no_others(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    (void)world_login_tokens(w, "hospital");
    (void)world_login_tokens(w, "bank"); /* wants not to be told */
    wants_to_be_told(w, "webhall");
    wants_to_be_told(w, "hospital");
    logout(w, "id_token_hint=", tokens.id);
    assert_true(page_has(w, "<ul id=\"told\"><li>市人民医院</li><li>网上办事大厅</li></ul>"));
    assert_false(page_has(w, "银行"));
    assert_false(page_has(w, "told-more"));
    assert_int_equal(world_rows_of(w, "outbox"), 2);
}

static void
c12_their_names_are_in_the_pages_language(void **state)
{
    struct world *w = *state;

    (void)world_login_tokens(w, "hospital");
    wants_to_be_told(w, "hospital");
    logout(w, "", "");
    world_send(w, &(struct world_call) { .target = "/logout",
                                         .form = arena_printf(w->arena, "csrf=%s&decision=yes",
                                                              world_hidden(w, "csrf")),
                                         .origin = WORLD_ISSUER });
    world_get(w, arena_printf(w->arena, "%s&ui_locales=en", world_header(w, "Location")));
    assert_true(page_has(w, "<li>City hospital</li>"));
}

static void
c12_a_name_is_text_and_nothing_else(void **state)
{
    struct world *w = *state;

    (void)world_login_tokens(w, "hospital");
    wants_to_be_told(w, "hospital");
    hospital_is_called(w, "<b onclick=\"x\">&");
    logout_by_question(w, "");
    assert_true(page_has(w, "<li>&lt;b onclick=&quot;x&quot;&gt;&amp;</li>"));
    assert_false(page_has(w, "<b onclick"));
}

static void
c12_nobody_was_told_and_nothing_is_listed(void **state)
{
    struct world *w = *state;

    (void)world_login_tokens(w, "hospital");
    logout_by_question(w, "");
    assert_false(page_has(w, "id=\"told\""));
    logout(w, "", ""); /* and to who was not logged in */
    assert_false(page_has(w, "id=\"told\""));
}

static const char *
partner_json(struct world *w, int i)
{
    return arena_printf(
        w->arena,
        "%s{\"client_id\":\"p%02d\",\"client_name\":\"应用%02d\",\"channel\":\"web\","
        "\"redirect_uris\":[\"https://p%02d.example/cb\"],"
        "\"backchannel_logout_uri\":\"https://p%02d.example/backchannel\","
        "\"token_endpoint_auth_method\":\"none\","
        "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid\"}",
        i == 0 ? "" : ",", i, i, i, i);
}

static void
grant_put(struct world *w, const struct session *session, const char *partner_id)
{
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of_session(&session->row);
    struct stored_grant grant;

    approval.partner_id = partner_id;
    approval.actor = approval.scope = approval.claims = approval.bound_key = "";
    assert_int_equal(grant_make(&ctx, &approval, &grant), OK);
    assert_int_equal(store_grant_insert(w->store, &grant), OK);
}

static void
many_partners(struct world *w, int count)
{
    struct ctx ctx = world_ctx(w);
    struct session session;
    const char *json = "";

    for (int i = 0; i < count; i++)
        json = arena_printf(w->arena, "%s%s", json, partner_json(w, i));
    world_partners(w, arena_printf(w->arena, "{\"partners\":[%s]}", json));
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    for (int i = 0; i < count; i++)
        grant_put(w, &session, arena_printf(w->arena, "p%02d", i));
}

static void
c12_a_long_list_ends_with_how_many_more_there_are(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    many_partners(w, LOGOUT_TOLD_MAX + 3);
    logout_by_question(w, "");
    assert_true(page_has(w, "<li>应用00</li>"));
    assert_true(page_has(w, "<li>应用19</li></ul>"));
    assert_true(page_has(w, "<p id=\"told-more\">另外还有 3 个应用。</p>"));
    assert_int_equal(world_rows_of(w, "outbox"), LOGOUT_TOLD_MAX + 3); /* all are told */
}

/* A partner that holds the hint may end the session; where else the person was is not its business.
 */
static void
c12_who_comes_without_the_cookie_is_not_shown_the_others(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    (void)world_login_tokens(w, "hospital");
    wants_to_be_told(w, "hospital");
    world_send(w, &(struct world_call) {
                      .target = arena_printf(w->arena, "/oidc/logout?id_token_hint=%s", tokens.id),
                      .without_cookies = true });
    assert_false(page_has(w, "id=\"told\""));
    assert_int_equal(world_rows_of(w, "outbox"), 1);
}

/* --- The way back --- */

static void
c12_back_to_who_asked_goes_where_it_wants_people_who_logged_out(void **state)
{
    static const char *const queries[] = {
        "client_id=webhall", "client_id=webhall&post_logout_redirect_uri=https%3A%2F%2Fevil.example"
    };
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    logout(w, "id_token_hint=", tokens.id);
    assert_true(page_has(w, RETURN_LINK ">返回“网上办事大厅”</a>"));
    assert_false(page_has(w, "home-link"));
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        world_log_in(w, 0);
        logout_by_question(w, queries[i]);
        assert_true(page_has(w, RETURN_LINK));
        assert_false(page_has(w, "evil.example"));
        logout(w, queries[i], ""); /* once more, with nobody logged in */
        assert_true(page_has(w, RETURN_LINK));
    }
}

static void
c12_there_is_no_way_back_to_nobody(void **state)
{
    static const char *const queries[] = { "", "client_id=nobody",
                                           "client_id=hospital" /* has registered none */,
                                           "client_id=app",
                                           "id_token_hint=nonsense&client_id=webhall" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        world_log_in(w, 0);
        logout_by_question(w, queries[i]);
        assert_false(page_has(w, "id=\"return\""));
        assert_true(page_has(w, "id=\"home-link\""));
    }
}

/* Its address is on the phone: a link on this page would open nothing. */
static void
c12_there_is_no_link_to_a_native_application(void **state)
{
    struct world *w = *state;
    struct partner *app = (struct partner *)registry_find(w->services.registry, "app");

    app->profile.post_logout_redirect_uris.at[0] = "http://127.0.0.1/bye";
    app->profile.post_logout_redirect_uris.count = 1;
    world_log_in(w, 0);
    logout_by_question(w, "client_id=app");
    assert_false(page_has(w, "id=\"return\""));
}

static void
c12_who_asked_is_read_only_from_what_we_sealed(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    logout(w, "client_id=webhall", "");
    world_form_post(w, "/logout", "tx=%sx&csrf=%s&decision=yes", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_false(page_has(w, "id=\"return\""));
    assert_null(world_header(w, "Location"));
}

static void
c7_the_page_is_there_in_the_other_language(void **state)
{
    struct world *w = *state;

    logout(w, "", "");
    assert_true(page_has(w, "href=\"/logout?ui_locales=en"));
    logout(w, "ui_locales=en", "");
    assert_true(page_has(w, "You are logged out"));
}

static void
c4_the_page_has_an_address_that_can_be_opened_again(void **state)
{
    struct world *w = *state;
    const char *address;

    world_get(w, "/logout");
    assert_true(page_has(w, "id=\"home-link\""));
    world_get(w, "/logout?tx=not-of-ours");
    assert_true(page_has(w, "id=\"home-link\""));
    world_log_in(w, 0);
    world_get(w, "/");
    world_form_post(w, "/logout", "csrf=%s&decision=yes", world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 303);
    address = arena_text(w->arena, world_header(w, "Location"));
    world_get(w, address);
    assert_true(page_has(w, "id=\"home-link\""));
    world_log_in(w, 0);
    world_get(w, address); /* she has logged in since */
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "/");
}

/* --- Front-Channel Logout 1.0 --- */

static void
wants_a_frame(struct world *w, const char *partner_id, const char *uri)
{
    struct partner *partner = (struct partner *)registry_find(w->services.registry, partner_id);

    partner->profile.frontchannel_logout_uri = uri;
}

/* The address of the page's frame for that partner, as the browser reads it. */
static const char *
frame_of(struct world *w, const char *name)
{
    const char *frame = w->answer.body;
    const char *end;

    while ((frame = strstr(frame, "<iframe ")) != NULL) {
        end = strchr(frame, '>');
        frame = strstr(frame, " src=\"") + 6;
        if (strstr(frame, arena_printf(w->arena, " title=\"%s\"", name)) < end)
            return arena_copy(w->arena, frame, strcspn(frame, "\""));
    }
    fail_msg("no frame for %s on %s", name, w->answer.body);
    return NULL;
}

static void
a_page_opens_each_joined_partner_in_a_frame_and_leads_on(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    const char *policy;

    wants_a_frame(w, "webhall", "https://app.example/out");
    wants_a_frame(w, "hospital", "https://hospital.example/out?from=tongxing");
    wants_a_frame(w, "bank", "https://bank.example/out"); /* where she was not */
    (void)world_login_tokens(w, "hospital");
    tokens = world_login_tokens(w, "webhall");
    logout(w, RETURN "&state=a%20b&id_token_hint=", tokens.id);
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "/logout?tx="));
    world_follow(w);
    assert_true(page_has(w, "<ul id=\"told\"><li>市人民医院</li><li>网上办事大厅</li></ul>"));
    assert_true(page_has(w, "href=\"https://app.example/bye?state=a%20b\">返回“网上办事大厅”"));
    assert_string_equal(world_header(w, "Refresh"), "5; url=https://app.example/bye?state=a%20b");
    policy = world_header(w, "Content-Security-Policy");
    assert_non_null(
        strstr(policy, "frame-src 'self' https://hospital.example https://app.example; "));
    assert_null(strstr(policy, "bank"));
    assert_null(strstr(w->answer.body, "银行"));
    world_get(w, frame_of(w, "市人民医院"));
    assert_int_equal(w->answer.status, 200);
    assert_true(
        text_starts(world_header(w, "Refresh"),
                    "1; url=https://hospital.example/out?from=tongxing&iss=https%3A%2F%2F"));
    assert_null(world_header(w, "X-Frame-Options"));
    assert_string_equal(world_header(w, "Content-Security-Policy"),
                        "default-src 'none'; frame-ancestors 'self'");
}

static void
the_frame_names_the_session_as_the_partner_knows_it(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    const char *sid;

    wants_a_frame(w, "webhall", "https://app.example/out");
    wants_to_be_told(w, "webhall");
    tokens = world_login_tokens(w, "webhall");
    sid = world_json(w, "session_state"); /* of the token answer: its sid */
    logout(w, "id_token_hint=", tokens.id);
    world_follow(w);
    assert_null(world_header(w, "Refresh")); /* nobody asked for a way on */
    world_get(w, frame_of(w, "网上办事大厅"));
    assert_true(text_ends(world_header(w, "Refresh"), arena_printf(w->arena, "&sid=%s", sid)));
}

static void
without_frames_the_way_back_is_direct(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    wants_to_be_told(w, "webhall");
    logout(w, RETURN "&id_token_hint=", tokens.id);
    assert_string_equal(world_header(w, "Location"), "https://app.example/bye");
}

static void
the_question_keeps_who_asked_and_where_to(void **state)
{
    struct world *w = *state;

    wants_a_frame(w, "webhall", "https://app.example/out");
    (void)world_login_tokens(w, "webhall");
    logout_by_question(w, "client_id=webhall&" RETURN);
    world_follow(w);
    assert_true(page_has(w, RETURN_LINK ">返回“网上办事大厅”</a>"));
    assert_non_null(world_header(w, "Refresh"));
}

/* Nodes of the version before, to which she may come next, know no frames. */
static void
while_both_versions_serve_there_are_no_frames(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    wants_a_frame(w, "webhall", "https://app.example/out");
    tokens = world_login_tokens(w, "webhall");
    w->settings.upgrade.sealed_layout = 0;
    logout(w, RETURN "&id_token_hint=", tokens.id);
    assert_string_equal(world_header(w, "Location"), "https://app.example/bye");
}

static void
a_frame_goes_on_to_what_we_sealed_and_nowhere_else(void **state)
{
    static const char *const forged[] = { "/logout/frame", "/logout/frame?tx=nonsense",
                                          "/logout/frame?tx=https%3A%2F%2Fevil.example" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
        world_get(w, forged[i]);
        assert_refused(w, &problem_transaction_lost);
        assert_null(world_header(w, "Refresh"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(c4_the_page_has_an_address_that_can_be_opened_again),
        world_test(c12_it_lists_those_that_are_told_and_no_others),
        world_test(c12_their_names_are_in_the_pages_language),
        world_test(c12_a_name_is_text_and_nothing_else),
        world_test(c12_nobody_was_told_and_nothing_is_listed),
        world_test(c12_a_long_list_ends_with_how_many_more_there_are),
        world_test(c12_who_comes_without_the_cookie_is_not_shown_the_others),
        world_test(c12_back_to_who_asked_goes_where_it_wants_people_who_logged_out),
        world_test(c12_there_is_no_way_back_to_nobody),
        world_test(c12_there_is_no_link_to_a_native_application),
        world_test(c12_who_asked_is_read_only_from_what_we_sealed),
        world_test(c7_the_page_is_there_in_the_other_language),
        world_test(a_page_opens_each_joined_partner_in_a_frame_and_leads_on),
        world_test(the_frame_names_the_session_as_the_partner_knows_it),
        world_test(without_frames_the_way_back_is_direct),
        world_test(the_question_keeps_who_asked_and_where_to),
        world_test(while_both_versions_serve_there_are_no_frames),
        world_test(a_frame_goes_on_to_what_we_sealed_and_nowhere_else),
    };

    return world_run(tests);
}
