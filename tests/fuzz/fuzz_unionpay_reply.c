/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever a bank gateway sends: it must parse within bounds or be refused, and what parsed must be
 * signable again.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/connect/unionpay_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4 << 20);
    struct unionpay_message message;

    if (unionpay_parse(arena, bytes_of(data, size), &message) == OK) {
        size_t total = strlen(unionpay_string_to_sign(arena, &message));

        if (message.count == 0 || message.count > UNIONPAY_FIELDS_MAX || total > size)
            abort();
        for (size_t i = 0; i < message.count; i++) {
            if (unionpay_find(&message, message.fields[i].name) != message.fields[i].value)
                abort();
        }
    }
    arena_free(arena);
    return 0;
}
