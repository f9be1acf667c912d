/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "idp/base/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sample {
    const char *first;
    int64_t number;
    const char *second;
    const char *third;
};

/* Bytes out of an opened box: they are these fields of one layout and nothing else, or none. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct pack_field fields[] = {
        PACKED_TEXT(struct sample, first),
        PACKED_INT(struct sample, number),
        PACKED_TEXT(struct sample, second),
        PACKED_TEXT_SINCE(1, struct sample, third),
        PACKED_END,
    };
    struct arena *arena = arena_new(4U << 20);
    struct sample sample = { 0 };
    struct bytes again;

    if (unpack(arena, fields, bytes_of(data, size), &sample) == OK) {
        again = pack(arena, fields, data[0], &sample);
        if (again.size != size || memcmp(again.at, data, size) != 0)
            abort();
    }
    arena_free(arena);
    return 0;
}
