/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a form that says which paper a person has shown and what was looked at (the partial paper.html). */
#ifndef PROTOCOLS_STAFF_PAPER_FORM_H
#define PROTOCOLS_STAFF_PAPER_FORM_H

#include "idp/staff/proofing.h"
#include "protocols/pages/page.h"

struct proofing paper_form_read(struct request *rq);

/* With what was typed. */
void paper_form_fill(struct request *rq, struct page *page);

/* Beside which field of it that problem is told; NULL: none. */
const char *paper_form_field(const struct problem *problem);

#endif
