/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_visit.h"

#include <openssl/sha.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "idp/base/text.h"

#define VISITS_MAX 512
#define VISIT_MAX_BYTES (256 << 10)
#define SECRET_BYTES 32

struct visit_place {
    struct arena *arena; /* holds the visit's texts */
    struct visit visit;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct visit_place places[VISITS_MAX];
static size_t next_place;

const char *
visit_secret(struct arena *arena)
{
    uint8_t bytes[SECRET_BYTES];

    if (env_random(env_machine(), bytes, sizeof(bytes)) != OK)
        abort();
    return base64url_encode(arena, bytes_of(bytes, sizeof(bytes)));
}

const char *
visit_challenge(struct arena *arena, const char *verifier)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];

    SHA256((const unsigned char *)verifier, strlen(verifier), digest);
    return base64url_encode(arena, bytes_of(digest, sizeof(digest)));
}

static struct visit
visit_copy(struct arena *arena, const struct visit *visit)
{
    struct visit copy = { .id = arena_text(arena, visit->id) };

    for (size_t i = 0; i < VISIT_TEXTS; i++) {
        if (visit->texts[i] != NULL)
            copy.texts[i] = arena_text(arena, visit->texts[i]);
    }
    return copy;
}

static struct visit_place *
place_find(const char *id)
{
    for (size_t i = 0; id != NULL && i < VISITS_MAX; i++) {
        if (text_eq(places[i].visit.id, id))
            return &places[i];
    }
    return NULL;
}

bool
visit_find(struct arena *arena, const char *id, struct visit *out)
{
    struct visit_place *place;

    pthread_mutex_lock(&lock);
    place = place_find(id);
    if (place != NULL)
        *out = visit_copy(arena, &place->visit);
    pthread_mutex_unlock(&lock);
    return place != NULL;
}

static void
place_fill(struct visit_place *place, const struct visit *visit)
{
    if (place->arena == NULL)
        place->arena = arena_new(VISIT_MAX_BYTES);
    arena_reset(place->arena);
    place->visit = visit_copy(place->arena, visit);
}

void
visit_keep(const struct visit *visit)
{
    struct visit_place *place;

    pthread_mutex_lock(&lock);
    place = place_find(visit->id);
    if (place == NULL)
        place = &places[next_place++ % VISITS_MAX];
    place_fill(place, visit);
    pthread_mutex_unlock(&lock);
}

void
visit_forget(const char *id)
{
    struct visit_place *place;

    pthread_mutex_lock(&lock);
    place = place_find(id);
    if (place != NULL)
        place->visit = (struct visit) { .id = NULL };
    pthread_mutex_unlock(&lock);
}

void
visits_end(const char *sid)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < VISITS_MAX; i++) {
        struct visit *visit = &places[i].visit;

        if (text_eq(visit->texts[VISIT_SID], sid))
            *visit =
                (struct visit) { .id = visit->id, .texts = { [VISIT_FAREWELL] = "elsewhere" } };
    }
    pthread_mutex_unlock(&lock);
}
