/* SPDX-License-Identifier: Apache-2.0 */
/* One server of the directory: its connections, kept while they are idle, and how it is. */
#ifndef IDP_CONNECT_DIRECTORY_SERVER_H
#define IDP_CONNECT_DIRECTORY_SERVER_H

#include <pthread.h>

#include "idp/base/settings.h"
#include "idp/connect/connector.h"
#include "idp/connect/directory_wire.h"

#define DIRECTORY_IDLE_MAX 256 /* of each kind: the most that directory.max_in_flight can be */
#define DIRECTORY_IDLE_S 60    /* then it is closed rather than used again */

/* Who speaks on a connection. */
enum directory_speaker {
    DIRECTORY_SERVICE, /* our own account, bound: searches */
    DIRECTORY_SOMEBODY /* whoever binds next: nothing is asked on it but binds */
};

struct directory_server {
    const struct settings *settings;
    char *url;
    unsigned is_up_series;
    struct connector connector;
    pthread_mutex_t lock; /* of all below */
    struct {
        struct directory_link *at[DIRECTORY_IDLE_MAX];
        size_t count;
    } idle[2];
    bool is_down;
    int64_t aside_until_us; /* others are asked before it */
};

/* `number` of 1 and up is its place in directory.urls. ERR_INTERNAL: no memory. */
must_check enum err directory_server_init(struct directory_server *server,
                                          const struct settings *settings, const char *url,
                                          size_t size, unsigned number);
void directory_server_end(struct directory_server *server);

/* Has it failed lately? Whoever is told no is its trial: for CONNECTOR_PAUSE_S nobody else is. */
bool directory_server_is_aside(struct directory_server *server);

/* Has it failed, and is it time to see whether it answers again? Whoever is told yes is its trial. */
bool directory_server_is_due(struct directory_server *server);

/* connector_enter() and connector_leave(), and what is known of its health. */
must_check enum err directory_server_enter(struct directory_server *server);
void directory_server_leave(struct directory_server *server, bool success);

/*
 * A connection, idle or (`fresh`) made now; NULL: none by then, which has been logged. `refused` is set when the server
 * did not let our own account in.
 */
struct directory_link *directory_server_link(struct directory_server *server,
                                             enum directory_speaker speaker, bool fresh,
                                             int64_t until_us, bool *refused);
/* It may serve the next; one that is broken is closed. */
void directory_server_keep(struct directory_server *server, enum directory_speaker speaker,
                           struct directory_link *link);

#endif
