/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/audit.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_audit, audit_id),
    COLUMN(COLUMN_INT, struct stored_audit, at),
    COLUMN(COLUMN_TEXT, struct stored_audit, event),
    COLUMN_AS(COLUMN_INT, "refusal", struct stored_audit, is_refusal),
    COLUMN(COLUMN_TEXT, struct stored_audit, reason),
    COLUMN_AS(COLUMN_TEXT, "person_id", struct stored_audit, subject.id),
    COLUMN_AS(COLUMN_INT, "subject_kind", struct stored_audit, subject.kind),
    COLUMN(COLUMN_TEXT, struct stored_audit, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_audit, sid),
    COLUMN(COLUMN_TEXT, struct stored_audit, channel),
    COLUMN(COLUMN_TEXT, struct stored_audit, request_id),
    COLUMN(COLUMN_TEXT, struct stored_audit, address),
    COLUMNS_END,
};

enum err
store_audit_insert(struct store *st, const struct stored_audit *record)
{
    static struct row_statement insert = { "INSERT INTO audit ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, record);
}
