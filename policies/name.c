/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/name.h"

#include <stdint.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/opaque.h"
#include "idp/base/text.h"

#define CHARACTERS_MAX 64
/* Longer input is not read at all: four bytes a character and generous blanks. */
#define TYPED_SIZE_MAX 1024
#define MIDDLE_DOT 0xb7

enum glyph {
    GLYPH_FORBIDDEN = 0,
    GLYPH_HAN,
    GLYPH_LATIN,
    GLYPH_DOT,
    GLYPH_MARK,
    GLYPH_BLANK
};

struct range {
    uint32_t first;
    uint32_t last;
};

/*
 * The ideographs of Unicode 17 with extensions A to J, compatibility ideographs and the zero of
 * names, U+3007.
 */
static const struct range han[] = {
    { 0x3007, 0x3007 },   { 0x3400, 0x4dbf },   { 0x4e00, 0x9fff },   { 0xf900, 0xfaff },
    { 0x20000, 0x2a6df }, { 0x2a700, 0x2ee5d }, { 0x2f800, 0x2fa1d }, { 0x30000, 0x33479 },
};

/*
 * Letters only: without the signs U+00D7, U+00F7 and the click letters that look like a vertical
 * bar.
 */
static const struct range latin[] = {
    { 'A', 'Z' },    { 'a', 'z' },     { 0xc0, 0xd6 },     { 0xd8, 0xf6 },
    { 0xf8, 0x1bf }, { 0x1c4, 0x24f }, { 0x1e00, 0x1eff },
};

/*
 * Old input methods put rare characters here. Each machine has others there, so neither the bank
 * nor a partner could read them.
 */
static const struct range private_use[] = {
    { 0xe000, 0xf8ff },
    { 0xf0000, 0xffffd },
    { 0x100000, 0x10fffd },
};

/* Every dot that stands between the parts of a name, on one keyboard or another. */
static const uint32_t dots[] = { 0x387,  0x1427, 0x16eb, 0x2022, 0x2024, 0x2027, 0x2219, 0x22c5,
                                 0x25cf, 0x2e31, 0x2e33, 0x3002, 0x30fb, 0xfe52, 0xff61, 0xff65 };

static bool
within(uint32_t c, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    }
    return false;
}

/* One spelling for what keyboards spell in many ways. */
static uint32_t
plain(uint32_t c)
{
    for (size_t i = 0; i < sizeof(dots) / sizeof(dots[0]); i++) {
        if (c == dots[i])
            return MIDDLE_DOT;
    }
    switch (c) {
    case 0xa0:
    case 0x3000:
        return ' ';
    case 0x2018:
    case 0x2019:
        return '\'';
    case 0x2010:
        return '-';
    default:
        return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
    }
}

static enum glyph
glyph_of(uint32_t c)
{
    if (within(c, han, sizeof(han) / sizeof(han[0])))
        return GLYPH_HAN;
    if (within(c, latin, sizeof(latin) / sizeof(latin[0])))
        return GLYPH_LATIN;
    if (c == MIDDLE_DOT || c == '.')
        return GLYPH_DOT;
    if (c == '-' || c == '\'')
        return GLYPH_MARK;
    return c == ' ' ? GLYPH_BLANK : GLYPH_FORBIDDEN;
}

/*
 * The script of the whole name by its letters: GLYPH_FORBIDDEN when mixed, without letters, or with
 * anything else.
 */
static enum glyph
script_of(const char *typed)
{
    enum glyph script = GLYPH_FORBIDDEN;
    uint32_t c;

    while ((c = text_next_char(&typed)) != 0) {
        enum glyph glyph = glyph_of(plain(c));
        bool letter = glyph == GLYPH_HAN || glyph == GLYPH_LATIN;

        if (glyph == GLYPH_FORBIDDEN)
            return GLYPH_FORBIDDEN;
        if (letter && script != GLYPH_FORBIDDEN && script != glyph)
            return GLYPH_FORBIDDEN;
        if (letter)
            script = glyph;
    }
    return script;
}

/* A name under construction: what came before decides what may follow. */
struct spelling {
    struct buf buf;
    uint32_t last; /* 0 at the beginning */
    bool blank_due;
    size_t count;
};

static void
spell(struct spelling *spelling, uint32_t c)
{
    char bytes[4];

    buf_bytes(&spelling->buf, bytes, text_put_char(bytes, c));
    spelling->last = c;
    spelling->count++;
}

/* Han: dots stand between ideographs only, blanks vanish. */
static bool
spell_han(struct spelling *spelling, uint32_t c)
{
    enum glyph glyph = glyph_of(c);

    if (glyph == GLYPH_BLANK)
        return true;
    if (glyph == GLYPH_MARK || (glyph == GLYPH_DOT && glyph_of(spelling->last) != GLYPH_HAN))
        return false;
    spell(spelling, glyph == GLYPH_DOT ? MIDDLE_DOT : c);
    return true;
}

/*
 * Latin: hyphen, apostrophe and dot follow a letter (or the dot of an initial); blanks shrink to
 * one.
 */
static bool
spell_latin(struct spelling *spelling, uint32_t c)
{
    enum glyph glyph = glyph_of(c);

    if (glyph == GLYPH_BLANK) {
        spelling->blank_due = spelling->last != 0;
        return true;
    }
    if (glyph != GLYPH_LATIN) {
        bool after_letter = glyph_of(spelling->last) == GLYPH_LATIN || spelling->last == '.';

        if (!after_letter || spelling->blank_due || c == MIDDLE_DOT)
            return false;
    }
    if (spelling->blank_due)
        spell(spelling, ' ');
    spelling->blank_due = false;
    spell(spelling, c);
    return true;
}

static bool
ends_well(const struct spelling *spelling, enum glyph script)
{
    return glyph_of(spelling->last) == script || (script == GLYPH_LATIN && spelling->last == '.');
}

static bool
has_any_of(const char *text, const struct range *ranges, size_t count)
{
    uint32_t c;

    while ((c = text_next_char(&text)) != 0) {
        if (within(c, ranges, count))
            return true;
    }
    return false;
}

/*
 * A letter and its accent that came as two characters are one. Only where there are such: to
 * compose everything would replace compatibility ideographs, and they are somebody's legal name.
 */
static const char *
composed(struct arena *arena, const char *typed)
{
    static const struct range accents[] = { { 0x300, 0x36f } };
    size_t room = 3 * strlen(typed) + 1;
    char *out;

    if (!has_any_of(typed, accents, 1))
        return typed;
    out = arena_alloc(arena, room);
    return text_opaque(typed, out, room) ? out : typed;
}

const struct problem *
name_check(struct arena *arena, const char *typed, const char **canonical)
{
    size_t size = strnlen(typed, TYPED_SIZE_MAX + 1);
    struct spelling spelling = { .buf = buf_new(arena, size + 1) };
    enum glyph script;
    uint32_t c;

    if (size > TYPED_SIZE_MAX || !text_is_utf8(typed, size))
        return &problem_name_invalid;
    if (has_any_of(typed, private_use, sizeof(private_use) / sizeof(private_use[0])))
        return &problem_name_private;
    typed = composed(arena, typed);
    script = script_of(typed);
    if (script == GLYPH_FORBIDDEN)
        return &problem_name_invalid;
    while ((c = plain(text_next_char(&typed))) != 0) {
        bool fits = script == GLYPH_HAN ? spell_han(&spelling, c) : spell_latin(&spelling, c);

        if (!fits)
            return &problem_name_invalid;
    }
    if (spelling.count > CHARACTERS_MAX || !ends_well(&spelling, script))
        return &problem_name_invalid;
    *canonical = spelling.buf.at;
    return NULL;
}

char *
name_masked(struct arena *arena, const char *name)
{
    struct buf buf = buf_new(arena, strlen(name) + 1);
    size_t count = text_count_chars(name);

    for (size_t i = 0; i < count; i++) {
        const char *from = name;
        bool shown = (i == 0 && count > 1) || (i + 1 == count && count > 2);

        text_next_char(&name);
        if (shown)
            buf_bytes(&buf, from, (size_t)(name - from));
        else
            buf_char(&buf, '*');
    }
    return buf.at;
}
