/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/connections.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct connections {
    pthread_mutex_t lock;
    struct connection *first;
};

enum err
connections_new(struct connections **out)
{
    struct connections *connections = calloc(1, sizeof(*connections));

    if (connections == NULL)
        return ERR_INTERNAL;
    pthread_mutex_init(&connections->lock, NULL);
    *out = connections;
    return OK;
}

void
connections_free(struct connections *connections)
{
    if (connections == NULL)
        return;
    pthread_mutex_destroy(&connections->lock);
    free(connections);
}

/* IPv4 clients of a socket for both families are shown as IPv4. */
static void
peer_write(const struct sockaddr *peer, char out[INET6_ADDRSTRLEN])
{
    if (peer->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, peer, sizeof(in));
        inet_ntop(AF_INET, &in.sin_addr, out, INET6_ADDRSTRLEN);
    } else if (peer->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, peer, sizeof(in6));
        if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr))
            inet_ntop(AF_INET, &in6.sin6_addr.s6_addr[12], out, INET6_ADDRSTRLEN);
        else
            inet_ntop(AF_INET6, &in6.sin6_addr, out, INET6_ADDRSTRLEN);
    }
}

struct connection *
connection_add(struct connections *connections, int fd, const struct sockaddr *peer,
               int64_t deadline_us)
{
    struct connection *connection = calloc(1, sizeof(*connection));

    if (connection == NULL)
        return NULL;
    connection->fd = fd;
    connection->deadline_us = deadline_us;
    peer_write(peer, connection->peer);
    pthread_mutex_lock(&connections->lock);
    connection->next = connections->first;
    connection->link = &connections->first;
    if (connection->next != NULL)
        connection->next->link = &connection->next;
    connections->first = connection;
    pthread_mutex_unlock(&connections->lock);
    return connection;
}

void
connection_remove(struct connections *connections, struct connection *connection)
{
    if (connection == NULL)
        return;
    pthread_mutex_lock(&connections->lock);
    *connection->link = connection->next;
    if (connection->next != NULL)
        connection->next->link = connection->link;
    pthread_mutex_unlock(&connections->lock);
    free(connection);
}

int64_t
connections_cut(struct connections *connections, int64_t now_us)
{
    int64_t count = 0;

    pthread_mutex_lock(&connections->lock);
    for (struct connection *c = connections->first; c != NULL; c = c->next) {
        if (c->deadline_us >= now_us)
            continue;
        shutdown(c->fd, SHUT_RDWR);
        c->deadline_us = CONNECTION_NO_DEADLINE;
        count++;
    }
    pthread_mutex_unlock(&connections->lock);
    return count;
}
