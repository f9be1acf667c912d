/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/physical_card.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/connect/card_wire.h"
#include "idp/connect/connector.h"

#define PATH "card/check"
#define NONCE_BYTES 12
#define TAG_BYTES 16
#define CHECK_ID_MAX 32
#define ANSWER_MAX_BYTES 8192
#define CODE_MAX_BYTES 32

struct card_bureau {
    struct card_wire wire;
    struct connector connector;
};

/* One question under way. */
struct card_job {
    struct card_bureau *bureau;
    const struct card_check *check;
    struct card_question question;
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
    bureau->wire = (struct card_wire) { settings, https, env };
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
    return !text_is_empty(bureau->wire.settings->card_bureau.url);
}

const struct card_wire *
card_bureau_wire(const struct card_bureau *bureau)
{
    return &bureau->wire;
}

/* --- Sealing --- */

static void
cipher_release(void *cipher)
{
    EVP_CIPHER_CTX_free(cipher);
}

static bool
pin_encrypt(const struct card_job *job, EVP_CIPHER_CTX *cipher, uint8_t *out)
{
    const char *pin = job->check->pin;
    const char *aad = job->question.id;
    int size = (int)strlen(pin);
    unsigned char key[CARD_MAC_BYTES];
    int written;
    bool done;

    card_wire_mac(&job->bureau->wire, "pin", key);
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

    if (size > sizeof(sealed) || env_random(job->bureau->wire.env, sealed, NONCE_BYTES) != OK)
        return NULL;
    cipher = EVP_CIPHER_CTX_new();
    if (cipher == NULL)
        return NULL;
    hold_begin(&held, cipher_release, cipher);
    done = pin_encrypt(job, cipher, sealed);
    hold_release(&held);
    return done ? base64url_encode(job->question.arena, bytes_of(sealed, size)) : NULL;
}

/* --- The question --- */

static const char *
date_text(struct card_job *job, int32_t date)
{
    return arena_printf(job->question.arena, "%08d", date);
}

/* ERR_UNAVAILABLE: never sent. */
static enum err
question_make(struct card_job *job, unix_s now)
{
    const struct card_reading *reading = &job->check->reading;
    struct buf *json = &job->question.json;
    enum err err = card_question_begin(&job->question, now);
    const char *sealed = err == OK ? pin_sealed(job) : NULL;

    if (sealed == NULL)
        return ERR_UNAVAILABLE;
    emit_text(json, "terminal_id", job->check->terminal_id);
    emit_text(json, "region", reading->region);
    emit_text(json, "identity_number", reading->identity_number);
    emit_text(json, "card_no", reading->card_no);
    emit_text(json, "card_id", reading->card_id);
    emit_text(json, "name", reading->name);
    emit_text(json, "version", reading->version);
    emit_text(json, "issued_on", date_text(job, reading->issued_on));
    emit_text(json, "valid_to", date_text(job, reading->valid_to));
    emit_text(json, "terminal_no", reading->terminal_no);
    emit_text(json, "device_no", reading->device_no);
    emit_text(json, "pin_sealed", sealed);
    return OK;
}

/* --- The answer --- */

static enum err
answer_read(struct card_job *job, const json_t *told, struct card_answer *out)
{
    const char *code;
    const char *id;

    if (member_text(told, "code", CODE_MAX_BYTES, &code) != OK ||
        member_text(told, "check_id", CHECK_ID_MAX, &id) != OK)
        return ERR_UNKNOWN;
    out->outcome = outcome_of(code);
    snprintf(out->check_id, sizeof(out->check_id), "%s", id);
    if (out->outcome == CARD_FAULT)
        card_question_alarm(&job->question, "fault");
    return OK;
}

/* --- Asking --- */

static enum err
guarded(struct card_job *job, unix_s now, struct card_answer *out)
{
    struct connector *connector = &job->bureau->connector;
    int64_t started_us = mono_us();
    const json_t *told;
    struct held held;
    enum err err = question_make(job, now);

    if (err == OK)
        err = connector_enter(connector);
    if (err != OK)
        return ERR_UNAVAILABLE;
    hold_begin(&held, connector_release, connector);
    err = card_question_ask(&job->question, &told);
    if (err == OK)
        err = answer_read(job, told, out);
    hold_end(&held);
    connector_leave(connector, err == OK);
    metric_seconds(METRIC_CARD_SECONDS, mono_us() - started_us);
    return err;
}

void
card_bureau_check(struct card_bureau *bureau, struct arena *arena, const struct card_check *check,
                  unix_s now, struct card_answer *out)
{
    struct card_job job = { .bureau = bureau,
                            .check = check,
                            .question = { .wire = &bureau->wire,
                                          .arena = arena,
                                          .path = PATH,
                                          .traceparent = check->traceparent,
                                          .answer_max = ANSWER_MAX_BYTES,
                                          .id = "" } };
    enum err err;

    *out = (struct card_answer) { .outcome = CARD_UNAVAILABLE };
    if (card_bureau_is_configured(bureau)) {
        out->outcome = CARD_UNKNOWN;
        err = guarded(&job, now, out);
        if (err == ERR_UNAVAILABLE)
            out->outcome = CARD_NOT_SENT;
        if (err != OK)
            log_line(LOG_WARN, "card.no_answer", log_text("question", job.question.id),
                     log_text("error", err_name(err)));
        out->alarm = job.question.alarm;
    }
    metric_add(outcomes[out->outcome].metric, 1);
}
