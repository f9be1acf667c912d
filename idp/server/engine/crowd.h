/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sits where: connections counted by address (IPv4 whole, IPv6 by /64: what one household or
 * machine has), and which of them have been idle longest. Every call takes a fixed time, however
 * many there are. The caller holds a lock.
 */
#ifndef IDP_SERVER_ENGINE_CROWD_H
#define IDP_SERVER_ENGINE_CROWD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idp/base/err.h"

struct crowd;
struct group;

/* Part of a connection; all zero is standing, not sitting. */
struct seat {
    struct group *group;
    struct seat *earlier; /* among the idle of the group, by the moment they became so */
    struct seat *later;
    bool idle;
};

/* An address as it is counted. */
struct unit {
    uint64_t network; /* the two halves of an IPv6 address, the second 0 when it is one */
    uint64_t host;
};

/* Families other than IPv4 and IPv6 are one unit. */
struct unit unit_of(const struct sockaddr *peer);

/* `per_unit` bounds the idle of a unit that is not exempt; `seed` keeps strangers from choosing
 * addresses that are slow to find. ERR_UNAVAILABLE without memory. */
must_check enum err crowd_new(size_t per_unit, uint64_t seed, struct crowd **out);
/* NULL is fine. All seats must have been left. */
void crowd_free(struct crowd *crowd);

/* Takes a seat, not idle. Of exempt units none is ever chosen to go.
 * ERR_UNAVAILABLE without memory. */
must_check enum err crowd_take(struct crowd *crowd, const struct unit *unit, bool exempt,
                               struct seat *seat);
void crowd_leave(struct crowd *crowd, struct seat *seat);
void crowd_set_idle(struct crowd *crowd, struct seat *seat, bool idle);

size_t crowd_size(const struct crowd *crowd);
size_t crowd_size_of(const struct crowd *crowd, const struct unit *unit);
size_t crowd_busy_of(const struct crowd *crowd, const struct unit *unit);

/* The one of that unit that has been idle longest, or NULL. */
struct seat *crowd_idlest_of(const struct crowd *crowd, const struct unit *unit);
/* The one that has been idle longest of the unit that has most of them, or NULL. */
struct seat *crowd_idlest(const struct crowd *crowd);

#endif
