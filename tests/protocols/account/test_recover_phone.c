/* SPDX-License-Identifier: Apache-2.0 */
/* The first pages of a recovery, and how a login by message leads there (AU-18) or to the end of a
 * registration that was left. */
#include "tests/protocols/account/kit.h"

#include "idp/audit/audit.h"
#include "idp/person/vault.h"

static struct journey
log_in_by_message(struct world *w, const char *phone)
{
    struct journey j = { .w = w };

    world_open(w, "/login/sms");
    journey_arrive(&j);
    journey_post(&j, "/login/sms", arena_printf(w->arena, "phone=%s", phone));
    journey_post(&j, "/login/sms/code",
                 arena_printf(w->arena, "code=%s", world_sms_code(w, phone)));
    return j;
}

/* AU-02: the number tells nothing of whose it is. */
static void
au02_a_known_and_an_unknown_number_lead_to_the_same_page(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    (void)recovery_to_identity(w, zhang_san.phone);
    assert_null(strstr(w->answer.body, "138****"));
    w->cookies = 0;
    (void)recovery_to_identity(w, li_xiuying.phone);
}

static void
a_wrong_code_is_told_and_can_be_corrected(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    world_open(w, "/recover");
    journey_arrive(&j);
    recovery_send_code(&j, zhang_san.phone);
    recovery_enter_code(&j, "000000");
    assert_refused(w, &problem_sms_code_wrong);
    recovery_enter_code(&j, world_sms_code(w, zhang_san.phone));
    assert_non_null(strstr(w->answer.body, "id=\"recover-identity-form\""));
}

/* Who changes the number has to prove the new one. */
static void
another_number_is_proven_anew(void **state)
{
    struct world *w = *state;
    struct journey j = recovery_to_identity(w, zhang_san.phone);

    world_get(w, arena_printf(w->arena, "/recover?tx=%s", j.tx));
    journey_arrive(&j);
    recovery_send_code(&j, li_xiuying.phone);
    world_get(w, arena_printf(w->arena, "/recover/identity?tx=%s", j.tx));
    assert_refused(w, &problem_transaction_order);
}

static void
au18_a_number_that_was_not_proven_for_long_needs_a_real_name_proof(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    world_advance(w, 91 * 86400);
    world_audit_mark(w);
    j = log_in_by_message(w, zhang_san.phone);
    assert_refused(w, &problem_phone_stale);
    assert_audited(w, AUDIT_LOGIN_FAILED, "phone_stale");
    assert_null(world_cookie(w, "__Host-session"));
    /* The number is proven: she goes on without another code. */
    assert_non_null(strstr(w->answer.body, "id=\"recover-identity-form\""));
    recovery_identify(&j, &zhang_san);
    recovery_choose(&j, "quite another password");
    assert_non_null(world_cookie(w, "__Host-session"));
}

static void
who_logs_in_by_message_now_and_then_keeps_her_number(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    for (int i = 0; i < 3; i++) {
        world_advance(w, 60 * 86400);
        w->cookies = 0;
        (void)log_in_by_message(w, zhang_san.phone);
        assert_non_null(world_cookie(w, "__Host-session"));
    }
}

static void
a_browser_that_knows_the_number_needs_no_more_than_the_code(void **state)
{
    struct world *w = *state;
    const char *device;

    world_person(w, 0);
    (void)log_in_by_message(w, zhang_san.phone);
    device = arena_text(w->arena, world_cookie(w, "__Host-device"));
    world_advance(w, 120 * 86400);
    w->cookies = 0;
    world_cookie_put(w, "__Host-device", device);
    (void)log_in_by_message(w, zhang_san.phone);
    assert_non_null(world_cookie(w, "__Host-session"));
}

static struct journey
without_password(struct world *w)
{
    (void)journey_to_password(w, &zhang_san); /* and left there */
    world_advance(w, 3600);
    w->cookies = 0;
    return log_in_by_message(w, zhang_san.phone);
}

static void
a_registration_that_was_left_goes_on_with_the_password(void **state)
{
    struct world *w = *state;
    struct journey j = without_password(w);

    assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
    assert_null(world_cookie(w, "__Host-session"));
    journey_choose(&j, "quite another password");
    assert_non_null(world_cookie(w, "__Host-session"));
    assert_int_equal(world_rows_of(w, "credential"), 1);
}

static void
the_password_can_be_left_for_later(void **state)
{
    struct world *w = *state;
    struct journey j = without_password(w);

    journey_post(&j, "/register/password", "skip=yes");
    assert_non_null(world_cookie(w, "__Host-session"));
    assert_int_equal(world_rows_of(w, "credential"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(au02_a_known_and_an_unknown_number_lead_to_the_same_page),
        world_sims_test(a_wrong_code_is_told_and_can_be_corrected),
        world_sims_test(another_number_is_proven_anew),
        world_sims_test(au18_a_number_that_was_not_proven_for_long_needs_a_real_name_proof),
        world_sims_test(who_logs_in_by_message_now_and_then_keeps_her_number),
        world_sims_test(a_browser_that_knows_the_number_needs_no_more_than_the_code),
        world_sims_test(a_registration_that_was_left_goes_on_with_the_password),
        world_sims_test(the_password_can_be_left_for_later),
    };

    return world_sims_run(tests);
}
