/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct block4 {
    uint32_t network;
    unsigned bits;
};

struct block6 {
    uint8_t network[16];
    unsigned bits;
};

static const struct block4 inner4[] = {
    { 0x00000000, 8 },  /* this network */
    { 0x0a000000, 8 },  /* private */
    { 0x64400000, 10 }, /* shared by carriers */
    { 0xa9fe0000, 16 }, /* link-local, cloud metadata */
    { 0xac100000, 12 }, /* private */
    { 0xc0000000, 24 }, /* protocol assignments */
    { 0xc0000200, 24 }, /* documentation */
    { 0xc0586300, 24 }, /* 6to4 relays */
    { 0xc0a80000, 16 }, /* private */
    { 0xc6120000, 15 }, /* benchmarks */
    { 0xc6336400, 24 }, /* documentation */
    { 0xcb007100, 24 }, /* documentation */
    { 0xe0000000, 4 },  /* multicast */
    { 0xf0000000, 4 },  /* reserved, broadcast */
};

/*
 * Within 2000::/3; what lies outside of it (mapped, ULA, link-local, multicast, NAT64) is never
 * public.
 */
static const struct block6 inner6[] = {
    { { 0x20, 0x01, 0x00 }, 23 },       /* protocol assignments, Teredo */
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
    { { 0x20, 0x02 }, 16 },             /* 6to4 */
    { { 0x3f, 0xff }, 20 },             /* documentation */
};

static enum address_kind
kind4(uint32_t address)
{
    if (address >> 24 == 127)
        return ADDRESS_LOOPBACK;
    for (size_t i = 0; i < sizeof(inner4) / sizeof(inner4[0]); i++) {
        if ((address ^ inner4[i].network) >> (32 - inner4[i].bits) == 0)
            return ADDRESS_INNER;
    }
    return ADDRESS_PUBLIC;
}

static bool
within6(const uint8_t address[static 16], const struct block6 *block)
{
    unsigned whole = block->bits / 8;
    unsigned rest = block->bits % 8;

    for (unsigned i = 0; i < whole; i++) {
        if (address[i] != block->network[i])
            return false;
    }
    return rest == 0 || (address[whole] ^ block->network[whole]) >> (8 - rest) == 0;
}

static enum address_kind
kind6(const uint8_t address[static 16])
{
    if (memcmp(address, in6addr_loopback.s6_addr, 16) == 0)
        return ADDRESS_LOOPBACK;
    if (address[0] >> 5 != 1)
        return ADDRESS_INNER;
    for (size_t i = 0; i < sizeof(inner6) / sizeof(inner6[0]); i++) {
        if (within6(address, &inner6[i]))
            return ADDRESS_INNER;
    }
    return ADDRESS_PUBLIC;
}

enum address_kind
address_kind_of(const struct sockaddr *address)
{
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;

    if (address->sa_family == AF_INET) {
        memcpy(&in4, address, sizeof(in4));
        return kind4(ntohl(in4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        memcpy(&in6, address, sizeof(in6));
        return kind6(in6.sin6_addr.s6_addr);
    }
    return ADDRESS_INNER;
}

bool
address_parse(const char *text, enum address_kind *out)
{
    struct in_addr in4;
    struct in6_addr in6;

    if (inet_pton(AF_INET, text, &in4) == 1) {
        *out = kind4(ntohl(in4.s_addr));
        return true;
    }
    if (inet_pton(AF_INET6, text, &in6) == 1) {
        *out = kind6(in6.s6_addr);
        return true;
    }
    return false;
}
