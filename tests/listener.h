/* SPDX-License-Identifier: Apache-2.0 */
/* A partner's HTTP address on this machine: takes POSTs one by one, keeps the
 * last body, answers as told. */
#ifndef TESTS_LISTENER_H
#define TESTS_LISTENER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct listener {
    int socket;
    int port;
    pthread_t thread;
    atomic_int status; /* to answer with */
    atomic_int calls;
    atomic_bool holds; /* wait for `release` before answering */
    sem_t taken;       /* posted when a call has been read */
    sem_t release;
    char head[8192]; /* of the last call */
    char body[8192];
};

/* Reads until the body is as long as Content-Length says. */
static inline void
listener_read(struct listener *listener, int client)
{
    char text[16384] = "";
    size_t size = 0;

    for (;;) {
        ssize_t got = recv(client, text + size, sizeof(text) - 1 - size, 0);
        const char *length;
        const char *body;

        if (got <= 0)
            return;
        size += (size_t)got;
        text[size] = '\0';
        length = strcasestr(text, "content-length:");
        body = strstr(text, "\r\n\r\n");
        if (body == NULL || length == NULL || strlen(body + 4) < strtoul(length + 15, NULL, 10))
            continue;
        snprintf(listener->head, sizeof(listener->head), "%.*s", (int)(body - text), text);
        snprintf(listener->body, sizeof(listener->body), "%s", body + 4);
        return;
    }
}

static inline void *
listener_run(void *state)
{
    struct listener *listener = state;
    char answer[128];

    for (;;) {
        int client = accept(listener->socket, NULL, NULL);

        if (client < 0)
            return NULL;
        listener_read(listener, client);
        atomic_fetch_add(&listener->calls, 1);
        sem_post(&listener->taken);
        if (atomic_load(&listener->holds))
            sem_wait(&listener->release);
        snprintf(answer, sizeof(answer),
                 "HTTP/1.1 %d x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                 atomic_load(&listener->status));
        (void)send(client, answer, strlen(answer), MSG_NOSIGNAL);
        close(client);
    }
}

/* 0 when it listens. */
static inline int
listener_start(struct listener *listener, int status)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof(address);

    memset(listener, 0, sizeof(*listener));
    atomic_init(&listener->status, status);
    sem_init(&listener->taken, 0, 0);
    sem_init(&listener->release, 0, 0);
    listener->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener->socket, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(listener->socket, 16) != 0 ||
        getsockname(listener->socket, (struct sockaddr *)&address, &size) != 0)
        return -1;
    listener->port = ntohs(address.sin_port);
    return pthread_create(&listener->thread, NULL, listener_run, listener);
}

static inline void
listener_stop(struct listener *listener)
{
    shutdown(listener->socket, SHUT_RDWR);
    close(listener->socket);
    pthread_join(listener->thread, NULL);
    sem_destroy(&listener->taken);
    sem_destroy(&listener->release);
}

#endif
