/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose page it is (S1): what was shown to one person does nothing for another who has logged in
 * meanwhile, in another tab of the same browser.
 */
#include <string.h>

#include "idp/base/text.h"
#include "protocols/routes.h"
#include "tests/flows/form_card_kit.h"
#include "tests/flows/form_family_kit.h"
#include "tests/protocols/login/device_kit.h"
#include "tests/protocols/login/qr_kit.h"
#include "tests/protocols/login/wechat_kit.h"
#include "tests/protocols/oauth2/backchannel_kit.h"
#include "tests/world_sims.h"

#define ANOTHER 1

/* A form with what it holds. */
struct form {
    const char *path;
    const char *tx; /* NULL: it has none */
    const char *csrf;
    const char *more; /* "&…"; NULL: nothing */
};

static struct form
form_here(struct world *w, const char *path)
{
    return (struct form) { path, world_hidden(w, "tx"), world_hidden(w, "csrf"), NULL };
}

static void
send_form(struct world *w, const struct form *form, const char *decision)
{
    const char *name = text_eq(form->path, "/account/sessions") ? "end" : "decision";

    world_form_post(w, form->path, "tx=%s&csrf=%s&%s=%s%s", form->tx != NULL ? form->tx : "",
                    form->csrf, name, decision, form->more != NULL ? form->more : "");
}

static struct form
at_consent_with(struct world *w, const char *more)
{
    world_authorize(w, "webhall", more);
    assert_true(text_starts(world_header(w, "Location"), "/consent?tx="));
    world_get(w, world_header(w, "Location"));
    assert_int_equal(w->answer.status, 200);
    return form_here(w, "/consent");
}

static struct form
at_consent(struct world *w)
{
    return at_consent_with(w, "");
}

static struct form
at_home(struct world *w)
{
    world_get(w, "/");
    return form_here(w, "/logout");
}

static struct form
at_logout_question(struct world *w)
{
    world_get(w, "/oidc/logout?client_id=webhall");
    assert_int_equal(w->answer.status, 200);
    return form_here(w, "/logout");
}

/* The screen was shown in another browser; here she is asked. */
static struct form
at_qr_link(struct world *w)
{
    struct app_phone phone;
    struct screen screen;

    jar_keep(w, &phone.jar);
    screen = screen_at(w, "webhall");
    jar_use(w, &phone.jar);
    world_get(w, arena_printf(w->arena, "/q/%s", screen.code));
    world_follow(w);
    return form_here(w, "/q");
}

static struct form
at_account_password(struct world *w)
{
    world_open(w, "/account/password");
    return form_here(w, "/account/password");
}

static struct form
at_wechat_confirm(struct world *w)
{
    world_authorize(w, "wechathall", "&prompt=login");
    official_login_of(w, arena_text(w->arena, world_location_param(w, "tx")), "ok-3");
    log_in_to_bind(w, HER);
    return form_here(w, "/login/wechat/confirm");
}

static struct form
at_account_wechat(struct world *w)
{
    (void)at_wechat_confirm(w);
    confirm(w, "bind");
    world_open(w, "/account/wechat");
    return form_here(w, "/account/wechat");
}

static struct form
at_card_form(struct world *w, const char *path)
{
    card_ready(w, HER);
    card_ready(w, ANOTHER);
    world_open(w, path);
    return form_here(w, path);
}

static struct form
at_card_loss_form(struct world *w)
{
    return at_card_form(w, "/card/loss");
}

static struct form
at_card_password_form(struct world *w)
{
    struct form form = at_card_form(w, "/card/password");

    form.more = "&card_password=830461&card_password_again=830461";
    return form;
}

static struct form
at_card_pay_form(struct world *w)
{
    struct form form = at_card_form(w, "/card/pay");

    form.more = "&" BANK_FIELDS;
    return form;
}

static struct form
at_account_sessions(struct world *w)
{
    world_open(w, "/account/sessions");
    return form_here(w, "/account/sessions");
}

static struct form
at_family(struct world *w)
{
    struct form form;

    world_open(w, FAMILY_PAGE);
    form = form_here(w, FAMILY_PAGE);
    form.more =
        "&kinship=other&name=%E5%BC%A0%E4%B8%89%E4%B8%B0&identity_number=440305199008200033";
    return form;
}

/* Somebody has asked for her card. */
static struct form
at_family_asked(struct world *w, const char *button)
{
    struct ctx ctx = world_ctx(w);
    struct family_question question = question_about(w, HER, KINSHIP_OTHER);
    struct form form;

    question.shower_id = world_person(w, 2);
    assert_null(family_ask(&ctx, &question));
    world_open(w, FAMILY_PAGE);
    form = form_here(w, FAMILY_PAGE);
    form.more = arena_printf(w->arena, "&%s", family_button(w, button));
    return form;
}

static struct form
at_family_agreement(struct world *w)
{
    return at_family_asked(w, "agree");
}

static struct form
at_family_refusal(struct world *w)
{
    return at_family_asked(w, "end");
}

static struct form
at_approvals(struct world *w)
{
    struct form form;

    assert_non_null(bc_ask(w, "hotline", "login_hint=13800138000", ""));
    world_get(w, "/approvals");
    form = form_here(w, "/approvals");
    form.more = arena_printf(w->arena, "&which=%s", world_hidden(w, "which"));
    return form;
}

static struct form
at_card(struct world *w)
{
    struct form form;

    card_ready(w, HER);
    world_get(w, "/card");
    form = form_here(w, "/card");
    form.more = arena_printf(w->arena, "&act=eye&form=%s", world_hidden(w, "form"));
    return form;
}

static struct form
at_device_confirm(struct world *w)
{
    struct waiting device = kit_waiting(w, "tv");

    kit_scan(&device);
    return form_here(w, "/device/confirm");
}

static struct form
at_card_keep(struct world *w)
{
    struct form form;

    card_ready(w, HER);
    world_open(w, "/card/keep");
    form = form_here(w, "/card/keep");
    form.more = "&act=close";
    return form;
}

/* Every form that acts for whoever is logged in. */
static const struct {
    const char *path;
    struct form (*arrive)(struct world *w);
    const char *decision;
} forms[] = {
    { "/consent", at_consent, "allow" },
    { "/consent", at_consent, "deny" },
    { "/logout", at_home, "yes" },
    { "/logout", at_logout_question, "yes" },
    { "/q", at_qr_link, "allow" },
    { "/q", at_qr_link, "deny" },
    { "/logout", at_logout_question, "no" },
    { "/account/password", at_account_password, "yes" },
    { "/logout", at_home, "everywhere" },
    { "/account/sessions", at_account_sessions, "others" },
    { "/approvals", at_approvals, "allow" },
    { "/approvals", at_approvals, "deny" },
    { "/card", at_card, "allow" },
    { "/card/keep", at_card_keep, "yes" },
    { "/device/confirm", at_device_confirm, "allow" },
    { "/device/confirm", at_device_confirm, "deny" },
    { "/login/wechat/confirm", at_wechat_confirm, "bind" },
    { "/account/wechat", at_account_wechat, "yes" },
    { "/card/family", at_family, "yes" },
    { "/card/family", at_family_agreement, "yes" },
    { "/card/family", at_family_refusal, "yes" },
    { "/card/loss", at_card_loss_form, "lost" },
    { "/card/loss", at_card_loss_form, "release" },
    { "/card/password", at_card_password_form, "yes" },
    { "/card/pay", at_card_pay_form, "yes" },
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

/* Nobody is logged in by virtue of them, and they show nobody's data: who sends them proves who she
 * is with what she types, or by what was allowed elsewhere, or goes back with nothing; a registration's person is in its seal, and that of
 * an approval by a link in the link. */
static const char *const before_login[] = {
    "/login",
    "/login/cancel",
    "/login/sms",
    "/login/sms/code",
    "/login/proven",
    "/register",
    "/register/code",
    "/register/notice",
    "/register/identity",
    "/register/password",
    "/recover",
    "/recover/code",
    "/recover/identity",
    "/recover/password",
    "/approve",
    "/login/qr",
    "/device",
    "/login/wechat/number",
    "/card/lost",
    "/card/lost/confirm",
    "/account/reset",
};

static void
every_form_of_ours_is_judged_here(void **state)
{
    (void)state;
    for (const struct route *route = public_routes; route->method != NULL; route++) {
        bool known = (route->guards & GUARD_SAME_ORIGIN) == 0;

        for (size_t i = 0; i < FORMS; i++)
            known = known || text_eq(route->path, forms[i].path);
        for (size_t i = 0; i < sizeof(before_login) / sizeof(before_login[0]); i++)
            known = known || text_eq(route->path, before_login[i]);
        if (!known)
            fail_msg("%s: is it shown to somebody?", route->path);
    }
}

static void
s1_no_form_shown_to_one_person_does_anything_for_another(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < FORMS; i++) {
        struct form form;
        struct ctx ctx = world_ctx(w);
        struct session session;
        int64_t rows;

        world_log_in(w, HER);
        form = forms[i].arrive(w);
        world_log_in(w, ANOTHER);
        rows = world_rows(w);
        world_audit_mark(w);
        send_form(w, &form, forms[i].decision);
        assert_null(world_location_param(w, "code"));
        assert_null(world_location_param(w, "error"));
        assert_int_equal(world_rows(w), rows);
        assert_int_equal(world_audit_count(w, AUDIT_CONSENT_GIVEN), 0);
        assert_int_equal(world_audit_count(w, AUDIT_CONSENT_DENIED), 0);
        assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
        assert_true(session.live);
    }
}

static void
s1_the_page_comes_again_for_whoever_is_there_now_and_names_her(void **state)
{
    struct world *w = *state;
    struct form form;

    world_log_in(w, HER);
    form = at_consent(w);
    assert_null(strstr(w->answer.body, "consent-another-person"));
    world_log_in(w, ANOTHER);
    world_audit_mark(w);
    send_form(w, &form, "allow");
    assert_audited(w, AUDIT_CONSENT_REJECTED, "another_person");
    assert_true(text_starts(world_header(w, "Location"), "/consent?tx="));
    world_get(w, world_header(w, "Location"));
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"consent-another-person\""));
    assert_non_null(strstr(w->answer.body, "138****8001"));
    form = form_here(w, "/consent");
    send_form(w, &form, "allow");
    assert_int_equal(world_rows_of(w, "consent"), 1);
    world_get(w, world_header(w, "Location"));
    world_redeem(w, "webhall", world_location_param(w, "code"));
    assert_int_equal(w->answer.status, 200);
}

/* She agreed; before the browser has gone on, another logs in. Her own consent is there already. */
static void
s1_what_one_person_agreed_to_is_not_gone_on_with_by_another(void **state)
{
    struct world *w = *state;
    struct form form;
    const char *resume;

    world_consent(w, ANOTHER, "webhall", "openid profile");
    world_log_in(w, HER);
    form = at_consent(w);
    send_form(w, &form, "allow");
    resume = world_header(w, "Location");
    assert_true(text_starts(resume, "/oauth2/authorize/resume?tx="));
    world_log_in(w, ANOTHER);
    world_get(w, resume);
    assert_true(text_starts(world_header(w, "Location"), "/consent?tx="));
    world_get(w, world_header(w, "Location"));
    assert_non_null(strstr(w->answer.body, "138****8001"));
    form = form_here(w, "/consent");
    send_form(w, &form, "allow");
    world_get(w, world_header(w, "Location"));
    assert_non_null(world_location_param(w, "code"));
}

static void
s1_a_login_is_not_gone_on_with_by_another_who_logged_in_meanwhile(void **state)
{
    struct world *w = *state;
    const char *resume;

    world_person(w, HER);
    world_consent(w, HER, "webhall", "openid profile");
    world_consent(w, ANOTHER, "webhall", "openid profile");
    world_authorize(w, "webhall", "");
    world_get(w, world_header(w, "Location"));
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(HER), world_url(w, WORLD_PASSWORD));
    resume = world_header(w, "Location");
    world_log_in(w, ANOTHER);
    world_get(w, resume);
    assert_true(text_starts(world_header(w, "Location"), "/consent?tx="));
    world_log_in(w, HER);
    world_get(w, resume); /* it is hers, and still is */
    assert_non_null(world_location_param(w, "code"));
}

static void
s1_prompt_consent_is_satisfied_only_for_who_agreed(void **state)
{
    struct world *w = *state;
    struct form form;
    const char *resume;

    world_log_in(w, HER);
    form = at_consent_with(w, "&prompt=consent");
    send_form(w, &form, "allow");
    resume = world_header(w, "Location");
    world_get(w, resume);
    assert_non_null(world_location_param(w, "code"));
    world_log_in(w, ANOTHER);
    world_consent(w, ANOTHER, "webhall", "openid profile");
    world_get(w, resume);
    assert_null(world_location_param(w, "code"));
}

/* The same person logged in once more has another session, and is still who it was shown to. */
static void
who_logs_in_again_goes_on_with_her_page(void **state)
{
    struct world *w = *state;
    struct form form;

    world_log_in(w, HER);
    form = at_consent(w);
    world_log_in(w, HER);
    send_form(w, &form, "allow");
    assert_true(text_starts(world_header(w, "Location"), "/oauth2/authorize/resume?tx="));
    assert_int_equal(world_rows_of(w, "consent"), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_ours_is_judged_here),
        world_sims_test(s1_no_form_shown_to_one_person_does_anything_for_another),
        world_sims_test(s1_the_page_comes_again_for_whoever_is_there_now_and_names_her),
        world_sims_test(s1_what_one_person_agreed_to_is_not_gone_on_with_by_another),
        world_sims_test(s1_a_login_is_not_gone_on_with_by_another_who_logged_in_meanwhile),
        world_sims_test(s1_prompt_consent_is_satisfied_only_for_who_agreed),
        world_sims_test(who_logs_in_again_goes_on_with_her_page),
    };

    return world_sims_run(tests);
}
