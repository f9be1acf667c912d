/* SPDX-License-Identifier: Apache-2.0 */
/* The bank's word, in each of its tones, and BK-01, 02, 03, 13, 14,
 * 15, 19, 22; TX-06 to TX-18. */
#include "tests/protocols/account/kit.h"

#include "idp/audit/audit.h"
#include "idp/person/vault.h"
#include "idp/tables/bank.h"
#include "policies/bank_card.h"

struct tone {
    struct applying who;
    const struct problem *problem; /* NULL: registered */
    const char *outcome;           /* of the audit record */
    bool counts;
};

static const struct tone tones[] = {
    { { "赵敏华", "440111198801120049", "6216260000100890061", "13800138061" },
      &problem_bank_card_unusable,
      "card_invalid",
      true },
    { { "许慎言", "44011119860614001X", "6216260000102540060", "13800138060" },
      &problem_bank_refused,
      "refused",
      true },
    { { "钱进宝", "440111197905220031", "6216260000100950063", "13800138063" },
      &problem_bank_card_unusable,
      "card_state",
      true },
    { { "孙丽娟", "440111199307180024", "6216260000101010073", "13800138073" },
      &problem_bank_card_unusable,
      "card_state",
      true },
    { { "周建国", "440111195510010014", "6216260000101150077", "13800138077" },
      &problem_bank_card_unusable,
      "unsupported",
      true },
    { { "吴立刚", "440111198206300037", "6216260000101220037", "13800138037" },
      &problem_bank_limit,
      "rate_limited",
      true },
    { { "郑和平", "440111197001010031", "6216260000101300003", "13800138039" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "冯静仪", "440111199602140025", "6216260000101440098", "13800138098" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "陈晓东", "440111198709230018", "6216260000101520097", "13800138097" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "褚云飞", "440111199105050037", "6216260000101610096", "13800138096" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "卫东明", "44011119680808001X", "6216260000101700095", "13800138095" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "蒋大为", "440111197404040016", "6216260000101871094", "13800138941" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "沈二妹", "44011119740405002X", "6216260000101932094", "13800138942" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "韩三强", "440111197404060033", "6216260000102093094", "13800138943" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "何试网", "440111197404070012", "6216260000102494094", "13800138944" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "杨百川", "440111198407070012", "6216260000102121093", "13800138931" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "朱千里", "440111198407080034", "6216260000102282093", "13800138932" },
      &problem_bank_unknown,
      "unknown",
      false },
    { { "秦再问", "440111199209290019", "6216260000102310092", "13800138092" },
      &problem_bank_unknown,
      "unknown",
      false },
};

static void
assert_nobody_was_made(struct world *w)
{
    assert_int_equal(world_rows_of(w, "person"), 0);
    assert_int_equal(world_rows_of(w, "person_key"), 0);
    assert_int_equal(world_rows_of(w, "evidence"), 0);
    assert_int_equal(world_rows_of(w, "bank_card"), 0);
}

static void
each_answer_of_the_bank_has_its_sentence_and_counts_only_when_it_is_one(void **state)
{
    for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); i++) {
        const struct tone *tone = &tones[i];
        bool unknown = text_eq(tone->outcome, "unknown");
        struct world *w;
        struct journey j;

        if (i > 0) {
            world_teardown(state);
            world_setup_with_sims(state);
        }
        w = *state;
        j = journey_to_identity(w, tone->who.phone);
        journey_identify(&j, &tone->who);
        assert_refused(w, tone->problem);
        assert_audited(w, unknown ? AUDIT_BANK_UNKNOWN : AUDIT_BANK_RESULT, tone->outcome);
        assert_int_equal(ledger_count(w, ATTEMPT_BANK_PERSON_DAY), tone->counts);
        assert_int_equal(ledger_count(w, ATTEMPT_BANK_CARD_DAY), tone->counts);
        assert_nobody_was_made(w);
        /* What was typed is kept, so that pressing the button again is all there is to do. */
        assert_non_null(strstr(w->answer.body, tone->who.identity_number));
        assert_non_null(strstr(w->answer.body, bank_card_grouped(w->arena, tone->who.bank_card)));
    }
}

/* 092 comes to itself by the second question; 098 said nothing at all: the network
 * had the order all the same. */
static void
pressing_again_asks_about_the_same_order(void **state)
{
    static const struct applying who[] = {
        { "秦再问", "440111199209290019", "6216260000102310092", "13800138092" },
        { "冯静仪", "440111199602140025", "6216260000101440098", "13800138098" },
    };
    struct world *w = *state;

    for (size_t i = 0; i < 2; i++) {
        struct world_bank_traffic before = world_bank_traffic(w);
        struct journey j = journey_to_identity(w, who[i].phone);
        struct world_bank_traffic after;

        journey_identify(&j, &who[i]);
        assert_refused(w, &problem_bank_unknown);
        journey_identify(&j, &who[i]);
        assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
        after = world_bank_traffic(w);
        assert_int_equal(after.checks - before.checks, 1);
        assert_int_equal(after.queries - before.queries, 1);
    }
    assert_int_equal(world_rows_of(w, "person"), 2);
}

static void
a_name_the_bank_does_not_know_is_a_mismatch_and_counts(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_identity(w, zhang_san.phone);
    struct applying other = zhang_san;

    other.name = "张四";
    journey_identify(&j, &other);
    assert_refused(w, &problem_bank_mismatch);
    assert_audited(w, AUDIT_BANK_RESULT, "mismatch");
    assert_int_equal(ledger_count(w, ATTEMPT_BANK_PERSON_DAY), 1);
    assert_nobody_was_made(w);
}

/* BK-13 */
static void
the_fourth_guess_about_a_person_is_not_asked(void **state)
{
    static const char *const names[] = { "张四", "张五", "张六", "张三" };
    struct world *w = *state;
    struct journey j = journey_to_identity(w, zhang_san.phone);
    struct world_bank_traffic before = world_bank_traffic(w);

    for (size_t i = 0; i < 4; i++) {
        struct applying guess = zhang_san;

        guess.name = names[i];
        journey_identify(&j, &guess);
        assert_refused(w, i < 3 ? &problem_bank_mismatch : &problem_bank_limit);
    }
    assert_int_equal(world_bank_traffic(w).checks - before.checks, 3);
    assert_audited(w, AUDIT_BANK_LIMIT, "person");
    assert_nobody_was_made(w);
}

static void
the_sixth_guess_about_a_card_is_not_asked(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_identity(w, zhang_san.phone);
    struct world_bank_traffic before = world_bank_traffic(w);

    for (size_t i = 0; i < 6; i++) {
        struct applying guess = tones[i].who;

        guess.bank_card = zhang_san.bank_card;
        guess.phone = zhang_san.phone;
        journey_identify(&j, &guess);
        assert_refused(w, i < 5 ? &problem_bank_mismatch : &problem_bank_limit);
    }
    assert_int_equal(world_bank_traffic(w).checks - before.checks, 5);
    assert_audited(w, AUDIT_BANK_LIMIT, "card");
}

/* BK-03 */
static void
a_bank_that_is_down_is_unknown_then_left_alone(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_identity(w, zhang_san.phone);
    int64_t before;

    world_bank_control(w, "down=on");
    for (size_t i = 0; i < 10; i++) {
        journey_identify(&j, &zhang_san);
        assert_refused(w, &problem_bank_unknown);
    }
    before = world_bank_traffic(w).checks;
    journey_identify(&j, &(struct applying) { li_xiuying.name, li_xiuying.identity_number,
                                              li_xiuying.bank_card, zhang_san.phone });
    assert_refused(w, &problem_bank_unavailable);
    world_bank_control(w, "down=off");
    assert_int_equal(world_bank_traffic(w).checks, before);
    assert_nobody_was_made(w);
}

/* BK-15 */
static void
one_card_proves_one_person(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct digest card = card_digest(&ctx, zhang_san.bank_card);
    struct journey j = journey_to_identity(w, zhang_san.phone);

    assert_int_equal(
        store_bank_card_insert(w->store, &(struct stored_bank_card) { .digest = card,
                                                                      .person_id = "p_somebody",
                                                                      .issuer_bin = "621626",
                                                                      .last_four = "0018" }),
        OK);
    journey_identify(&j, &zhang_san);
    assert_refused(w, &problem_bank_card_unusable);
    assert_audited(w, AUDIT_BANK_CARD_REUSED, NULL);
    assert_int_equal(world_rows_of(w, "person"), 0);
}

/* AU-02: what somebody who has an account is told is told after the whole proof alone. */
static void
au02_who_is_registered_already_is_offered_a_repair_once_she_has_proven_it(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0); /* with Zhang San's identity number */
    j = journey_to_identity(w, "13900139000");
    assert_null(strstr(w->answer.body, "138****8000"));
    journey_identify(&j,
                     &zhang_san); /* the number kept at the bank is another: a code goes to it */
    journey_post(&j, "/register/identity",
                 arena_printf(w->arena, "%s&bank_code=%s", journey_identity_fields(w, &zhang_san),
                              world_sms_code(w, zhang_san.phone)));
    assert_non_null(strstr(w->answer.body, "id=\"recover-password-form\""));
    assert_non_null(strstr(w->answer.body, "138****8000"));
    assert_non_null(strstr(w->answer.body, "139****9000"));
    assert_null(strstr(w->answer.body, "13800138000"));
    assert_audited(w, AUDIT_PERSON_DUPLICATE, NULL);
    assert_int_equal(world_rows_of(w, "person"), 1);
    recovery_choose(&j, "quite another password");
    assert_non_null(world_cookie(w, "__Host-session"));
    assert_audited(w, AUDIT_PHONE_CHANGED, "recovered");
}

/* Marked so by an operator; no authority is asked yet. */
static void
bk17_nobody_registers_as_somebody_who_is_known_to_have_died(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct journey j;

    assert_int_equal(store_person_set_state(w->store, person_id, PERSON_DECEASED, WORLD_NOW), OK);
    j = journey_to_identity(w, "13900139000");
    journey_identify(&j, &zhang_san);
    journey_post(&j, "/register/identity",
                 arena_printf(w->arena, "%s&bank_code=%s", journey_identity_fields(w, &zhang_san),
                              world_sms_code(w, zhang_san.phone)));
    assert_refused(w, &problem_account_stopped);
    assert_audited(w, AUDIT_RECOVERY_REJECTED, "state");
    assert_int_equal(world_rows_of(w, "person"), 1);
    assert_null(world_cookie(w, "__Host-session"));
}

static void
all_that_is_wrong_is_told_at_once(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_identity(w, zhang_san.phone);
    static const struct problem *const told[] = { &problem_name_invalid,
                                                  &problem_identity_number_invalid,
                                                  &problem_bank_card_invalid,
                                                  &problem_phone_invalid };

    journey_post(&j, "/register/identity", "name=&identity_number=1&bank_card=2&bank_phone=3");
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
        assert_non_null(strstr(w->answer.body, problem_text(told[i], LANGUAGE_ZH_CN)));
}

static void
the_number_kept_at_the_bank_needs_a_code_of_its_own(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_identity(w, "13900139000");
    struct world_bank_traffic before = world_bank_traffic(w);
    const char *fields = journey_identity_fields(w, &zhang_san);
    size_t messages = world_sms_count(w, zhang_san.phone);

    journey_post(&j, "/register/identity", fields);
    assert_int_equal(w->answer.status, 200); /* a further step, and no mistake */
    assert_null(strstr(w->answer.body, problem_text(&problem_bank_code_needed, LANGUAGE_ZH_CN)));
    assert_int_equal(world_sms_count(w, zhang_san.phone), messages + 1);
    assert_int_equal(world_bank_traffic(w).checks, before.checks);
    journey_post(&j, "/register/identity", arena_printf(w->arena, "%s&bank_code=000000", fields));
    assert_refused(w, &problem_sms_code_wrong);
    journey_post(&j, "/register/identity", arena_printf(w->arena, "%s&bank_code=12", fields));
    assert_refused(w, &problem_sms_code_malformed);
    assert_int_equal(world_bank_traffic(w).checks, before.checks);
    journey_post(
        &j, "/register/identity",
        arena_printf(w->arena, "%s&bank_code=%s", fields, world_sms_code(w, zhang_san.phone)));
    assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
    assert_int_equal(world_bank_traffic(w).checks, before.checks + 1);
}

static void
a_second_press_makes_no_second_person(void **state)
{
    struct world *w = *state;
    struct journey first = journey_to_identity(w, zhang_san.phone);
    struct journey second = first;

    journey_identify(&first, &zhang_san);
    assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
    journey_identify(&second, &zhang_san);
    assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
    assert_int_equal(world_rows_of(w, "person"), 1);
    assert_int_equal(world_rows_of(w, "evidence"), 2);
    assert_int_equal(world_audit_count(w, AUDIT_PERSON_REGISTERED), 1);
}

/* A child of 13 years and 364 days, and one who is 14 today (Beijing's calendar; 2026-01-01). */
static void
under_fourteen_is_sent_to_a_counter_and_nothing_is_kept(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_identity(w, zhang_san.phone);
    struct world_bank_traffic before = world_bank_traffic(w);
    struct applying child = zhang_san;

    child.identity_number = "110105201201020010";
    journey_identify(&j, &child);
    assert_refused(w, &problem_guardian_required);
    assert_audited(w, AUDIT_MINOR_BLOCKED, NULL);
    assert_int_equal(world_bank_traffic(w).checks, before.checks);
    assert_int_equal(ledger_count(w, ATTEMPT_BANK_PERSON_DAY), 0);
    child.identity_number = "110105201201010058";
    journey_identify(&j, &child);
    assert_refused(w, &problem_bank_mismatch);
}

struct refusal {
    const char *field;
    const char *value;
    const struct problem *problem;
};

static void
what_cannot_be_right_is_told_beside_its_field_and_the_bank_is_not_asked(void **state)
{
    static const struct refusal refusals[] = {
        { "name", "", &problem_name_invalid },
        { "name", "张\xe2\x80\x8b三", &problem_name_invalid }, /* TX-06: zero width */
        { "name", "张\xe2\x80\xae三", &problem_name_invalid }, /* TX-06: bidirectional */
        { "identity_number", "110105194912310021", &problem_identity_number_invalid }, /* TX-08 */
        { "identity_number", "110105199902300015", &problem_identity_number_invalid },
        { "identity_number", "11010520300101001X", &problem_identity_number_invalid },
        { "identity_number", "130503670401001", &problem_identity_number_old }, /* TX-09 */
        { "bank_card", "6216261000000000019", &problem_bank_card_invalid },     /* BK-22: Luhn */
        { "bank_card", "62162610000000000a8", &problem_bank_card_invalid },
        { "bank_card", "621626100000000001862162610000", &problem_bank_card_invalid },
        { "bank_phone", "123", &problem_phone_invalid },
    };
    struct world *w = *state;
    struct journey j = journey_to_identity(w, zhang_san.phone);
    struct world_bank_traffic before = world_bank_traffic(w);

    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        const struct refusal *r = &refusals[i];
        struct applying who = zhang_san;

        if (text_eq(r->field, "name"))
            who.name = r->value;
        else if (text_eq(r->field, "identity_number"))
            who.identity_number = r->value;
        else if (text_eq(r->field, "bank_card"))
            who.bank_card = r->value;
        else
            who.phone = r->value;
        journey_identify(&j, &who);
        assert_refused(w, r->problem);
        assert_non_null(
            strstr(w->answer.body, arena_printf(w->arena, "id=\"%s-problem\"", r->field)));
    }
    assert_int_equal(world_bank_traffic(w).checks, before.checks);
    assert_nobody_was_made(w);
}

/* TX-07, TX-12, TX-13, TX-18: other spellings of the same person. */
static void
every_spelling_of_a_person_is_the_same_person(void **state)
{
    static const struct applying spellings[] = {
        { "阿卜杜拉•买买提", "６５０１０２１９７８０３０３００１０", "6216 2600 0010 0420 018",
          "+86 138-0013-8004" },
        { "张𠮷", "440604198506070011", "6216260000100340018", "13800138003" },
        { " 张三 ", "11010519491231002x", "6216261000000000018", "008613800138000" },
    };
    static const char *const names[] = { "阿卜杜拉·买买提", "张𠮷", "张三" };
    static const char *const phones[] = { "13800138004", "13800138003", "13800138000" };
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    for (size_t i = 0; i < 3; i++) {
        struct journey j = journey_to_identity(w, phones[i]);
        const char *person_id;
        struct person person;

        journey_identify(&j, &spellings[i]);
        assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
        assert_int_equal(
            person_find_by_phone(&ctx, arena_printf(w->arena, "+86%s", phones[i]), &person_id), OK);
        assert_int_equal(person_load(&ctx, person_id, &person), OK);
        assert_string_equal(person.name, names[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(each_answer_of_the_bank_has_its_sentence_and_counts_only_when_it_is_one),
        world_sims_test(pressing_again_asks_about_the_same_order),
        world_sims_test(a_name_the_bank_does_not_know_is_a_mismatch_and_counts),
        world_sims_test(the_fourth_guess_about_a_person_is_not_asked),
        world_sims_test(the_sixth_guess_about_a_card_is_not_asked),
        world_sims_test(a_bank_that_is_down_is_unknown_then_left_alone),
        world_sims_test(one_card_proves_one_person),
        world_sims_test(au02_who_is_registered_already_is_offered_a_repair_once_she_has_proven_it),
        world_sims_test(bk17_nobody_registers_as_somebody_who_is_known_to_have_died),
        world_sims_test(all_that_is_wrong_is_told_at_once),
        world_sims_test(the_number_kept_at_the_bank_needs_a_code_of_its_own),
        world_sims_test(a_second_press_makes_no_second_person),
        world_sims_test(under_fourteen_is_sent_to_a_counter_and_nothing_is_kept),
        world_sims_test(what_cannot_be_right_is_told_beside_its_field_and_the_bank_is_not_asked),
        world_sims_test(every_spelling_of_a_person_is_the_same_person),
    };

    return world_sims_run(tests);
}
