/* SPDX-License-Identifier: Apache-2.0 */
/* The consent page: what it shows, and that only its own form by the person herself counts. */
#include <string.h>

#include "idp/base/text.h"
#include "tests/world.h"

/* Person 0, logged in, stands before webhall's request for the scope. */
static void
at_consent(struct world *w, const char *scope)
{
    world_log_in(w, 0);
    world_get(w, arena_printf(w->arena,
                              "/oauth2/authorize?client_id=webhall&response_type=code&state=st-1"
                              "&redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fcb&scope=%s&nonce=n-1"
                              "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256",
                              world_url(w, scope)));
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "/consent?tx="));
    world_get(w, world_header(w, "Location"));
    assert_int_equal(w->answer.status, 200);
}

static void
decide(struct world *w, const char *decision)
{
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), decision);
}

static void
it_names_the_partner_and_what_it_will_learn(void **state)
{
    struct world *w = *state;

    at_consent(w, "openid profile phone identity_number");
    assert_non_null(strstr(w->answer.body, "网上办事大厅"));
    assert_non_null(strstr(w->answer.body, "id=\"consent-data\""));
    assert_non_null(strstr(w->answer.body, "id=\"partner-host\" dir=\"ltr\">app.example<"));
    assert_null(strstr(w->answer.body, "id=\"notice\""));      /* she registered long ago */
    assert_null(strstr(w->answer.body, "11010519491231002X")); /* masked, as is the phone */
    assert_null(strstr(w->answer.body, "13800138000"));
}

static void
who_allows_goes_back_with_a_code_and_is_not_asked_again(void **state)
{
    struct world *w = *state;

    at_consent(w, "openid profile");
    decide(w, "allow");
    assert_int_equal(w->answer.status, 303);
    world_get(w, world_header(w, "Location"));
    assert_non_null(world_location_param(w, "code"));
    world_authorize(w, "webhall", "");
    assert_non_null(world_location_param(w, "code"));
}

static void
who_denies_goes_back_with_access_denied_and_nothing_is_kept(void **state)
{
    struct world *w = *state;

    at_consent(w, "openid profile");
    world_audit_mark(w);
    decide(w, "deny");
    world_follow(w);
    assert_refused_by_redirect(w, "webhall", &problem_access_denied);
    assert_audited(w, AUDIT_CONSENT_DENIED, NULL);
    assert_int_equal(world_rows_of(w, "consent"), 0);
}

static void
anything_but_allow_is_a_no(void **state)
{
    struct world *w = *state;

    at_consent(w, "openid profile");
    decide(w, "Allow");
    world_follow(w);
    assert_refused_by_redirect(w, "webhall", &problem_access_denied);
}

static void
a_scope_put_into_the_form_is_not_looked_at_but_noted(void **state)
{
    struct world *w = *state;

    at_consent(w, "openid");
    world_audit_mark(w);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow&scope=openid+identity_number",
                    world_hidden(w, "tx"), world_hidden(w, "csrf"));
    assert_audited(w, AUDIT_CONSENT_REJECTED, "extra");
    world_get(w, world_header(w, "Location"));
    world_redeem(w, "webhall", world_location_param(w, "code"));
    assert_string_equal(world_json(w, "scope"), "openid");
}

static void
se_18_a_form_token_of_another_tab_gives_no_consent(void **state)
{
    struct world *w = *state;
    const char *tx;

    at_consent(w, "openid profile");
    tx = world_hidden(w, "tx");
    at_consent(w, "openid profile");
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", tx, world_hidden(w, "csrf"));
    assert_refused(w, &problem_form_forged);
    assert_int_equal(world_rows_of(w, "consent"), 0);
}

static void
after_logging_out_the_form_gives_no_consent(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct session session;

    at_consent(w, "openid profile");
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    decide(w, "allow");
    assert_refused(w, &problem_transaction_order);
    assert_int_equal(world_rows_of(w, "consent"), 0);
}

static void
z2_one_form_sent_again_and_again_is_one_consent_and_leads_on_each_time(void **state)
{
    struct world *w = *state;
    const char *form;

    world_log_in(w, 0);
    world_authorize(w, "webhall", "&prompt=consent");
    world_get(w, world_header(w, "Location"));
    form = arena_printf(w->arena, "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"));
    world_audit_mark(w);
    for (int i = 0; i < 4000; i++) {
        /* The language is chosen anew: the form is still the same. */
        world_form_post(w, "/consent", "%s%s", form, i % 2 == 1 ? "&ui_locales=en" : "");
        assert_true(text_starts(world_header(w, "Location"), "/oauth2/authorize/resume?tx="));
    }
    assert_int_equal(world_rows_of(w, "consent"), 1);
    assert_audited(w, AUDIT_CONSENT_GIVEN, NULL);
    world_get(w, world_header(w, "Location"));
    assert_non_null(world_location_param(w, "code"));
    world_authorize(w, "webhall", "");
    assert_non_null(world_location_param(w, "code"));
}

static void
a_page_shown_again_has_a_form_of_its_own(void **state)
{
    struct world *w = *state;
    const char *page;
    const char *first;

    world_log_in(w, 0);
    world_authorize(w, "webhall", "");
    page = world_header(w, "Location");
    world_get(w, page);
    first = world_hidden(w, "tx");
    decide(w, "allow");
    world_get(w, page);
    assert_string_not_equal(world_hidden(w, "tx"), first);
    decide(w, "allow");
    assert_int_equal(world_rows_of(w, "spent"), 2);
}

/* A form without its page's seal was never shown to anybody. */
static void
the_link_to_the_page_is_no_form(void **state)
{
    struct world *w = *state;
    const char *link;

    world_log_in(w, 0);
    world_authorize(w, "webhall", "");
    link = world_location_param(w, "tx");
    world_get(w, world_header(w, "Location"));
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", link, world_hidden(w, "csrf"));
    assert_true(text_starts(world_header(w, "Location"), "/consent?tx="));
    assert_int_equal(world_rows_of(w, "consent"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(it_names_the_partner_and_what_it_will_learn),
        world_test(who_allows_goes_back_with_a_code_and_is_not_asked_again),
        world_test(who_denies_goes_back_with_access_denied_and_nothing_is_kept),
        world_test(anything_but_allow_is_a_no),
        world_test(a_scope_put_into_the_form_is_not_looked_at_but_noted),
        world_test(se_18_a_form_token_of_another_tab_gives_no_consent),
        world_test(after_logging_out_the_form_gives_no_consent),
        world_test(z2_one_form_sent_again_and_again_is_one_consent_and_leads_on_each_time),
        world_test(a_page_shown_again_has_a_form_of_its_own),
        world_test(the_link_to_the_page_is_no_form),
    };

    return world_run(tests);
}
