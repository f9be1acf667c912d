/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the live page: what this process counts, and what the store says of all nodes. */
#ifndef PROTOCOLS_ADMIN_LIVE_H
#define PROTOCOLS_ADMIN_LIVE_H

#include "protocols/pages/page.h"

/* GET /live */
const struct problem *endpoint_live(struct request *rq);

/* Which node does what, and the last events of the audit trail: ids and words of ours, nothing of a
 * person. False, and nothing is shown, while the store does not answer. */
bool live_lists(struct request *rq, struct page *page);

/* "14:35:02" in Beijing. */
const char *live_clock(struct arena *arena, unix_s at);

/* What people call it; a channel that is none of a partner's as it is. */
const char *live_channel(const struct request *rq, const char *channel);

/* One of the things that need somebody, on top of the page. */
void live_alarm(struct page *page, enum word sentence);

#endif
