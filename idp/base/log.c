/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/log.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096
#define VALUE_MAX_BYTES 512

static _Atomic int threshold = LOG_INFO;
static _Atomic int output = STDERR_FILENO;
static _Thread_local const char *request;
static _Thread_local const char *trace;

/* A line is never longer: a field that does not fit whole is left out. */
struct line {
    size_t size;
    bool full; /* something was left out since this was last cleared */
    char at[LINE_MAX_BYTES];
};

static void
put(struct line *line, const char *text, size_t size)
{
    line->full = line->full || size > LINE_MAX_BYTES - 4 - line->size;
    if (line->full)
        return;
    memcpy(line->at + line->size, text, size);
    line->size += size;
}

/* Bytes of a value that are shown: not more than the maximum, and no part of a character. */
static size_t
shown_size(const char *text)
{
    size_t size = strnlen(text, VALUE_MAX_BYTES + 1);

    if (size <= VALUE_MAX_BYTES)
        return size;
    size = VALUE_MAX_BYTES;
    while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
        size--;
    return size;
}

static void
put_string(struct line *line, const char *text)
{
    size_t size = shown_size(text);
    char escaped[8];

    put(line, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        bool plain = c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;

        if (plain)
            put(line, &text[i], 1);
        else
            put(line, escaped, (size_t)snprintf(escaped, sizeof(escaped), "\\u%04x", c));
    }
    put(line, "\"", 1);
}

static void
put_field(struct line *line, const struct log_field *field)
{
    size_t before = line->size;
    char digits[24];

    put(line, ",", 1);
    put_string(line, field->key);
    put(line, ":", 1);
    if (field->text != NULL)
        put_string(line, field->text);
    else
        put(line, digits,
            (size_t)snprintf(digits, sizeof(digits), "%lld", (long long)field->number));
    if (line->full)
        line->size = before;
    line->full = false;
}

static void
put_head(struct line *line, enum log_level level, const char *event)
{
    static const char *const levels[] = { "debug", "info", "warn", "error" };
    struct timespec ts;
    struct tm tm = { 0 };
    char head[96];

    clock_gettime(CLOCK_REALTIME, &ts);
    gmtime_r(&ts.tv_sec, &tm);
    put(line, head,
        (size_t)snprintf(head, sizeof(head),
                         "{\"at\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ\",\"level\":\"%s\"",
                         tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                         tm.tm_sec, ts.tv_nsec / 1000000, levels[level]));
    put_field(line, &(struct log_field) { .key = "event", .text = event });
    if (request != NULL)
        put_field(line, &(struct log_field) { .key = "request_id", .text = request });
    if (trace != NULL)
        put_field(line, &(struct log_field) { .key = "trace_id", .text = trace });
}

void
log_fields(enum log_level level, const char *event, const struct log_field *fields)
{
    struct line line;

    if ((int)level < atomic_load_explicit(&threshold, memory_order_relaxed))
        return;
    line.size = 0;
    line.full = false;
    put_head(&line, level, event);
    for (; fields != NULL && fields->key != NULL; fields++)
        put_field(&line, fields);
    memcpy(line.at + line.size, "}\n", 2);
    line.size += 2;
    if (write(atomic_load_explicit(&output, memory_order_relaxed), line.at, line.size) < 0)
        return; /* nobody left to tell */
}

enum log_level
log_level_of(const char *name)
{
    static const char *const names[] = { "debug", "info", "warn" };
    int level = LOG_DEBUG;

    while (level < LOG_ERROR && strcmp(names[level], name) != 0)
        level++;
    return (enum log_level)level;
}

void
log_set_level(enum log_level level)
{
    atomic_store(&threshold, (int)level);
}

void
log_set_request(const char *request_id, const char *trace_id)
{
    request = request_id;
    trace = trace_id;
}

void
log_set_fd(int fd)
{
    atomic_store(&output, fd);
}
