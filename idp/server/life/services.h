/* SPDX-License-Identifier: Apache-2.0 */
/* All that requests and commands stand on, made and ended in one place. */
#ifndef IDP_SERVER_LIFE_SERVICES_H
#define IDP_SERVER_LIFE_SERVICES_H

#include "idp/context/ctx.h"

/* The store alone: for commands that prepare it. Close with services_close(). */
must_check enum err services_open_store(struct services *services, const struct settings *settings);

/* Everything; what is cached of the store is still empty (jobs.h, watch_once, fills it). */
must_check enum err services_open(struct services *services, const struct settings *settings);

/* On any thread: whatever waits for the database or for others outside ends soon, and
 * nothing of it starts any more. */
void services_cut(struct services *services);

/* Ends what was opened, in the other direction. No thread may use them any more. */
void services_close(struct services *services);

#endif
