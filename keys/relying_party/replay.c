/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/replay.h"

#include <pthread.h>
#include <stdlib.h>

#include "keys/secret.h"

struct taken {
    struct digest digest;
    unix_s until;
};

/* Looked through from end to end: logouts are few, and 4096 are done in microseconds. */
struct replay {
    pthread_mutex_t lock;
    size_t room;
    size_t count;
    struct taken taken[];
};

struct replay *
replay_new(size_t count)
{
    struct replay *replay = NULL;

    if (count <= SIZE_MAX / sizeof(struct taken) / 2)
        replay = calloc(1, sizeof(*replay) + count * sizeof(struct taken));
    if (replay == NULL)
        return NULL;
    replay->room = count;
    pthread_mutex_init(&replay->lock, NULL);
    return replay;
}

void
replay_free(struct replay *replay)
{
    if (replay == NULL)
        return;
    pthread_mutex_destroy(&replay->lock);
    free(replay);
}

static bool
is_taken(const struct replay *replay, const struct digest *digest, unix_s now)
{
    for (size_t i = 0; i < replay->count; i++)
        if (replay->taken[i].until > now && digest_eq(&replay->taken[i].digest, digest))
            return true;
    return false;
}

static struct taken *
place_for(struct replay *replay)
{
    size_t first = 0;

    if (replay->count < replay->room)
        return &replay->taken[replay->count++];
    for (size_t i = 1; i < replay->count; i++)
        if (replay->taken[i].until < replay->taken[first].until)
            first = i;
    return &replay->taken[first];
}

bool
replay_take(struct replay *replay, const struct digest *digest, unix_s now, unix_s until)
{
    bool is_new;

    pthread_mutex_lock(&replay->lock);
    is_new = !is_taken(replay, digest, now);
    if (is_new)
        *place_for(replay) = (struct taken) { *digest, until };
    pthread_mutex_unlock(&replay->lock);
    return is_new;
}
