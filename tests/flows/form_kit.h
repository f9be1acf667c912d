/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every form of our pages, once in a table: where the browser stands before it is sent and what is sent.
 * Tests that must hold for all forms walk through it; a form of the route table that is missing here
 * fails them (kit_assert_complete).
 */
#ifndef TESTS_FLOWS_FORM_KIT_H
#define TESTS_FLOWS_FORM_KIT_H

#include <string.h>

#include "idp/audit/audit.h"
#include "protocols/routes.h"
#include "tests/flows/approval_places.h"
#include "tests/flows/card_places.h"
#include "tests/flows/device_places.h"
#include "tests/flows/form_card_kit.h"
#include "tests/flows/form_family_kit.h"
#include "tests/flows/form_wechat_kit.h"
#include "tests/flows/qr_stages.h"
#include "tests/protocols/account/kit.h"
#include "tests/protocols/staff/reset_kit.h"

/* Where the browser stands before it presses, and what it sends; NULL: the fields of the stage. */
struct press {
    const char *path;
    const char *fields;
    struct journey (*arrive)(struct world *w);
    const char *(*typed)(struct world *w);
    bool is_first;     /* every flow may begin with it: nothing has to be proven before */
    const char *wrong; /* a mistake to make on its page; NULL: there is nothing to type */
    const char *kept;  /* what of it must still be there */
};

#define ANOTHER_PHONE "13800138002"

/* --- Where she stands --- */

static inline struct journey
at_login(struct world *w)
{
    struct journey j = { .w = w };

    world_person(w, 0);
    world_authorize(w, "webhall", "");
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_sms(struct world *w)
{
    struct journey j = at_login(w);

    world_get(w, arena_printf(w->arena, "/login/sms?tx=%s", j.tx));
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_sms_code(struct world *w)
{
    struct journey j = at_sms(w);

    journey_post(&j, "/login/sms", "phone=13800138000");
    return j;
}

static inline struct journey
at_consent(struct world *w)
{
    struct journey j = { .w = w };

    world_log_in(w, 0);
    world_authorize(w, "webhall", "");
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_home(struct world *w)
{
    struct journey j = { .w = w, .tx = "" };

    world_log_in(w, 0);
    world_get(w, "/");
    j.csrf = world_hidden(w, "csrf");
    return j;
}

static inline struct journey
at_register_code(struct world *w)
{
    struct journey j = journey_begin(w);

    journey_send_code(&j, zhang_san.phone);
    return j;
}

static inline struct journey
at_phone_taken(struct world *w)
{
    struct journey j;

    world_person(w, 0);
    j = at_register_code(w);
    journey_enter_code(&j, world_sms_code(w, zhang_san.phone));
    assert_non_null(strstr(w->answer.body, "id=\"login-proven\""));
    return j;
}

static inline struct journey
at_notice(struct world *w)
{
    struct journey j = at_register_code(w);

    journey_enter_code(&j, world_sms_code(w, zhang_san.phone));
    return j;
}

static inline struct journey
at_identity(struct world *w)
{
    return journey_to_identity(w, zhang_san.phone);
}

static inline struct journey
at_bank_code(struct world *w)
{
    struct journey j = at_identity(w);
    struct applying who = zhang_san;

    who.phone = ANOTHER_PHONE;
    journey_identify(&j, &who);
    return j;
}

static inline struct journey
at_password(struct world *w)
{
    return journey_to_password(w, &zhang_san);
}

static inline struct journey
at_account_password(struct world *w)
{
    struct journey j = { .w = w };

    world_log_in(w, 0);
    world_open(w, "/account/password");
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_account_sessions(struct world *w)
{
    struct journey j = { .w = w };

    world_log_in(w, 0);
    world_log_in(w, 0);
    world_open(w, "/account/sessions");
    journey_arrive(&j);
    return j;
}

/* --- A recovery --- */

static inline struct journey
at_recover(struct world *w)
{
    struct journey j = { .w = w };

    world_person(w, 0);
    world_open(w, "/recover");
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_recover_code(struct world *w)
{
    struct journey j = at_recover(w);

    recovery_send_code(&j, zhang_san.phone);
    return j;
}

static inline struct journey
at_recover_identity(struct world *w)
{
    world_person(w, 0);
    return recovery_to_identity(w, zhang_san.phone);
}

static inline struct journey
at_recover_bank_code(struct world *w)
{
    struct journey j = at_recover_identity(w);
    struct applying who = zhang_san;

    who.phone = ANOTHER_PHONE;
    recovery_identify(&j, &who);
    return j;
}

static inline struct journey
at_recover_password(struct world *w)
{
    world_person(w, 0);
    return recovery_to_password(w, &zhang_san, zhang_san.phone);
}

/* The number that the bank has is the old one. */
static inline struct journey
at_recover_password_and_phone(struct world *w)
{
    world_person(w, 0);
    return recovery_to_password(w, &zhang_san, ANOTHER_PHONE);
}

/* --- What she types --- */

static const char *
the_code(struct world *w)
{
    return arena_printf(w->arena, "code=%s", world_sms_code(w, "13800138000"));
}

static const char *
herself(struct world *w)
{
    return journey_identity_fields(w, &zhang_san);
}

static const char *
herself_with_another_phone(struct world *w)
{
    struct applying who = zhang_san;

    who.phone = ANOTHER_PHONE;
    return journey_identity_fields(w, &who);
}

static const char *
the_bank_code(struct world *w)
{
    return arena_printf(w->arena, "%s&bank_code=%s", herself_with_another_phone(w),
                        world_sms_code(w, ANOTHER_PHONE));
}

/* The other one on the page that she is on. */
static const char *
the_other_login(struct world *w)
{
    const char *value = strstr(w->answer.body, " name=\"end\" value=\"") + 19;

    return arena_printf(w->arena, "end=%s", arena_copy(w->arena, value, strcspn(value, "\"")));
}

#define OLD_PASSWORD "password_old=a%20password%20nobody%20guesses&"
#define GOOD_PASSWORD "password=correct%20horse%20battery&password_again=correct%20horse%20battery"

static const struct press presses[] = {
    { "/login", "phone=13800138000&password=a%20password%20nobody%20guesses", at_login, NULL, true,
      "phone=13800138999&password=", "13800138999" },
    { "/login", "phone=13800138000&password=not%20hers", at_login, NULL, .is_first = true },
    { "/login", "phone=x&password=", at_login, NULL, .is_first = true },
    { "/login/cancel", "", at_login, NULL, .is_first = true },
    { "/login/sms", "phone=13800138000", at_sms, NULL, true, "phone=138001", "138001" },
    { "/login/sms", "phone=", at_sms_code, NULL, .is_first = true }, /* send me another */
    { "/login/sms/code", NULL, at_sms_code, the_code, false, "code=12", "138****8000" },
    { "/login/sms/code", "code=000000", at_sms_code, NULL, .is_first = false },
    { "/login/proven", "", at_phone_taken, NULL, .is_first = false },
    { "/login/qr", NULL, at_qr, the_qr_code, .is_first = true },
    { "/q", "decision=allow", at_qr_link, NULL, .is_first = false },
    { "/q", "decision=deny", at_qr_link, NULL, .is_first = false },
    { "/consent", "decision=allow", at_consent, NULL, .is_first = false },
    { "/consent", "decision=deny", at_consent, NULL, .is_first = false },
    { "/device", "user_code=BBBB-BBBB", at_device, NULL, false, "user_code=BBBB-BBB1",
      "BBBB-BBB1" },
    { "/device/confirm", "decision=allow", at_device_confirm, NULL, .is_first = false },
    { "/device/confirm", "decision=deny", at_device_confirm, NULL, .is_first = false },
    { "/device/confirm", NULL, at_terminal_confirm, the_number, .is_first = false },
    { "/device/confirm", "number=00", at_terminal_confirm, NULL, .is_first = false },
    { "/logout", "decision=yes", at_home, NULL, .is_first = false },
    { "/logout", "decision=everywhere", at_home, NULL, .is_first = false },
    { "/approvals", NULL, at_approvals, the_approval, .is_first = false },
    { "/approvals", NULL, at_approvals, the_refusal, .is_first = false },
    { "/card", NULL, at_card, the_eye, .is_first = false },
    { "/card/keep", "act=renew", at_card_keep, NULL, .is_first = false },
    { "/card/keep", "act=unlink", at_card_keep, NULL, .is_first = false },
    { "/card/keep", "act=close", at_card_keep, NULL, .is_first = false },
    { "/card", NULL, at_card_paying, the_card_password, .is_first = false },
    { "/card", NULL, at_card_paying, another_card_password, .is_first = false },
    { "/approve", "decision=allow", at_approve, NULL, .is_first = false },
    { "/approve", "decision=deny", at_approve, NULL, .is_first = false },
    { "/register", "phone=13800138000", journey_begin, NULL, true, "phone=138001", "138001" },
    { "/register/code", NULL, at_register_code, the_code, false, "code=12", "138****8000" },
    { "/register/code", "code=000000", at_register_code, NULL, .is_first = false },
    { "/register/notice", "agree_registration=yes&agree_bank=yes", at_notice, NULL, false,
      "agree_registration=yes", "checked" },
    { "/register/identity", NULL, at_identity, herself, false,
      "name=%E6%9D%8E&identity_number=1&bank_card=2&bank_phone=3", "value=\"2\"" },
    { "/register/identity", NULL, at_identity, herself_with_another_phone, .is_first = false },
    { "/register/identity", NULL, at_bank_code, the_bank_code, .is_first = false },
    { "/register/password", GOOD_PASSWORD, at_password, NULL, false, "password=a&password_again=b",
      "138****8000" },
    { "/register/password", "skip=yes", at_password, NULL, .is_first = false },
    { "/account/password", OLD_PASSWORD GOOD_PASSWORD, at_account_password, NULL, false,
      "password=a&password_again=b", "138****8000" },
    { "/account/password", "password_old=not%20hers&" GOOD_PASSWORD, at_account_password, NULL,
      .is_first = false },
    { "/account/password", OLD_PASSWORD "password=short", at_account_password, NULL,
      .is_first = false },
    WECHAT_PRESSES,
    FAMILY_PRESSES,
    CARD_PRESSES,
    { "/account/reset", NEW_PASSWORDS, reset_choosing, NULL, false,
      "password=short&password_again=b", "138****8000" },
    { "/account/sessions", NULL, at_account_sessions, the_other_login, .is_first = false },
    { "/account/sessions", "end=others", at_account_sessions, NULL, .is_first = false },
    { "/recover", "phone=13800138000", at_recover, NULL, true, "phone=138001", "138001" },
    { "/recover/code", NULL, at_recover_code, the_code, false, "code=12", "138****8000" },
    { "/recover/code", "code=000000", at_recover_code, NULL, .is_first = false },
    { "/recover/identity", NULL, at_recover_identity, herself, false,
      "name=%E6%9D%8E&identity_number=1&bank_card=2&bank_phone=3", "value=\"2\"" },
    { "/recover/identity", NULL, at_recover_identity, herself_with_another_phone,
      .is_first = false },
    { "/recover/identity", NULL, at_recover_bank_code, the_bank_code, .is_first = false },
    { "/recover/password", GOOD_PASSWORD, at_recover_password, NULL, false,
      "password=a&password_again=b", "138****8000" },
    { "/recover/password", GOOD_PASSWORD, at_recover_password_and_phone, NULL, .is_first = false },
    { "/recover/password", "password=short&password_again=short", at_recover_password, NULL,
      .is_first = false },
};

#define PRESSES (sizeof(presses) / sizeof(presses[0]))

/* --- What must not happen twice --- */

struct doings {
    int64_t rows;
    int64_t sessions;
    int64_t events[AUDIT_COUNT];
    int64_t tries;
    int64_t bank_checks;
    size_t messages;
};

/* No record that tells of an attempt, which a second press may be. */
static inline bool
is_deed(enum audit_event event)
{
    return event != AUDIT_LOGIN_FAILED && event != AUDIT_CODE_FAILED &&
           event != AUDIT_CODE_CAPPED && event != AUDIT_LOGIN_REJECTED &&
           event != AUDIT_CONSENT_REJECTED && event != AUDIT_CONSENT_DENIED &&
           event != AUDIT_APPROVAL_REJECTED && event != AUDIT_CARD_CODE_REFUSED;
}

static inline struct doings
doings_of(struct world *w)
{
    struct doings doings = {
        .rows = world_rows(w),
        .sessions = world_rows_of(w, "session"),
        .tries = ledger_count(w, ATTEMPT_PASSWORD),
        .bank_checks = world_bank_traffic(w).checks,
        .messages = world_sms_count(w, "13800138000") + world_sms_count(w, ANOTHER_PHONE),
    };

    for (int event = 1; event < AUDIT_COUNT; event++)
        if (is_deed((enum audit_event)event))
            doings.events[event] = world_audit_count(w, (enum audit_event)event);
    return doings;
}

static inline void
assert_nothing_done(const struct press *press, const struct doings *before,
                    const struct doings *after)
{
    for (int event = 1; event < AUDIT_COUNT; event++)
        if (before->events[event] != after->events[event])
            fail_msg("%s %s: audit event %d again", press->path, press->fields, event);
    if (before->rows != after->rows || before->sessions != after->sessions)
        fail_msg("%s %s: a row more", press->path, press->fields);
    if (before->tries != after->tries)
        fail_msg("%s %s: a try more", press->path, press->fields);
    if (before->bank_checks != after->bank_checks || before->messages != after->messages)
        fail_msg("%s %s: asked or sent again", press->path, press->fields);
}

static inline const char *
kit_typed(struct world *w, const struct press *press)
{
    return press->fields != NULL ? press->fields : press->typed(w);
}

static inline bool
kit_is_form(const struct route *route)
{
    return text_eq(route->method, "POST") && route->refuse == REFUSE_PAGE &&
           (route->guards & GUARD_SAME_ORIGIN) != 0;
}

/* Does it act for whoever is logged in? */
static inline bool
kit_acts_for_the_session(const struct press *press)
{
    for (const struct route *route = public_routes; route->method != NULL; route++)
        if (kit_is_form(route) && text_eq(route->path, press->path))
            return (route->guards & GUARD_SESSION) != 0;
    return false;
}

/* What is kept of a person, her sessions excepted. */
static inline int64_t
kit_rows_about(struct world *w, const char *person_id)
{
    static const char sql[] = "SELECT (SELECT count(*) FROM consent WHERE person_id = $1) + "
                              "(SELECT count(*) FROM evidence WHERE person_id = $1) + "
                              "(SELECT count(*) FROM person_key WHERE person_id = $1)";
    const struct arg args[] = { arg_text(person_id), ARG_END };
    int64_t rows = 0;
    const struct out outs[] = { out_int(&rows), OUT_END };

    world_must(
        store_run(w->store,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }),
        sql);
    return rows;
}

/* Where the link of that id leads, as the browser reads it. */
static inline const char *
kit_link(struct world *w, const char *id)
{
    const char *at = strstr(w->answer.body, arena_printf(w->arena, "id=\"%s\" href=\"", id));
    char *link;
    char *amp;

    if (at == NULL) {
        fail_msg("no link %s on\n%s", id, w->answer.body);
        return NULL;
    }
    at = strstr(at, "href=\"") + 6;
    link = arena_copy(w->arena, at, strcspn(at, "\""));
    while ((amp = strstr(link, "&amp;")) != NULL)
        memmove(amp + 1, amp + 5, strlen(amp + 5) + 1);
    return link;
}

static inline void
kit_assert_complete(void)
{
    for (const struct route *route = public_routes; route->method != NULL; route++) {
        bool there = !kit_is_form(route);

        for (size_t i = 0; i < PRESSES; i++)
            there = there || text_eq(presses[i].path, route->path);
        if (!there)
            fail_msg("%s is in no row of tests/flows/form_kit.h", route->path);
    }
}

#endif
