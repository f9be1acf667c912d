/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/audit.h"

enum err
store_audit_insert(struct store *st, const struct stored_audit *record)
{
    static const char sql[] = "INSERT INTO audit (audit_id, at, event, reason, person_id, "
                              "partner_id, sid, channel, request_id, address, refusal)"
                              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    const struct arg args[] = { arg_text(record->audit_id),   arg_time(record->at),
                                arg_text(record->event),      arg_text(record->reason),
                                arg_text(record->person_id),  arg_text(record->partner_id),
                                arg_text(record->sid),        arg_text(record->channel),
                                arg_text(record->request_id), arg_text(record->address),
                                arg_int(record->is_refusal),  ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}
