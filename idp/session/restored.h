/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After the store was put back from a backup: what had ended since, it has forgotten. So nothing that
 * was handed out before a time that the operator says is good any more, on any node, whatever its
 * own row says (docs/adr/0035).
 */
#ifndef IDP_SESSION_RESTORED_H
#define IDP_SESSION_RESTORED_H

#include <stdbool.h>

#include "idp/context/ctx.h"

struct restored_count {
    int64_t sessions;
    int64_t grants;
};

/* Counts what would end, and changes nothing. */
must_check enum err restored_count(struct ctx *ctx, unix_s before, struct restored_count *out);

/* The time, audited once: from then on all of it is dead, whatever becomes of the rest. A time that
 * is not later than one that was said before changes nothing. */
must_check enum err restored_begin(struct ctx *ctx, unix_s before);

#define RESTORED_ID_ROOM 64 /* ids of ours are shorter */

/* How far it has come; zero at the beginning. */
struct restored_place {
    bool grants;                  /* the sessions are done */
    char after[RESTORED_ID_ROOM]; /* behind that id */
    struct restored_count ended;
    bool over;
};

/* Then, page by page: sessions end, partners being told, and grants that began before it. A few pages
 * of them; again until it is over. What was ended in the meantime is passed over. */
must_check enum err restored_step(struct ctx *ctx, unix_s before, struct restored_place *place);

#endif
