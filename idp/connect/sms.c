/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/sms.h"

#include <stdlib.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/connect/acs_signature.h"
#include "idp/connect/connector.h"
#include "policies/message.h"

#define ACTION "SendSms"
#define VERSION "2017-05-25"
#define MAINLAND_PREFIX "+86"
#define NONCE_BYTES 16
#define CODE_MAX_CHARS 8
#define ANSWER_MAX_BYTES 8192

struct sms {
    const struct settings *settings;
    struct https *https;
    struct env *env;
    struct connector connector;
    char *host; /* of sms.url as the Host header names it; NULL: no gateway is configured */
};

enum err
sms_new(const struct settings *settings, struct https *https, struct env *env, struct sms **out)
{
    struct sms *sms = calloc(1, sizeof(*sms));

    if (sms == NULL)
        return ERR_INTERNAL;
    sms->settings = settings;
    sms->https = https;
    sms->env = env;
    connector_init(&sms->connector, "sms", METRIC_CONNECTOR_SMS, settings->sms.max_in_flight);
    if (!text_is_empty(settings->sms.url)) {
        sms->host = https_host_header(settings->sms.url);
        if (sms->host == NULL) {
            sms_free(sms);
            return ERR_INVALID;
        }
    }
    *out = sms;
    return OK;
}

void
sms_free(struct sms *sms)
{
    if (sms == NULL)
        return;
    connector_end(&sms->connector);
    free(sms->host);
    free(sms);
}

bool
sms_is_configured(const struct sms *sms)
{
    return sms->host != NULL;
}

static bool
is_digits(const char *text, size_t min, size_t max)
{
    size_t size = strspn(text, "0123456789");

    return text[size] == '\0' && size >= min && size <= max;
}

/* The national number behind +86, or NULL. */
static const char *
mainland_number(const char *phone_e164)
{
    const char *number = phone_e164 + strlen(MAINLAND_PREFIX);

    if (!text_starts(phone_e164, MAINLAND_PREFIX) || !is_digits(number, 11, 11))
        return NULL;
    return number;
}

/* What fills a template of the gateway. */
struct sms_message {
    const char *template_code;
    const char *variables; /* a JSON object */
    const char *traceparent;
};

/* A template's variable wants a value: without a partner it is we who ask. */
static const char *
partner_told(struct sms *sms, struct arena *arena, const char *partner)
{
    const char *name = partner != NULL ? message_name(arena, partner) : "";

    return *name != '\0' ? name : sms->settings->sms.sign_name;
}

/* In order of names, as the signature wants them. */
static const char *
query_for(struct sms *sms, struct arena *arena, const char *number,
          const struct sms_message *message)
{
    struct buf query = buf_new(arena, 512);

    https_form_put(&query, "PhoneNumbers", number);
    https_form_put(&query, "SignName", sms->settings->sms.sign_name);
    https_form_put(&query, "TemplateCode", message->template_code);
    https_form_put(&query, "TemplateParam", message->variables);
    return query.at;
}

static const char **
headers_for(struct sms *sms, struct arena *arena, const struct acs_call *call)
{
    const struct acs_key key = { sms->settings->sms.access_key_id,
                                 sms->settings->sms.access_key_secret };
    const char **headers = arena_alloc(arena, 8 * sizeof(headers[0]));

    headers[0] = arena_printf(arena, "x-acs-action: %s", call->action);
    headers[1] = "x-acs-content-sha256: " ACS_EMPTY_SHA256;
    headers[2] = arena_printf(arena, "x-acs-date: %s", call->date);
    headers[3] = arena_printf(arena, "x-acs-signature-nonce: %s", call->nonce);
    headers[4] = arena_printf(arena, "x-acs-version: %s", call->version);
    headers[5] = arena_printf(arena, "Authorization: %s", acs_authorization(arena, call, &key));
    return headers;
}

/* The gateway says OK, or why not: its word for it is logged, never shown. */
static enum err
answer_read(struct arena *arena, const struct https_answer *answer)
{
    const char *code = "unreadable";
    enum err err = member_text(json_read(arena, answer->body), "Code", ANSWER_MAX_BYTES, &code);

    if (err == OK && answer->status == 200 && text_eq(code, "OK"))
        return OK;
    log_line(LOG_WARN, "sms.refused", log_text("reason", code), log_int("status", answer->status));
    return ERR_UNAVAILABLE;
}

static enum err
message_sent(struct sms *sms, struct arena *arena, const struct acs_call *call,
             const char *traceparent, struct https_answer *out)
{
    const struct settings *settings = sms->settings;
    const char *slash = text_ends(settings->sms.url, "/") ? "" : "/";
    const struct https_request request = {
        .method = "POST",
        .url = arena_printf(arena, "%s%s?%s", settings->sms.url, slash, call->query),
        .trust = TRUST_CONFIGURED,
        .traceparent = traceparent,
        .headers = headers_for(sms, arena, call),
        .deadline_s = settings->sms.deadline_s,
        .max_answer_bytes = ANSWER_MAX_BYTES,
    };
    enum err err = https_call(sms->https, arena, &request, out);

    return err == OK || err == ERR_UNAVAILABLE ? err : ERR_UNKNOWN;
}

/*
 * A gateway that refuses one message is in good health: only silence and 5xx count towards the
 * breaker.
 */
static enum err
guarded(struct sms *sms, struct arena *arena, const struct acs_call *call, const char *traceparent)
{
    struct https_answer answer;
    struct held held;
    int64_t started_us = mono_us();
    enum err err = connector_enter(&sms->connector);

    if (err != OK)
        return err;
    hold_begin(&held, connector_release, &sms->connector);
    err = message_sent(sms, arena, call, traceparent, &answer);
    hold_end(&held);
    connector_leave(&sms->connector, err == OK && answer.status < 500);
    metric_seconds(METRIC_SMS_SECONDS, mono_us() - started_us);
    return err == OK ? answer_read(arena, &answer) : err;
}

static enum err
send_message(struct sms *sms, struct arena *arena, const char *number,
             const struct sms_message *message, unix_s now)
{
    uint8_t nonce[NONCE_BYTES];
    enum err err;

    if (!sms_is_configured(sms) || env_random(sms->env, nonce, sizeof(nonce)) != OK)
        return ERR_UNAVAILABLE;
    err = guarded(sms, arena,
                  &(struct acs_call) {
                      .host = sms->host,
                      .action = ACTION,
                      .version = VERSION,
                      .date = time_rfc3339(arena, now),
                      .nonce = hex_encode(arena, bytes_of(nonce, sizeof(nonce))),
                      .query = query_for(sms, arena, number, message),
                  },
                  message->traceparent);
    metric_add(err == OK ? METRIC_SMS_SENT : METRIC_SMS_FAILED, 1);
    return err;
}

enum err
sms_send_code(struct sms *sms, struct arena *arena, const struct sms_code *code, unix_s now)
{
    const char *number = mainland_number(code->phone);
    const char *partner = sms->settings->sms.template_partner;
    struct buf variables = buf_new(arena, 128);

    if (number == NULL || !is_digits(code->digits, 1, CODE_MAX_CHARS))
        return ERR_INVALID;
    emit_object(&variables, NULL);
    emit_text(&variables, "code", code->digits);
    if (!text_is_empty(partner))
        emit_text(&variables, partner, partner_told(sms, arena, code->partner));
    emit_object_end(&variables);
    return send_message(sms, arena, number,
                        &(struct sms_message) { message_template(sms->settings, code->purpose),
                                                variables.at, code->traceparent },
                        now);
}

const char *
sms_template_telling(const struct settings *settings, enum sms_telling telling)
{
    if (telling == SMS_TELLS_ACT)
        return settings->sms.template_code_act;
    return telling == SMS_TELLS_ALARM ? settings->sms.template_code_alarm
                                      : settings->sms.template_code_notice;
}

static const char *
template_of(const struct sms *sms, enum sms_telling telling)
{
    return sms_template_telling(sms->settings, telling);
}

bool
sms_can_tell(const struct sms *sms, enum sms_telling telling)
{
    return sms_is_configured(sms) && !text_is_empty(template_of(sms, telling));
}

enum err
sms_send_notice(struct sms *sms, struct arena *arena, const struct sms_notice *notice, unix_s now)
{
    const char *number = mainland_number(notice->phone_e164);
    struct buf variables = buf_new(arena, 128);

    if (number == NULL)
        return ERR_INVALID;
    emit_object(&variables, NULL);
    if (notice->telling == SMS_TELLS_ACT)
        emit_text(&variables, "place", notice->place);
    emit_text(&variables, "what", notice->what);
    emit_text(&variables, "time", notice->time);
    emit_object_end(&variables);
    return send_message(sms, arena, number,
                        &(struct sms_message) { template_of(sms, notice->telling), variables.at,
                                                notice->traceparent },
                        now);
}

static const char *
template_asking(const struct sms *sms, const char *kind)
{
    if (text_eq(kind, "lost"))
        return sms->settings->sms.template_code_lost;
    if (text_eq(kind, "reset"))
        return sms->settings->sms.template_code_reset;
    return text_eq(kind, "reply") ? sms->settings->sms.template_code_reply
                                  : sms->settings->sms.template_code_link;
}

bool
sms_can_ask(const struct sms *sms, const char *kind)
{
    return sms_is_configured(sms) && !text_is_empty(template_asking(sms, kind));
}

/* What the partner says it is for, as a message may carry it; its name where it says nothing. */
static const char *
purpose_told(struct sms *sms, struct arena *arena, const struct sms_question *question)
{
    const char *purpose = message_name(arena, question->purpose);

    return *purpose != '\0' ? purpose : partner_told(sms, arena, question->partner);
}

enum err
sms_send_question(struct sms *sms, struct arena *arena, const struct sms_question *question,
                  unix_s now)
{
    const char *number = mainland_number(question->phone_e164);
    const char *partner = sms->settings->sms.template_partner;
    struct buf variables = buf_new(arena, 128);

    if (number == NULL)
        return ERR_INVALID;
    emit_object(&variables, NULL);
    emit_text(&variables, text_eq(question->kind, "reply") ? "number" : "link", question->text);
    emit_text(&variables, "what", purpose_told(sms, arena, question));
    if (!text_is_empty(partner))
        emit_text(&variables, partner, partner_told(sms, arena, question->partner));
    emit_object_end(&variables);
    return send_message(sms, arena, number,
                        &(struct sms_message) { template_asking(sms, question->kind), variables.at,
                                                question->traceparent },
                        now);
}
