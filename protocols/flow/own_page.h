/* SPDX-License-Identifier: Apache-2.0 */
/* How a page of a person's account opens: under a flow of its own, for whoever is logged in. */
#ifndef PROTOCOLS_FLOW_OWN_PAGE_H
#define PROTOCOLS_FLOW_OWN_PAGE_H

#include "protocols/flow/flow.h"

/*
 * `out` is the flow of this page, and somebody is logged in. Else problem_answered: to this page with
 * a flow, or to the login, which leads back here. `purpose` (flow/purpose.h) resumes at this page. A
 * flow that a partner or another page of ours began has no business here: problem_transaction_order.
 */
const struct problem *own_page_open(struct request *rq, const char *purpose, struct flow *out);

/* Before it is shown: each time its form is a new one, for the person there is now. */
must_check enum err own_page_seal(struct request *rq, struct flow *flow);

/* She is surer to be herself when she has logged in once more, and comes back to this page. */
const struct problem *own_page_log_in_again(struct request *rq, struct flow *flow);

#endif
