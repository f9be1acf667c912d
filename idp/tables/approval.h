/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An approval: who allows a partner what, how surely, in which session, until when. It is what every
 * grant type turns into tokens; codes are sealed around it and grants stored around it, so that a
 * new member costs a line here and a column.
 */
#ifndef IDP_TABLES_APPROVAL_H
#define IDP_TABLES_APPROVAL_H

#include "idp/base/env.h"
#include "idp/base/pack.h"

/* Texts are "" when there is nothing to say. */
struct approval {
    const char *person_id;
    const char *partner_id; /* who may act on it */
    const char *sid;        /* the session it was given in */
    const char *scope;
    const char *claims; /* JSON of the claims parameter */
    const char *acr;
    const char *amr; /* space-separated */
    unix_s auth_time;
    unix_s until; /* the session's end */
};

#endif
