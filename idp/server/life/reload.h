/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration read anew while the service runs (docs/adr/0038). What may change at once is
 * marked in its table: those settings are swapped whole, and requests under way end with those they
 * began with. All or nothing: a file with a mistake changes nothing.
 */
#ifndef IDP_SERVER_LIFE_RELOAD_H
#define IDP_SERVER_LIFE_RELOAD_H

#include "idp/context/ctx.h"
#include "idp/server/engine/mhd.h"

/* Those that may speak TLS; NULL: there is no such listener. */
struct reload_engines {
    struct engine *open; /* the public one */
    struct engine *staff;
};

/* ERR_INVALID: nothing has changed, and each mistake is logged. One call at a time. */
must_check enum err reload(struct services *services, const struct reload_engines *engines,
                           const char *path);

/* Behind the last thread that reads settings: those of the last reload. */
void reload_end(struct services *services);

#endif
