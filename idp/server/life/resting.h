/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Partners that kept a deliverer waiting: they rest for a while, so that what they do not take holds
 * up nobody else's calls. Of this process, in a table of fixed size; safe for many threads.
 */
#ifndef IDP_SERVER_LIFE_RESTING_H
#define IDP_SERVER_LIFE_RESTING_H

#include <stdbool.h>

#include "idp/base/env.h"

#define RESTING_S 10
#define RESTING_MAX 64 /* more than that: the one that has rested longest is called again */

struct resting;

struct resting *resting_new(void);
void resting_free(struct resting *resting);

/* May the partner be called now? When its rest is over, one caller finds out, and it rests on for the
 * others. Without a table (NULL): always. */
bool resting_may_call(struct resting *resting, const char *partner_id, unix_s now);

/* How the call went: it was answered soon, or it was not. */
void resting_learn(struct resting *resting, const char *partner_id, unix_s now, bool soon);

#endif
