/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A partner's registration: what is accepted is written to a text that reads back to the same text.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/arena.h"
#include "idp/base/text.h"
#include "policies/partner_profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *
written(struct arena *arena, const struct partner_profile *profile)
{
    struct buf buf = buf_new(arena, 1024);

    partner_profile_write(&buf, profile);
    return buf.at;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(8 << 20);
    struct partner_profile profile;

    if (partner_profile_parse(arena, (const char *)data, size, &profile) == NULL) {
        const char *once = written(arena, &profile);
        const char *complaint = partner_profile_parse(arena, once, strlen(once), &profile);

        if (complaint != NULL || !text_eq(once, written(arena, &profile)))
            abort();
    }
    arena_free(arena);
    return 0;
}
