/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/audit/audit.h"

#include "idp/audit/lanes.h"
#include "idp/audit/sampler.h"
#include "idp/base/broken.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "keys/handle.h"
#include "policies/network.h"

enum event_kind {
    CHANGE,
    REFUSAL
};

static const struct {
    const char *name;
    const char *help;
    enum event_kind kind;
} events[] = {
    [AUDIT_NONE] = { "", "", CHANGE },
#define EVENT(symbol, kind, name, help) [AUDIT_##symbol] = { name, help, kind },
#include "idp/audit/event.def"
#undef EVENT
};

static const char *
or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* For whoever explains the refusal to the partner (protocols/http/explain.h). */
static void
remember(struct ctx *ctx, const struct audit_record *record)
{
    if (!ctx->settings->errors.explain || !audit_event_is_refusal(record->event))
        return;
    ctx->refusal = arena_printf(ctx->arena, "%s%s%s", events[record->event].name,
                                text_is_empty(record->reason) ? "" : " ", or_empty(record->reason));
}

static enum err
record_write(struct ctx *ctx, const struct audit_record *record)
{
    struct stored_audit row = {
        .at = env_now(
            ctx->env), /* the request may have waited: rows stand nearly in the order of their commits */
        .event = events[record->event].name,
        .is_refusal = audit_event_is_refusal(record->event),
        .reason = or_empty(record->reason),
        .subject = { record->subject.kind, or_empty(record->subject.id) },
        .partner_id = or_empty(record->partner_id),
        .sid = or_empty(record->sid),
        .channel = ctx->channel,
        .request_id = ctx->request_id,
        .address = ctx->address,
        .actor = ctx->staff_id,
        .counter_id = ctx->counter_id,
    };
    enum err err = id_new(ctx->env, ctx->arena, "a_", &row.audit_id);

    remember(ctx, record);
    if (err == OK)
        err = lanes_insert(ctx, &row);
    if (err == OK)
        metric_add(METRIC_AUDIT_RECORDS, 1);
    return err;
}

/* Else the one could be kept without the other. */
static void
must_be_one_transaction(const struct ctx *ctx, const struct audit_record *record)
{
#ifdef TONGXING_DEBUG
    if (!audit_event_is_refusal(record->event) && !store_in_transaction(ctx->store))
        broken("a change and its record are one transaction");
#else
    (void)ctx;
    (void)record;
#endif
}

enum err
audit_write(struct ctx *ctx, const struct audit_record *record)
{
    must_be_one_transaction(ctx, record);
    return record_write(ctx, record);
}

static bool
is_kept(struct ctx *ctx, const struct audit_record *record)
{
    struct sample sample = {
        .network = network_unit(ctx->arena, ctx->address),
        .event = events[record->event].name,
        .reason = or_empty(record->reason),
        .partner_id = or_empty(record->partner_id),
        .person_id = or_empty(record->subject.id),
    };

    if (ctx->services->sampler == NULL || !audit_event_is_refusal(record->event))
        return true;
    return sampler_keeps(ctx->services->sampler, &sample, ctx->now,
                         ctx->settings->audit.rows_a_minute);
}

void
audit_note(struct ctx *ctx, const struct audit_record *record)
{
    enum err err;

    if (!is_kept(ctx, record)) {
        remember(ctx, record);
        metric_add(METRIC_AUDIT_SAMPLED, 1);
        return;
    }
    err = record_write(ctx, record);
    if (err != OK)
        log_line(LOG_ERROR, "audit.lost", log_text("audit_event", events[record->event].name),
                 log_text("reason", or_empty(record->reason)), log_text("error", err_name(err)));
}

const char *
audit_event_name(enum audit_event event)
{
    return events[event].name;
}

bool
audit_event_is_refusal(enum audit_event event)
{
    return events[event].kind == REFUSAL;
}

const char *
audit_event_help(enum audit_event event)
{
    return events[event].help;
}
