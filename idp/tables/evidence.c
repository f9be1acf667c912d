/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/evidence.h"

#include "idp/store/rows.h"

static enum err
is_full(struct store *st, const char *person_id, bool *out)
{
    static const char sql[] = "SELECT kind FROM evidence WHERE person_id = $1 LIMIT 1 OFFSET $2";
    const struct arg args[] = { arg_text(person_id), arg_int(EVIDENCE_MAX - 1), ARG_END };

    return row_exists(st, sql, args, out);
}

enum err
store_evidence_insert(struct store *st, const struct stored_evidence *evidence)
{
    static const char sql[] = "INSERT INTO evidence (person_id, evidence_id, kind, source, "
                              "reference, detail, proven_at, expires_at, withdrawn_at)"
                              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    const struct arg args[] = { arg_text(evidence->person_id),    arg_text(evidence->evidence_id),
                                arg_int(evidence->kind),          arg_text(evidence->source),
                                arg_text(evidence->reference),    arg_text(evidence->detail),
                                arg_time(evidence->proven_at),    arg_time(evidence->expires_at),
                                arg_time(evidence->withdrawn_at), ARG_END };
    bool full;
    enum err err = is_full(st, evidence->person_id, &full);

    if (err == OK && full)
        return ERR_FULL;
    return err == OK ? store_run(st, &(struct query) { .sql = sql, .args = args }) : err;
}

enum err
store_evidence_list(struct store *st, struct arena *arena, const char *person_id,
                    struct evidence_list *out)
{
    static const char sql[] =
        "SELECT person_id, evidence_id, kind, source, reference, detail, "
        "proven_at, expires_at, withdrawn_at FROM evidence"
        " WHERE person_id = $1 ORDER BY proven_at DESC, evidence_id DESC LIMIT $2";
    const struct arg args[] = { arg_text(person_id), arg_int(EVIDENCE_MAX), ARG_END };
    struct stored_evidence row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = { out_text(&row.person_id),    out_text(&row.evidence_id),
                                out_int(&row.kind),          out_text(&row.source),
                                out_text(&row.reference),    out_text(&row.detail),
                                out_time(&row.proven_at),    out_time(&row.expires_at),
                                out_time(&row.withdrawn_at), OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct evidence_list) { rows.at, rows.count };
    return err;
}
