/* SPDX-License-Identifier: Apache-2.0 */
/* Listening sockets. */
#ifndef IDP_SERVER_ENGINE_LISTEN_H
#define IDP_SERVER_ENGINE_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/err.h"

#define LISTEN_MAX 8

/* Sockets that listen, and the port of the first. */
struct listening {
    size_t count;
    int fds[LISTEN_MAX];
    uint16_t port;
};

/*
 * `addresses`, separated by spaces: "127.0.0.1:9080 [::1]:9080"; numbers only, port 0 picks a free
 * one. An IPv6 address takes no IPv4 where an IPv4 address stands beside it. ERR_INVALID when one is
 * none, ERR_UNAVAILABLE when one cannot be had (the reason is logged); nothing is open then.
 */
must_check enum err listen_open(const char *addresses, struct listening *out);
void listen_close(struct listening *listening);

/* Why one address, which is right, cannot be had now: an errno such as EADDRINUSE; 0: it can. */
int listen_probe(const char *address);

/* NULL, or what is wrong with the addresses, a sentence about them in the arena. */
const char *listen_problem(struct arena *arena, const char *addresses);

/* True when only this machine can reach them. False when one is no address, or there is none. */
bool listen_is_loopback(const char *addresses);

#endif
