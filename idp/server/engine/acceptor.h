/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listening sockets are ours, not libmicrohttpd's: its MHD_quiesce_daemon() races with its own
 * threads and aborts now and then (0.9.75). A thread accepts and hands each connection over;
 * draining simply ends it.
 */
#ifndef IDP_SERVER_ENGINE_ACCEPTOR_H
#define IDP_SERVER_ENGINE_ACCEPTOR_H

#include "idp/base/err.h"
#include "idp/server/engine/listen.h"

struct MHD_Daemon;
struct acceptor;
struct connections; /* idp/server/engine/connections.h: who is let in */

/* Takes over what listens, also on failure. The others must outlive it. */
must_check enum err acceptor_start(const struct listening *listening, struct MHD_Daemon *daemon,
                                   struct connections *connections, struct acceptor **out);

/* Connections are refused from here on. NULL is fine. */
void acceptor_stop(struct acceptor *acceptor);

#endif
