/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was revoked within the life of an access token, kept in memory on every node, so that
 * checking a token reads no store. Each node polls the store once a second and adds what it did not
 * revoke itself (docs/adr/0016).
 */
#ifndef IDP_SESSION_REVOCATION_H
#define IDP_SESSION_REVOCATION_H

#include <stdbool.h>

#include "idp/context/ctx.h"

struct revocations *revocations_new(void) __attribute__((returns_nonnull));
void revocations_free(struct revocations *revocations);

/* Lock-free. `id` is the gid of an access token, or the jti of one that has no grant. */
bool revocation_has(const struct revocations *revocations, const char *id);

/*
 * In the caller's transaction: no node shall take access tokens of this id any more. The caller
 * tells this node with revocation_apply() once the transaction is durable.
 */
must_check enum err revocation_record(struct ctx *ctx, const char *id);
void revocation_apply(struct ctx *ctx, const char *id);

/* Both, in a transaction of its own. */
must_check enum err revocation_make(struct ctx *ctx, const char *id);

/* Reads what other nodes have recorded; `store_seq` is the epoch `revocation`, which nodes of the
 * version before raise. Called by one thread only. */
must_check enum err revocations_poll(struct ctx *ctx, int64_t store_seq);

#endif
