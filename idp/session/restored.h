/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After the store was put back from a backup: what had ended since, it has forgotten. So nothing that
 * was handed out before a time that the operator says is good any more, on any node, whatever its
 * own row says (docs/adr/0035).
 */
#ifndef IDP_SESSION_RESTORED_H
#define IDP_SESSION_RESTORED_H

#include "idp/context/ctx.h"

struct restored_count {
    int64_t sessions;
    int64_t grants;
};

/* Counts what would end, and changes nothing. */
must_check enum err restored_count(struct ctx *ctx, unix_s before, struct restored_count *out);

/*
 * The time first, audited once: from then on all of it is dead, and stays so if the rest is
 * interrupted. Then sessions, partners being told, and grants that began before it end one by one;
 * `out` counts. A time that is earlier than one that was said before changes nothing of that.
 */
must_check enum err restored_revoke(struct ctx *ctx, unix_s before, struct restored_count *out);

#endif
