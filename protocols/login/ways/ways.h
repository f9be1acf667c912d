/* SPDX-License-Identifier: Apache-2.0 */
/* The ways to log in, as a table: what each of them proves, where it begins, when it is there. Their
 * pages link to each other by it alone. */
#ifndef PROTOCOLS_LOGIN_WAYS_WAYS_H
#define PROTOCOLS_LOGIN_WAYS_WAYS_H

#include "protocols/flow/flow.h"

struct way {
    const char *name; /* links to it have the id login-by-NAME */
    enum word word;   /* what links to it say */
    const char *path; /* of its first page */
    const char *amr;  /* all that it can prove: RFC 8176 values, space-separated; "": what another
                         session of hers has proven, so it is none for who is asked again */
    bool (*is_available)(const struct ctx *ctx); /* NULL: always */
};

/* In the order in which pages offer them. A login begins at the first, which is always available. */
enum way_id {
    WAY_PASSWORD,
    WAY_SMS,
    WAY_WECHAT,
    WAY_WECHAT_QR,
    WAY_QR,
    WAY_COUNT
};

extern const struct way ways[WAY_COUNT];

/* problem_way_unavailable: it is not there on this server, or not for the channel that she is on. */
const struct problem *way_check(const struct request *rq, const struct way *way);

/* The same, and when it would be none for this flow. */
const struct problem *way_check_for(const struct request *rq, const struct flow *flow,
                                    const struct way *way);

/* On a page of `way`: the links to all other ways that are available, and the one to register. */
void way_links(struct request *rq, const struct flow *flow, const struct way *way,
               struct page *page);

/* When what the page tells is that she must wait: another way that she need not wait for, beside it.
 * Nothing where that way is not available. */
void way_instead(struct request *rq, const struct flow *flow, const struct way *way,
                 struct page *page);

/* She has gone this way to its end: flow_log_in(). problem_internal, and nobody is logged in: the
 * proof says more than the way's row, and no session of hers has lent it. */
const struct problem *way_log_in(struct request *rq, struct flow *flow, const struct way *way,
                                 const struct proof *proof);

#endif
