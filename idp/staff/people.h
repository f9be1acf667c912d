/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Members of staff as a security administrator or a supervisor manages them. Roles are the directory's and cannot be given
 * here: what can be is a code that enrols a factor, and an end or a new beginning.
 */
#ifndef IDP_STAFF_PEOPLE_H
#define IDP_STAFF_PEOPLE_H

#include "idp/staff/sitting.h"

#define STAFF_UNUSED_DAYS 90 /* an account that nobody has used for so long is to be looked at */

/* Whom the list shows. */
struct staff_people {
    const char *after;  /* behind this staff_id; "": from the first */
    const char *agency; /* "": of any */
    const char *region; /* exactly; "": of any */
    bool unused;        /* only those who may sign in, and have not for STAFF_UNUSED_DAYS */
};

/* By staff_id, STAFF_LISTED_PAGE at most. */
must_check enum err staff_people(struct ctx *ctx, const struct staff_people *which,
                                 struct listed_staff_list *out);

/* May who sits here give that member a code? A security administrator may give it to all, a supervisor to staff of counter
 * and telephone in her own agency and region; nobody to herself, under whatever name. */
bool staff_may_enrol(const struct stored_staff *by, const struct stored_staff *whom);

#endif
