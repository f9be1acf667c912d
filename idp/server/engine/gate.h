/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Request hygiene, once, at the door. libmicrohttpd is lenient where leniency lets two servers read
 * one request differently; here such a request is refused and its connection closed. Pure: no
 * sockets, no engine.
 */
#ifndef IDP_SERVER_ENGINE_GATE_H
#define IDP_SERVER_ENGINE_GATE_H

#include "protocols/http/request.h"

#define GATE_MAX_HEADERS 64
#define GATE_MAX_HEADER_BYTES 16384
#define GATE_MAX_TARGET_BYTES REQUEST_TARGET_MAX_BYTES
#define GATE_MAX_BODY_BYTES 65536

struct gate_header {
    const char *name;
    size_t name_size;
    const char *value; /* NULL: size 0 */
    size_t value_size;
};

/* A request's head as it came. */
struct gate_input {
    const char *method;
    const char *target; /* raw: not decoded, with the query; NULL: longer than the gate takes */
    const char *version;
    const struct gate_header *headers;
    size_t header_count; /* more than GATE_MAX_HEADERS: the rest need not be in `headers` */
};

struct gate_output {
    struct request_headers headers;
    const char *path; /* decoded; never NULL */
    struct params query;
    const char *forwarded_for; /* X-Forwarded-For: believed from proxies only */
    int64_t content_length;    /* 0 when there is no body or it is chunked */
    bool chunked;
};

/*
 * NULL, or why the request is refused; the connection must then be closed, because where its next
 * request starts is not certain. Of a refused one `out` has what the answer is made by: the raw path
 * (empty when it cannot be shown), Accept-Language and Cookie. Texts of `out` point into `in` or
 * live in the arena.
 */
const struct problem *gate_check(struct arena *arena, const struct gate_input *in,
                                 struct gate_output *out);

#endif
