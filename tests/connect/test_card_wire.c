/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/connect/card_fixture.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "idp/base/text.h"

/* An answer as the office would sign it. */
static struct bytes
answered(struct card_fixture *f, const char *payload, const char *secret)
{
    const char *text = base64url_encode(f->arena, bytes_of_text(payload));
    const char *line = arena_printf(f->arena, "answer\ntongxing\n%s", text);
    unsigned char mac[32];

    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)line, strlen(line), mac,
         NULL);
    return bytes_of_text(arena_printf(f->arena, "{\"payload\":\"%s\",\"signature\":\"%s\"}", text,
                                      hex_encode(f->arena, bytes_of(mac, sizeof(mac)))));
}

static struct card_question
a_question(struct card_fixture *f)
{
    struct card_question question = {
        .wire = f->wire, .arena = f->arena, .path = "card/check", .answer_max = JSON_BYTES_MAX
    };

    assert_int_equal(card_question_begin(&question, NOW), OK);
    return question;
}

static const char *
payload_for(struct card_fixture *f, const char *id)
{
    return arena_printf(f->arena, "{\"question_id\":\"%s\",\"code\":\"ok\"}", id);
}

static void
an_answer_opens_for_its_own_question_alone(void **state)
{
    struct card_fixture *f = *state;
    struct card_question first = a_question(f);
    struct card_question second = a_question(f);
    const char *secret = f->settings.card_bureau.secret;
    const json_t *told = NULL;

    assert_string_not_equal(first.id, second.id);
    assert_int_equal(card_answer_open(&first, answered(f, payload_for(f, first.id), secret), &told),
                     OK);
    assert_string_equal(json_string_value(json_object_get(told, "code")), "ok");
    assert_false(first.alarm);
    assert_int_equal(
        card_answer_open(&second, answered(f, payload_for(f, first.id), secret), &told),
        ERR_FORGED);
    assert_true(second.alarm);
}

static void
what_another_secret_signed_or_nobody_is_forged(void **state)
{
    struct card_fixture *f = *state;
    struct card_question question = a_question(f);
    const char *payload = payload_for(f, question.id);
    const char *const bodies[] = {
        "", "{}", "[]", "{\"payload\":\"e30\",\"signature\":\"00\"}", "{\"payload\":1}", "not json",
    };
    const json_t *told;

    assert_int_equal(card_answer_open(&question,
                                      answered(f, payload, "another-secret-0123456789-012345"),
                                      &told),
                     ERR_FORGED);
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        assert_int_equal(card_answer_open(&question, bytes_of_text(bodies[i]), &told), ERR_FORGED);
}

static void
an_office_that_does_not_know_us_gives_no_answer(void **state)
{
    struct card_fixture *f = *state;
    struct card_question question;
    const json_t *told;

    f->settings.card_bureau.secret = "another-secret-0123456789-0123456";
    question = a_question(f);
    assert_int_equal(card_question_ask(&question, &told), ERR_UNKNOWN);
    f->settings.card_bureau.url = "http://127.0.0.1:1/";
    question = a_question(f);
    assert_int_equal(card_question_ask(&question, &told), ERR_UNAVAILABLE);
}

CARD_GROUP_SETUP

int
main(void)
{
    const struct CMUnitTest tests[] = {
        card_test(an_answer_opens_for_its_own_question_alone),
        card_test(what_another_secret_signed_or_nobody_is_forged),
        card_test(an_office_that_does_not_know_us_gives_no_answer),
    };

    return cmocka_run_group_tests(tests, card_group_setup, card_group_teardown);
}
