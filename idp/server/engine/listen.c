/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "idp/base/text.h"

#define BACKLOG 1024
#define HOST_MAX 64

/* Host and port in place; false when the text is not HOST:PORT with digits for a port. */
static bool
address_split(const char *address, char host[HOST_MAX], const char **port)
{
    const char *colon = strrchr(address, ':');
    size_t size = colon != NULL ? (size_t)(colon - address) : 0;
    int64_t number;

    if (size == 0 || size >= HOST_MAX || text_to_int(colon + 1, 0, 65535, &number) != OK)
        return false;
    if (address[0] == '[' && address[size - 1] == ']') {
        address++;
        size -= 2;
    }
    memcpy(host, address, size);
    host[size] = '\0';
    *port = colon + 1;
    return true;
}

static struct addrinfo *
listen_address_parse(const char *address)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE };
    struct addrinfo *found = NULL;
    char host[HOST_MAX];
    const char *port;

    if (!address_split(address, host, &port) || getaddrinfo(host, port, &hints, &found) != 0)
        return NULL;
    return found;
}

static enum err
socket_bind(const struct addrinfo *at, int *out)
{
    int on = 1;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return ERR_UNAVAILABLE;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        close(fd);
        return ERR_UNAVAILABLE;
    }
    *out = fd;
    return OK;
}

/* The port stands in the same place for both families. */
static uint16_t
port_of(int fd)
{
    struct sockaddr_in6 own = { 0 };
    socklen_t size = sizeof(own);

    if (getsockname(fd, (struct sockaddr *)&own, &size) != 0)
        return 0;
    return ntohs(own.sin6_port);
}

enum err
listen_open(const char *address, int *fd, uint16_t *port)
{
    struct addrinfo *found = listen_address_parse(address);
    enum err err;

    if (found == NULL)
        return ERR_INVALID;
    err = socket_bind(found, fd);
    if (err != OK)
        log_line(LOG_ERROR, "server.listen_failed", log_text("address", address),
                 log_text("reason", strerror(errno)));
    else
        *port = port_of(*fd);
    freeaddrinfo(found);
    return err;
}

bool
listen_is_loopback(const char *address)
{
    struct addrinfo *found = listen_address_parse(address);
    bool loopback = false;

    if (found == NULL)
        return false;
    if (found->ai_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, found->ai_addr, sizeof(in));
        loopback = ntohl(in.sin_addr.s_addr) >> 24 == 127;
    } else if (found->ai_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, found->ai_addr, sizeof(in6));
        loopback = IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
    }
    freeaddrinfo(found);
    return loopback;
}
