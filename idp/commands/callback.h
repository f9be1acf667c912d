/* SPDX-License-Identifier: Apache-2.0 */
/* Where a browser on this machine is sent back to (RFC 8252, 7.3): one address, for one visit. */
#ifndef IDP_COMMANDS_CALLBACK_H
#define IDP_COMMANDS_CALLBACK_H

#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/err.h"
#include "protocols/http/params.h"

struct callback {
    const char *path; /* of the URI, with its slash */
    int listener;     /* -1: closed */
};

/*
 * Listens for "http://127.0.0.1:PORT/PATH" (localhost too), on loopback only. NULL, or a sentence
 * that says why it cannot. Close it with callback_close() whatever comes back.
 */
const char *callback_open(struct arena *arena, const char *uri, struct callback *out);

/*
 * Waits for the browser, and tells it that the terminal has the rest; other paths are 404 and
 * change nothing. `out` are the parameters of the query. ERR_EXPIRED: nobody came within the time.
 */
must_check enum err callback_wait(struct callback *callback, struct arena *arena, int64_t within_s,
                                  struct params *out);

/* Takes void, for hold_begin(). */
void callback_close(void *opened);

#endif
