/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/bytes.h"
#include "idp/base/log.h"
#include "idp/base/text.h"

#define BACKLOG 1024
#define ADDRESS_MAX 80

/* An address as the socket wants it. */
struct listen_address {
    struct sockaddr_storage at;
    socklen_t size;
};

/* Host and port, in text; false when the text is not HOST:PORT with digits for a port, and brackets
 * around a host of IPv6. */
static bool
address_split(char *text, const char **host, const char **port)
{
    char *colon = strrchr(text, ':');
    int64_t number;

    /* "*" is a word of getaddrinfo()'s own, for whichever family comes first. */
    if (colon == NULL || colon == text || *text == '*' ||
        text_to_int(colon + 1, 0, 65535, &number) != OK)
        return false;
    *colon = '\0';
    *port = colon + 1;
    *host = text;
    if (text[0] != '[')
        return strchr(text, ':') == NULL;
    if (colon[-1] != ']' || strchr(text, ':') == NULL)
        return false;
    colon[-1] = '\0';
    *host = text + 1;
    return true;
}

static bool
address_read(const char *word, size_t size, struct listen_address *out)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE };
    struct addrinfo *found = NULL;
    char text[ADDRESS_MAX];
    const char *host;
    const char *port;

    if (size >= sizeof(text))
        return false;
    memcpy(text, word, size);
    text[size] = '\0';
    if (!address_split(text, &host, &port) || getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    *out = (struct listen_address) { .size = found->ai_addrlen };
    memcpy(&out->at, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

/* How many they are; with the word that is none, or for which there is no room, in *wrong. */
static size_t
addresses_read(const char *list, struct listen_address out[LISTEN_MAX], struct bytes *wrong)
{
    const char *word;
    size_t count = 0;
    size_t size;

    *wrong = (struct bytes) { 0 };
    while ((word = text_next_word(&list, &size)) != NULL) {
        if (count == LISTEN_MAX || !address_read(word, size, &out[count])) {
            *wrong = bytes_of(word, size);
            break;
        }
        count++;
    }
    return count;
}

/* The port stands in the same place for both families. */
static uint16_t
port_in(const struct sockaddr_storage *at)
{
    struct sockaddr_in6 in6;

    memcpy(&in6, at, sizeof(in6));
    return ntohs(in6.sin6_port);
}

static bool
address_is_taken(const struct listen_address *all, size_t count,
                 const struct listen_address *address)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].size == address->size && port_in(&address->at) != 0 &&
            memcmp(&all[i].at, &address->at, address->size) == 0)
            return true;
    }
    return false;
}

const char *
listen_problem(struct arena *arena, const char *addresses)
{
    struct listen_address all[LISTEN_MAX];
    struct bytes wrong;
    size_t count = addresses_read(addresses, all, &wrong);

    if (wrong.size > 0 && count == LISTEN_MAX)
        return arena_printf(arena, "has room for %d addresses.", LISTEN_MAX);
    if (wrong.size > 0)
        return arena_printf(arena,
                            "\"%.*s\" is no address with a port: 10.0.0.1:9443 or "
                            "[2001:db8::1]:9443, separated by spaces.",
                            (int)wrong.size, (const char *)wrong.at);
    for (size_t i = 1; i < count; i++) {
        if (address_is_taken(all, i, &all[i]))
            return "names an address twice.";
    }
    return count > 0 ? NULL : "must name an address.";
}

static enum err
socket_bind(const struct listen_address *address, bool only_v6, int *out)
{
    int on = 1;
    int fd = socket(address->at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return ERR_UNAVAILABLE;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        (only_v6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0) ||
        bind(fd, (const struct sockaddr *)&address->at, address->size) != 0 ||
        listen(fd, BACKLOG) != 0) {
        int why = errno;

        close(fd);
        errno = why;
        return ERR_UNAVAILABLE;
    }
    *out = fd;
    return OK;
}

static uint16_t
port_of(int fd)
{
    struct sockaddr_storage own = { 0 };
    socklen_t size = sizeof(own);

    if (getsockname(fd, (struct sockaddr *)&own, &size) != 0)
        return 0;
    return port_in(&own);
}

static bool
has_v4(const struct listen_address *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].at.ss_family == AF_INET)
            return true;
    }
    return false;
}

enum err
listen_open(const char *addresses, struct listening *out)
{
    struct listen_address all[LISTEN_MAX];
    struct bytes wrong;
    struct listening opened = { 0 };
    size_t count = addresses_read(addresses, all, &wrong);

    if (count == 0 || wrong.size > 0)
        return ERR_INVALID;
    for (size_t i = 0; i < count; i++) {
        bool only_v6 = all[i].at.ss_family == AF_INET6 && has_v4(all, count);

        if (socket_bind(&all[i], only_v6, &opened.fds[i]) != OK) {
            log_line(LOG_ERROR, "server.listen_failed", log_text("address", addresses),
                     log_text("reason", strerror(errno)));
            listen_close(&opened);
            return ERR_UNAVAILABLE;
        }
        opened.count++;
    }
    opened.port = port_of(opened.fds[0]);
    *out = opened;
    return OK;
}

int
listen_probe(const char *address)
{
    struct listen_address read;
    int fd = -1;

    if (!address_read(address, strlen(address), &read))
        return EINVAL;
    errno = 0;
    if (socket_bind(&read, read.at.ss_family == AF_INET6, &fd) != OK)
        return errno;
    close(fd);
    return 0;
}

void
listen_close(struct listening *listening)
{
    while (listening->count > 0)
        close(listening->fds[--listening->count]);
}

static bool
address_is_loopback(const struct listen_address *address)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    memcpy(&in, &address->at, sizeof(in));
    memcpy(&in6, &address->at, sizeof(in6));
    return address->at.ss_family == AF_INET ? ntohl(in.sin_addr.s_addr) >> 24 == 127
                                            : IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
}

bool
listen_is_loopback(const char *addresses)
{
    struct listen_address all[LISTEN_MAX];
    struct bytes wrong;
    size_t count = addresses_read(addresses, all, &wrong);

    for (size_t i = 0; i < count; i++) {
        if (!address_is_loopback(&all[i]))
            return false;
    }
    return count > 0 && wrong.size == 0;
}
