/* SPDX-License-Identifier: Apache-2.0 */
/* The pages by which a member of staff does something for the citizen who stands before her. */
#ifndef PROTOCOLS_STAFF_PRESENT_PAGE_H
#define PROTOCOLS_STAFF_PRESENT_PAGE_H

#include "idp/staff/citizen.h"
#include "protocols/staff/citizen_page.h"

struct present_page {
    const char *template;
    enum word title;
    const char *path;
};

/* The flow, and whom it is about, when she may be served. */
const struct problem *present_page_open(struct request *rq, struct flow *flow,
                                        struct citizen *citizen);

/* The page with her name masked, and "proof_url" when she has to prove herself first. */
must_check enum err present_page_new(struct request *rq, struct flow *flow,
                                     const struct citizen *citizen, const struct present_page *what,
                                     struct page **out);

/* Its form, for a citizen. */
const struct problem *present_form_open(struct request *rq, const char *path, struct flow *flow);

/* What she may do for a citizen, by her roles: "proof_url", "survival_url", "reset_url", "correct_url". */
void present_page_links(struct request *rq, const struct flow *flow, struct page *page);

/* "2026-01-01" in Beijing. */
const char *present_date(struct arena *arena, unix_s at);

#endif
