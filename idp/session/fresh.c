/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/fresh.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/unwind.h"
#include "keys/secret.h"

#define PLACES 65536
#define WORDS 4

/*
 * A reader may see words of two digests. That is no hit: all four words must be those of the asked
 * token, and nobody can make two tokens of ours whose digests share a word.
 */
struct fresh {
    _Atomic uint64_t places[PLACES][WORDS];
};

struct fresh *
fresh_new(void)
{
    return memory_new(sizeof(struct fresh)); /* pages come when touched */
}

void
fresh_free(struct fresh *fresh)
{
    free(fresh);
}

static void
words_of(const char *token, uint64_t words[static WORDS])
{
    struct digest digest = digest_of_text(token);

    memcpy(words, digest.bytes, sizeof(digest.bytes));
}

void
fresh_add(struct fresh *fresh, const char *token)
{
    uint64_t words[WORDS];

    words_of(token, words);
    for (size_t i = 0; i < WORDS; i++)
        atomic_store_explicit(&fresh->places[words[0] % PLACES][i], words[i], memory_order_relaxed);
}

bool
fresh_has(struct fresh *fresh, const char *token)
{
    uint64_t words[WORDS];
    bool same = true;

    words_of(token, words);
    for (size_t i = 0; i < WORDS; i++)
        same &= atomic_load_explicit(&fresh->places[words[0] % PLACES][i], memory_order_relaxed) ==
                words[i];
    return same;
}
