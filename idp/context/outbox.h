/* SPDX-License-Identifier: Apache-2.0 */
/* Telling others: what shall be told is put into the outbox by the change it tells of, and those
 * who make the calls (idp/server/life/outbox.h) are woken once that change is durable. */
#ifndef IDP_CONTEXT_OUTBOX_H
#define IDP_CONTEXT_OUTBOX_H

#include "idp/context/ctx.h"
#include "idp/tables/outbox.h"

/* Members not known are left NULL. */
struct outbox_entry {
    const char *kind; /* a line of the kinds in idp/server/life/outbox.c */
    const char *partner_id;
    const char *person_id;
    const char *sid;
    const char *payload; /* no personal data but sealed */
};

/* In the caller's transaction: a call to be made at once. */
must_check enum err outbox_put(struct ctx *ctx, const struct outbox_entry *entry);

/* When the transaction is durable: wakes this node's deliverers, if anything was put into the
 * outbox. Forgotten, it costs a second: they look by themselves, as all nodes do. */
void outbox_wake(struct ctx *ctx);

#endif
