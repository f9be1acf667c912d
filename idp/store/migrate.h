/* SPDX-License-Identifier: Apache-2.0 */
/* The schema: how it comes to be, and whether this program may serve on it. */
#ifndef IDP_STORE_MIGRATE_H
#define IDP_STORE_MIGRATE_H

#include "idp/base/buf.h"
#include "idp/store/store.h"

/*
 * A schema is fit when all migrations of this program are applied, word for word, and those behind
 * them, which newer programs applied, only add to what it knows (docs/adr/0015).
 *
 * Applies what is missing, in order, each in its own transaction, under a lease so that two nodes
 * do not race. ERR_INVALID when what is applied is unfit; ERR_BUSY when another node keeps the
 * lease.
 */
must_check enum err store_migrate(struct store *st, struct env *env);
/* What store_migrate() would do: a line a migration, name and statements, into `out`; *pending
 * counts them. Where it would do nothing, or ERR_INVALID, a line that says why. */
must_check enum err store_migrate_plan(struct store *st, struct buf *out, int64_t *pending);
/*
 * May this program serve on the schema? ERR_INVALID with *why, a sentence that says what to do. OK
 * with *why NULL, or with a sentence when the schema is newer. The sentence lives in the arena.
 */
must_check enum err store_schema_check(struct store *st, struct arena *arena, const char **why);

#endif
