/* SPDX-License-Identifier: Apache-2.0 */
/* Placeholder until the pages stand: the one call that dispatch needs. */
#ifndef PROTOCOLS_PAGES_PAGE_H
#define PROTOCOLS_PAGES_PAGE_H

#include "protocols/http/request.h"

/* Answer with the problem as an error page. */
void page_problem(struct request *rq, const struct problem *problem);

#endif
