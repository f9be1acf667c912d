/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/snapshot.h"

#include <pthread.h>
#include <stdlib.h>

#include "idp/base/env.h"

struct retired {
    struct retired *next;
    void *old;
    void (*release)(void *old);
    int64_t due_us;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct retired *list;

void
snapshot_retire(void *old, void (*release)(void *old))
{
    struct retired *entry;

    if (old == NULL)
        return;
    entry = malloc(sizeof(*entry));
    if (entry == NULL)
        return; /* leaking one snapshot is safer than freeing it under a reader */
    *entry = (struct retired) { .old = old,
                                .release = release,
                                .due_us = mono_us() + SNAPSHOT_GRACE_S * (int64_t)1000000 };
    pthread_mutex_lock(&lock);
    entry->next = list;
    list = entry;
    pthread_mutex_unlock(&lock);
}

void
snapshot_sweep(_Bool all)
{
    int64_t now_us = mono_us();

    pthread_mutex_lock(&lock);
    for (struct retired **at = &list; *at != NULL;) {
        struct retired *entry = *at;

        if (!all && entry->due_us > now_us) {
            at = &entry->next;
            continue;
        }
        *at = entry->next;
        entry->release(entry->old);
        free(entry);
    }
    pthread_mutex_unlock(&lock);
}
