/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An impatient thumb presses twice before the first answer is there: two requests go out with the same
 * form and the same cookies, and the browser shows the answer to the second. Each form of our pages
 * leads on by a redirect, mistakes included, to the same page, and nothing happens twice
 * (docs/adr/0026). A form that is not in the
 * table fails the test.
 */
#include <string.h>

#include "idp/audit/audit.h"
#include "protocols/routes.h"
#include "tests/protocols/account/kit.h"

/* Where the browser stands before it presses, and what it sends; NULL: the fields of the stage. */
struct press {
    const char *path;
    const char *fields;
    struct journey (*arrive)(struct world *w);
    const char *(*typed)(struct world *w);
};

#define ANOTHER_PHONE "13800138002"

/* --- Where she stands --- */

static struct journey
at_login(struct world *w)
{
    struct journey j = { .w = w };

    world_person(w, 0);
    world_authorize(w, "webhall", "");
    journey_arrive(&j);
    return j;
}

static struct journey
at_sms(struct world *w)
{
    struct journey j = at_login(w);

    world_get(w, arena_printf(w->arena, "/login/sms?tx=%s", j.tx));
    journey_arrive(&j);
    return j;
}

static struct journey
at_sms_code(struct world *w)
{
    struct journey j = at_sms(w);

    journey_post(&j, "/login/sms", "phone=13800138000");
    return j;
}

static struct journey
at_consent(struct world *w)
{
    struct journey j = { .w = w };

    world_log_in(w, 0);
    world_authorize(w, "webhall", "");
    journey_arrive(&j);
    return j;
}

static struct journey
at_home(struct world *w)
{
    struct journey j = { .w = w, .tx = "" };

    world_log_in(w, 0);
    world_get(w, "/");
    j.csrf = world_hidden(w, "csrf");
    return j;
}

static struct journey
at_register_code(struct world *w)
{
    struct journey j = journey_begin(w);

    journey_send_code(&j, zhang_san.phone);
    return j;
}

static struct journey
at_notice(struct world *w)
{
    struct journey j = at_register_code(w);

    journey_enter_code(&j, world_sms_code(w, zhang_san.phone));
    return j;
}

static struct journey
at_identity(struct world *w)
{
    return journey_to_identity(w, zhang_san.phone);
}

static struct journey
at_bank_code(struct world *w)
{
    struct journey j = at_identity(w);
    struct applying who = zhang_san;

    who.phone = ANOTHER_PHONE;
    journey_identify(&j, &who);
    return j;
}

static struct journey
at_password(struct world *w)
{
    return journey_to_password(w, &zhang_san);
}

static struct journey
at_account_password(struct world *w)
{
    struct journey j = { .w = w };

    world_log_in(w, 0);
    world_open(w, "/account/password");
    journey_arrive(&j);
    return j;
}

/* --- A recovery --- */

static struct journey
at_recover(struct world *w)
{
    struct journey j = { .w = w };

    world_person(w, 0);
    world_open(w, "/recover");
    journey_arrive(&j);
    return j;
}

static struct journey
at_recover_code(struct world *w)
{
    struct journey j = at_recover(w);

    recovery_send_code(&j, zhang_san.phone);
    return j;
}

static struct journey
at_recover_identity(struct world *w)
{
    world_person(w, 0);
    return recovery_to_identity(w, zhang_san.phone);
}

static struct journey
at_recover_bank_code(struct world *w)
{
    struct journey j = at_recover_identity(w);
    struct applying who = zhang_san;

    who.phone = ANOTHER_PHONE;
    recovery_identify(&j, &who);
    return j;
}

static struct journey
at_recover_password(struct world *w)
{
    world_person(w, 0);
    return recovery_to_password(w, &zhang_san, zhang_san.phone);
}

/* The number that the bank has is the old one. */
static struct journey
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

#define OLD_PASSWORD "password_old=a%20password%20nobody%20guesses&"
#define GOOD_PASSWORD "password=correct%20horse%20battery&password_again=correct%20horse%20battery"

static const struct press presses[] = {
    { "/login", "phone=13800138000&password=a%20password%20nobody%20guesses", at_login, NULL },
    { "/login", "phone=13800138000&password=not%20hers", at_login, NULL },
    { "/login", "phone=x&password=", at_login, NULL },
    { "/login/cancel", "", at_login, NULL },
    { "/login/sms", "phone=13800138000", at_sms, NULL },
    { "/login/sms", "phone=", at_sms_code, NULL }, /* send me another */
    { "/login/sms/code", NULL, at_sms_code, the_code },
    { "/login/sms/code", "code=000000", at_sms_code, NULL },
    { "/consent", "decision=allow", at_consent, NULL },
    { "/consent", "decision=deny", at_consent, NULL },
    { "/logout", "decision=yes", at_home, NULL },
    { "/register", "phone=13800138000", journey_begin, NULL },
    { "/register/code", NULL, at_register_code, the_code },
    { "/register/code", "code=000000", at_register_code, NULL },
    { "/register/notice", "agree_registration=yes&agree_bank=yes", at_notice, NULL },
    { "/register/identity", NULL, at_identity, herself },
    { "/register/identity", NULL, at_identity, herself_with_another_phone },
    { "/register/identity", NULL, at_bank_code, the_bank_code },
    { "/register/password", GOOD_PASSWORD, at_password, NULL },
    { "/register/password", "skip=yes", at_password, NULL },
    { "/account/password", OLD_PASSWORD GOOD_PASSWORD, at_account_password, NULL },
    { "/account/password", "password_old=not%20hers&" GOOD_PASSWORD, at_account_password, NULL },
    { "/account/password", OLD_PASSWORD "password=short", at_account_password, NULL },
    { "/recover", "phone=13800138000", at_recover, NULL },
    { "/recover/code", NULL, at_recover_code, the_code },
    { "/recover/code", "code=000000", at_recover_code, NULL },
    { "/recover/identity", NULL, at_recover_identity, herself },
    { "/recover/identity", NULL, at_recover_identity, herself_with_another_phone },
    { "/recover/identity", NULL, at_recover_bank_code, the_bank_code },
    { "/recover/password", GOOD_PASSWORD, at_recover_password, NULL },
    { "/recover/password", GOOD_PASSWORD, at_recover_password_and_phone, NULL },
    { "/recover/password", "password=short&password_again=short", at_recover_password, NULL },
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

/* Records that tell of an attempt, which a second press may be, and not of a deed. */
static bool
is_deed(enum audit_event event)
{
    return event != AUDIT_LOGIN_FAILED && event != AUDIT_CODE_FAILED &&
           event != AUDIT_CODE_CAPPED && event != AUDIT_CONSENT_REJECTED &&
           event != AUDIT_CONSENT_DENIED;
}

static struct doings
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

static void
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

/* --- Pressing --- */

struct page_seen {
    int status;
    const char *way_on; /* the path where it leads, or the partner's address up to the code */
    const char *form;   /* the first form of the page */
    const char *cookie;
};

static struct page_seen
press_once(struct world *w, const struct press *press, const struct journey *j, const char *typed)
{
    const char *location;
    const char *form;

    const char *fields = arena_printf(w->arena, "tx=%s&csrf=%s&%s", j->tx, j->csrf, typed);

    world_send(w, &(struct world_call) { .target = press->path, .form = fields });
    if (w->answer.status != 303)
        fail_msg("%s %s: %d, and Back would ask whether to send again", press->path, typed,
                 w->answer.status);
    location = world_header(w, "Location");
    world_follow_mistake(w);
    form = w->answer.status == 303 ? NULL : strstr(w->answer.body, "<form");
    return (struct page_seen) {
        .status = w->answer.status,
        .way_on = location == NULL ? "" : arena_copy(w->arena, location, strcspn(location, "?")),
        .form = form == NULL ? "" : arena_copy(w->arena, form, strcspn(form, ">")),
        .cookie = world_cookie(w, "__Host-session"),
    };
}

static void
press_twice(struct world *w, const struct press *press)
{
    struct journey j = press->arrive(w);
    const char *typed = press->fields != NULL ? press->fields : press->typed(w);
    struct world kept = *w;
    struct doings done;
    struct doings after;
    struct page_seen first = press_once(w, press, &j, typed);
    struct page_seen second;

    done = doings_of(w);
    memcpy(w->jar, kept.jar, sizeof(kept.jar));
    w->cookies = kept.cookies;
    second = press_once(w, press, &j, typed);
    after = doings_of(w);
    if (first.status != second.status || strcmp(first.way_on, second.way_on) != 0 ||
        strcmp(first.form, second.form) != 0)
        fail_msg("%s %s: %d %s %s, then %d %s %s", press->path, typed, first.status, first.way_on,
                 first.form, second.status, second.way_on, second.form);
    if ((first.cookie == NULL) != (second.cookie == NULL) ||
        (first.cookie != NULL && strcmp(first.cookie, second.cookie) != 0))
        fail_msg("%s %s: another session", press->path, typed);
    assert_nothing_done(press, &done, &after);
}

/* One test for each row, in a world of its own. */
static void
pressed_twice_it_leads_on_and_nothing_happens_twice(void **state)
{
    static size_t turn;

    press_twice(*state, &presses[turn++]);
}

static void
every_form_of_our_pages_is_pressed_twice(void **state)
{
    (void)state;
    for (const struct route *route = public_routes; route->method != NULL; route++) {
        bool pressed = false;

        if (!text_eq(route->method, "POST") || route->refuse != REFUSE_PAGE ||
            (route->guards & GUARD_SAME_ORIGIN) == 0)
            continue;
        for (size_t i = 0; i < PRESSES; i++)
            pressed = pressed || text_eq(presses[i].path, route->path);
        if (!pressed)
            fail_msg("%s", route->path);
    }
}

int
main(void)
{
    struct CMUnitTest tests[PRESSES + 1];

    for (size_t i = 0; i < PRESSES; i++)
        tests[i] =
            (struct CMUnitTest)world_sims_test(pressed_twice_it_leads_on_and_nothing_happens_twice);
    tests[PRESSES] = (struct CMUnitTest)cmocka_unit_test(every_form_of_our_pages_is_pressed_twice);
    return world_sims_run(tests);
}
