/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is connected, and until when we wait for them. The engine's own timeout starts again with
 * each byte, so a client that drips would be waited for without end; here a connection has a moment
 * by which its request must be complete. And nobody takes all the places: an address has so many,
 * and who sits idle gives way to a newcomer.
 */
#ifndef IDP_SERVER_ENGINE_CONNECTIONS_H
#define IDP_SERVER_ENGINE_CONNECTIONS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "idp/base/env.h"
#include "idp/base/settings.h"
#include "idp/server/engine/client_certificate.h"
#include "idp/server/engine/crowd.h"
#include "policies/network.h"

struct connections;
struct exchange;

struct connection {
    struct seat seat; /* the first, so that a seat is a connection */
    struct connection *next;
    struct connection **link;
    int fd;
    char peer[INET6_ADDRSTRLEN];
    _Atomic int64_t deadline_us; /* mono_us(); one store moves it, no lock */
    bool certificate_read;       /* of the client, into the next; once the handshake is over */
    char certificate[CERTIFICATE_THUMBPRINT_SIZE]; /* "": it has shown none */
    struct exchange *unfinished; /* begun, and libmicrohttpd has not said that it is over */
};

#define CONNECTION_NO_DEADLINE INT64_MAX

/* What the engine's own limit must be: it counts those that have been shut down until it looks. */
#define CONNECTIONS_IN_ENGINE(limit) (2 * (limit) + 64)

/* The bounds are connection_limit, connections_per_address and trusted_proxies of the
 * settings, which must outlive it. ERR_INVALID: trusted_proxies cannot be read. */
must_check enum err connections_new(const struct settings *settings, struct env *env,
                                    struct connections **out);
/* All of its connections must have been removed. NULL is fine. */
void connections_free(struct connections *connections);

/* The proxies of the settings, read once; never changed. */
const struct networks *connections_trusted(const struct connections *connections);

/* As many as connection_limit are here or on their way in. */
bool connections_are_full(struct connections *connections);

/* Whether a newcomer may come in at all: not when its address has all its places with a request
 * under way. False: close it. True: it is on its way until connection_add(), or until it is taken
 * back because the engine does not want it. */
bool connection_admit(struct connections *connections, const struct sockaddr *peer);
void connection_take_back(struct connections *connections);

/*
 * One that the engine has, idle. Another may be shut down for it: the longest idle of its address
 * when that has all its places, the longest idle of the most crowded address when nearly all places
 * there are are taken; never one with a request under way. The descriptor must stay open until
 * connection_remove(). NULL without memory.
 */
struct connection *connection_add(struct connections *connections, int fd,
                                  const struct sockaddr *peer, int64_t deadline_us);
/* NULL is fine. */
void connection_remove(struct connections *connections, struct connection *connection);

/* Busy from its request line to the end of the answer. */
void connection_set_idle(struct connections *connections, struct connection *connection, bool idle);

/* Shut down those whose moment is before now_us. Returns how many. */
int64_t connections_cut(struct connections *connections, int64_t now_us);

#endif
