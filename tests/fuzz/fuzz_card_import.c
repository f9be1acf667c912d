/* SPDX-License-Identifier: Apache-2.0 */
/* A line of a file of physical cards: it is passed over, refused, or a card that keeps its promises. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/card/card_import.h"

#define TODAY 20261122

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4 << 20);
    struct card_change change;
    bool is_one;

    if (import_line_read(arena, bytes_of(data, size), TODAY, &change, &is_one) == NULL && is_one &&
        (change.position < 1 || strlen(change.region) != 6 || strlen(change.card_no) != 9 ||
         strlen(change.identity_number) != 18 || change.valid_to < change.valid_from ||
         change.lapses_at < 0 || size > IMPORT_LINE_MAX + 1))
        abort();
    arena_free(arena);
    return 0;
}
