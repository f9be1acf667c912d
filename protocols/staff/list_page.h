/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of the staff listener that show a list a page at a time: what it is of stands sealed in their address. */
#ifndef PROTOCOLS_STAFF_LIST_PAGE_H
#define PROTOCOLS_STAFF_LIST_PAGE_H

#include "idp/staff/list_place.h"
#include "protocols/staff/staff_page.h"

/* Of the parameter "page". problem_staff_list_place: nobody of this sitting was given it for this list. */
const struct problem *list_page_place(struct request *rq, const char *list, struct list_place *out);

/* `path` with the flow and that place, for a link. */
must_check enum err list_page_url(struct request *rq, const struct flow *flow, const char *path,
                                  const char *list, const struct list_place *place,
                                  const char **out);

/* The same, as the answer of a form. */
const struct problem *list_page_go(struct request *rq, const struct flow *flow, const char *path,
                                   const char *list, const struct list_place *place);

/* "2026-01-01 14:35", as the clock shows it there; "" for never. */
const char *staff_moment(struct request *rq, unix_s at);
/* The same with seconds. */
const char *staff_moment_s(struct request *rq, unix_s at);

/* The roles in words. */
const char *staff_roles_told(struct request *rq, const char *roles);

/* She may not; and that is on record. `reason` as that of AUDIT_STAFF_DENIED. */
const struct problem *staff_refuse(struct request *rq, const char *reason);

#endif
