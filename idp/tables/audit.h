/* SPDX-License-Identifier: Apache-2.0 */
/* The audit trail, as rows; written by idp/audit only. */
#ifndef IDP_TABLES_AUDIT_H
#define IDP_TABLES_AUDIT_H

#include "idp/store/store.h"
#include "idp/tables/subject.h"

/* Texts are "" where there is nothing to say. */
struct stored_audit {
    const char *audit_id;
    unix_s at;
    const char *event;
    int64_t is_refusal; /* 1: nothing was changed: it leaves sooner (sweep.h) */
    const char *reason;
    struct subject subject;
    const char *partner_id;
    const char *sid;
    const char *channel;
    const char *request_id;
    const char *address;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_audit_insert(struct store *st, const struct stored_audit *record);

#endif
