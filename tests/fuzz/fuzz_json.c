/* SPDX-License-Identifier: Apache-2.0 */
/* JSON from others (gateways, partners' metadata): read, looked into, and given back whole. */
#include <jansson.h>

#include "idp/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4U << 20);
    json_t *root = json_read(arena, bytes_of(data, size));

    (void)json_string_value(json_object_get(root, "Code"));
    (void)json_array_size(json_object_get(root, "keys"));
    arena_free(arena);
    return 0;
}
