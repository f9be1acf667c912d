/* SPDX-License-Identifier: Apache-2.0 */
/* One side of a process tells the other that there is something to do. */
#ifndef IDP_CONTEXT_BELL_H
#define IDP_CONTEXT_BELL_H

#include <stdbool.h>

#include "idp/base/err.h"

struct bell;

/* ERR_UNAVAILABLE without memory or descriptors. */
must_check enum err bell_new(struct bell **out);
void bell_free(struct bell *bell);

/* Any thread. Rung twice before somebody listens it has rung once. NULL: nobody listens. */
void bell_ring(struct bell *bell);

/* For poll(): readable once it has rung. */
int bell_fd(const struct bell *bell);
/* True when it had rung; of several who ask, one is told. */
bool bell_heard(struct bell *bell);

#endif
