/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/crowd.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BUCKETS 64

/* The connections of one unit; gone with the last of them. */
struct group {
    struct group *next; /* in its bucket */
    struct unit unit;
    bool exempt;
    size_t seats;
    size_t idle;
    struct seat *first_idle;
    struct seat *last_idle;
    struct group *level_next; /* among groups with as many idle, in the order they came to it */
    struct group *level_earlier;
};

struct level {
    struct group *first;
    struct group *last;
};

struct crowd {
    struct group **buckets;
    size_t bucket_count; /* a power of two */
    size_t groups;
    size_t seats;
    uint64_t seed;
    size_t per_unit;
    size_t top; /* no level above it has a group */
    struct level levels[];
};

struct unit
unit_of(const struct sockaddr *peer)
{
    struct in6_addr address = IN6ADDR_ANY_INIT;
    struct unit unit = { 0 };

    if (peer->sa_family == AF_INET) {
        address.s6_addr[10] = address.s6_addr[11] = 0xff;
        memcpy(&address.s6_addr[12], (const char *)peer + offsetof(struct sockaddr_in, sin_addr),
               4);
    } else if (peer->sa_family == AF_INET6) {
        memcpy(&address, (const char *)peer + offsetof(struct sockaddr_in6, sin6_addr),
               sizeof(address));
    }
    memcpy(&unit.network, &address.s6_addr[0], sizeof(unit.network));
    if (IN6_IS_ADDR_V4MAPPED(&address))
        memcpy(&unit.host, &address.s6_addr[8], sizeof(unit.host));
    return unit;
}

enum err
crowd_new(size_t per_unit, uint64_t seed, struct crowd **out)
{
    struct crowd *crowd = calloc(1, sizeof(*crowd) + (per_unit + 1) * sizeof(crowd->levels[0]));

    if (crowd == NULL)
        return ERR_UNAVAILABLE;
    crowd->buckets = calloc(FIRST_BUCKETS, sizeof(struct group *));
    if (crowd->buckets == NULL) {
        free(crowd);
        return ERR_UNAVAILABLE;
    }
    crowd->bucket_count = FIRST_BUCKETS;
    crowd->per_unit = per_unit;
    crowd->seed = seed;
    *out = crowd;
    return OK;
}

void
crowd_free(struct crowd *crowd)
{
    if (crowd == NULL)
        return;
    free(crowd->buckets);
    free(crowd);
}

/* --- Finding --- */

static uint64_t
mixed(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static struct group **
bucket_of(const struct crowd *crowd, const struct unit *unit)
{
    return &crowd->buckets[mixed(mixed(crowd->seed ^ unit->network) ^ unit->host) &
                           (crowd->bucket_count - 1)];
}

static struct group *
group_find(const struct crowd *crowd, const struct unit *unit)
{
    struct group *group = *bucket_of(crowd, unit);

    while (group != NULL &&
           (group->unit.network != unit->network || group->unit.host != unit->host))
        group = group->next;
    return group;
}

/* Without memory the buckets stay as many as they are: slower, and right. */
static void
buckets_double(struct crowd *crowd)
{
    struct group **old = crowd->buckets;
    size_t count = crowd->bucket_count;
    struct group **buckets = calloc(2 * count, sizeof(struct group *));

    if (buckets == NULL)
        return;
    crowd->buckets = buckets;
    crowd->bucket_count = 2 * count;
    for (size_t i = 0; i < count; i++) {
        while (old[i] != NULL) {
            struct group *group = old[i];
            struct group **bucket = bucket_of(crowd, &group->unit);

            old[i] = group->next;
            group->next = *bucket;
            *bucket = group;
        }
    }
    free(old);
}

static struct group *
group_new(struct crowd *crowd, const struct unit *unit, bool exempt)
{
    struct group *group = calloc(1, sizeof(*group));
    struct group **bucket;

    if (group == NULL)
        return NULL;
    if (crowd->groups >= crowd->bucket_count)
        buckets_double(crowd);
    bucket = bucket_of(crowd, unit);
    group->unit = *unit;
    group->exempt = exempt;
    group->next = *bucket;
    *bucket = group;
    crowd->groups++;
    return group;
}

static void
group_end(struct crowd *crowd, struct group *group)
{
    struct group **link = bucket_of(crowd, &group->unit);

    while (*link != group)
        link = &(*link)->next;
    *link = group->next;
    crowd->groups--;
    free(group);
}

/* --- Levels: groups by how many idle they have --- */

static size_t
level_of(const struct crowd *crowd, const struct group *group)
{
    return group->idle < crowd->per_unit ? group->idle : crowd->per_unit;
}

static bool
has_level(const struct group *group)
{
    return group->idle > 0 && !group->exempt;
}

static void
level_leave(struct crowd *crowd, struct group *group)
{
    struct level *level = &crowd->levels[level_of(crowd, group)];

    if (!has_level(group))
        return;
    if (group->level_earlier != NULL)
        group->level_earlier->level_next = group->level_next;
    else
        level->first = group->level_next;
    if (group->level_next != NULL)
        group->level_next->level_earlier = group->level_earlier;
    else
        level->last = group->level_earlier;
    while (crowd->top > 0 && crowd->levels[crowd->top].first == NULL)
        crowd->top--;
}

static void
level_join(struct crowd *crowd, struct group *group)
{
    size_t at = level_of(crowd, group);
    struct level *level = &crowd->levels[at];

    if (!has_level(group))
        return;
    group->level_next = NULL;
    group->level_earlier = level->last;
    if (level->last != NULL)
        level->last->level_next = group;
    else
        level->first = group;
    level->last = group;
    if (at > crowd->top)
        crowd->top = at;
}

/* --- Seats --- */

enum err
crowd_take(struct crowd *crowd, const struct unit *unit, bool exempt, struct seat *seat)
{
    struct group *group = group_find(crowd, unit);

    if (group == NULL)
        group = group_new(crowd, unit, exempt);
    if (group == NULL)
        return ERR_UNAVAILABLE;
    *seat = (struct seat) { .group = group };
    group->seats++;
    crowd->seats++;
    return OK;
}

static void
idle_append(struct group *group, struct seat *seat)
{
    seat->later = NULL;
    seat->earlier = group->last_idle;
    if (group->last_idle != NULL)
        group->last_idle->later = seat;
    else
        group->first_idle = seat;
    group->last_idle = seat;
    group->idle++;
}

static void
idle_remove(struct group *group, struct seat *seat)
{
    if (seat->earlier != NULL)
        seat->earlier->later = seat->later;
    else
        group->first_idle = seat->later;
    if (seat->later != NULL)
        seat->later->earlier = seat->earlier;
    else
        group->last_idle = seat->earlier;
    group->idle--;
}

void
crowd_set_idle(struct crowd *crowd, struct seat *seat, bool idle)
{
    struct group *group = seat->group;

    if (group == NULL || seat->idle == idle)
        return;
    level_leave(crowd, group);
    if (idle)
        idle_append(group, seat);
    else
        idle_remove(group, seat);
    seat->idle = idle;
    level_join(crowd, group);
}

void
crowd_leave(struct crowd *crowd, struct seat *seat)
{
    struct group *group = seat->group;

    if (group == NULL)
        return;
    crowd_set_idle(crowd, seat, false);
    seat->group = NULL;
    crowd->seats--;
    if (--group->seats == 0)
        group_end(crowd, group);
}

size_t
crowd_size(const struct crowd *crowd)
{
    return crowd->seats;
}

size_t
crowd_size_of(const struct crowd *crowd, const struct unit *unit)
{
    const struct group *group = group_find(crowd, unit);

    return group != NULL ? group->seats : 0;
}

size_t
crowd_busy_of(const struct crowd *crowd, const struct unit *unit)
{
    const struct group *group = group_find(crowd, unit);

    return group != NULL ? group->seats - group->idle : 0;
}

struct seat *
crowd_idlest_of(const struct crowd *crowd, const struct unit *unit)
{
    const struct group *group = group_find(crowd, unit);

    return group != NULL ? group->first_idle : NULL;
}

struct seat *
crowd_idlest(const struct crowd *crowd)
{
    return crowd->top > 0 ? crowd->levels[crowd->top].first->first_idle : NULL;
}
