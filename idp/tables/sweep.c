/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/sweep.h"

#include "idp/tables/partner.h"

#define DAY_S 86400
/* Longer than anything of a partner lives. */
#define REMOVED_PARTNER_S (2 * 366 * DAY_S)

/* $1 is the time before which a row must have ended, $2 the batch. */
struct broom {
    int64_t age_s;
    const char *sql;
};

#define EXPIRED(table, key, condition)                                                             \
    "DELETE FROM " table " WHERE " key " IN (SELECT " key " FROM " table " WHERE " condition       \
    " LIMIT $2)"

static const struct broom brooms[] = {
    { 0, EXPIRED("spent", "id", "until <= $1") },
    { 0, EXPIRED("one_time_code", "code_id", "expires_at <= $1") },
    { 0, EXPIRED("pending", "pending_id", "expires_at <= $1") },
    { 0, "DELETE FROM attempt WHERE expires_at <= $1 AND (kind, digest) IN"
         " (SELECT kind, digest FROM attempt WHERE expires_at <= $1 LIMIT $2)" },
    { 0, EXPIRED("revocation", "seq", "until <= $1") },
    { DAY_S, EXPIRED("session", "sid", "expires_at <= $1") },
    { DAY_S, EXPIRED("partner_grant", "grant_id", "expires_at <= $1") },
    { 0, "DELETE FROM device_secret WHERE expires_at <= $1 AND (sid, partner_id) IN"
         " (SELECT sid, partner_id FROM device_secret WHERE expires_at <= $1 LIMIT $2)" },
    /* Read whole, for an index by `until` would have one hot end: it holds minutes. */
    { 0, "DELETE FROM revoked WHERE (bucket, at, revoked_id) IN"
         " (SELECT bucket, at, revoked_id FROM revoked WHERE until <= $1 LIMIT $2)" },
    { 0, EXPIRED("logout_delivery", "delivery_id", "next_at <= $1 AND done_at > 0") },
    { 0, EXPIRED("outbox", "delivery_id", "next_at <= $1 AND done_at > 0") },
    { PARTNER_SECRET_KEPT_S,
      "UPDATE partner SET secret_digest = NULL, secret_sealed = NULL, before_digest = NULL,"
      " before_sealed = NULL, before_until = 0 WHERE partner_id IN"
      " (SELECT partner_id FROM partner WHERE removed_at <= $1 AND removed_at > 0"
      " AND (secret_digest IS NOT NULL OR before_digest IS NOT NULL) LIMIT $2)" },
    { 0, "UPDATE partner SET before_sealed = NULL WHERE partner_id IN"
         " (SELECT partner_id FROM partner WHERE before_until <= $1"
         " AND before_sealed IS NOT NULL LIMIT $2)" },
    { REMOVED_PARTNER_S, EXPIRED("partner", "partner_id", "removed_at <= $1 AND removed_at > 0") },
    { DAY_S, EXPIRED("acting", "acting_id", "until <= $1") },
    { 7 * DAY_S, EXPIRED("staff_proposal", "proposal_id", "until <= $1") },
    { DAY_S, EXPIRED("sitting", "sid", "expires_at <= $1") }, /* when its session has been ended */
    { 2 * DAY_S, EXPIRED("bank_order", "subject", "updated_at <= $1") },
};

static const char refusals[] = EXPIRED("audit", "audit_id", "at <= $1 AND refusal = 1");
static const char changes[] = EXPIRED("audit", "audit_id", "at <= $1 AND refusal = 0");
/* They say what was there, so they stay as long as any record. */
static const char checkpoints[] =
    "DELETE FROM audit_checkpoint WHERE at <= $1 AND (run, number) IN"
    " (SELECT run, number FROM audit_checkpoint WHERE at <= $1 LIMIT $2)";

int64_t
audit_keep_longest(const struct audit_keep *keep)
{
    if (keep->refusals_s == 0 || keep->changes_s == 0)
        return 0;
    return keep->refusals_s > keep->changes_s ? keep->refusals_s : keep->changes_s;
}

/* Adds to *removed. */
static enum err
sweep_one(struct store *st, const char *sql, unix_s before, int64_t *removed)
{
    const struct arg args[] = { arg_time(before), arg_int(SWEEP_BATCH), ARG_END };
    int64_t changed = 0;
    enum err err = store_run(st, &(struct query) { .sql = sql, .args = args, .changed = &changed });

    *removed += changed;
    return err;
}

enum err
store_sweep(struct store *st, unix_s now, const struct audit_keep *keep, int64_t *removed)
{
    enum err err = OK;

    *removed = 0;
    for (size_t i = 0; i < sizeof(brooms) / sizeof(brooms[0]) && err == OK; i++)
        err = sweep_one(st, brooms[i].sql, now - brooms[i].age_s, removed);
    if (err == OK && keep->refusals_s > 0)
        err = sweep_one(st, refusals, now - keep->refusals_s, removed);
    if (err == OK && keep->changes_s > 0)
        err = sweep_one(st, changes, now - keep->changes_s, removed);
    if (err == OK && audit_keep_longest(keep) > 0)
        err = sweep_one(st, checkpoints, now - audit_keep_longest(keep), removed);
    return err;
}
