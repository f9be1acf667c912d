/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one node should do is done by the one that holds its lease; when that one ends another takes
 * over, within 30 s. A lease saves work: it must be safe to do the work twice, for a node that was
 * stopped in the middle of it does not know that it is no longer the holder.
 */
#ifndef IDP_SERVER_LIFE_LEASE_H
#define IDP_SERVER_LIFE_LEASE_H

#include "idp/context/ctx.h"

/* A node's view of one. Zero: not held. */
struct lease {
    unix_s asked_at; /* 0: never */
    unix_s until;    /* held before that; 0: not held */
};

/* Takes or keeps it, now and then; true while it is this node's. `holder` names the node. */
bool lease_hold(struct ctx *ctx, struct lease *lease, const char *name, const char *holder);

/* So that the next one need not wait. Nothing when it is not held. */
void lease_give_back(struct ctx *ctx, struct lease *lease, const char *name, const char *holder);

#endif
