/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/code_limits.h"

#include <stdatomic.h>

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/person/attempts.h"
#include "idp/person/device.h"
#include "keys/secret.h"
#include "policies/network.h"

#define LINES_MAX 9
#define ALARM_EVERY_S 60
#define QUARTER_S 900

struct code_lines {
    struct attempt_line at[LINES_MAX];
    size_t count;
};

/* One for each kind of alarm: when it was raised last on this node. */
struct alarm {
    const char *event;
    _Atomic(unix_s) raised_at;
};

static struct alarm alarm_prefix = { .event = "sms.cap_prefix" };
static struct alarm alarm_global = { .event = "sms.cap_global" };

static void
add(struct code_lines *lines, enum attempt_kind kind, const char *subject)
{
    lines->at[lines->count++] = (struct attempt_line) { kind, subject, NULL, NULL };
}

/* The line of the ledger in which messages to this number count for the whole province. */
static const char *
lane_of(struct ctx *ctx, const char *phone)
{
    struct digest digest = digest_keyed_texts(&ctx->keys->index, "sms.lane", phone, NULL);

    return arena_printf(ctx->arena, "lane %d", digest.bytes[0] % ATTEMPT_LANES);
}

/* A known browser is nobody's crowd: it counts for its number only. */
static struct code_lines
lines_of(struct ctx *ctx, const char *phone)
{
    bool known;
    const char *requester = device_requester(ctx, phone, &known);
    const char *both = arena_printf(ctx->arena, "%s %s", phone, requester);
    struct code_lines lines = { .count = 0 };

    add(&lines, ATTEMPT_SMS_MINUTE, both);
    add(&lines, ATTEMPT_SMS_HOUR, both);
    add(&lines, ATTEMPT_SMS_DAY, both);
    if (!known)
        add(&lines, ATTEMPT_SMS_STRANGERS, phone);
    add(&lines, ATTEMPT_SMS_PHONE, phone);
    if (known)
        return lines;
    add(&lines, ATTEMPT_SMS_ADDRESS, requester);
    add(&lines, ATTEMPT_SMS_PREFIX, network_prefix(ctx->arena, ctx->address));
    add(&lines, ATTEMPT_SMS_ALL_MINUTE, lane_of(ctx, phone));
    add(&lines, ATTEMPT_SMS_ALL_DAY, lane_of(ctx, phone));
    return lines;
}

/* An operator must look; a line a minute is enough for that. */
static void
raise(struct ctx *ctx, struct alarm *alarm, enum attempt_kind kind)
{
    unix_s before = atomic_load(&alarm->raised_at);

    if (before != 0 && ctx->now - before < ALARM_EVERY_S && ctx->now >= before)
        return;
    if (atomic_compare_exchange_strong(&alarm->raised_at, &before, ctx->now))
        log_line(LOG_ERROR, alarm->event, log_text("cap", attempt_rule(ctx->settings, kind).name),
                 log_text("address", ctx->address));
}

static const struct problem *
problem_for(int64_t wait_s)
{
    if (wait_s <= 60)
        return &problem_sms_too_soon;
    if (wait_s <= QUARTER_S)
        return &problem_sms_wait_15;
    if (wait_s <= 3600)
        return &problem_sms_wait_60;
    return wait_s <= 4 * 3600 ? &problem_sms_wait_hours : &problem_sms_too_many;
}

static const struct problem *
refused(struct ctx *ctx, const struct attempt_verdict *verdict)
{
    enum attempt_kind kind = verdict->refused_by;

    audit_note(ctx, &(struct audit_record) { .event = AUDIT_CODE_CAPPED,
                                             .reason = attempt_rule(ctx->settings, kind).name });
    switch (kind) {
    case ATTEMPT_SMS_ADDRESS:
        metric_add(METRIC_SMS_CAPPED_NETWORK, 1);
        break;
    case ATTEMPT_SMS_PREFIX:
        metric_add(METRIC_SMS_CAPPED_PREFIX, 1);
        raise(ctx, &alarm_prefix, kind);
        break;
    case ATTEMPT_SMS_ALL_MINUTE:
    case ATTEMPT_SMS_ALL_DAY:
        metric_add(METRIC_SMS_CAPPED_GLOBAL, 1);
        raise(ctx, &alarm_global, kind);
        return verdict->wait_s <= QUARTER_S ? &problem_sms_paused : &problem_sms_paused_today;
    default:
        metric_add(METRIC_SMS_CAPPED_NUMBER, 1);
        return problem_for(verdict->wait_s);
    }
    return verdict->wait_s <= QUARTER_S ? &problem_sms_network_full : &problem_sms_network_long;
}

const struct problem *
code_limits_take(struct ctx *ctx, const char *phone)
{
    struct code_lines lines = lines_of(ctx, phone);
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, lines.at, lines.count, &verdict);

    if (err != OK)
        return problem_of(err);
    return verdict.allowed ? NULL : refused(ctx, &verdict);
}

enum err
code_limits_wait(struct ctx *ctx, const char *phone, int64_t *wait_s)
{
    struct code_lines lines = lines_of(ctx, phone);

    return attempt_wait(ctx, &lines.at[0], wait_s);
}

void
code_limits_give_back(struct ctx *ctx, const char *phone)
{
    struct code_lines lines = lines_of(ctx, phone);

    attempts_give_back(ctx, lines.at, lines.count);
}
