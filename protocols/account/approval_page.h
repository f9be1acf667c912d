/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages that ask for an approval show: who asks, what for, of whom, since when. */
#ifndef PROTOCOLS_ACCOUNT_APPROVAL_PAGE_H
#define PROTOCOLS_ACCOUNT_APPROVAL_PAGE_H

#include "idp/session/backchannel.h"
#include "protocols/flow/disclosure.h"

struct approval_view {
    const struct stored_pending *row;
    const struct partner *partner;
    struct backchannel_asked asked;
};

/* False: the partner is gone, or the row cannot be read. */
bool approval_view_make(struct request *rq, const struct stored_pending *row,
                        struct approval_view *out);

void approval_page_fill(struct request *rq, struct page *page, const struct approval_view *view,
                        const struct disclosure *disclosure);

#endif
