/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/connections.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"

/* The engine learns of a connection that was shut down a little later; until then it counts it. */
#define RESERVE_SHARE 16
#define RESERVE_MIN 2
/* An address may hold this share of all places. */
#define ADDRESS_SHARE 4
#define COMING_MAX_US INT64_C(1000000)
#define LOG_EVERY_US INT64_C(10000000)

struct connections {
    const struct settings *settings;
    struct networks trusted;
    pthread_mutex_t lock;
    struct crowd *crowd;
    size_t per_address;
    size_t high_water; /* from so many on, somebody idle goes for each who comes */
    struct connection *first;
    size_t coming; /* admitted, and not yet heard of again */
    int64_t last_admitted_us;
    int64_t logged_us;
};

static size_t
per_address_of(const struct settings *settings)
{
    size_t share = (size_t)settings->server.connection_limit / ADDRESS_SHARE;
    size_t set = (size_t)settings->server.connections_per_address;

    return set < share ? set : share;
}

static size_t
high_water_of(size_t limit)
{
    size_t reserve = limit / RESERVE_SHARE;

    return limit - (reserve > RESERVE_MIN ? reserve : RESERVE_MIN);
}

enum err
connections_new(const struct settings *settings, struct env *env, struct connections **out)
{
    struct connections *connections = calloc(1, sizeof(*connections));
    uint64_t seed = 0;
    size_t word_size;
    enum err err = env_random(env, (unsigned char *)&seed, sizeof(seed));

    if (connections == NULL || err != OK) {
        free(connections);
        return ERR_UNAVAILABLE;
    }
    if (networks_read(settings->server.trusted_proxies, &word_size, &connections->trusted) !=
        NULL) {
        free(connections);
        return ERR_INVALID;
    }
    connections->settings = settings;
    connections->per_address = per_address_of(settings);
    connections->high_water = high_water_of((size_t)settings->server.connection_limit);
    err = crowd_new(connections->per_address, seed, &connections->crowd);
    if (err != OK) {
        free(connections);
        return err;
    }
    pthread_mutex_init(&connections->lock, NULL);
    *out = connections;
    return OK;
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

const struct networks *
connections_trusted(const struct connections *connections)
{
    return &connections->trusted;
}

/* --- Coming in --- */

/* Its seat is free at once; the engine lets go of it when it looks. */
static void
make_room(struct connections *connections, struct seat *seat)
{
    struct connection *victim = (struct connection *)seat;

    shutdown(victim->fd, SHUT_RDWR);
    victim->deadline_us = CONNECTION_NO_DEADLINE;
    crowd_leave(connections->crowd, seat);
    metric_add(METRIC_HTTP_IDLE_CUT, 1);
}

static void
refusal_logged(struct connections *connections, const char *peer)
{
    int64_t now_us = mono_us();

    metric_add(METRIC_HTTP_CONNECTIONS_REFUSED, 1);
    if (connections->logged_us != 0 && now_us - connections->logged_us < LOG_EVERY_US)
        return;
    connections->logged_us = now_us;
    log_line(LOG_WARN, "http.connection_refused", log_text("address", peer),
             log_int("places", (int64_t)connections->per_address));
}

/* With the lock. The engine says nothing of those that it loses for want of memory. */
static size_t
coming_now(struct connections *connections)
{
    if (mono_us() - connections->last_admitted_us > COMING_MAX_US)
        connections->coming = 0;
    return connections->coming;
}

bool
connections_are_full(struct connections *connections)
{
    size_t limit = (size_t)connections->settings->server.connection_limit;
    bool full;

    pthread_mutex_lock(&connections->lock);
    full = crowd_size(connections->crowd) + coming_now(connections) >= limit;
    pthread_mutex_unlock(&connections->lock);
    return full;
}

void
connection_take_back(struct connections *connections)
{
    pthread_mutex_lock(&connections->lock);
    connections->coming -= connections->coming > 0;
    pthread_mutex_unlock(&connections->lock);
}

bool
connection_admit(struct connections *connections, const struct sockaddr *peer)
{
    struct unit unit = unit_of(peer);
    char text[INET6_ADDRSTRLEN] = "";
    bool admitted;

    peer_write(peer, text);
    pthread_mutex_lock(&connections->lock);
    admitted = crowd_busy_of(connections->crowd, &unit) < connections->per_address ||
               networks_have(&connections->trusted, text);
    if (admitted) {
        connections->coming++;
        connections->last_admitted_us = mono_us();
    } else {
        refusal_logged(connections, text);
    }
    pthread_mutex_unlock(&connections->lock);
    return admitted;
}

/* Before the newcomer is idle itself. */
static void
crowd_thin(struct connections *connections, const struct unit *unit, bool exempt)
{
    struct seat *idle = NULL;

    if (!exempt && crowd_size_of(connections->crowd, unit) > connections->per_address)
        idle = crowd_idlest_of(connections->crowd, unit);
    else if (crowd_size(connections->crowd) > connections->high_water)
        idle = crowd_idlest(connections->crowd);
    if (idle != NULL)
        make_room(connections, idle);
}

static enum err
come_in(struct connections *connections, struct connection *connection, const struct unit *unit)
{
    bool exempt = networks_have(&connections->trusted, connection->peer);
    enum err err = crowd_take(connections->crowd, unit, exempt, &connection->seat);

    connections->coming -= connections->coming > 0;
    if (err != OK)
        return err;
    connection->next = connections->first;
    connection->link = &connections->first;
    if (connection->next != NULL)
        connection->next->link = &connection->next;
    connections->first = connection;
    crowd_thin(connections, unit, exempt);
    crowd_set_idle(connections->crowd, &connection->seat, true);
    return OK;
}

struct connection *
connection_add(struct connections *connections, int fd, const struct sockaddr *peer,
               int64_t deadline_us)
{
    struct connection *connection = calloc(1, sizeof(*connection));
    struct unit unit = unit_of(peer);
    enum err err;

    if (connection == NULL)
        return NULL;
    connection->fd = fd;
    connection->deadline_us = deadline_us;
    peer_write(peer, connection->peer);
    pthread_mutex_lock(&connections->lock);
    err = come_in(connections, connection, &unit);
    pthread_mutex_unlock(&connections->lock);
    if (err == OK)
        return connection;
    free(connection);
    return NULL;
}

/* --- While they are here --- */

void
connection_set_idle(struct connections *connections, struct connection *connection, bool idle)
{
    pthread_mutex_lock(&connections->lock);
    crowd_set_idle(connections->crowd, &connection->seat, idle);
    pthread_mutex_unlock(&connections->lock);
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
    crowd_leave(connections->crowd, &connection->seat);
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

void
connections_free(struct connections *connections)
{
    if (connections == NULL)
        return;
    crowd_free(connections->crowd);
    pthread_mutex_destroy(&connections->lock);
    free(connections);
}
