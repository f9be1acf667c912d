/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store that fails at any statement of a registration's steps: once, or from there on. Who is told to try again may
 * do so a minute later in the same form.
 */
#include "tests/protocols/account/kit.h"

#include "tests/flows/failing_store.h"
#include "tests/store_kit.h"

#define STATEMENTS_MAX 60

/* A step of the journey: the form that is about to be sent, and what the page behind it shows. */
struct registration_step {
    struct world_call (*ready)(struct world *w);
    const char *next;
    bool (*or_else)(struct world *w); /* what she may find when she tries again; NULL: that */
};

static struct world_call
form_call(struct journey *j, const char *path, const char *fields)
{
    return (struct world_call) { .target = path,
                                 .form = arena_printf(j->w->arena, "tx=%s&csrf=%s&%s", j->tx,
                                                      j->csrf, fields) };
}

static struct world_call
ready_phone(struct world *w)
{
    struct journey j = journey_begin(w);

    return form_call(&j, "/register", "phone=13800138000");
}

static struct world_call
ready_code(struct world *w)
{
    struct journey j = journey_begin(w);

    journey_send_code(&j, zhang_san.phone);
    assert_int_equal(w->answer.status, 200);
    return form_call(&j, "/register/code",
                     arena_printf(w->arena, "code=%s", world_sms_code(w, zhang_san.phone)));
}

static struct world_call
ready_identity(struct world *w)
{
    struct journey j = journey_to_identity(w, zhang_san.phone);

    return form_call(&j, "/register/identity", journey_identity_fields(w, &zhang_san));
}

static struct world_call
ready_password(struct world *w)
{
    struct journey j = journey_to_password(w, &zhang_san);
    const char *typed = world_url(w, WORLD_PASSWORD);

    return form_call(&j, "/register/password",
                     arena_printf(w->arena, "password=%s&password_again=%s", typed, typed));
}

static bool
shows(struct world *w, const char *part)
{
    return strstr(w->answer.body, part) != NULL;
}

static bool
offers_another_code(struct world *w)
{
    return shows(w, "id=\"register-code-form\"") && shows(w, "id=\"code-problem\"");
}

/* A second first password is refused; with the one that was kept she logs in. */
static bool
has_her_password(struct world *w)
{
    struct journey j = { .w = w };

    if (!shows(w, "id=\"error-transaction_order\""))
        return false;
    world_open(w, "/login");
    journey_arrive(&j);
    journey_post(&j, "/login",
                 arena_printf(w->arena, "phone=%s&password=%s", zhang_san.phone,
                              world_url(w, WORLD_PASSWORD)));
    return shows(w, "id=\"greeting\"");
}

/* True when no statement was left to fail at. */
static bool
registration_fails_at(struct world *w, const struct registration_step *step, int statement,
                      bool for_good)
{
    struct world_call call;

    kit_database_reset();
    w->cookies = 0;
    call = step->ready(w);
    failing_begin_at(w, statement, for_good);
    world_send(w, &call);
    failing_end(w);
    world_follow_mistake(w);
    if (!is_put_off(w)) {
        journey_arrive(&(struct journey) { .w = w });
        assert_true(shows(w, step->next));
        return failing.failures == 0;
    }
    world_advance(w, 60);
    world_send(w, &call);
    world_follow_mistake(w);
    journey_arrive(&(struct journey) { .w = w });
    if (!shows(w, step->next) && (step->or_else == NULL || !step->or_else(w)))
        fail_msg("%s: after statement %d failed, it answers %d: %s", call.target, statement,
                 w->answer.status, w->answer.body);
    return false;
}

static void
assert_goes_on(struct world *w, const struct registration_step *step)
{
    for (int for_good = 0; for_good < 2; for_good++) {
        int statement = 1;

        while (!registration_fails_at(w, step, statement, for_good != 0))
            statement++;
        assert_in_range(statement, 2, STATEMENTS_MAX);
    }
}

static void
a_code_is_sent_or_may_be_asked_for_again(void **state)
{
    assert_goes_on(*state,
                   &(struct registration_step) { ready_phone, "id=\"register-code-form\"", NULL });
}

/* A code that was spent before the store failed is dead; the page offers another one. */
static void
a_code_is_taken_or_another_may_be_asked_for(void **state)
{
    assert_goes_on(*state, &(struct registration_step) { ready_code, "id=\"register-notice-form\"",
                                                         offers_another_code });
}

static void
a_card_is_checked_or_may_be_sent_again(void **state)
{
    assert_goes_on(*state, &(struct registration_step) { ready_identity,
                                                         "id=\"register-password-form\"", NULL });
}

static void
an_account_is_made_or_may_be_made_again_or_logged_into(void **state)
{
    assert_goes_on(*state, &(struct registration_step) { ready_password, "id=\"greeting\"",
                                                         has_her_password });
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(a_code_is_sent_or_may_be_asked_for_again),
        world_sims_test(a_code_is_taken_or_another_may_be_asked_for),
        world_sims_test(a_card_is_checked_or_may_be_sent_again),
        world_sims_test(an_account_is_made_or_may_be_made_again_or_logged_into),
    };

    return world_sims_run(tests);
}
