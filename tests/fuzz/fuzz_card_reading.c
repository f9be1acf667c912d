/* SPDX-License-Identifier: Apache-2.0 */
/* What a card reader says: no input crashes, and what is accepted keeps its promises. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/arena.h"
#include "idp/base/text.h"
#include "policies/card_reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 20);
    struct card_reading reading;
    const char *text;

    if (size > 1024)
        size = 1024;
    text = arena_copy(arena, data, size);
    (void)card_pin_is_well_formed(text);
    if (text_is_utf8(text, strlen(text)) && /* the door saw to that */
        card_reading_parse(arena, text, 20261122, &reading) == NULL &&
        (strlen(reading.card_id) != 32 || strncmp(reading.card_id, reading.region, 6) != 0 ||
         strlen(reading.card_no) != 9 || reading.valid_to < reading.issued_on))
        abort();
    arena_free(arena);
    return 0;
}
