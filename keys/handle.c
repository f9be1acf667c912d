/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/handle.h"

#include <string.h>

enum err
handle_new(struct env *env, struct arena *arena, const char **out)
{
    uint8_t random[32];
    enum err err = env_random(env, random, sizeof(random));

    if (err != OK)
        return err;
    *out = base64url_encode(arena, bytes_of(random, sizeof(random)));
    secret_wipe(random, sizeof(random));
    return OK;
}

enum err
id_new(struct env *env, struct arena *arena, const char *prefix, const char **out)
{
    uint8_t random[16];
    enum err err = env_random(env, random, sizeof(random));

    if (err != OK)
        return err;
    *out = arena_printf(arena, "%s%s", prefix,
                        base64url_encode(arena, bytes_of(random, sizeof(random))));
    return OK;
}

/*
 * Each character takes 64 random bits, so the remainder favours one of a few dozen by less than one
 * in 2^58 and no draw has to be repeated.
 */
enum err
letters_new(struct env *env, struct arena *arena, const char *alphabet, size_t count,
            const char **out)
{
    size_t letters = strlen(alphabet);
    uint64_t *draws = arena_alloc(arena, count * sizeof(*draws));
    char *text = arena_alloc(arena, count + 1);
    enum err err = env_random(env, draws, count * sizeof(*draws));

    if (err != OK)
        return err;
    for (size_t i = 0; i < count; i++)
        text[i] = alphabet[draws[i] % letters];
    *out = text;
    return OK;
}

enum err
digits_new(struct env *env, struct arena *arena, size_t count, const char **out)
{
    return letters_new(env, arena, "0123456789", count, out);
}
