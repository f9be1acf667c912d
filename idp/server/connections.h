/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is connected, and until when we wait for them. The engine's own timeout starts again with
 * each byte, so a client that drips would be waited for without end; here a connection has a moment
 * by which its request must be complete.
 */
#ifndef IDP_SERVER_CONNECTIONS_H
#define IDP_SERVER_CONNECTIONS_H

#include <netinet/in.h>
#include <stdint.h>

#include "idp/base/err.h"

struct connections;
struct exchange;

struct connection {
    struct connection *next;
    struct connection **link;
    int fd;
    char peer[INET6_ADDRSTRLEN];
    _Atomic int64_t deadline_us; /* mono_us(); one store moves it, no lock */
    struct exchange *unfinished; /* begun, and libmicrohttpd has not said that it is over */
};

#define CONNECTION_NO_DEADLINE INT64_MAX

must_check enum err connections_new(struct connections **out);
/* All of its connections must have been removed. */
void connections_free(struct connections *connections);

/* NULL without memory. The descriptor must stay open until connection_remove(), which takes NULL.
 */
struct connection *connection_add(struct connections *connections, int fd,
                                  const struct sockaddr *peer, int64_t deadline_us);
void connection_remove(struct connections *connections, struct connection *connection);

/* Shut down those whose moment is before now_us. Returns how many. */
int64_t connections_cut(struct connections *connections, int64_t now_us);

#endif
