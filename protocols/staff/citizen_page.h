/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages about one citizen, at a counter. Sealed in the flow: person_id is hers; known_at is when her card's code was
 * scanned there, 0 when it was not; asked is how surely she was known by it; proven_at is when her data was unmasked;
 * hint_sub is the handle of an acting that has begun, and scope the partner whose it is.
 */
#ifndef PROTOCOLS_STAFF_CITIZEN_PAGE_H
#define PROTOCOLS_STAFF_CITIZEN_PAGE_H

#include "idp/staff/present.h"
#include "protocols/staff/staff_page.h"

/* 303 to /staff/person, which is about her. */
const struct problem *citizen_page_go(struct request *rq, struct flow *flow, const char *person_id);

/* The same, and she is taken to be there. */
const struct problem *citizen_page_go_present(struct request *rq, struct flow *flow,
                                              const struct staff_presence *presence);

/* The flow is about nobody any more. */
void citizen_page_leave(struct flow *flow);

/*
 * The flow is about somebody, and was shown to this sitting. Else problem_answered, to where she is looked for: so an address
 * of the browser's history shows nothing to who sits there next.
 */
const struct problem *citizen_page_check(struct request *rq, const struct flow *flow);

/* Is she taken to be before the counter? `out` (may be NULL) is how she is known. */
bool citizen_page_is_present(const struct request *rq, const struct flow *flow,
                             struct staff_presence *out);

/* Where else one goes from here, by what her roles allow: "find_url", "scan_url", "staff_url". */
void citizen_page_links(struct request *rq, const struct flow *flow, struct page *page);

#endif
