/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authorization request from its first page to its last: AZ-18, AZ-24, AZ-25, AZ-30 to AZ-34
 * and CD-20 of the attack catalogue. The rest stands with the steps: redirect URIs in
 * steps/test_client.c, the answer's form in steps/test_response.c and test_answer.c, what is asked
 * for in test_scope.c, how the person is asked in test_prompt.c and test_person.c. AZ-09, AZ-10 and
 * AZ-35 concern registration by file, there is none over the network. A page's lost or changed
 * transaction is audited as login.reject or consent.reject, not as authz.reject.
 */
#include "tests/world.h"

#include <malloc.h>
#include <string.h>

#include "idp/base/text.h"

static const char *
login_page(struct world *w)
{
    world_authorize(w, "webhall", "");
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
    return world_hidden(w, "tx");
}

/* The consent page of person 0; its transaction. */
static const char *
consent_page(struct world *w)
{
    world_log_in(w, 0);
    world_authorize(w, "webhall", "");
    assert_true(text_starts(world_header(w, "Location"), "/consent?tx="));
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
    return world_hidden(w, "tx");
}

static void
a_person_logs_in_agrees_and_comes_back_with_a_code(void **state)
{
    struct world *w = *state;
    const char *tx = login_page(w);

    world_person(w, 0);
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", tx, world_hidden(w, "csrf"),
                    world_phone(0), world_url(w, WORLD_PASSWORD));
    assert_int_equal(w->answer.status, 303); /* AZ-30 */
    world_follow(w);
    assert_int_equal(w->answer.status, 303);
    world_follow(w);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 303);
    world_follow(w);
    assert_non_null(world_location_param(w, "code"));
    assert_string_equal(world_location_param(w, "state"), "st-1");
    world_redeem(w, "webhall", world_location_param(w, "code"));
    assert_int_equal(w->answer.status, 200);
}

static void
az_30_after_a_posted_form_the_redirect_is_303(void **state)
{
    struct world *w = *state;
    const char *tx = consent_page(w);

    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=deny", tx, world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 303);
    world_follow(w);
    assert_refused_by_redirect(w, "webhall", &problem_access_denied);
    assert_int_equal(world_rows_of(w, "consent"), 0);
}

/* The transaction with one character changed. */
static const char *
tampered(struct world *w, const char *tx, size_t at)
{
    char *copy = arena_text(w->arena, tx);

    copy[at] = copy[at] == 'A' ? 'B' : 'A';
    return copy;
}

static void
az_18_a_changed_transaction_is_refused(void **state)
{
    static const char *const paths[] = { "/login", "/consent", "/oauth2/authorize/resume" };
    struct world *w = *state;
    const char *tx = consent_page(w);
    int64_t rows = world_rows(w);

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        for (size_t at = 0; at < strlen(tx); at += strlen(tx) / 7) {
            world_audit_mark(w);
            world_get(w, arena_printf(w->arena, "%s?tx=%s", paths[i], tampered(w, tx, at)));
            assert_refused(w, &problem_transaction_lost);
            assert_audited(w, i == 1 ? AUDIT_CONSENT_REJECTED : AUDIT_LOGIN_REJECTED, "tx_tamper");
        }
    assert_int_equal(world_rows(w), rows);
}

static void
az_18_a_transaction_cannot_be_given_other_parameters(void **state)
{
    struct world *w = *state;
    const char *tx = login_page(w);

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_get(w,
              arena_printf(w->arena,
                           "/oauth2/authorize/resume?tx=%s&response_type=token&client_id=bank"
                           "&redirect_uri=https%%3A%%2F%%2Fbank.example%%2Fcb&scope=phone&state=x",
                           tx));
    assert_true(text_starts(world_header(w, "Location"), "https://app.example/cb?code="));
    assert_string_equal(world_location_param(w, "state"), "st-1");
    assert_null(world_location_param(w, "access_token"));
}

static void
a_transaction_ends_after_half_an_hour(void **state)
{
    struct world *w = *state;
    const char *tx = login_page(w);

    world_advance(w, 1800);
    world_get(w, arena_printf(w->arena, "/login?tx=%s", tx));
    assert_int_equal(w->answer.status, 200);
    world_advance(w, 1);
    world_get(w, arena_printf(w->arena, "/login?tx=%s", tx));
    assert_true(text_starts(world_header(w, "Location"), "/oauth2/authorize/resume?tx="));
}

static void
our_own_login_is_no_request_of_a_partner(void **state)
{
    struct world *w = *state;

    world_open(w, "/login");
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", world_hidden(w, "tx")));
    assert_refused(w, &problem_transaction_order);
    world_get(w, "/oauth2/authorize/resume");
    assert_refused(w, &problem_transaction_lost);
}

static void
a_partner_that_was_removed_ends_its_requests(void **state)
{
    struct world *w = *state;
    const char *tx = login_page(w);

    world_partners(w, "{\"partners\":[{\"client_id\":\"other\",\"client_name\":\"O\","
                      "\"redirect_uris\":[\"https://other.example/cb\"]}]}");
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", tx));
    assert_refused(w, &problem_client_unknown);
}

static void
a_redirect_uri_that_was_removed_gets_no_code(void **state)
{
    struct world *w = *state;
    const char *tx = login_page(w);

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_partners(w, "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"W\","
                      "\"redirect_uris\":[\"https://app.example/new\"],"
                      "\"scope\":\"openid profile\"}]}");
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", tx));
    assert_refused(w, &problem_redirect_uri_mismatch);
}

static void
az_24_nothing_that_was_sent_is_reflected_unescaped(void **state)
{
    static const char *const targets[] = {
        "/oauth2/authorize?client_id=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/oauth2/authorize?client_id=webhall"
        "&redirect_uri=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/oauth2/authorize?error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/login?ui_locales=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/login?tx=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        world_open(w, targets[i]);
        assert_null(strstr(w->answer.body, "<script>alert"));
        assert_non_null(strstr(world_header(w, "Content-Security-Policy"), "default-src 'none'"));
    }
}

static void
az_24_state_is_escaped_where_it_is_posted_back(void **state)
{
    struct world *w = *state;

    world_get(w, "/oauth2/authorize?client_id=legacy&redirect_uri=https%3A%2F%2Flegacy.example%2Fcb"
                 "&response_type=code&response_mode=form_post&scope=openid&prompt=none"
                 "&state=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    assert_int_equal(w->answer.status, 200);
    assert_null(strstr(w->answer.body, "<script>alert"));
    assert_non_null(strstr(w->answer.body, "alert(1)"));
}

/* Not a million, but enough to see anything that would be kept: a byte for each would show. */
static void
az_25_languages_that_do_not_exist_are_not_remembered(void **state)
{
    struct world *w = *state;
    struct arena *arena = arena_new((size_t)4 << 20);
    struct world_answer answer;
    size_t before = 0;

    for (int i = 0; i < 20000; i++) {
        world_perform(
            w, w->store, arena,
            &(struct world_call) { .target = arena_printf(arena, "/?ui_locales=x%d-y%d", i, i),
                                   .language = arena_printf(arena, "z%d", i) },
            &answer);
        assert_int_equal(answer.status, 200);
        arena_reset(arena);
        if (i == 100)
            before = mallinfo2().uordblks;
    }
    assert_true(mallinfo2().uordblks <= before + 4096);
    arena_free(arena);
}

static void
assert_page_is_closed(struct world *w)
{
    const char *policy = world_header(w, "Content-Security-Policy");

    assert_true(text_starts(w->answer.content_type, "text/html"));
    assert_non_null(strstr(policy, "frame-ancestors 'none'"));
    assert_non_null(strstr(policy, "default-src 'none'"));
    assert_null(strstr(policy, "unsafe-inline"));
    assert_string_equal(world_header(w, "X-Frame-Options"), "DENY");
    assert_string_equal(world_header(w, "Referrer-Policy"), "no-referrer");
    assert_null(strstr(w->answer.body, "src=\"http"));
    assert_null(strstr(w->answer.body, "src=\"//"));
    assert_null(strstr(w->answer.body, "stylesheet\" href=\"http"));
    assert_null(strstr(w->answer.body, "icon\" href=\"http"));
}

static void
az_31_az_32_pages_are_not_framed_and_load_nothing_from_elsewhere(void **state)
{
    struct world *w = *state;

    login_page(w);
    assert_page_is_closed(w);
    consent_page(w);
    assert_page_is_closed(w);
    world_get(w, "/oauth2/authorize?client_id=nobody");
    assert_page_is_closed(w);
    world_authorize(w, "legacy", "&response_mode=form_post&prompt=none");
    assert_page_is_closed(w);
}

static void
assert_consent_refused(struct world *w, const struct problem *problem, const char *reason)
{
    assert_refused(w, problem);
    assert_audited(w, AUDIT_CONSENT_REJECTED, reason);
    assert_int_equal(world_rows_of(w, "consent"), 0);
}

static void
az_33_consent_needs_the_token_of_its_own_form(void **state)
{
    struct world *w = *state;
    const char *first = consent_page(w);
    const char *csrf_of_first = world_hidden(w, "csrf");
    const char *second = consent_page(w);
    const char *csrf_of_second = world_hidden(w, "csrf");

    assert_string_not_equal(csrf_of_first, csrf_of_second);
    world_audit_mark(w);
    world_form_post(w, "/consent", "tx=%s&decision=allow", first);
    assert_consent_refused(w, &problem_form_forged, "csrf");
    world_audit_mark(w);
    world_form_post(w, "/consent", "tx=%s&csrf=&decision=allow", first);
    assert_consent_refused(w, &problem_form_forged, "csrf");
    world_audit_mark(w);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", first, csrf_of_second);
    assert_consent_refused(w, &problem_form_forged, "csrf");
    world_audit_mark(w);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", second, csrf_of_first);
    assert_consent_refused(w, &problem_form_forged, "csrf");
}

static void
az_33_consent_from_another_origin_or_browser_is_refused(void **state)
{
    struct world *w = *state;
    const char *tx = consent_page(w);
    const char *form =
        arena_printf(w->arena, "tx=%s&csrf=%s&decision=allow", tx, world_hidden(w, "csrf"));

    world_send(w, &(struct world_call) {
                      .target = "/consent", .form = form, .origin = "https://evil.test" });
    assert_refused(w, &problem_form_forged);
    world_send(w, &(struct world_call) { .target = "/consent", .form = form, .origin = "null" });
    assert_refused(w, &problem_form_forged);
    world_audit_mark(w);
    world_send(
        w, &(struct world_call) { .target = "/consent", .form = form, .without_cookies = true });
    assert_consent_refused(w, &problem_transaction_lost, "tx_cookie");
}

static void
consent_needs_a_person_who_is_logged_in(void **state)
{
    struct world *w = *state;
    const char *tx = login_page(w);
    const char *csrf = world_hidden(w, "csrf");

    world_get(w, arena_printf(w->arena, "/consent?tx=%s", tx));
    assert_refused(w, &problem_transaction_order);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", tx, csrf);
    assert_refused(w, &problem_transaction_order);
    assert_int_equal(world_rows_of(w, "consent"), 0);
}

static void
az_34_what_is_put_into_the_consent_form_does_not_count(void **state)
{
    struct world *w = *state;
    const char *tx = consent_page(w);

    world_audit_mark(w);
    world_form_post(w, "/consent",
                    "tx=%s&csrf=%s&decision=allow&client_id=bank"
                    "&scope=openid+profile+phone+identity_number+offline_access",
                    tx, world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 303);
    assert_audited(w, AUDIT_CONSENT_REJECTED, "extra");
    world_follow(w);
    assert_true(text_starts(world_header(w, "Location"), "https://app.example/cb?code="));
    world_redeem(w, "webhall", world_location_param(w, "code"));
    assert_string_equal(world_json(w, "scope"), "openid profile");
    world_authorize(w, "bank", "&prompt=none");
    assert_refused_by_redirect(w, "bank", &problem_consent_required);
}

static void
prompt_consent_is_satisfied_by_this_transaction_alone(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_authorize(w, "webhall", "&prompt=consent");
    world_get(
        w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", world_location_param(w, "tx")));
    assert_true(text_starts(world_header(w, "Location"), "/consent?tx="));
    world_follow(w);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    world_follow(w);
    assert_non_null(world_location_param(w, "code"));
}

static void
cd_20_a_transaction_does_not_go_on_in_another_browser(void **state)
{
    static const char *const paths[] = { "/login", "/login/sms", "/consent", "/register",
                                         "/oauth2/authorize/resume" };
    struct world *w = *state;
    const char *tx = consent_page(w);
    struct world victim = *w;

    victim.cookies = 0;
    world_log_in(&victim, 1);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        world_audit_mark(&victim);
        world_get(&victim, arena_printf(w->arena, "%s?tx=%s", paths[i], tx));
        assert_refused(&victim, &problem_transaction_lost);
        assert_audited(&victim, i == 2 ? AUDIT_CONSENT_REJECTED : AUDIT_LOGIN_REJECTED,
                       "tx_cookie");
        assert_null(world_header(&victim, "Set-Cookie"));
    }
}

static void
cd_20_the_cookie_of_another_transaction_does_not_help(void **state)
{
    struct world *w = *state;
    const char *tx = login_page(w);
    struct world other = *w;

    other.cookies = 0;
    login_page(&other);
    world_get(&other, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", tx));
    assert_refused(&other, &problem_transaction_lost);
    world_cookie_put(&other, w->jar[0].name, other.jar[0].value); /* right name, wrong value */
    world_get(&other, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", tx));
    assert_refused(&other, &problem_transaction_lost);
}

#define POSTED                                                                                     \
    "client_id=webhall&response_type=code&scope=openid%20profile&state=a%26b&nonce=n-1"            \
    "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code_challenge=" WORLD_CHALLENGE                 \
    "&code_challenge_method=S256"

static void
post_from_elsewhere(struct world *w, const char *form)
{
    world_send(w, &(struct world_call) { .target = "/oauth2/authorize",
                                         .form = form,
                                         .origin = "https://app.example",
                                         .without_cookies = true });
}

/* The browser keeps the cookie back from another site's POST (SameSite=Lax), not from the GET. */
static void
b1_a_post_from_another_site_keeps_single_sign_on(void **state)
{
    static const char *const more[] = { "", "&prompt=none" };
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        post_from_elsewhere(w, arena_printf(w->arena, "%s%s", POSTED, more[i]));
        assert_int_equal(w->answer.status, 303);
        assert_null(world_header(w, "Set-Cookie"));
        assert_string_equal(world_header(w, "Location"),
                            arena_printf(w->arena, "/oauth2/authorize?%s%s", POSTED, more[i]));
        world_get(w, arena_text(w->arena, world_header(w, "Location")));
        assert_int_equal(w->answer.status, 303);
        assert_non_null(world_location_param(w, "code"));
        assert_string_equal(world_location_param(w, "state"), "a&b");
    }
}

/* Without a way to ask by GET, the login page it is: as it was. */
static void
b1_a_post_that_fits_no_link_is_answered_as_it_stands(void **state)
{
    struct world *w = *state;
    char *long_text = arena_alloc(w->arena, REQUEST_TARGET_MAX_BYTES + 1);

    memset(long_text, 'a', REQUEST_TARGET_MAX_BYTES);
    world_log_in(w, 0);
    post_from_elsewhere(w, arena_printf(w->arena, "%s&unknown=%s", POSTED, long_text));
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
}

static void
b1_a_posted_request_that_is_wrong_is_told_so_at_once(void **state)
{
    struct world *w = *state;

    post_from_elsewhere(w, POSTED "&scope=openid");
    assert_refused(w, &problem_parameter_repeated);
    post_from_elsewhere(w, "client_id=nobody");
    assert_refused(w, &problem_client_unknown);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_person_logs_in_agrees_and_comes_back_with_a_code),
        world_test(az_18_a_changed_transaction_is_refused),
        world_test(az_18_a_transaction_cannot_be_given_other_parameters),
        world_test(a_transaction_ends_after_half_an_hour),
        world_test(our_own_login_is_no_request_of_a_partner),
        world_test(a_partner_that_was_removed_ends_its_requests),
        world_test(a_redirect_uri_that_was_removed_gets_no_code),
        world_test(az_24_nothing_that_was_sent_is_reflected_unescaped),
        world_test(az_24_state_is_escaped_where_it_is_posted_back),
        world_test(az_25_languages_that_do_not_exist_are_not_remembered),
        world_test(az_30_after_a_posted_form_the_redirect_is_303),
        world_test(az_31_az_32_pages_are_not_framed_and_load_nothing_from_elsewhere),
        world_test(az_33_consent_needs_the_token_of_its_own_form),
        world_test(az_33_consent_from_another_origin_or_browser_is_refused),
        world_test(consent_needs_a_person_who_is_logged_in),
        world_test(az_34_what_is_put_into_the_consent_form_does_not_count),
        world_test(prompt_consent_is_satisfied_by_this_transaction_alone),
        world_test(cd_20_a_transaction_does_not_go_on_in_another_browser),
        world_test(cd_20_the_cookie_of_another_transaction_does_not_help),
        world_test(b1_a_post_from_another_site_keeps_single_sign_on),
        world_test(b1_a_post_that_fits_no_link_is_answered_as_it_stands),
        world_test(b1_a_posted_request_that_is_wrong_is_told_so_at_once),
    };

    return world_run(tests);
}
