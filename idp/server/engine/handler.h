/* SPDX-License-Identifier: Apache-2.0 */
/* The engine's inside: what libmicrohttpd and the workers call. Only mhd.c, handler.c
 * and work.c include this. */
#ifndef IDP_SERVER_ENGINE_HANDLER_H
#define IDP_SERVER_ENGINE_HANDLER_H

#include <microhttpd.h>
#include <pthread.h>

#include "idp/server/engine/certificate.h"
#include "idp/server/engine/connections.h"
#include "idp/server/engine/mhd.h"
#include "idp/server/engine/worker.h"

#define KEEP_ALIVE_S 60

struct engine {
    struct engine_config config;
    const struct settings *settings;
    struct MHD_Daemon *daemon;
    struct workers *workers;
    struct workers *lanes[LANE_COUNT]; /* NULL: nothing is asked there */
    struct request_tally *tally;
    int64_t queue_told;             /* the reaper's: what the metrics say of the queue */
    int64_t lanes_told[LANE_COUNT]; /* the reaper's: what the metrics say of their load */
    struct connections *connections;
    struct tickets *tickets;              /* NULL: plain http */
    struct certificate_shown certificate; /* of TLS */
    char *client_authorities;             /* in PEM; NULL: no client is asked for a certificate */
    struct networks networks;             /* who is let in; none: everybody */
    pthread_t reaper;
    int stop_fd;               /* an eventfd that ends the reaper */
    struct acceptor *acceptor; /* NULL once draining has begun */
    uint16_t port;
    _Atomic(bool) draining;
    _Atomic(int64_t) under_way; /* handed to a worker and not yet sent */
    _Atomic(int64_t) suspended;
};

/* Callbacks of libmicrohttpd; `cls` is the engine. */
void *on_request_line(void *cls, const char *target, struct MHD_Connection *mhd);
enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url,
                           const char *method, const char *version, const char *data,
                           size_t *data_size, void **at);
void on_completed(void *cls, struct MHD_Connection *mhd, void **at,
                  enum MHD_RequestTerminationCode how);

/* The connection is gone, and what it had begun with it. NULL is fine. */
void connection_end(struct engine *engine, struct connection *connection);

#endif
