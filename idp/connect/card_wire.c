/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/card_wire.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"

#define MAC_DIGITS (2 * (size_t)CARD_MAC_BYTES)

/* --- Signing --- */

void
card_wire_mac(const struct card_wire *wire, const char *text,
              unsigned char out[static CARD_MAC_BYTES])
{
    const char *secret = wire->settings->card_bureau.secret;

    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text, strlen(text), out,
         NULL);
}

static void
sign(const struct card_question *question, const char *side, const char *payload,
     unsigned char out[static CARD_MAC_BYTES])
{
    const char *app_id = question->wire->settings->card_bureau.app_id;

    card_wire_mac(question->wire,
                  arena_printf(question->arena, "%s\n%s\n%s", side, app_id, payload), out);
}

/* Two that are told apart by what the secret makes of them: how long that takes says nothing of
 * either. */
static bool
macs_equal(const struct card_question *question, const unsigned char *a, const unsigned char *b)
{
    struct arena *arena = question->arena;
    unsigned char first[CARD_MAC_BYTES];
    unsigned char second[CARD_MAC_BYTES];

    card_wire_mac(question->wire, hex_encode(arena, bytes_of(a, CARD_MAC_BYTES)), first);
    card_wire_mac(question->wire, hex_encode(arena, bytes_of(b, CARD_MAC_BYTES)), second);
    return text_eq(hex_encode(arena, bytes_of(first, sizeof(first))),
                   hex_encode(arena, bytes_of(second, sizeof(second))));
}

/* --- The question --- */

enum err
card_question_begin(struct card_question *question, unix_s now)
{
    uint8_t id[CARD_QUESTION_ID_BYTES];

    if (env_random(question->wire->env, id, sizeof(id)) != OK)
        return ERR_UNAVAILABLE;
    question->id = hex_encode(question->arena, bytes_of(id, sizeof(id)));
    question->json = buf_new(question->arena, 512);
    emit_object(&question->json, NULL);
    emit_text(&question->json, "app_id", question->wire->settings->card_bureau.app_id);
    emit_text(&question->json, "question_id", question->id);
    emit_int(&question->json, "time", now);
    return OK;
}

static struct bytes
envelope(const struct card_question *question)
{
    const char *payload = base64url_encode(question->arena, buf_view(&question->json));
    struct buf json = buf_new(question->arena, 1024);
    unsigned char signature[CARD_MAC_BYTES];

    sign(question, "request", payload, signature);
    emit_object(&json, NULL);
    emit_text(&json, "payload", payload);
    emit_text(&json, "signature",
              hex_encode(question->arena, bytes_of(signature, sizeof(signature))));
    emit_object_end(&json);
    return buf_view(&json);
}

enum err
card_question_ask(struct card_question *question, const json_t **out)
{
    const struct settings *settings = question->wire->settings;
    struct https_request request = {
        .method = "POST",
        .url = arena_printf(question->arena, "%s%s", settings->card_bureau.url, question->path),
        .trust = TRUST_CONFIGURED,
        .traceparent = question->traceparent,
        .content_type = "application/json",
        .deadline_s = settings->card_bureau.deadline_s,
        .max_answer_bytes = question->answer_max,
    };
    struct https_answer answer;
    enum err err;

    emit_object_end(&question->json);
    request.body = envelope(question);
    err = https_call(question->wire->https, question->arena, &request, &answer);
    if (err == OK && answer.status != 200)
        err = ERR_UNKNOWN;
    return err == OK ? card_answer_open(question, answer.body, out) : err;
}

/* --- The answer --- */

void
card_question_alarm(struct card_question *question, const char *reason)
{
    question->alarm = true;
    metric_add(METRIC_CARD_ALARMS, 1);
    log_line(LOG_ERROR, "card.alarm", log_text("reason", reason),
             log_text("question", question->id));
}

static bool
signature_holds(const struct card_question *question, const json_t *root, const char **payload)
{
    unsigned char wanted[CARD_MAC_BYTES];
    const char *signature;
    struct bytes told;

    if (member_text(root, "payload", question->answer_max, payload) != OK ||
        member_text(root, "signature", MAC_DIGITS, &signature) != OK ||
        hex_decode(question->arena, signature, strlen(signature), &told) != OK ||
        told.size != CARD_MAC_BYTES)
        return false;
    sign(question, "answer", *payload, wanted);
    return macs_equal(question, told.at, wanted);
}

enum err
card_answer_open(struct card_question *question, struct bytes body, const json_t **out)
{
    const json_t *root = json_read(question->arena, body);
    struct bytes payload;
    const json_t *told;
    const char *text;
    const char *id;

    if (!signature_holds(question, root, &text) ||
        base64url_decode(question->arena, text, strlen(text), &payload) != OK) {
        card_question_alarm(question, "forged");
        return ERR_FORGED;
    }
    told = json_read(question->arena, payload);
    if (member_text(told, "question_id", 2 * (size_t)CARD_QUESTION_ID_BYTES, &id) != OK ||
        !text_eq(id, question->id)) {
        card_question_alarm(question, "replayed");
        return ERR_FORGED;
    }
    *out = told;
    return OK;
}
