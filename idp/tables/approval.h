/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An approval: who allows whom what, how surely, in which session, until when. Every grant type
 * turns one into tokens; codes are sealed around it (session/code.c) and grants stored around it. A
 * member more is a line in the list of each, and a migration.
 */
#ifndef IDP_TABLES_APPROVAL_H
#define IDP_TABLES_APPROVAL_H

#include "idp/base/env.h"
#include "idp/store/row.h"
#include "idp/tables/subject.h"

/* Texts are "" when there is nothing to say. */
struct approval {
    struct subject subject; /* who allows it */
    const char *actor;      /* who acts for her (RFC 8693, 4.1): idp/session/actor.h */
    const char *partner_id; /* whom: the partner that the tokens are for */
    const char *sid;        /* the session it was given in */
    const char *scope;
    const char *claims; /* JSON of the claims parameter */
    const char *acr;
    const char *amr; /* space-separated */
    unix_s auth_time;
    const char *bound_key; /* thumbprint of the key that its tokens are bound to (RFC 7800) */
    unix_s until;          /* the session's end */
};

/* As columns of a row that embeds it as `approval`. The subject's id stands in the column that has
 * held persons' ids since version 0.1.0. */
#define APPROVAL_COLUMNS(type)                                                                     \
    COLUMN_AS(COLUMN_TEXT, "person_id", type, approval.subject.id),                                \
        COLUMN_AS(COLUMN_INT, "subject_kind", type, approval.subject.kind),                        \
        COLUMN_AS(COLUMN_TEXT, "actor", type, approval.actor),                                     \
        COLUMN_AS(COLUMN_TEXT, "partner_id", type, approval.partner_id),                           \
        COLUMN_AS(COLUMN_TEXT, "sid", type, approval.sid),                                         \
        COLUMN_AS(COLUMN_TEXT, "scope", type, approval.scope),                                     \
        COLUMN_AS(COLUMN_TEXT, "claims", type, approval.claims),                                   \
        COLUMN_AS(COLUMN_TEXT, "acr", type, approval.acr),                                         \
        COLUMN_AS(COLUMN_TEXT, "amr", type, approval.amr),                                         \
        COLUMN_AS(COLUMN_INT, "auth_time", type, approval.auth_time),                              \
        COLUMN_AS(COLUMN_TEXT, "bound_key", type, approval.bound_key),                             \
        COLUMN_AS(COLUMN_INT, "expires_at", type, approval.until)

#endif
