/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sits at a counter is asked for in the directory every STAFF_RECHECK_S: whoever it knows no more, has disabled or has
 * given other roles or another place is signed out, and what she was given ends with it.
 */
#ifndef IDP_STAFF_WATCH_H
#define IDP_STAFF_WATCH_H

#include "idp/context/ctx.h"

#define STAFF_WATCH_EVERY_S 10

/*
 * One round of the job: up to WATCHED_STAFF_PAGE people, longest unconfirmed first; *again: there are more. Where the
 * directory does not answer nobody is judged, and those are signed out whom it has not confirmed for directory.stale_s.
 */
must_check enum err staff_watch(struct ctx *ctx, bool *again);

#endif
