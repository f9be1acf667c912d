/* SPDX-License-Identifier: Apache-2.0 */
/* The audit trail: one call, in the transaction of the change it records. Events are event.def. */
#ifndef IDP_AUDIT_AUDIT_H
#define IDP_AUDIT_AUDIT_H

#include "idp/context/ctx.h"
#include "idp/tables/subject.h"

enum audit_event {
    AUDIT_NONE,
#define EVENT(symbol, kind, name, help) AUDIT_##symbol,
#include "idp/audit/event.def"
#undef EVENT
    AUDIT_COUNT
};

/* Members not known are left NULL. No secret and no personal data: ids of ours only. */
struct audit_record {
    enum audit_event event;
    const char *reason;
    struct subject subject; /* whose it is */
    const char *partner_id;
    const char *sid;
};

/*
 * Writes one record with the request's id, address, channel and the time, in the transaction of the
 * change: when it cannot be written, nothing is changed.
 */
must_check enum err audit_write(struct ctx *ctx, const struct audit_record *record);

/*
 * For what changes nothing of ours, or has been done by others already: a record by itself. When it
 * cannot be written what was done or refused stands all the same, and the failure is logged. An event of kind REFUSAL is sampled (sampler.h).
 */
void audit_note(struct ctx *ctx, const struct audit_record *record);

const char *audit_event_name(enum audit_event event);
const char *audit_event_help(enum audit_event event);
bool audit_event_is_refusal(enum audit_event event);

#endif
