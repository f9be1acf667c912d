/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "idp/base/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct unpack_sample {
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
        PACKED_TEXT(struct unpack_sample, first),
        PACKED_INT(struct unpack_sample, number),
        PACKED_TEXT(struct unpack_sample, second),
        PACKED_TEXT_SINCE(1, struct unpack_sample, third),
        PACKED_END,
    };
    struct arena *arena = arena_new(4U << 20);
    struct unpack_sample sample = { 0 };
    struct bytes again;

    if (unpack(arena, fields, bytes_of(data, size), &sample) == OK) {
        again = pack(arena, fields, data[0], &sample);
        if (again.size != size || memcmp(again.at, data, size) != 0)
            abort();
    }
    arena_free(arena);
    return 0;
}
