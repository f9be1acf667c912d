/* SPDX-License-Identifier: Apache-2.0 */
/* A number that is taken: what was proven of it logs in (WCAG 2.2, 3.3.7). AU-11. */
#include "tests/protocols/account/kit.h"

#include "idp/audit/audit.h"

#define PHONE "13800138000"

/* Only who holds the phone learns that it has an account: the page before
 * the code looks the same. */
static void
a_number_that_has_an_account_is_told_to_its_owner_only(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    j = journey_with_code_sent(w, PHONE);
    journey_enter_code(&j, world_sms_code(w, PHONE));
    assert_refused(w, &problem_phone_taken);
    journey_agree(&j);
    assert_refused(w, &problem_transaction_order);
}

/* WCAG 2.2, 3.3.7: C5. */
static void
c5_a_number_that_is_taken_logs_in_as_it_was_proven(void **state)
{
    struct world *w = *state;
    struct journey j;
    size_t sent;

    world_person(w, 0);
    j = journey_with_code_sent(w, PHONE);
    journey_enter_code(&j, world_sms_code(w, PHONE));
    assert_non_null(strstr(w->answer.body, "id=\"login-proven\""));
    sent = world_sms_count(w, PHONE);
    world_audit_mark(w);
    journey_post(&j, "/login/proven", "");
    assert_non_null(strstr(w->answer.body, "id=\"greeting\""));
    assert_audited(w, AUDIT_LOGIN, "sms");
    assert_int_equal(world_sms_count(w, PHONE), sent);
}

static void
a_proof_that_is_too_old_asks_for_a_new_code(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    j = journey_with_code_sent(w, PHONE);
    journey_enter_code(&j, world_sms_code(w, PHONE));
    world_advance(w, 301);
    journey_post(&j, "/login/proven", "");
    assert_refused(w, &problem_phone_proof_old);
    assert_non_null(strstr(w->answer.body, "value=\"13800138000\"")); /* not typed again */
    assert_null(world_cookie(w, "__Host-session"));
}

/* What is carried is what was proven in this transaction, of this number. */
static void
au_11_another_number_takes_the_proof_away(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    j = journey_with_code_sent(w, PHONE);
    journey_post(&j, "/login/proven", "");
    assert_refused(w, &problem_transaction_order); /* sent and not proven */
    world_get(w, arena_printf(w->arena, "/register/code?tx=%s", j.tx));
    journey_arrive(&j);
    journey_enter_code(&j, world_sms_code(w, PHONE));
    journey_send_code(&j, "13800138001");
    journey_post(&j, "/login/proven", "");
    assert_refused(w, &problem_transaction_order);
    assert_null(world_cookie(w, "__Host-session"));
}

/* Back after it is used: the session it made has ended, and it makes no other. */
static void
a_proof_is_good_for_one_login(void **state)
{
    struct world *w = *state;
    struct journey j;
    const char *name = NULL;
    const char *value = NULL;

    world_person(w, 0);
    j = journey_with_code_sent(w, PHONE);
    journey_enter_code(&j, world_sms_code(w, PHONE));
    for (size_t i = 0; i < w->cookies; i++)
        if (strstr(w->jar[i].name, "tx_") != NULL) {
            name = w->jar[i].name;
            value = w->jar[i].value;
        }
    {
        struct journey once = j;

        journey_post(&once, "/login/proven", "");
        world_form_post(w, "/logout", "csrf=%s&decision=yes", world_hidden(w, "csrf"));
    }
    assert_null(world_cookie(w, "__Host-session"));
    world_cookie_put(w, name, value); /* a browser that kept it */
    journey_post(&j, "/login/proven", "");
    assert_refused(w, &problem_transaction_order);
    assert_null(world_cookie(w, "__Host-session"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(a_number_that_has_an_account_is_told_to_its_owner_only),
        world_sims_test(c5_a_number_that_is_taken_logs_in_as_it_was_proven),
        world_sims_test(a_proof_that_is_too_old_asks_for_a_new_code),
        world_sims_test(au_11_another_number_takes_the_proof_away),
        world_sims_test(a_proof_is_good_for_one_login),
    };

    return world_sims_run(tests);
}
