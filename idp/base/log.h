/* SPDX-License-Identifier: Apache-2.0 */
/* One JSON object a line on standard error. A line is data first: an event name and
 * typed fields, no free text. */
#ifndef IDP_BASE_LOG_H
#define IDP_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

enum log_level {
    LOG_DEBUG,
    LOG_INFO,
    LOG_WARN,
    LOG_ERROR
};

struct log_field {
    const char *key;
    const char *text; /* used when not NULL */
    int64_t number;
};

static inline struct log_field
log_text(const char *key, const char *text)
{
    return (struct log_field) { .key = key, .text = text != NULL ? text : "" };
}

static inline struct log_field
log_int(const char *key, int64_t number)
{
    return (struct log_field) { .key = key, .number = number };
}

/*
 * log_line(LOG_WARN, "bank.unknown", log_text("order", id), log_int("ms", 10000)); Values longer
 * than 512 bytes are cut; a line stays one line whatever is in it. Secrets and personal data are
 * never passed here (a canary test looks).
 */
#define log_line(level, event, ...)                                                                \
    log_fields(level, event, (const struct log_field[]) { __VA_ARGS__, { 0 } })

/* The same with an array ended by { 0 }; NULL for no fields. */
void log_fields(enum log_level level, const char *event, const struct log_field *fields);

/* Of "debug", "info", "warn" or "error". */
enum log_level log_level_of(const char *name);

/* Lines below this level are dropped. Default LOG_INFO. Thread-safe. */
void log_set_level(enum log_level level);

/* The request that this thread is working for, named in each of its lines, and its trace
 * (NULL: none). NULL ends it. The texts must outlive it. */
void log_set_request(const char *request_id, const char *trace_id);

/* Where lines go: a file descriptor, 2 unless told. Tests catch lines here. */
void log_set_fd(int fd);

#endif
