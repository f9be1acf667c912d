/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes to requests that libFuzzer calls instead of its own: most keep a request a request, so
 * that what is behind the gate is met too. Each takes and gives a text that ends where size says.
 */
#include <stdio.h>
#include <string.h>

#include "tests/fuzz/wire.h"
#include "tests/fuzz/wire_words.h"

#define MARK "{{next}}"
#define LONG_MAX_CHARS 20000

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                                 size_t other_size, uint8_t *out, size_t max_size,
                                 unsigned int seed);
/* libFuzzer's own; not there when a corpus is only replayed. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));

struct text {
    char *at;
    size_t size;
    size_t room;
    uint32_t seed;
};

/* xorshift; 0 … limit - 1 */
static size_t
chance(struct text *text, size_t limit)
{
    text->seed ^= text->seed << 13;
    text->seed ^= text->seed >> 17;
    text->seed ^= text->seed << 5;
    return limit > 0 ? text->seed % limit : 0;
}

#define ONE_OF(text, list) (list)[chance(text, sizeof(list) / sizeof((list)[0]))]

/* `size` bytes at `at` become `put`; nothing when there is no room. */
static void
replace(struct text *text, size_t at, size_t size, const char *put, size_t put_size)
{
    if (text->size - size + put_size > text->room)
        return;
    memmove(text->at + at + put_size, text->at + at + size, text->size - at - size);
    memmove(text->at + at, put, put_size);
    text->size = text->size - size + put_size;
}

static void
replace_text(struct text *text, size_t at, size_t size, const char *put)
{
    replace(text, at, size, put, strlen(put));
}

/* --- Places --- */

struct input_place {
    size_t at;
    size_t size;
};

/* The first of the bytes in `stops` at or behind `at`, or the end. */
static size_t
find_any(const struct text *text, size_t at, const char *stops)
{
    while (at < text->size && (text->at[at] == '\0' || strchr(stops, text->at[at]) == NULL))
        at++;
    return at;
}

/* What stands between one of `starts` and one of `stops`, somewhere behind a point by chance. */
static struct input_place
place_between(struct text *text, const char *starts, const char *stops)
{
    size_t at = find_any(text, chance(text, text->size), starts);

    if (at == text->size)
        at = find_any(text, 0, starts);
    if (at < text->size)
        at++;
    return (struct input_place) { at, find_any(text, at, stops) - at };
}

static struct input_place
value_place(struct text *text)
{
    return place_between(text, "=", "&= ;\r");
}

/* A line with its end. */
static struct input_place
line_place(struct text *text)
{
    struct input_place place = place_between(text, "\n", "\n");

    place.size += place.at + place.size < text->size;
    return place;
}

static struct input_place
find_text(struct text *text, const char *what)
{
    const char *at = memmem(text->at, text->size, what, strlen(what));

    return at != NULL ? (struct input_place) { (size_t)(at - text->at), strlen(what) }
                      : (struct input_place) { 0, 0 };
}

/* --- Values --- */

static void
put_long(struct text *text, struct input_place place)
{
    static char run[LONG_MAX_CHARS];
    const char *unit = ONE_OF(text, wire_units);
    size_t most = (size_t)1 << chance(text, 15);
    size_t size = 0;

    while (size + strlen(unit) < sizeof(run) && size < most) {
        memcpy(run + size, unit, strlen(unit));
        size += strlen(unit);
    }
    replace(text, place.at, place.size, run, size);
}

static void
value_nasty(struct text *text)
{
    struct input_place place = value_place(text);

    replace_text(text, place.at, place.size, ONE_OF(text, wire_values));
}

static void
value_long(struct text *text)
{
    put_long(text, value_place(text));
}

/* Another live value in its place: the wrong transaction, a token for a code. */
static void
value_live(struct text *text)
{
    struct input_place place = value_place(text);
    char mark[64];
    size_t count = 0;

    while (wire_live_name(count) != NULL)
        count++;
    if (count == 0)
        return;
    snprintf(mark, sizeof(mark), "{{%s}}", wire_live_name(chance(text, count)));
    replace_text(text, place.at, place.size, mark);
}

/* --- Parameters --- */

static void
parameter_add(struct text *text)
{
    struct input_place place = value_place(text);

    replace_text(text, place.at + place.size, 0, ONE_OF(text, wire_parameters));
}

static void
parameter_repeat(struct text *text)
{
    struct input_place place = place_between(text, "&?", "& \r");
    char copy[512];
    size_t times = (size_t)1 << chance(text, 9);

    if (place.size == 0 || place.size >= sizeof(copy))
        return;
    memcpy(copy, text->at + place.at, place.size);
    copy[place.size] = '&';
    for (size_t i = 0; i < times; i++)
        replace(text, place.at, 0, copy, place.size + 1);
}

static void
parameter_drop(struct text *text)
{
    struct input_place place = place_between(text, "&?", "& \r");

    replace(text, place.at, place.size, "", 0);
}

/* --- Lines --- */

static void
line_add(struct text *text)
{
    struct input_place place = line_place(text);

    replace_text(text, place.at, 0, ONE_OF(text, wire_lines));
}

static void
line_drop(struct text *text)
{
    struct input_place place = line_place(text);

    replace(text, place.at, place.size, "", 0);
}

static void
line_repeat(struct text *text)
{
    struct input_place place = line_place(text);
    char copy[256];
    size_t times = (size_t)1 << chance(text, 8);

    if (place.size == 0 || place.size > sizeof(copy))
        return;
    memcpy(copy, text->at + place.at, place.size);
    for (size_t i = 0; i < times; i++)
        replace(text, place.at, 0, copy, place.size);
}

static void
line_value(struct text *text)
{
    put_long(text, place_between(text, ":", "\r"));
}

/* --- The request line and the framing --- */

static void
method_change(struct text *text)
{
    static const char *const methods[] = { "GET",     "POST", "HEAD", "PUT", "OPTIONS",
                                           "CONNECT", "PRI",  "get",  "" };

    replace_text(text, 0, find_any(text, 0, " \r"), ONE_OF(text, methods));
}

static void
path_change(struct text *text)
{
    struct input_place place = place_between(text, " ", "? \r");

    if (place.at < 16)
        replace_text(text, place.at, place.size, ONE_OF(text, wire_paths));
}

static void
version_change(struct text *text)
{
    static const char *const versions[] = { "HTTP/1.0", "HTTP/1.2",   "HTTP/2.0", "HTTP/0.9",
                                            "http/1.1", "HTTP/1.1 x", "" };
    struct input_place place = find_text(text, "HTTP/1.1");

    replace_text(text, place.at, place.size, ONE_OF(text, versions));
}

static void
length_change(struct text *text)
{
    static const char *const lengths[] = { "0",           "1",  "7",    "65536", "65537",
                                           "99999999999", "-1", "0x10", "1, 1",  "{{len}}0" };
    struct input_place place = find_text(text, "{{len}}");

    replace_text(text, place.at, place.size, ONE_OF(text, lengths));
}

/* The whole body as chunks of one size. */
static void
body_chunk(struct text *text)
{
    static const char *const sizes[] = { "1\r\n", "5;a=b\r\n", "ffffffffffffffff\r\n",
                                         "0\r\n", "\r\n",      "A \r\n" };
    struct input_place length = find_text(text, "Content-Length: {{len}}");
    struct input_place body;

    if (length.size == 0)
        return;
    replace_text(text, length.at, length.size, "Transfer-Encoding: chunked");
    body = find_text(text, "\r\n\r\n");
    if (body.size > 0)
        replace_text(text, body.at + 4, 0, ONE_OF(text, sizes));
    replace_text(text, text->size, 0, "\r\n0\r\n\r\n");
}

static void
mark_add(struct text *text)
{
    static const char *const marks[] = { "{{cut}}", "{{cut}}", "{{close}}", "{{next}}",
                                         "\n",      "\r",      "\t",        "%" };

    replace_text(text, chance(text, text->size + 1), 0, ONE_OF(text, marks));
}

static void
end_cut(struct text *text)
{
    text->size -= chance(text, text->size);
}

static void
bytes_change(struct text *text)
{
    if (LLVMFuzzerMutate != NULL)
        text->size = LLVMFuzzerMutate((uint8_t *)text->at, text->size, text->room);
}

/* --- What libFuzzer calls --- */

static void (*const changes[])(struct text *text) = {
    value_nasty,      value_nasty,   value_nasty,   value_long,    value_long,
    value_live,       value_live,    parameter_add, parameter_add, parameter_drop,
    parameter_repeat, line_add,      line_add,      line_drop,     line_repeat,
    line_value,       method_change, path_change,   path_change,   version_change,
    length_change,    body_chunk,    mark_add,      end_cut,       bytes_change,
};

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    struct text text = { (char *)data, size, max_size, seed * 2654435761U + 1 };
    size_t count = 1 + chance(&text, 3);

    if (size == 0)
        bytes_change(&text);
    for (size_t i = 0; i < count && text.size > 0; i++)
        ONE_OF(&text, changes)(&text);
    return text.size > 0 ? text.size : 1;
}

/* One behind the other on the same connection. */
/* NOLINTBEGIN(readability-function-size): the parameters are libFuzzer's */
size_t
LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                          size_t other_size, uint8_t *out, size_t max_size, unsigned int seed)
{
    static const char closing[] = "Connection: close\r\n";
    struct text text = { (char *)out, 0, max_size, seed | 1 };
    struct input_place close;

    replace(&text, 0, 0, (const char *)one, one_size);
    close = find_text(&text, closing);
    replace(&text, close.at, close.size, "", 0);
    replace_text(&text, text.size, 0, MARK);
    replace(&text, text.size, 0, (const char *)other, other_size);
    return text.size;
}
/* NOLINTEND(readability-function-size) */
