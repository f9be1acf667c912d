/* SPDX-License-Identifier: Apache-2.0 */
/* What a connection keeps for each statement, found by the address of its text. */
#ifndef IDP_STORE_SLOTS_H
#define IDP_STORE_SLOTS_H

#include <stddef.h>

struct slot {
    const char *sql;
    void *value;
};

/* All zero is empty. Grows on the heap; free with slots_clear(). */
struct slots {
    struct slot *at;
    size_t room;
    size_t count;
};

/* Where the value of `sql` is kept, NULL there when it is new. Valid until the next call.
 * NULL without memory for it. */
void **slots_find(struct slots *slots, const char *sql);

/* Forgets all; `end`, when not NULL, is called with every value. */
void slots_clear(struct slots *slots, void (*end)(void *value));

#endif
