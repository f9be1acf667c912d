/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page that has waited too long: the same request begins anew in the same browser, judged as if it were
 * asked now (docs/adr/0029).
 */
#include <string.h>

#include "idp/base/text.h"
#include "tests/protocols/account/kit.h"

static struct journey
at_login_of(struct world *w, const char *partner, const char *more)
{
    struct journey j = { .w = w };

    world_authorize(w, partner, more);
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"login-form\""));
    return j;
}

static void
too_late(struct world *w)
{
    world_advance(w, w->settings.life.transaction_s + 1);
}

static const char *
page_of(struct world *w, const struct journey *j, const char *path)
{
    return arena_printf(w->arena, "%s?tx=%s", path, j->tx);
}

static void
log_in(struct journey *j, int n)
{
    struct world *w = j->w;

    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", j->tx, j->csrf,
                    world_phone(n), world_url(w, WORLD_PASSWORD));
    journey_arrive(j);
}

static void
the_login_page_comes_again_and_leads_to_the_partner(void **state)
{
    struct world *w = *state;
    struct journey j = at_login_of(w, "webhall", "");
    const char *old = page_of(w, &j, "/login");

    world_person(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    too_late(w);
    world_get(w, old);
    journey_arrive(&j);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"notice\""));
    assert_null(strstr(w->answer.body, "id=\"problems\""));
    log_in(&j, 0);
    assert_true(text_starts(world_header(w, "Location"), "https://app.example/cb?code="));
    assert_string_equal(world_location_param(w, "state"), "st-1");
    world_redeem(w, "webhall", world_location_param(w, "code"));
    assert_int_equal(w->answer.status, 200);
}

static void
a_form_that_comes_too_late_does_nothing_and_keeps_what_is_no_secret(void **state)
{
    struct world *w = *state;
    struct journey j = at_login_of(w, "webhall", "");

    world_person(w, 0);
    too_late(w);
    world_audit_mark(w);
    log_in(&j, 0);
    assert_refused(w, &problem_page_expired);
    assert_non_null(strstr(w->answer.body, "value=\"13800138000\""));
    assert_null(strstr(w->answer.body, "id=\"notice\""));
    assert_int_equal(world_rows_of(w, "session"), 0);
    assert_int_equal(world_audit_count(w, AUDIT_LOGIN_REJECTED), 0);
    log_in(&j, 0); /* sent again it is good */
    assert_non_null(strstr(w->answer.body, "id=\"consent-form\""));
    assert_null(strstr(w->answer.body, "id=\"notice\""));
}

/* Somebody may have taken it back meanwhile. */
static void
the_request_is_judged_by_what_the_partner_is_registered_for_now(void **state)
{
    static const char narrower[] =
        "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"大厅\","
        "\"redirect_uris\":[\"https://app.example/other\"],\"scope\":\"openid profile\","
        "\"client_secret\":\"webhall-secret-0123456789-0123456789-0123456789\"}]}";
    struct world *w = *state;
    struct journey j = at_login_of(w, "webhall", "");

    world_partners(w, narrower);
    too_late(w);
    world_get(w, page_of(w, &j, "/login"));
    world_follow(w);
    assert_refused(w, &problem_redirect_uri_mismatch);
    world_partners(w, "{\"partners\":[]}");
    world_get(w, page_of(w, &j, "/login"));
    assert_refused(w, &problem_client_unknown);
    world_advance(w, 1);
    world_partners(w, narrower); /* another one of the same name */
    world_get(w, page_of(w, &j, "/login"));
    assert_refused(w, &problem_transaction_lost);
}

static void
who_has_logged_in_elsewhere_meanwhile_is_led_straight_back(void **state)
{
    struct world *w = *state;
    struct journey j = at_login_of(w, "webhall", "");
    size_t cookies;

    too_late(w);
    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    cookies = w->cookies;
    world_get(w, page_of(w, &j, "/login"));
    journey_arrive(&j);
    assert_non_null(world_location_param(w, "code"));
    assert_int_equal(w->cookies, cookies); /* it is over; that of the browser's state came */
}

static void
what_the_partner_wished_still_holds(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct journey j = at_login_of(
        w, "webhall", arena_printf(w->arena, "&prompt=login&id_token_hint=%s", tokens.id));

    world_person(w, 1);
    too_late(w);
    world_log_in(w, 0);
    world_get(w, page_of(w, &j, "/login"));
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"login-form\"")); /* prompt=login */
    log_in(&j, 1);
    assert_string_equal(world_location_param(w, "error"), "login_required"); /* not whom it named */
}

/* Agreed to and proven then is not agreed to and proven now. */
static void
nothing_of_the_old_one_stands(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };
    const char *resume;

    world_log_in(w, 0);
    world_authorize(w, "webhall", "&prompt=consent");
    journey_arrive(&j);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", j.tx, j.csrf);
    resume = arena_text(w->arena, world_header(w, "Location"));
    assert_true(text_starts(resume, "/oauth2/authorize/resume?tx="));
    too_late(w);
    world_log_in(w, 0);
    world_get(w, resume);
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"consent-form\""));
}

static void
a_day_later_it_is_only_told_where_the_partner_is(void **state)
{
    struct world *w = *state;
    struct journey j = at_login_of(w, "webhall", "");

    too_late(w);
    world_advance(w, 86400);
    world_get(w, page_of(w, &j, "/login"));
    assert_refused(w, &problem_transaction_lost);
    assert_non_null(
        strstr(w->answer.body, "id=\"door-back\" href=\"https://app.example/start?iss="));
}

static void
one_that_was_finished_does_not_begin_anew(void **state)
{
    struct world *w = *state;
    struct journey j = at_login_of(w, "webhall", "");
    const char *old = page_of(w, &j, "/login");

    world_person(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    log_in(&j, 0);
    assert_non_null(world_location_param(w, "code"));
    world_get(w, old); /* Back */
    assert_refused(w, &problem_transaction_lost);
    assert_non_null(strstr(w->answer.body, "id=\"logged-in\""));
    assert_non_null(strstr(w->answer.body, "id=\"door-back\""));
    world_advance(w, w->settings.life.transaction_s + 1);
    world_get(w, old);
    assert_refused(w, &problem_transaction_lost);
    assert_null(strstr(w->answer.body, "id=\"logged-in\"")); /* idle too long */
}

static void
a_registration_of_our_own_begins_at_its_first_page(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_identity(w, zhang_san.phone);

    too_late(w);
    world_get(w, page_of(w, &j, "/register/identity"));
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"register-phone-form\""));
    assert_non_null(strstr(w->answer.body, "id=\"notice\""));
    world_get(w, page_of(w, &j, "/register/notice"));
    assert_refused(w, &problem_transaction_order);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(the_login_page_comes_again_and_leads_to_the_partner),
        world_sims_test(a_form_that_comes_too_late_does_nothing_and_keeps_what_is_no_secret),
        world_sims_test(the_request_is_judged_by_what_the_partner_is_registered_for_now),
        world_sims_test(who_has_logged_in_elsewhere_meanwhile_is_led_straight_back),
        world_sims_test(what_the_partner_wished_still_holds),
        world_sims_test(nothing_of_the_old_one_stands),
        world_sims_test(a_day_later_it_is_only_told_where_the_partner_is),
        world_sims_test(one_that_was_finished_does_not_begin_anew),
        world_sims_test(a_registration_of_our_own_begins_at_its_first_page),
    };

    return world_sims_run(tests);
}
