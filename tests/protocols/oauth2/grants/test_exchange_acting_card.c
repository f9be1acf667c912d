/* SPDX-License-Identifier: Apache-2.0 */
/* A member of staff acts for who has put her card into the counter's reader and typed its PIN there. */
#include "idp/person/vault.h"
#include "idp/server/life/outbox.h"
#include "tests/protocols/oauth2/grants/acting_kit.h"

#define PIN "123456"

/* NULL: as it should be. */
struct read_at_counter {
    const char *iss;
    const char *sub;
    const char *aud;
    const char *jti;
    struct holder *by;
};

static const char *
reading(struct window *window, const struct read_at_counter *says)
{
    struct world *w = window->w;
    struct holder *by = says->by != NULL ? says->by : &window->scanner.holder;
    long long now = (long long)world_ctx(w).now;

    return token_signed(
        w->arena, by->key.key, JWS_ES256, "{\"typ\":\"card-reading+jwt\",\"alg\":\"ES256\"}",
        arena_printf(
            w->arena,
            "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"jti\":\"%s\",\"iat\":%lld,"
            "\"exp\":%lld,\"reading\":\"%s\"}",
            or_else(says->iss, "window"), or_else(says->sub, window->counter_id),
            or_else(says->aud, WORLD_ISSUER),
            or_else(says->jti, arena_printf(w->arena, "c%d", ++window->scanner.holder.jti)), now,
            now + 60, CARD));
}

static struct window
window_with_reader(struct world *w)
{
    world_card_control(w, "manner=ok&card_no=X00000019&state=normal&pin=" PIN);
    return window_new(w, "counter");
}

static void
try_reading(struct window *window, const struct read_at_counter *says, const char *pin)
{
    window_exchange(window, READING_TYPE, reading(window, says),
                    arena_printf(window->w->arena, "&pin=%s", pin));
}

static void
card_and_pin_at_the_counters_reader_will_do(void **state)
{
    struct world *w = *state;
    struct window window = window_with_reader(w);
    const char *payload;

    try_reading(&window, &(struct read_at_counter) { 0 }, PIN);
    assert_int_equal(w->answer.status, 200);
    assert_audited(w, AUDIT_ACTING_BEGUN, "card");
    assert_audited(w, AUDIT_CARD_RESULT, "match");
    payload = window_payload(w, world_tokens_of(w).access);
    assert_non_null(strstr(payload, "\"act\":{\"sub\":\"sub-of-" CLERK "\""));
    assert_non_null(strstr(payload, "\"acr\":\"urn:hrss:acr:l3\""));
    assert_true(window_token_works(w, world_tokens_of(w).access));
    assert_null(world_tokens_of(w).refresh);
}

static void
she_is_told_by_message_where_and_what(void **state)
{
    struct world *w = *state;
    struct window window = window_with_reader(w);
    struct ctx ctx;
    bool worked = true;

    w->settings.sms.template_code_act = "SMS_ACT";
    try_reading(&window, &(struct read_at_counter) { 0 }, PIN);
    assert_int_equal(w->answer.status, 200);
    ctx = world_ctx(w);
    while (worked)
        assert_int_equal(outbox_deliver(&ctx, &worked), OK);
    assert_string_equal(world_sms_says(w, "13800138000", "template_code"), "SMS_ACT");
    assert_string_equal(world_sms_says(w, "13800138000", "place"), "1 号窗口");
    assert_string_equal(world_sms_says(w, "13800138000", "what"), "养老金查询");
}

static void
a_wrong_pin_counts_for_card_and_counter(void **state)
{
    struct world *w = *state;
    struct window window = window_with_reader(w);

    try_reading(&window, &(struct read_at_counter) { 0 }, "654321");
    assert_refused(w, &problem_card_pin_wrong);
    assert_audited(w, AUDIT_CARD_RESULT, "pin_wrong");
    assert_int_equal(world_rows_of(w, "acting"), 0);
    window_exchange(&window, READING_TYPE, reading(&window, &(struct read_at_counter) { 0 }), "");
    assert_refused(w, &problem_card_pin_malformed);
}

static void
a_reading_is_of_this_partner_at_this_counter_and_good_once(void **state)
{
    struct world *w = *state;
    struct window window = window_with_reader(w);
    struct holder thief = holder_new(w);
    const struct {
        struct read_at_counter says;
        const char *reason;
    } bad[] = {
        { { .by = &thief }, "jws" },       { { .iss = "hatch" }, "iss" },
        { { .sub = "k_another" }, "sub" }, { { .aud = "https://other.example" }, "aud" },
        { { .jti = "" }, "jti" },
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        try_reading(&window, &bad[i].says, PIN);
        assert_refused(w, &problem_card_reading_invalid);
        assert_audited(w, AUDIT_CARD_REJECTED, bad[i].reason);
    }
    try_reading(&window, &(struct read_at_counter) { .jti = "one" }, "654321");
    assert_refused(w, &problem_card_pin_wrong);
    try_reading(&window, &(struct read_at_counter) { .jti = "one" }, PIN);
    assert_refused(w, &problem_card_reading_invalid);
    assert_audited(w, AUDIT_CARD_REJECTED, "replayed");
}

static void
who_may_not_do_the_business_asks_nobody_for_a_pin(void **state)
{
    struct world *w = *state;
    struct window window = window_with_reader(w);
    int64_t spent = world_rows_of(w, "spent");

    window_exchange(&window, READING_TYPE, reading(&window, &(struct read_at_counter) { 0 }),
                    "&business=audit&pin=" PIN);
    assert_refused(w, &problem_acting_role);
    assert_int_equal(world_audit_count(w, AUDIT_CARD_RESULT), 0);
    assert_int_equal(world_rows_of(w, "spent"), spent + 1); /* the client's assertion */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(card_and_pin_at_the_counters_reader_will_do),
        world_sims_test(she_is_told_by_message_where_and_what),
        world_sims_test(a_wrong_pin_counts_for_card_and_counter),
        world_sims_test(a_reading_is_of_this_partner_at_this_counter_and_good_once),
        world_sims_test(who_may_not_do_the_business_asks_nobody_for_a_pin),
    };

    return cmocka_run_group_tests(tests, world_group_setup_with_sims, group_teardown_with_sims);
}
