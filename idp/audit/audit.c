/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/audit/audit.h"

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/store/audit.h"
#include "keys/handle.h"

static const struct {
    const char *name;
    const char *help;
} events[] = {
    [AUDIT_NONE] = { "", "" },
#define EVENT(symbol, name, help) [AUDIT_##symbol] = { name, help },
#include "idp/audit/event.def"
#undef EVENT
};

static const char *
or_empty(const char *text)
{
    return text != NULL ? text : "";
}

enum err
audit_write(struct ctx *ctx, const struct audit_record *record)
{
    struct stored_audit row = {
        .at = ctx->now,
        .event = events[record->event].name,
        .reason = or_empty(record->reason),
        .person_id = or_empty(record->person_id),
        .partner_id = or_empty(record->partner_id),
        .sid = or_empty(record->sid),
        .channel = ctx->channel,
        .request_id = ctx->request_id,
        .address = ctx->address,
    };
    enum err err = id_new(ctx->env, ctx->arena, "a_", &row.audit_id);

    if (err == OK)
        err = store_audit_insert(ctx->store, &row);
    if (err == OK)
        metric_add(METRIC_AUDIT_RECORDS, 1);
    return err;
}

void
audit_refusal(struct ctx *ctx, const struct audit_record *record)
{
    enum err err = audit_write(ctx, record);

    if (err != OK)
        log_line(LOG_ERROR, "audit.lost", log_text("audit_event", events[record->event].name),
                 log_text("reason", or_empty(record->reason)), log_text("error", err_name(err)));
}

const char *
audit_event_name(enum audit_event event)
{
    return events[event].name;
}

const char *
audit_event_help(enum audit_event event)
{
    return events[event].help;
}
