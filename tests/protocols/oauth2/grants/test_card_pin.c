/* SPDX-License-Identifier: Apache-2.0 */
/* A card in the reader of a terminal, and its PIN. */
#include "idp/person/card.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "idp/session/stop.h"
#include "keys/jws.h"
#include "tests/protocols/oauth2/terminal_kit.h"

#define PIN "123456"

static struct kiosk
kiosk_ready(struct world *w)
{
    struct kiosk kiosk;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    world_card_control(w, "manner=ok&card_no=X00000019&state=normal&pin=" PIN);
    world_person(w, 0);
    return kiosk;
}

/* A reading of its own, with that PIN. */
static void
try_pin(struct kiosk *kiosk, const char *pin)
{
    kiosk_card(kiosk, kiosk_reading(kiosk, &(struct reading_says) { 0 }), pin);
}

static void
try_reading(struct kiosk *kiosk, const struct reading_says *says)
{
    kiosk_card(kiosk, kiosk_reading(kiosk, says), PIN);
}

static struct standing
standing_of(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct standing standing;

    assert_int_equal(evidence_standing(&ctx, world_person(w, 0), &standing), OK);
    return standing;
}

/* --- Both are right --- */

static void
card_and_pin_are_a_login_of_l3(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);
    struct world_tokens tokens;
    struct jws jws;

    try_pin(&kiosk, PIN);
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_CARD_RESULT, "match");
    assert_audited(w, AUDIT_LOGIN, "sc pin");
    tokens = world_tokens_of(w);
    assert_string_equal(world_json(w, "token_type"), "DPoP");
    assert_string_equal(world_json(w, "scope"), "openid profile");
    assert_non_null(tokens.refresh);
    assert_int_equal(jws_read(w->arena, tokens.id, &jws), OK);
    assert_non_null(strstr((const char *)jws.payload.at, "\"acr\":\"urn:hrss:acr:l3\""));
    assert_non_null(strstr((const char *)jws.payload.at, "\"amr\":[\"sc\",\"pin\"]"));
    assert_int_equal(standing_of(w).kind, EVIDENCE_CARD_PIN);
    assert_int_equal(standing_of(w).level, 3);
    assert_string_equal(standing_of(w).source, "Social Security Card Office");
}

static void
a_card_that_is_used_every_day_does_not_fill_the_file(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);
    int64_t rows;

    try_pin(&kiosk, PIN);
    rows = world_rows_of(w, "evidence");
    world_advance(w, 86400);
    try_pin(&kiosk, PIN);
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_rows_of(w, "evidence"), rows);
    world_advance(w, 30 * 86400);
    try_pin(&kiosk, PIN);
    assert_int_equal(world_rows_of(w, "evidence"), rows + 1);
}

/* --- The reading --- */

static void
a_reading_is_taken_as_the_terminal_signed_it(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);
    struct holder thief = holder_new(w);
    const struct {
        struct reading_says says;
        const char *reason;
    } cases[] = {
        { { .typ = "JWT" }, "jws" },
        { { .by = &thief }, "jws" },
        { { .iss = "others" }, "iss" },
        { { .sub = "t_0000000000" }, "sub" },
        { { .aud = "https://other.example" }, "aud" },
        { { .iat_in = -121 }, "iat" },
        { { .iat_in = 61 }, "iat" },
        { { .exp_in = -1 }, "exp" },
        { { .exp_in = 181 }, "exp" },
        { { .jti = "" }, "jti" },
        { { .text = "330500|11010519491231002X|" }, "fields" },
        { { .text = "330600|11010519491231002X|X00000019|33050000000000000000000000000019|张三|"
                    "|3.00|20200101|20300101|330500000001|K1|" },
          "card_id" },
    };
    int64_t spent = world_rows_of(w, "spent");

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        try_reading(&kiosk, &cases[i].says);
        assert_refused(w, &problem_card_reading_invalid);
        assert_audited(w, AUDIT_CARD_REJECTED, cases[i].reason);
    }
    /* Assertion and proof, and no reading. */
    assert_int_equal(world_rows_of(w, "spent"),
                     spent + 2 * (int64_t)(sizeof(cases) / sizeof(cases[0])));
    kiosk_card(&kiosk, "nothing", PIN);
    assert_refused(w, &problem_card_reading_invalid);
}

static void
a_reading_is_good_for_one_pin(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);
    const char *reading = kiosk_reading(&kiosk, &(struct reading_says) { 0 });

    kiosk_card(&kiosk, reading, "9999");
    assert_refused(w, &problem_card_pin_wrong);
    kiosk_card(&kiosk, reading, PIN);
    assert_refused(w, &problem_card_reading_invalid);
    assert_audited(w, AUDIT_CARD_REJECTED, "replayed");
}

static void
what_is_missing_or_malformed_costs_nothing(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);
    const char *reading = kiosk_reading(&kiosk, &(struct reading_says) { 0 });

    kiosk_post(&kiosk, "grant_type=" CARD_PIN_GRANT "&scope=openid&pin=" PIN);
    assert_refused(w, &problem_card_reading_missing);
    kiosk_card(&kiosk, reading, "123");
    assert_refused(w, &problem_card_pin_malformed);
    kiosk_card(&kiosk, reading, "12345678901234567");
    assert_refused(w, &problem_card_pin_malformed);
    kiosk_card(&kiosk, reading, "");
    assert_refused(w, &problem_card_pin_malformed);
    kiosk_post(&kiosk,
               arena_printf(w->arena,
                            "grant_type=" CARD_PIN_GRANT "&scope=profile&card_reading=%s&pin=" PIN,
                            reading));
    assert_refused(w, &problem_scope_openid_missing);
    kiosk_card(&kiosk, reading, PIN);
    assert_int_equal(w->answer.status, 200);
}

static void
an_expired_card_is_not_asked_about(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);

    try_reading(&kiosk, &(struct reading_says) {
                            .text = "330500|11010519491231002X|X00000019|"
                                    "33050000000000000000000000000019|张三||3.00|20200101|20251231|"
                                    "330500000001|K1|" });
    assert_refused(w, &problem_card_expired);
    assert_audited(w, AUDIT_CARD_REJECTED, "expired");
}

/* --- The card office says no --- */

static void
each_refusal_of_the_office_has_its_sentence(void **state)
{
    static const struct {
        const char *form;
        const struct problem *problem;
        const char *outcome;
    } cases[] = {
        { "card_no=X00000019&state=lost", &problem_card_stopped, "stopped" },
        { "card_no=X00000019&state=expired", &problem_card_expired, "expired" },
        { "card_no=X00000019&state=normal&name=%E6%9D%8E", &problem_card_unknown, "absent" },
    };
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_card_control(w, cases[i].form);
        try_pin(&kiosk, PIN);
        assert_refused(w, cases[i].problem);
        assert_audited(w, AUDIT_CARD_RESULT, cases[i].outcome);
    }
    world_card_control(w, "card_no=X00000019&state=normal&name=%E5%BC%A0%E4%B8%89");
    assert_int_equal(world_rows_of(w, "session"), 0);
}

static void
wrong_pins_must_wait_and_the_wait_is_told_truly(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);

    for (int i = 0; i < w->settings.limits.card_tries; i++) {
        try_pin(&kiosk, "9999");
        assert_refused(w, &problem_card_pin_wrong);
    }
    assert_audited(w, AUDIT_CARD_LIMIT, "card_pin");
    try_pin(&kiosk, PIN);
    assert_refused(w, &problem_card_wait_5);
    world_advance(w, w->settings.limits.card_wait_s + 1);
    try_pin(&kiosk, "9999");
    assert_refused(w, &problem_card_pin_wrong);
    try_pin(&kiosk, PIN);
    assert_refused(w, &problem_card_wait_15);
    world_advance(w, 2 * w->settings.limits.card_wait_s + 1);
    try_pin(&kiosk, "9999");
    assert_refused(w, &problem_card_pin_wrong);
    try_pin(&kiosk, PIN);
    assert_refused(w, &problem_card_wait_60);
    world_advance(w, 4 * w->settings.limits.card_wait_s + 1);
    try_pin(&kiosk, "9999");
    assert_refused(w, &problem_card_pin_wrong); /* the office's sixth: it locks by itself */
    world_advance(w, w->settings.limits.card_wait_most_s + 1);
    try_pin(&kiosk, PIN);
    assert_refused(w, &problem_card_pin_locked);
}

static void
the_right_pin_makes_the_wrong_ones_forgotten(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i + 1 < w->settings.limits.card_tries; i++) {
            try_pin(&kiosk, "9999");
            assert_refused(w, &problem_card_pin_wrong);
        }
        try_pin(&kiosk, PIN);
        assert_int_equal(w->answer.status, 200);
    }
}

static void
one_terminal_cannot_try_one_card_after_another(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);
    struct kiosk neighbour = kiosk_new(w, "kiosks");

    w->settings.limits.card_tries_terminal = 2;
    try_pin(&kiosk, "9999");
    try_pin(&kiosk, "9998");
    assert_audited(w, AUDIT_CARD_LIMIT, "card_terminal");
    try_pin(&kiosk, PIN);
    assert_refused(w, &problem_card_terminal_full);
    try_pin(&neighbour, PIN);
    assert_int_equal(w->answer.status, 200);
}

/* --- No answer is no answer --- */

static void
an_office_that_does_not_answer_costs_no_attempt(void **state)
{
    static const char *const manners[] = { "manner=hang", "manner=forged", "manner=replayed",
                                           "manner=down", "manner=stranger" };
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);

    for (size_t i = 0; i < sizeof(manners) / sizeof(manners[0]); i++) {
        world_card_control(w, manners[i]);
        try_pin(&kiosk, "9999");
        assert_refused(w, &problem_card_unanswered);
        assert_audited(w, AUDIT_CARD_UNANSWERED, "unknown");
    }
    world_card_control(w, "manner=later");
    try_pin(&kiosk, "9999");
    assert_refused(w, &problem_card_unavailable);
    world_card_control(w, "manner=ok");
    try_pin(&kiosk, PIN);
    assert_int_equal(w->answer.status, 200);
}

static void
without_a_card_office_nobody_logs_in_by_card(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);

    w->settings.card_bureau.url = "";
    try_pin(&kiosk, PIN);
    assert_refused(w, &problem_card_unavailable);
}

/* --- Whose card it is --- */

static void
who_has_no_account_is_told_where_to_register_once_her_pin_was_right(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    world_card_control(w, "manner=ok&card_no=X00000019&state=normal&pin=" PIN);
    try_pin(&kiosk, "9999");
    assert_refused(w, &problem_card_pin_wrong);
    try_pin(&kiosk, PIN);
    assert_refused(w, &problem_card_person_unknown);
    assert_audited(w, AUDIT_CARD_REJECTED, "no_account");
    assert_int_equal(world_rows_of(w, "evidence"), 0);
}

static void
xd_09_who_is_stopped_is_not_let_in_by_her_card(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk = kiosk_ready(w);
    struct ctx ctx = world_ctx(w);

    assert_int_equal(person_stop(&ctx, world_person(w, 0), PERSON_DISABLED, "disabled"), OK);
    try_pin(&kiosk, PIN);
    assert_refused(w, &problem_account_stopped);
    assert_audited(w, AUDIT_CARD_REJECTED, "account");
    assert_int_equal(world_rows_of(w, "session"), 0);
}

/* --- Who may --- */

/* Her electronic card is of the one in the reader, or of another. */
static void
card_of_reader(struct world *w, const char *card_no)
{
    struct ctx ctx = world_ctx(w);
    struct stored_ecard row = { .person_id = world_person(w, 0),
                                .card_id = "c_reader0000000000000000",
                                .holder = identity_digest(&ctx, "11010519491231002X"),
                                .card_key = physical_card_key(&ctx, "330500", card_no),
                                .region = "330500",
                                .own_state = ECARD_L1,
                                .loss = CARD_LOSS_PROVISIONAL,
                                .valid_to = 20350101,
                                .issued_at = ctx.now };

    world_must(store_ecard_insert(w->store, &row), "no card");
}

/* Its office has not heard of it yet. */
static void
qr_08_a_card_that_was_reported_lost_to_us_logs_nobody_in(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    world_card_control(w, "manner=ok&card_no=X00000019&state=normal&pin=" PIN);
    card_of_reader(w, "X00000019");
    try_pin(&kiosk, PIN);
    assert_refused(w, &problem_card_stopped);
    assert_audited(w, AUDIT_CARD_REJECTED, "lost");
    assert_int_equal(world_rows_of(w, "session"), 0);
}

static void
another_card_of_hers_does(void **state)
{
    struct world *w = *state;
    struct kiosk kiosk;

    kiosk_partners(w);
    kiosk = kiosk_new(w, "kiosks");
    world_card_control(w, "manner=ok&card_no=X00000019&state=normal&pin=" PIN);
    card_of_reader(w, "X00000020");
    try_pin(&kiosk, PIN);
    assert_int_equal(w->answer.status, 200);
}

static void
only_terminals_may_use_it(void **state)
{
    struct world *w = *state;

    (void)kiosk_ready(w);
    world_partner_post(w, "webhall", "/oauth2/token",
                       "grant_type=" CARD_PIN_GRANT "&card_reading=x&pin=" PIN);
    assert_refused(w, &problem_grant_type_not_allowed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(card_and_pin_are_a_login_of_l3),
        world_sims_test(a_card_that_is_used_every_day_does_not_fill_the_file),
        world_sims_test(a_reading_is_taken_as_the_terminal_signed_it),
        world_sims_test(a_reading_is_good_for_one_pin),
        world_sims_test(what_is_missing_or_malformed_costs_nothing),
        world_sims_test(an_expired_card_is_not_asked_about),
        world_sims_test(each_refusal_of_the_office_has_its_sentence),
        world_sims_test(wrong_pins_must_wait_and_the_wait_is_told_truly),
        world_sims_test(the_right_pin_makes_the_wrong_ones_forgotten),
        world_sims_test(one_terminal_cannot_try_one_card_after_another),
        world_sims_test(an_office_that_does_not_answer_costs_no_attempt),
        world_sims_test(without_a_card_office_nobody_logs_in_by_card),
        world_sims_test(who_has_no_account_is_told_where_to_register_once_her_pin_was_right),
        world_sims_test(xd_09_who_is_stopped_is_not_let_in_by_her_card),
        world_sims_test(qr_08_a_card_that_was_reported_lost_to_us_logs_nobody_in),
        world_sims_test(another_card_of_hers_does),
        world_sims_test(only_terminals_may_use_it),
    };

    return cmocka_run_group_tests(tests, world_group_setup_with_sims, group_teardown_with_sims);
}
