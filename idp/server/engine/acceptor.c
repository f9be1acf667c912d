/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/acceptor.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "idp/server/engine/connections.h"

/* Out of descriptors: who is connected may leave meanwhile. */
#define PAUSE_MS 100
#define FULL_TICK_MS 2

struct acceptor {
    struct MHD_Daemon *daemon;
    struct connections *connections;
    struct listening listening;
    size_t turn; /* whose it is when several have clients */
    int stop_fd;
    pthread_t thread;
};

/* Whoever there is no place for waits in the kernel. True when it is time to end. */
static bool
wait_for_place(struct acceptor *acceptor)
{
    struct pollfd stop = { .fd = acceptor->stop_fd, .events = POLLIN };

    while (connections_are_full(acceptor->connections)) {
        if (poll(&stop, 1, FULL_TICK_MS) > 0)
            return true;
    }
    return false;
}

/* The socket that has a client, -1 when none has one after all; false when it is time to end. */
static bool
wait_for_client(struct acceptor *acceptor, int *out)
{
    struct pollfd fds[LISTEN_MAX + 1];
    size_t count = acceptor->listening.count;

    if (wait_for_place(acceptor))
        return false;
    for (size_t i = 0; i < count; i++)
        fds[i] = (struct pollfd) { .fd = acceptor->listening.fds[i], .events = POLLIN };
    fds[count] = (struct pollfd) { .fd = acceptor->stop_fd, .events = POLLIN };
    *out = -1;
    if (poll(fds, count + 1, -1) < 0)
        return true;
    for (size_t i = 0; i < count && *out < 0; i++) {
        acceptor->turn = (acceptor->turn + 1) % count;
        if (fds[acceptor->turn].revents != 0)
            *out = fds[acceptor->turn].fd;
    }
    return fds[count].revents == 0;
}

static void
accept_refused(struct acceptor *acceptor, int error)
{
    struct pollfd stop = { .fd = acceptor->stop_fd, .events = POLLIN };

    if (error == EAGAIN || error == EINTR || error == ECONNABORTED)
        return;
    log_line(LOG_WARN, "server.accept", log_int("errno", error));
    poll(&stop, 1, PAUSE_MS);
}

/* libmicrohttpd closes what it refuses. */
static void
client_take(struct acceptor *acceptor, int fd, const struct sockaddr *peer, socklen_t size)
{
    if (!connection_admit(acceptor->connections, peer))
        close(fd);
    else if (MHD_add_connection(acceptor->daemon, fd, peer, size) != MHD_YES)
        connection_take_back(acceptor->connections);
}

static void *
accept_clients(void *at)
{
    struct acceptor *acceptor = at;

    int at_door;

    while (wait_for_client(acceptor, &at_door)) {
        struct sockaddr_storage peer;
        socklen_t size = sizeof(peer);
        int fd;

        if (at_door < 0)
            continue;
        fd = accept4(at_door, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            accept_refused(acceptor, errno);
        else
            client_take(acceptor, fd, (struct sockaddr *)&peer, size);
    }
    return NULL;
}

static void
acceptor_free(struct acceptor *acceptor)
{
    listen_close(&acceptor->listening);
    if (acceptor->stop_fd >= 0)
        close(acceptor->stop_fd);
    free(acceptor);
}

enum err
acceptor_start(const struct listening *listening, struct MHD_Daemon *daemon,
               struct connections *connections, struct acceptor **out)
{
    struct acceptor *acceptor = malloc(sizeof(*acceptor));

    if (acceptor == NULL) {
        struct listening unused = *listening;

        listen_close(&unused);
        return ERR_INTERNAL;
    }
    *acceptor = (struct acceptor) { .daemon = daemon,
                                    .connections = connections,
                                    .listening = *listening,
                                    .stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
    if (acceptor->stop_fd < 0 ||
        pthread_create(&acceptor->thread, NULL, accept_clients, acceptor) != 0) {
        acceptor_free(acceptor);
        return ERR_INTERNAL;
    }
    *out = acceptor;
    return OK;
}

void
acceptor_stop(struct acceptor *acceptor)
{
    if (acceptor == NULL)
        return;
    eventfd_write(acceptor->stop_fd, 1);
    pthread_join(acceptor->thread, NULL);
    acceptor_free(acceptor);
}
