/* SPDX-License-Identifier: Apache-2.0 */
/* Listening sockets. */
#ifndef IDP_SERVER_ENGINE_LISTEN_H
#define IDP_SERVER_ENGINE_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "idp/base/err.h"

/*
 * `address`: "127.0.0.1:9080" or "[::1]:9080"; numbers only, port 0 picks a free one. ERR_INVALID
 * when it is none, ERR_UNAVAILABLE when it cannot be had (the reason is logged). The caller closes
 * *fd.
 */
must_check enum err listen_open(const char *address, int *fd, uint16_t *port);

/* True when only this machine can reach it. False for what is no address. */
bool listen_is_loopback(const char *address);

#endif
