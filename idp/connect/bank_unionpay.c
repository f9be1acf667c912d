/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/bank_unionpay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/connect/bank_code.h"
#include "idp/connect/connector.h"
#include "idp/connect/unionpay_message.h"
#include "idp/connect/unionpay_signature.h"

#define CHECK_PATH "backTransReq.do"
#define QUERY_PATH "queryTrans.do"
#define CODE_SUCCESS "00"
#define CODE_ORDER_ABSENT "34"

struct bank {
    const struct settings *settings;
    struct https *https;
    struct connector connector;
    struct unionpay_signer *signer; /* NULL: no bank is configured */
    struct unionpay_trust *trust;
};

/* One question to the network, and how it differs from the other kind. */
struct bank_job {
    struct bank *bank;
    struct arena *arena;
    const struct bank_check *check;
    unix_s now;
    const char *path;
    enum err (*encode)(const struct bank_job *job, struct unionpay_message *out);
    void (*settle)(const struct bank_job *job, const struct unionpay_message *reply,
                   struct bank_answer *out);
};

static const char *const outcome_names[] = {
    [BANK_UNKNOWN] = "unknown",
    [BANK_MATCH] = "match",
    [BANK_MISMATCH] = "mismatch",
    [BANK_CARD_INVALID] = "card_invalid",
    [BANK_CARD_STATE] = "card_state",
    [BANK_UNSUPPORTED] = "unsupported",
    [BANK_REFUSED] = "refused",
    [BANK_RATE_LIMITED] = "rate_limited",
    [BANK_UNAVAILABLE] = "unavailable",
    [BANK_NOT_SENT] = "not_sent",
    [BANK_FAULT] = "fault",
    [BANK_ORDER_ABSENT] = "order_absent",
};

static const enum metric outcome_metrics[] = {
    [BANK_UNKNOWN] = METRIC_BANK_UNKNOWN,     [BANK_MATCH] = METRIC_BANK_MATCH,
    [BANK_MISMATCH] = METRIC_BANK_MISMATCH,   [BANK_CARD_INVALID] = METRIC_BANK_REFUSED,
    [BANK_CARD_STATE] = METRIC_BANK_REFUSED,  [BANK_UNSUPPORTED] = METRIC_BANK_REFUSED,
    [BANK_REFUSED] = METRIC_BANK_REFUSED,     [BANK_RATE_LIMITED] = METRIC_BANK_REFUSED,
    [BANK_UNAVAILABLE] = METRIC_BANK_UNKNOWN, [BANK_NOT_SENT] = METRIC_BANK_UNKNOWN,
    [BANK_FAULT] = METRIC_BANK_UNKNOWN,       [BANK_ORDER_ABSENT] = METRIC_BANK_UNKNOWN,
};

const char *
bank_outcome_name(enum bank_outcome outcome)
{
    return outcome_names[outcome];
}

enum err
bank_new(const struct settings *settings, struct https *https, struct bank **out)
{
    struct bank *bank = calloc(1, sizeof(*bank));
    enum err err = OK;

    if (bank == NULL)
        return ERR_INTERNAL;
    bank->settings = settings;
    bank->https = https;
    connector_init(&bank->connector, "bank", METRIC_CONNECTOR_BANK, settings->bank.max_in_flight);
    if (!text_is_empty(settings->bank.url)) {
        err = unionpay_signer_new(settings->bank.certificate_file, settings->bank.key_file,
                                  &bank->signer);
        if (err == OK)
            err = unionpay_trust_new(settings->bank.root_file, settings->bank.middle_file,
                                     settings->bank.test_network, &bank->trust);
    }
    if (err != OK) {
        bank_free(bank);
        return err;
    }
    *out = bank;
    return OK;
}

void
bank_free(struct bank *bank)
{
    if (bank == NULL)
        return;
    unionpay_signer_free(bank->signer);
    unionpay_trust_free(bank->trust);
    connector_end(&bank->connector);
    free(bank);
}

static bool
is_within(const char *text, const char *alphabet, size_t min, size_t max)
{
    size_t size = strspn(text, alphabet);

    return text[size] == '\0' && size >= min && size <= max;
}

static bool
is_digits(const char *text, size_t min, size_t max)
{
    return is_within(text, "0123456789", min, max);
}

static bool
is_order_id(const char *text)
{
    return is_within(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 8, 40);
}

/* What both kinds of request carry, and what their replies must repeat. */
static struct unionpay_message
message_for(const struct bank_job *job)
{
    const struct bank_check *check = job->check;
    struct unionpay_message message = { 0 };

    unionpay_put(&message, "version", "5.1.0");
    unionpay_put(&message, "encoding", "UTF-8");
    unionpay_put(&message, "accessType", "0");
    unionpay_put(&message, "channelType", "07");
    unionpay_put(&message, "merId", job->bank->settings->bank.merchant_id);
    unionpay_put(&message, "orderId", check->order_id);
    unionpay_put(&message, "txnTime", time_beijing_compact(job->arena, check->txn_time));
    return message;
}

static enum err
check_encode(const struct bank_job *job, struct unionpay_message *out)
{
    const struct bank_check *check = job->check;
    const struct unionpay_customer customer = { check->name, check->identity_number, check->phone };
    const char *customer_info = NULL;

    if (!is_order_id(check->order_id) || !is_digits(check->card_no, 13, 19) ||
        !is_digits(check->phone, 11, 11) ||
        unionpay_customer_info(job->arena, &customer, &customer_info) != OK)
        return ERR_INVALID;
    *out = message_for(job);
    unionpay_put(out, "txnType", "72");
    unionpay_put(out, "txnSubType", "01");
    unionpay_put(out, "bizType", job->bank->settings->bank.biz_type);
    unionpay_put(out, "accNo", check->card_no);
    unionpay_put(out, "customerInfo", customer_info);
    return unionpay_sign(job->bank->signer, job->arena, out);
}

static enum err
query_encode(const struct bank_job *job, struct unionpay_message *out)
{
    if (!is_order_id(job->check->order_id))
        return ERR_INVALID;
    *out = message_for(job);
    unionpay_put(out, "txnType", "00");
    unionpay_put(out, "txnSubType", "00");
    unionpay_put(out, "bizType", "000000");
    return unionpay_sign(job->bank->signer, job->arena, out);
}

/* A good signature on the answer to another question is a replay. */
static bool
is_answer_to(const struct unionpay_message *reply, const struct unionpay_message *request)
{
    static const char *const same[] = { "merId", "orderId", "txnTime", "txnType" };

    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        const char *sent = unionpay_find(request, same[i]);

        if (sent == NULL || !text_eq(sent, unionpay_find(reply, same[i])))
            return false;
    }
    return true;
}

static void
raise_alarm(const struct bank_job *job, const char *reason, struct bank_answer *out)
{
    out->alarm = true;
    metric_add(METRIC_BANK_ALARMS, 1);
    log_line(LOG_ERROR, "bank.alarm", log_text("reason", reason),
             log_text("order", job->check->order_id), log_text("code", out->code));
}

/* ERR_UNAVAILABLE: never sent. Any other failure: sent, and no answer that can be read. */
static enum err
exchange(const struct bank_job *job, const struct unionpay_message *request,
         struct unionpay_message *out)
{
    const struct settings *settings = job->bank->settings;
    struct https_answer answer;
    const struct https_request call = {
        .method = "POST",
        .url = arena_printf(job->arena, "%s%s", settings->bank.url, job->path),
        .trust = TRUST_CONFIGURED,
        .traceparent = job->check->traceparent,
        .content_type = "application/x-www-form-urlencoded;charset=UTF-8",
        .body = unionpay_body(job->arena, request),
        .deadline_s = settings->bank.deadline_s,
        .max_answer_bytes = UNIONPAY_REPLY_MAX_BYTES,
    };
    enum err err = https_call(job->bank->https, job->arena, &call, &answer);

    if (err != OK)
        return err;
    if (answer.status != 200)
        return ERR_UNKNOWN;
    return unionpay_parse(job->arena, answer.body, out);
}

/* Exchange, and believe only the network itself speaking about this order. */
static enum err
ask(const struct bank_job *job, const struct unionpay_message *request,
    struct unionpay_message *reply, struct bank_answer *out)
{
    enum err err = exchange(job, request, reply);

    if (err != OK) {
        log_line(LOG_WARN, "bank.no_answer", log_text("order", job->check->order_id),
                 log_text("error", err_name(err)));
        return err;
    }
    if (unionpay_verify(job->bank->trust, job->arena, reply, job->now) != OK) {
        raise_alarm(job, "forged", out);
        return ERR_FORGED;
    }
    if (!is_answer_to(reply, request)) {
        raise_alarm(job, "replayed", out);
        return ERR_FORGED;
    }
    return OK;
}

static void
settle_code(const struct bank_job *job, const char *code, struct bank_answer *out)
{
    const struct bank_verdict *verdict = bank_verdict_of(code);

    snprintf(out->code, sizeof(out->code), "%s", code != NULL ? code : "");
    out->outcome = verdict->outcome;
    if (verdict->alarm)
        raise_alarm(job, "code", out);
}

static void
check_settle(const struct bank_job *job, const struct unionpay_message *reply,
             struct bank_answer *out)
{
    settle_code(job, unionpay_find(reply, "respCode"), out);
}

/* respCode is the query's own fate, and only under 00 is there a word about the order. */
static void
query_settle(const struct bank_job *job, const struct unionpay_message *reply,
             struct bank_answer *out)
{
    const char *code = unionpay_find(reply, "respCode");

    if (text_eq(code, CODE_SUCCESS)) {
        settle_code(job, unionpay_find(reply, "origRespCode"), out);
        return;
    }
    if (text_eq(code, CODE_ORDER_ABSENT)) {
        snprintf(out->code, sizeof(out->code), "%s", code);
        out->outcome = BANK_ORDER_ABSENT;
        return;
    }
    settle_code(job, code, out);
    out->outcome = BANK_UNKNOWN;
}

static bool
is_ready(const struct bank_job *job, struct unionpay_message *request)
{
    enum err err = job->encode(job, request);

    if (err == OK)
        err = connector_enter(&job->bank->connector);
    if (err != OK)
        log_line(LOG_WARN, "bank.not_sent", log_text("order", job->check->order_id),
                 log_text("error", err_name(err)));
    return err == OK;
}

static void
job_run(const struct bank_job *job, struct bank_answer *out)
{
    struct unionpay_message request;
    struct unionpay_message reply;
    int64_t started_us = mono_us();
    struct held held;
    enum err err;

    *out = (struct bank_answer) { .outcome = BANK_NOT_SENT };
    if (!is_ready(job, &request))
        return;
    hold_begin(&held, connector_release, &job->bank->connector);
    err = ask(job, &request, &reply, out);
    hold_end(&held);
    connector_leave(&job->bank->connector, err == OK);
    if (err == OK)
        job->settle(job, &reply, out);
    else if (err != ERR_UNAVAILABLE)
        out->outcome = BANK_UNKNOWN;
    out->took_ms = (mono_us() - started_us) / 1000;
    metric_seconds(METRIC_BANK_SECONDS, mono_us() - started_us);
}

void
bank_check(struct bank *bank, struct arena *arena, const struct bank_check *check, unix_s now,
           struct bank_answer *out)
{
    const struct bank_job job = {
        .bank = bank,
        .arena = arena,
        .check = check,
        .now = now,
        .path = CHECK_PATH,
        .encode = check_encode,
        .settle = check_settle,
    };

    if (bank->signer != NULL)
        job_run(&job, out);
    else
        *out = (struct bank_answer) { .outcome = BANK_UNAVAILABLE };
    metric_add(outcome_metrics[out->outcome], 1);
}

void
bank_query(struct bank *bank, struct arena *arena, const struct bank_check *check, unix_s now,
           struct bank_answer *out)
{
    const struct bank_job job = {
        .bank = bank,
        .arena = arena,
        .check = check,
        .now = now,
        .path = QUERY_PATH,
        .encode = query_encode,
        .settle = query_settle,
    };

    if (bank->signer == NULL) {
        *out = (struct bank_answer) { .outcome = BANK_UNAVAILABLE };
        return;
    }
    job_run(&job, out);
    if (out->outcome == BANK_NOT_SENT)
        out->outcome =
            BANK_UNKNOWN; /* it is the query that was not sent: of the order this says nothing */
}
