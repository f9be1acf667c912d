/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/account/kit.h"

#include "idp/audit/audit.h"
#include "idp/person/registration.h"
#include "idp/person/vault.h"
#include "idp/tables/consent.h"

static struct journey
at_notice(struct world *w)
{
    struct journey j = journey_begin(w);

    journey_send_code(&j, zhang_san.phone);
    journey_enter_code(&j, world_sms_code(w, zhang_san.phone));
    assert_non_null(strstr(w->answer.body, "id=\"register-notice-form\""));
    return j;
}

static void
both_boxes_must_be_ticked(void **state)
{
    struct world *w = *state;
    struct journey j = at_notice(w);

    journey_post(&j, "/register/notice", "");
    assert_refused(w, &problem_consent_missing);
    assert_non_null(strstr(w->answer.body, "id=\"agree_registration-problem\""));
    journey_post(&j, "/register/notice", "agree_registration=yes");
    assert_refused(w, &problem_consent_missing);
    assert_non_null(strstr(w->answer.body, "id=\"agree_bank-problem\""));
    journey_post(&j, "/register/notice", "agree_bank=yes");
    assert_refused(w, &problem_consent_missing);
    assert_int_equal(world_rows_of(w, "consent"), 0);
}

static void
consents_are_stored_apart_before_the_bank_is_asked(void **state)
{
    struct world *w = *state;
    struct world_bank_traffic before = world_bank_traffic(w);
    struct journey j = at_notice(w);

    journey_agree(&j);
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_rows_of(w, "consent"), 2);
    assert_int_equal(world_audit_count(w, AUDIT_CONSENT_GIVEN), 2);
    assert_int_equal(world_bank_traffic(w).checks, before.checks);
}

static const char *
stored_person_id(struct world *w)
{
    static const char sql[] = "SELECT person_id FROM consent WHERE purpose = $1";
    const struct arg args[] = { arg_text(PURPOSE_BANK_CHECK), ARG_END };
    const char *person_id = NULL;
    const struct out outs[] = { out_text(&person_id), OUT_END };

    assert_int_equal(
        store_run(w->store,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }),
        OK);
    return person_id;
}

static void
the_consent_belongs_to_the_person_who_is_made_later(void **state)
{
    struct world *w = *state;
    struct journey j = at_notice(w);
    struct stored_consent given;
    struct consent_subject subject = { .purpose = PURPOSE_BANK_CHECK, .partner_id = "" };

    journey_agree(&j);
    subject.person_id = stored_person_id(w);
    assert_int_equal(store_consent_find(w->store, w->arena, &subject, &given), OK);
    assert_string_equal(given.channel, "web");
    assert_int_equal(given.given_at, WORLD_NOW);
}

static void
without_a_stored_consent_the_bank_is_not_asked(void **state)
{
    static const char sql[] = "DELETE FROM consent";
    const struct arg none[] = { ARG_END };
    struct world *w = *state;
    struct world_bank_traffic before = world_bank_traffic(w);
    struct journey j = at_notice(w);

    journey_agree(&j);
    assert_int_equal(store_run(w->store, &(struct query) { .sql = sql, .args = none }), OK);
    journey_identify(&j, &zhang_san);
    assert_refused(w, &problem_transaction_order);
    assert_int_equal(world_bank_traffic(w).checks, before.checks);
}

static void
agree_in(struct world *w, const char *language, const char *phone)
{
    struct journey j = { .w = w };

    world_send(w, &(struct world_call) { .target = "/register", .language = language });
    journey_arrive(&j);
    journey_send_code(&j, phone);
    journey_enter_code(&j, world_sms_code(w, phone));
    world_send(
        w, &(struct world_call) {
               .target = "/register/notice",
               .form = arena_printf(w->arena, "tx=%s&csrf=%s&agree_registration=yes&agree_bank=yes",
                                    j.tx, j.csrf),
               .language = language });
    assert_int_equal(w->answer.status, 303);
}

/* What somebody agreed to is found again by the digest of its words. */
static void
the_digest_is_that_of_the_language_read(void **state)
{
    static const char sql[] =
        "SELECT count(*) FROM (SELECT text_digest FROM consent GROUP BY text_digest) AS texts";
    const struct arg none[] = { ARG_END };
    struct world *w = *state;
    int64_t texts = 0;
    const struct out outs[] = { out_int(&texts), OUT_END };

    agree_in(w, "zh-CN", "13800138000");
    agree_in(w, "en", "13800138001");
    agree_in(w, "en", "13800138002");
    assert_int_equal(world_rows_of(w, "consent"), 6);
    assert_int_equal(
        store_run(w->store,
                  &(struct query) { .sql = sql, .args = none, .outs = outs, .arena = w->arena }),
        OK);
    assert_int_equal(texts, 2);
}

static void
z4_one_form_gives_its_two_consents_once_and_the_registration_goes_on(void **state)
{
    struct world *w = *state;
    struct journey j = journey_begin(w);
    const char *form;

    journey_send_code(&j, zhang_san.phone);
    journey_enter_code(&j, world_sms_code(w, zhang_san.phone));
    form =
        arena_printf(w->arena, "tx=%s&csrf=%s&agree_registration=yes&agree_bank=yes", j.tx, j.csrf);
    world_audit_mark(w);
    for (int i = 0; i < 4000; i++) {
        world_form_post(w, "/register/notice", "%s", form);
        assert_true(text_starts(world_header(w, "Location"), "/register/identity?tx="));
    }
    assert_int_equal(world_rows_of(w, "consent"), 2);
    assert_int_equal(world_audit_count(w, AUDIT_CONSENT_GIVEN), 2);
    journey_arrive(&j);
    journey_identify(&j, &zhang_san);
    assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
}

/* The person ticks them, never a link. */
static void
the_boxes_cannot_be_ticked_by_an_address(void **state)
{
    struct world *w = *state;
    struct journey j = journey_begin(w);

    journey_send_code(&j, zhang_san.phone);
    journey_enter_code(&j, world_sms_code(w, zhang_san.phone));
    world_get(w,
              arena_printf(w->arena, "/register/notice?tx=%s&agree_registration=yes&agree_bank=yes",
                           j.tx));
    assert_int_equal(w->answer.status, 200);
    assert_null(strstr(w->answer.body, "checked"));
}

/* Another text is another word: the old one stays as what was agreed to then. */
static void
the_notice_read_in_the_other_language_takes_the_place_of_the_first(void **state)
{
    struct world *w = *state;
    struct journey j = at_notice(w);

    journey_agree(&j);
    for (int i = 0; i < 2; i++) {
        world_get(w, arena_printf(w->arena, "/register/notice?tx=%s&ui_locales=en", j.tx));
        world_form_post(w, "/register/notice",
                        "tx=%s&csrf=%s&agree_registration=yes&agree_bank=yes",
                        world_hidden(w, "tx"), world_hidden(w, "csrf"));
        assert_int_equal(w->answer.status, 303);
        assert_int_equal(world_rows_of(w, "consent"), 4);
    }
}

/* AU-17, AU-18: operators give numbers away again after 90 days. */
static void
au18_a_recycled_number_starts_a_new_account_and_leaves_the_old_one(void **state)
{
    struct world *w = *state;
    const char *before = world_person(w, 0);
    struct journey j;
    struct ctx ctx;
    struct person person;
    struct session session;
    const char *elsewhere;

    world_advance(w, 91 * 86400);
    world_log_in(w, 0);
    elsewhere = world_cookie(w, "__Host-session");
    w->cookies = 0;
    j = at_notice(w);
    journey_agree(&j);
    assert_refused(w, &problem_phone_take_over);
    assert_non_null(strstr(w->answer.body, "id=\"take_over-problem\""));
    journey_post(&j, "/register/notice", "agree_registration=yes&agree_bank=yes&take_over=yes");
    world_audit_mark(w);
    journey_post(
        &j, "/register/identity",
        journey_identity_fields(w, &(struct applying) { li_xiuying.name, li_xiuying.identity_number,
                                                        li_xiuying.bank_card, li_xiuying.phone }));
    journey_post(&j, "/register/identity",
                 arena_printf(w->arena, "%s&bank_code=%s", journey_identity_fields(w, &li_xiuying),
                              world_sms_code(w, li_xiuying.phone)));
    assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
    assert_audited(w, AUDIT_PHONE_RECYCLED, "registered");
    ctx = world_ctx(w);
    assert_int_equal(person_load(&ctx, before, &person), OK);
    assert_string_equal(person.phone, "");
    assert_int_equal(session_load(&ctx, elsewhere, &session), OK);
    assert_false(session.live);
}

static void
a_number_that_its_account_has_used_lately_is_taken(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    world_advance(w, 89 * 86400);
    j = journey_begin(w);
    journey_send_code(&j, zhang_san.phone);
    journey_enter_code(&j, world_sms_code(w, zhang_san.phone));
    assert_refused(w, &problem_phone_taken);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(both_boxes_must_be_ticked),
        world_sims_test(au18_a_recycled_number_starts_a_new_account_and_leaves_the_old_one),
        world_sims_test(a_number_that_its_account_has_used_lately_is_taken),
        world_sims_test(consents_are_stored_apart_before_the_bank_is_asked),
        world_sims_test(the_consent_belongs_to_the_person_who_is_made_later),
        world_sims_test(without_a_stored_consent_the_bank_is_not_asked),
        world_sims_test(the_digest_is_that_of_the_language_read),
        world_sims_test(z4_one_form_gives_its_two_consents_once_and_the_registration_goes_on),
        world_sims_test(the_notice_read_in_the_other_language_takes_the_place_of_the_first),
        world_sims_test(the_boxes_cannot_be_ticked_by_an_address),
    };

    return world_sims_run(tests);
}
