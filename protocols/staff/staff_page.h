/* SPDX-License-Identifier: Apache-2.0 */
/* How a page of the staff listener opens, and how its form comes back: under a flow of its own (protocols/flow/flow.h), for
 * the sitting that it was shown to. Which citizen it is about stands sealed in flow->tx.person_id, never in an address. */
#ifndef PROTOCOLS_STAFF_STAFF_PAGE_H
#define PROTOCOLS_STAFF_STAFF_PAGE_H

#include "idp/staff/sitting.h"
#include "protocols/flow/flow.h"

/* `out` is the flow of this page. Else problem_answered: to this page with a flow. A flow of another purpose has no business
 * here: problem_transaction_order. */
const struct problem *staff_page_open(struct request *rq, const char *purpose, struct flow *out);

/* The form of the page at `path`. One that was shown to another sitting does nothing, and the page is shown again. */
const struct problem *staff_form_open(struct request *rq, const char *purpose, const char *path,
                                      struct flow *out);

/* A page of that flow with who sits here, for flow_answer(). Its form is for this sitting. */
must_check enum err staff_page(struct request *rq, struct flow *flow, const char *template,
                               enum word title, const char *action, struct page **out);

/* The same of a flow that stays whose it is: the counter is locked, and whoever opens it goes on. */
must_check enum err staff_page_of_any(struct request *rq, const struct flow *flow,
                                      const char *template, enum word title, const char *action,
                                      struct page **out);

#endif
