/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/physical_card.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/connect/connector.h"

#define PATH "card/check"
#define QUESTION_ID_BYTES 16
#define NONCE_BYTES 12
#define TAG_BYTES 16
#define MAC_BYTES 32
#define MAC_DIGITS (2 * MAC_BYTES)
#define CHECK_ID_MAX 32
#define ANSWER_MAX_BYTES 8192
#define PAYLOAD_MAX_BYTES 4096
#define CODE_MAX_BYTES 32

struct card_bureau {
    const struct settings *settings;
    struct https *https;
    struct env *env;
    struct connector connector;
};

/* One question under way. */
struct card_job {
    struct card_bureau *bureau;
    struct arena *arena;
    const struct card_check *check;
    unix_s now;
    const char *question_id;
};

/* --- What outcomes are called and counted as --- */

static const struct {
    const char *name;
    enum metric metric;
} outcomes[] = {
    [CARD_UNKNOWN] = { "unknown", METRIC_CARD_NO_ANSWER },
    [CARD_MATCH] = { "match", METRIC_CARD_MATCH },
    [CARD_PIN_WRONG] = { "pin_wrong", METRIC_CARD_PIN_WRONG },
    [CARD_PIN_LOCKED] = { "pin_locked", METRIC_CARD_REFUSED },
    [CARD_STOPPED] = { "stopped", METRIC_CARD_REFUSED },
    [CARD_EXPIRED] = { "expired", METRIC_CARD_REFUSED },
    [CARD_ABSENT] = { "absent", METRIC_CARD_REFUSED },
    [CARD_UNAVAILABLE] = { "unavailable", METRIC_CARD_NO_ANSWER },
    [CARD_NOT_SENT] = { "not_sent", METRIC_CARD_NO_ANSWER },
    [CARD_FAULT] = { "fault", METRIC_CARD_NO_ANSWER },
};

const char *
card_outcome_name(enum card_outcome outcome)
{
    return outcomes[outcome].name;
}

/* The office's words; one that is not here says nothing that could be believed. */
static const struct {
    const char *code;
    enum card_outcome outcome;
} codes[] = {
    { "match", CARD_MATCH },           { "pin_wrong", CARD_PIN_WRONG },
    { "pin_locked", CARD_PIN_LOCKED }, { "lost", CARD_STOPPED },
    { "not_enabled", CARD_STOPPED },   { "cancelled", CARD_STOPPED },
    { "expired", CARD_EXPIRED },       { "no_such_card", CARD_ABSENT },
    { "data_differ", CARD_ABSENT },    { "later", CARD_UNAVAILABLE },
    { "bad_request", CARD_FAULT },
};

static enum card_outcome
outcome_of(const char *code)
{
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (text_eq(codes[i].code, code))
            return codes[i].outcome;
    return CARD_UNKNOWN;
}

/* --- Life --- */

enum err
card_bureau_new(const struct settings *settings, struct https *https, struct env *env,
                struct card_bureau **out)
{
    struct card_bureau *bureau = calloc(1, sizeof(*bureau));

    if (bureau == NULL)
        return ERR_INTERNAL;
    *bureau = (struct card_bureau) { .settings = settings, .https = https, .env = env };
    connector_init(&bureau->connector, "card", METRIC_CONNECTOR_CARD,
                   settings->card_bureau.max_in_flight);
    *out = bureau;
    return OK;
}

void
card_bureau_free(struct card_bureau *bureau)
{
    if (bureau == NULL)
        return;
    connector_end(&bureau->connector);
    free(bureau);
}

bool
card_bureau_is_configured(const struct card_bureau *bureau)
{
    return !text_is_empty(bureau->settings->card_bureau.url);
}

/* --- Signing and sealing --- */

static void
mac(const struct card_job *job, const char *text, unsigned char out[static MAC_BYTES])
{
    const char *secret = job->bureau->settings->card_bureau.secret;

    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text, strlen(text), out,
         NULL);
}

static void
sign(const struct card_job *job, const char *side, const char *payload,
     unsigned char out[static MAC_BYTES])
{
    const char *app_id = job->bureau->settings->card_bureau.app_id;

    mac(job, arena_printf(job->arena, "%s\n%s\n%s", side, app_id, payload), out);
}

static void
cipher_release(void *cipher)
{
    EVP_CIPHER_CTX_free(cipher);
}

static bool
pin_encrypt(const struct card_job *job, EVP_CIPHER_CTX *cipher, uint8_t *out)
{
    const char *pin = job->check->pin;
    const char *aad = job->question_id;
    int size = (int)strlen(pin);
    unsigned char key[MAC_BYTES];
    int written;
    bool done;

    mac(job, "pin", key);
    done =
        EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key, out) == 1 &&
        EVP_EncryptUpdate(cipher, NULL, &written, (const unsigned char *)aad, (int)strlen(aad)) ==
            1 &&
        EVP_EncryptUpdate(cipher, out + NONCE_BYTES, &written, (const unsigned char *)pin, size) ==
            1 &&
        EVP_EncryptFinal_ex(cipher, out + NONCE_BYTES + size, &written) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, out + NONCE_BYTES + size) == 1;
    OPENSSL_cleanse(key, sizeof(key));
    return done;
}

/* NULL: there is no randomness, or no cipher. */
static const char *
pin_sealed(const struct card_job *job)
{
    uint8_t sealed[NONCE_BYTES + CARD_PIN_MAX + TAG_BYTES];
    size_t size = NONCE_BYTES + strlen(job->check->pin) + TAG_BYTES;
    EVP_CIPHER_CTX *cipher;
    struct held held;
    bool done;

    if (size > sizeof(sealed) || env_random(job->bureau->env, sealed, NONCE_BYTES) != OK)
        return NULL;
    cipher = EVP_CIPHER_CTX_new();
    if (cipher == NULL)
        return NULL;
    hold_begin(&held, cipher_release, cipher);
    done = pin_encrypt(job, cipher, sealed);
    hold_release(&held);
    return done ? base64url_encode(job->arena, bytes_of(sealed, size)) : NULL;
}

/* --- The question --- */

static const char *
date_text(const struct card_job *job, int32_t date)
{
    return arena_printf(job->arena, "%08d", date);
}

static const char *
question_payload(const struct card_job *job, const char *sealed)
{
    const struct card_reading *reading = &job->check->reading;
    struct buf json = buf_new(job->arena, 512);

    emit_object(&json, NULL);
    emit_text(&json, "app_id", job->bureau->settings->card_bureau.app_id);
    emit_text(&json, "question_id", job->question_id);
    emit_int(&json, "time", job->now);
    emit_text(&json, "terminal_id", job->check->terminal_id);
    emit_text(&json, "region", reading->region);
    emit_text(&json, "identity_number", reading->identity_number);
    emit_text(&json, "card_no", reading->card_no);
    emit_text(&json, "card_id", reading->card_id);
    emit_text(&json, "name", reading->name);
    emit_text(&json, "version", reading->version);
    emit_text(&json, "issued_on", date_text(job, reading->issued_on));
    emit_text(&json, "valid_to", date_text(job, reading->valid_to));
    emit_text(&json, "terminal_no", reading->terminal_no);
    emit_text(&json, "device_no", reading->device_no);
    emit_text(&json, "pin_sealed", sealed);
    emit_object_end(&json);
    return base64url_encode(job->arena, buf_view(&json));
}

static struct bytes
envelope(const struct card_job *job, const char *payload)
{
    struct buf json = buf_new(job->arena, 1024);
    unsigned char signature[MAC_BYTES];

    sign(job, "request", payload, signature);
    emit_object(&json, NULL);
    emit_text(&json, "payload", payload);
    emit_text(&json, "signature", hex_encode(job->arena, bytes_of(signature, sizeof(signature))));
    emit_object_end(&json);
    return buf_view(&json);
}

/* ERR_UNAVAILABLE: never sent. */
static enum err
question_make(struct card_job *job, struct bytes *body)
{
    uint8_t id[QUESTION_ID_BYTES];
    const char *sealed;

    if (env_random(job->bureau->env, id, sizeof(id)) != OK)
        return ERR_UNAVAILABLE;
    job->question_id = hex_encode(job->arena, bytes_of(id, sizeof(id)));
    sealed = pin_sealed(job);
    if (sealed == NULL)
        return ERR_UNAVAILABLE;
    *body = envelope(job, question_payload(job, sealed));
    return OK;
}

/* --- The answer --- */

static void
raise_alarm(const struct card_job *job, const char *reason, struct card_answer *out)
{
    out->alarm = true;
    metric_add(METRIC_CARD_ALARMS, 1);
    log_line(LOG_ERROR, "card.alarm", log_text("reason", reason),
             log_text("question", job->question_id));
}

/* Two that are told apart by what the secret makes of them: how long that takes says nothing of
 * either. */
static bool
macs_equal(const struct card_job *job, const unsigned char *a, const unsigned char *b)
{
    unsigned char first[MAC_BYTES];
    unsigned char second[MAC_BYTES];

    mac(job, hex_encode(job->arena, bytes_of(a, MAC_BYTES)), first);
    mac(job, hex_encode(job->arena, bytes_of(b, MAC_BYTES)), second);
    return text_eq(hex_encode(job->arena, bytes_of(first, sizeof(first))),
                   hex_encode(job->arena, bytes_of(second, sizeof(second))));
}

static bool
signature_holds(const struct card_job *job, const json_t *root, const char **payload)
{
    unsigned char wanted[MAC_BYTES];
    const char *signature;
    struct bytes told;

    if (member_text(root, "payload", PAYLOAD_MAX_BYTES, payload) != OK ||
        member_text(root, "signature", MAC_DIGITS, &signature) != OK ||
        hex_decode(job->arena, signature, strlen(signature), &told) != OK || told.size != MAC_BYTES)
        return false;
    sign(job, "answer", *payload, wanted);
    return macs_equal(job, told.at, wanted);
}

/* ERR_FORGED: somebody else speaks, or about another question. */
static enum err
answer_read(const struct card_job *job, struct bytes body, struct card_answer *out)
{
    const json_t *root = json_read(job->arena, body);
    const json_t *told;
    struct bytes payload;
    const char *text;
    const char *id;
    const char *code;

    if (!signature_holds(job, root, &text) ||
        base64url_decode(job->arena, text, strlen(text), &payload) != OK) {
        raise_alarm(job, "forged", out);
        return ERR_FORGED;
    }
    told = json_read(job->arena, payload);
    if (member_text(told, "question_id", 2 * QUESTION_ID_BYTES, &id) != OK ||
        !text_eq(id, job->question_id)) {
        raise_alarm(job, "replayed", out);
        return ERR_FORGED;
    }
    if (member_text(told, "code", CODE_MAX_BYTES, &code) != OK ||
        member_text(told, "check_id", CHECK_ID_MAX, &id) != OK)
        return ERR_UNKNOWN;
    out->outcome = outcome_of(code);
    snprintf(out->check_id, sizeof(out->check_id), "%s", id);
    if (out->outcome == CARD_FAULT)
        raise_alarm(job, "fault", out);
    return OK;
}

/* --- Asking --- */

static enum err
exchange(const struct card_job *job, struct bytes body, struct card_answer *out)
{
    const struct settings *settings = job->bureau->settings;
    const struct https_request request = {
        .method = "POST",
        .url = arena_printf(job->arena, "%s%s", settings->card_bureau.url, PATH),
        .trust = TRUST_CONFIGURED,
        .traceparent = job->check->traceparent,
        .content_type = "application/json",
        .body = body,
        .deadline_s = settings->card_bureau.deadline_s,
        .max_answer_bytes = ANSWER_MAX_BYTES,
    };
    struct https_answer answer;
    enum err err = https_call(job->bureau->https, job->arena, &request, &answer);

    if (err == OK && answer.status != 200)
        err = ERR_UNKNOWN;
    return err == OK ? answer_read(job, answer.body, out) : err;
}

static enum err
guarded(struct card_job *job, struct card_answer *out)
{
    struct connector *connector = &job->bureau->connector;
    int64_t started_us = mono_us();
    struct bytes body;
    struct held held;
    enum err err = question_make(job, &body);

    if (err == OK)
        err = connector_enter(connector);
    if (err != OK)
        return ERR_UNAVAILABLE;
    hold_begin(&held, connector_release, connector);
    err = exchange(job, body, out);
    hold_end(&held);
    connector_leave(connector, err == OK);
    metric_seconds(METRIC_CARD_SECONDS, mono_us() - started_us);
    return err;
}

void
card_bureau_check(struct card_bureau *bureau, struct arena *arena, const struct card_check *check,
                  unix_s now, struct card_answer *out)
{
    struct card_job job = { bureau, arena, check, now, "" };
    enum err err;

    *out = (struct card_answer) { .outcome = CARD_UNAVAILABLE };
    if (card_bureau_is_configured(bureau)) {
        out->outcome = CARD_UNKNOWN;
        err = guarded(&job, out);
        if (err == ERR_UNAVAILABLE)
            out->outcome = CARD_NOT_SENT;
        if (err != OK)
            log_line(LOG_WARN, "card.no_answer", log_text("question", job.question_id),
                     log_text("error", err_name(err)));
    }
    metric_add(outcomes[out->outcome].metric, 1);
}
