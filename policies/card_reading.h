/* SPDX-License-Identifier: Apache-2.0 */
/* What a card reader says of a physical social-security card (LD/T 32-2015, LD/T 33-2015). Pure. */
#ifndef POLICIES_CARD_READING_H
#define POLICIES_CARD_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "idp/base/arena.h"

#define CARD_READING_MAX_BYTES 512
#define CARD_PIN_MIN 4
#define CARD_PIN_MAX 16

/* Texts live in the arena. */
struct card_reading {
    const char *region;          /* of the agency that issued it: 6 digits */
    const char *identity_number; /* canonical */
    const char *card_no;         /* 9 characters */
    const char *card_id;         /* 32 hexadecimal digits, in capitals */
    const char *name;            /* canonical */
    const char *reset;           /* hexadecimal, what the chip said when it was switched on */
    const char *version;         /* "1.00", "2.00", "3.00" */
    int32_t issued_on;           /* yyyymmdd */
    int32_t valid_to;            /* its last day */
    const char *terminal_no;     /* 12 digits */
    const char *device_no;
};

/*
 * The reader's string: eleven fields, each closed by a '|'. `today` is yyyymmdd in Beijing. NULL, or
 * which of them is at fault, as a word for the audit trail ("fields", "region", …); then `out` is not
 * to be used. Whether the card is still valid is not judged: the reading holds either way.
 */
const char *card_reading_parse(struct arena *arena, const char *text, int32_t today,
                               struct card_reading *out);

/* Its first character and its last two. */
char *card_no_masked(struct arena *arena, const char *card_no);

/* 4 to 16 digits, as readers take them. */
bool card_pin_is_well_formed(const char *pin);

#endif
