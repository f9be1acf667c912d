/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "idp/base/text.h"

#define UNKNOWN "unknown"
#define LONGEST 64 /* an address with zone, brackets and port */

struct parsed {
    int family;
    uint8_t bytes[16];
};

static bool
is_port(const char *text)
{
    int64_t port;

    return text_to_int(text, 0, 65535, &port) == OK;
}

/* Cuts brackets and port; false when what stands around the address is neither. */
static bool
trim_around(char *text)
{
    char *colon = strchr(text, ':');

    if (text[0] == '[') {
        char *end = strchr(text, ']');

        if (end == NULL || (end[1] != '\0' && (end[1] != ':' || !is_port(end + 2))))
            return false;
        *end = '\0';
        memmove(text, text + 1, (size_t)(end - text));
        return strchr(text, ':') != NULL;
    }
    if (colon != NULL && strchr(text, '.') != NULL && strchr(colon + 1, ':') == NULL) {
        if (!is_port(colon + 1))
            return false;
        *colon = '\0';
    }
    return true;
}

/* ::ffff:1.2.3.4 is how a socket for both families shows 1.2.3.4 (RFC 4291, 2.5.5.2). */
static void
unmap(struct parsed *address)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

    if (address->family != AF_INET6 || memcmp(address->bytes, mapped, sizeof(mapped)) != 0)
        return;
    address->family = AF_INET;
    memmove(address->bytes, address->bytes + sizeof(mapped), 4);
}

static bool
parse(const char *text, struct parsed *out)
{
    char copy[LONGEST];
    char *zone;

    if (text == NULL || strlen(text) >= sizeof(copy))
        return false;
    memcpy(copy, text, strlen(text) + 1);
    if (!trim_around(copy))
        return false;
    zone = strchr(copy, '%');
    if (zone != NULL && strchr(copy, ':') != NULL)
        *zone = '\0';
    *out = (struct parsed) { .family = AF_INET };
    if (inet_pton(AF_INET, copy, out->bytes) == 1)
        return true;
    out->family = AF_INET6;
    if (inet_pton(AF_INET6, copy, out->bytes) != 1)
        return false;
    unmap(out);
    return true;
}

static const char *
write_address(struct arena *arena, const struct parsed *address)
{
    char text[INET6_ADDRSTRLEN];

    inet_ntop(address->family, address->bytes, text, sizeof(text));
    return arena_text(arena, text);
}

/* The first `keep` bytes of the address, zeros behind them. */
static const char *
write_network(struct arena *arena, struct parsed address, size_t keep)
{
    memset(address.bytes + keep, 0, sizeof(address.bytes) - keep);
    return arena_printf(arena, "%s/%zu", write_address(arena, &address), keep * 8);
}

const char *
network_address(struct arena *arena, const char *text)
{
    struct parsed address;

    return parse(text, &address) ? write_address(arena, &address) : NULL;
}

const char *
network_unit(struct arena *arena, const char *text)
{
    struct parsed address;

    if (!parse(text, &address))
        return UNKNOWN;
    return address.family == AF_INET ? write_address(arena, &address)
                                     : write_network(arena, address, 8);
}

const char *
network_prefix(struct arena *arena, const char *text)
{
    struct parsed address;

    if (!parse(text, &address))
        return UNKNOWN;
    return write_network(arena, address, address.family == AF_INET ? 3 : 6);
}

/* --- Networks --- */

/* ::ffff:10.0.0.0/104 is 10.0.0.0/8. */
static bool
prefix_read(const char *text, bool mapped, struct network *out)
{
    int64_t most = out->family == AF_INET && !mapped ? 32 : 128;
    int64_t least = mapped ? 97 : 1;
    int64_t bits = most;

    if (text != NULL && text_to_int(text, least, most, &bits) != OK)
        return false;
    out->bits = (unsigned)(mapped ? bits - 96 : bits);
    return true;
}

/* A port, brackets or a zone, which what proxies send has and a network has not. */
static bool
has_more(const char *text)
{
    const char *colon = strchr(text, ':');

    return strpbrk(text, "[%") != NULL ||
           (colon != NULL && strchr(colon + 1, ':') == NULL && strchr(text, '.') != NULL);
}

static bool
network_read(const char *word, size_t size, struct network *out)
{
    char text[LONGEST];
    struct parsed address;
    char *slash;

    if (size >= sizeof(text))
        return false;
    memcpy(text, word, size);
    text[size] = '\0';
    slash = strchr(text, '/');
    if (slash != NULL)
        *slash++ = '\0';
    if (has_more(text) || !parse(text, &address))
        return false;
    out->family = address.family;
    memcpy(out->bytes, address.bytes, sizeof(out->bytes));
    return prefix_read(slash, address.family == AF_INET && strchr(text, ':') != NULL, out);
}

const char *
networks_read(const char *list, size_t *size, struct networks *out)
{
    const char *word;

    out->count = 0;
    while ((word = text_next_word(&list, size)) != NULL) {
        if (out->count == NETWORKS_MAX || !network_read(word, *size, &out->at[out->count]))
            return word;
        out->count++;
    }
    return NULL;
}

static bool
network_has(const struct network *network, const struct parsed *address)
{
    size_t whole = network->bits / 8;
    unsigned rest = network->bits % 8;

    if (network->family != address->family || memcmp(network->bytes, address->bytes, whole) != 0)
        return false;
    return rest == 0 || (network->bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0;
}

bool
networks_have(const struct networks *networks, const char *address)
{
    struct parsed parsed;

    if (networks->count == 0 || !parse(address, &parsed))
        return false;
    for (size_t i = 0; i < networks->count; i++) {
        if (network_has(&networks->at[i], &parsed))
            return true;
    }
    return false;
}
