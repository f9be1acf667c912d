/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/store/slots.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define FIRST_ROOM 64

/* `room` is a power of two and never full. */
static struct slot *
probe(struct slot *at, size_t room, const char *sql)
{
    uint64_t hash = (uint64_t)(uintptr_t)sql * 0x9e3779b97f4a7c15U;
    size_t i = (size_t)(hash >> 32) & (room - 1);

    while (at[i].sql != NULL && at[i].sql != sql)
        i = (i + 1) & (room - 1);
    return &at[i];
}

/* False without memory. */
static bool
grow(struct slots *slots)
{
    size_t room = slots->room == 0 ? FIRST_ROOM : 2 * slots->room;
    struct slot *at = calloc(room, sizeof(*at));

    if (at == NULL)
        return false;
    for (size_t i = 0; i < slots->room; i++)
        if (slots->at[i].sql != NULL)
            *probe(at, room, slots->at[i].sql) = slots->at[i];
    free(slots->at);
    slots->at = at;
    slots->room = room;
    return true;
}

void **
slots_find(struct slots *slots, const char *sql)
{
    struct slot *slot;

    if (2 * slots->count >= slots->room && !grow(slots))
        return NULL;
    slot = probe(slots->at, slots->room, sql);
    if (slot->sql == NULL) {
        slot->sql = sql;
        slots->count++;
    }
    return &slot->value;
}

void
slots_clear(struct slots *slots, void (*end)(void *value))
{
    for (size_t i = 0; end != NULL && i < slots->room; i++)
        if (slots->at[i].value != NULL)
            end(slots->at[i].value);
    free(slots->at);
    *slots = (struct slots) { 0 };
}
