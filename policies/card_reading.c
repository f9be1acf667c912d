/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/card_reading.h"

#include <stddef.h>
#include <string.h>

#include "idp/base/text.h"
#include "policies/card_field.h"
#include "policies/name.h"
#include "policies/typed.h"

#define FIELDS 11
#define REGION_DIGITS 6
#define CARD_ID_DIGITS 32
#define TERMINAL_DIGITS 12
#define RESET_MAX_DIGITS 66 /* 33 bytes: the longest answer to reset (ISO/IEC 7816-3) */
#define DEVICE_MAX 32

#define DIGITS "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* --- Taking it apart --- */

/* False unless there are exactly FIELDS of them and nothing behind the last '|'. */
static bool
fields_split(struct arena *arena, const char *text, const char *out[FIELDS])
{
    size_t count = 0;

    if (strlen(text) > CARD_READING_MAX_BYTES)
        return false;
    while (*text != '\0') {
        size_t size = strcspn(text, "|");

        if (count == FIELDS || text[size] == '\0')
            return false;
        out[count++] = arena_copy(arena, text, size);
        text += size + 1;
    }
    return count == FIELDS;
}

static bool
is_of(const char *text, const char *alphabet, size_t size)
{
    return strlen(text) == size && strspn(text, alphabet) == size;
}

/* --- The fields --- */

struct card_parsing {
    struct arena *arena;
    int32_t today;
    struct card_reading *out;
};

static bool
region_read(const struct card_parsing *it, const char *text)
{
    it->out->region = text;
    return card_region_is_sound(text);
}

static bool
identity_read(const struct card_parsing *it, const char *text)
{
    it->out->identity_number = text;
    return card_identity_is_sound(text, it->today);
}

static bool
card_no_read(const struct card_parsing *it, const char *text)
{
    it->out->card_no = text;
    return card_no_is_sound(text);
}

/* It begins with the region that was said before it. */
static bool
card_id_read(const struct card_parsing *it, const char *text)
{
    char *id = arena_copy(it->arena, text, strlen(text));

    for (char *c = id; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'f')
            *c = (char)(*c - 'a' + 'A');
    it->out->card_id = id;
    return is_of(id, DIGITS "ABCDEF", CARD_ID_DIGITS) &&
           strncmp(id, it->out->region, REGION_DIGITS) == 0;
}

static bool
name_read(const struct card_parsing *it, const char *text)
{
    return name_check(it->arena, text, &it->out->name) == NULL;
}

static bool
reset_read(const struct card_parsing *it, const char *text)
{
    size_t size = strlen(text);

    it->out->reset = text;
    return size <= RESET_MAX_DIGITS && size % 2 == 0 && strspn(text, DIGITS "abcdefABCDEF") == size;
}

static bool
version_read(const struct card_parsing *it, const char *text)
{
    it->out->version = text;
    return text_list_has("1.00 2.00 3.00", text) && strchr(text, ' ') == NULL;
}

static bool
issued_read(const struct card_parsing *it, const char *text)
{
    return card_date_read(text, &it->out->issued_on) && it->out->issued_on <= it->today;
}

static bool
valid_read(const struct card_parsing *it, const char *text)
{
    return card_date_read(text, &it->out->valid_to) && it->out->valid_to >= it->out->issued_on;
}

static bool
terminal_read(const struct card_parsing *it, const char *text)
{
    it->out->terminal_no = text;
    return is_of(text, DIGITS, TERMINAL_DIGITS);
}

static bool
device_read(const struct card_parsing *it, const char *text)
{
    size_t size = strlen(text);

    it->out->device_no = text;
    return size <= DEVICE_MAX &&
           strspn(text, CAPITALS DIGITS "abcdefghijklmnopqrstuvwxyz-_") == size;
}

/* In the order in which the reader says them. */
static const struct {
    const char *name;
    bool (*read)(const struct card_parsing *it, const char *text);
} fields[FIELDS] = {
    { "region", region_read },    { "identity_number", identity_read },
    { "card_no", card_no_read },  { "card_id", card_id_read },
    { "name", name_read },        { "reset", reset_read },
    { "version", version_read },  { "issued_on", issued_read },
    { "valid_to", valid_read },   { "terminal_no", terminal_read },
    { "device_no", device_read },
};

const char *
card_reading_parse(struct arena *arena, const char *text, int32_t today, struct card_reading *out)
{
    const struct card_parsing reading = { arena, today, out };
    const char *texts[FIELDS];

    *out = (struct card_reading) { .region = "" };
    if (!fields_split(arena, text, texts))
        return "fields";
    for (size_t i = 0; i < FIELDS; i++)
        if (!fields[i].read(&reading, texts[i]))
            return fields[i].name;
    return NULL;
}

bool
card_pin_is_well_formed(const char *pin)
{
    size_t size = strlen(pin);

    return size >= CARD_PIN_MIN && size <= CARD_PIN_MAX && typed_is_digits(pin);
}

char *
card_no_masked(struct arena *arena, const char *card_no)
{
    char *masked = arena_text(arena, card_no);
    size_t size = strlen(masked);

    if (size > 3)
        memset(masked + 1, '*', size - 3);
    return masked;
}
