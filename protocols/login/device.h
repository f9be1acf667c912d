/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages for a device that shows a code (RFC 8628, 3.3) share: the code that the flow is
 * about. */
#ifndef PROTOCOLS_LOGIN_DEVICE_H
#define PROTOCOLS_LOGIN_DEVICE_H

#include "protocols/flow/flow.h"

/* problem_transaction_order: the flow is about something else. */
const struct problem *device_flow_check(const struct flow *flow);

/* As it is stored (policies/user_code.h); NULL: none was typed yet. */
const char *device_flow_code(struct request *rq, const struct flow *flow);

/* Back to the page where a code is typed, which tells this. */
const struct problem *device_flow_ask_again(struct request *rq, const struct flow *flow,
                                            const char *field, const struct problem *told);

#endif
