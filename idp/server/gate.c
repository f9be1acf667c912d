/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/gate.h"

#include <string.h>

#include "idp/base/text.h"
#include "protocols/http/percent.h"

/* What one pass over the headers finds. `held` are those that must not stand twice. */
struct head {
    struct request_headers held;
    const char *content_length;
    const char *transfer_encoding;
    const char *expect;
    const char *forwarded_for;
};

/* tchar of RFC 9110, 5.6.2, without '_': some servers take X_A for X-A. */
static bool
name_is_clean(const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        if (!letter && (c == '\0' || strchr("!#$%&'*+-.^`|~", c) == NULL))
            return false;
    }
    return size > 0;
}

static bool
value_is_clean(const char *value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)value[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return text_is_utf8(value, size);
}

/* Where the header's value is kept, or NULL for those that nobody reads. */
static const char **
place_of(struct head *head, const char *name)
{
    const struct {
        const char *name;
        const char **place;
    } places[] = {
        { "Host", &head->held.host },
        { "Authorization", &head->held.authorization },
        { "Cookie", &head->held.cookie },
        { "Content-Type", &head->held.content_type },
        { "Accept-Language", &head->held.accept_language },
        { "User-Agent", &head->held.user_agent },
        { "Origin", &head->held.origin },
        { "traceparent", &head->held.traceparent },
        { "If-None-Match", &head->held.if_none_match },
        { "Content-Length", &head->content_length },
        { "Transfer-Encoding", &head->transfer_encoding },
        { "Expect", &head->expect },
        { "X-Forwarded-For", &head->forwarded_for },
    };

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (text_eq_ignoring_case(places[i].name, name))
            return places[i].place;
    }
    return NULL;
}

static const struct problem *
header_take(const struct gate_header *header, struct head *head)
{
    const char *value = header->value != NULL ? header->value : "";
    const char **place;

    if (!name_is_clean(header->name, header->name_size) ||
        !value_is_clean(value, header->value_size))
        return &problem_malformed;
    place = place_of(head, header->name);
    if (place == NULL)
        return NULL;
    if (*place != NULL)
        return &problem_malformed;
    *place = value;
    return NULL;
}

static const struct problem *
headers_read(const struct gate_input *in, struct head *head)
{
    const struct problem *problem = NULL;
    size_t bytes = 0;

    if (in->header_count > GATE_MAX_HEADERS)
        return &problem_headers_too_large;
    for (size_t i = 0; i < in->header_count; i++)
        bytes += in->headers[i].name_size + in->headers[i].value_size + 4;
    if (bytes > GATE_MAX_HEADER_BYTES)
        return &problem_headers_too_large;
    for (size_t i = 0; problem == NULL && i < in->header_count; i++)
        problem = header_take(&in->headers[i], head);
    return problem;
}

static const struct problem *
method_check(const char *method)
{
    static const char *const known[] = { "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT" };

    if (text_eq(method, "GET") || text_eq(method, "HEAD") || text_eq(method, "POST"))
        return NULL;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (text_eq(method, known[i]))
            return &problem_method_not_allowed;
    }
    return &problem_method_unknown;
}

static bool
target_is_printable(const char *target)
{
    for (; *target != '\0'; target++) {
        unsigned char c = (unsigned char)*target;

        if (c <= 0x20 || c >= 0x7f || c == '#')
            return false;
    }
    return true;
}

/*
 * The origin-form of the target (RFC 9112, 3.2), or NULL. The authority of an absolute one must be
 * the Host header's, so that nobody can be told two names.
 */
static const char *
origin_form(const char *target, const char *host)
{
    const char *authority;
    size_t size;

    if (*target == '/')
        return target;
    if (strncasecmp(target, "http://", 7) != 0 && strncasecmp(target, "https://", 8) != 0)
        return NULL;
    authority = strstr(target, "://") + 3;
    size = strcspn(authority, "/?");
    if (host == NULL || strlen(host) != size || strncasecmp(authority, host, size) != 0)
        return NULL;
    return authority[size] == '/' ? authority + size : NULL;
}

/* An escaped '/', '\' or control character has no business in a path: proxies disagree on what it
 * means. */
static bool
path_is_plain(const char *raw, size_t size, const char *decoded)
{
    size_t slashes = 0;

    for (size_t i = 0; i < size; i++)
        slashes += raw[i] == '/';
    for (; *decoded != '\0'; decoded++) {
        unsigned char c = (unsigned char)*decoded;

        if (c < 0x20 || c == 0x7f || c == '\\')
            return false;
        slashes -= c == '/';
    }
    return slashes == 0;
}

static const struct problem *
target_read(struct arena *arena, const char *target, struct gate_output *out)
{
    size_t path_size = strcspn(target, "?");
    const char *query = target[path_size] == '?' ? target + path_size + 1 : "";

    if (percent_decode(arena_copy(arena, target, path_size), path_size, &out->path) != OK)
        return &problem_malformed;
    if (!path_is_plain(target, path_size, out->path))
        return &problem_malformed;
    if (params_parse(arena, query, strlen(query), &out->query) != OK)
        return &problem_malformed;
    return NULL;
}

static bool
host_is_clean(const char *host)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";

    return *host != '\0' && host[strspn(host, allowed)] == '\0';
}

/* How long the body is, said once and in one way (RFC 9112, 6.3). A body of GET or HEAD means
 * nothing to anybody. */
static const struct problem *
framing_check(const struct gate_input *in, const struct head *head, struct gate_output *out)
{
    if (head->transfer_encoding != NULL && head->content_length != NULL)
        return &problem_malformed;
    if (head->transfer_encoding != NULL) {
        out->chunked = true;
        if (!text_eq_ignoring_case(head->transfer_encoding, "chunked") ||
            !text_eq(in->version, "HTTP/1.1"))
            return &problem_malformed;
    }
    if (head->content_length != NULL &&
        text_to_int(head->content_length, 0, INT64_MAX, &out->content_length) != OK)
        return &problem_malformed;
    if (!text_eq(in->method, "POST") && (out->chunked || out->content_length > 0))
        return &problem_malformed;
    return out->content_length > GATE_MAX_BODY_BYTES ? &problem_body_too_large : NULL;
}

/* The version is asked for first: the answer to a stranger's protocol must not depend on its other
 * bytes. */
static const struct problem *
line_check(const struct gate_input *in)
{
    if (!text_eq(in->version, "HTTP/1.1") && !text_eq(in->version, "HTTP/1.0"))
        return &problem_malformed;
    if (strlen(in->target) > GATE_MAX_TARGET_BYTES)
        return &problem_address_too_long;
    return target_is_printable(in->target) ? NULL : &problem_malformed;
}

static const struct problem *
host_check(const struct gate_input *in, const char *host)
{
    if (host == NULL)
        return text_eq(in->version, "HTTP/1.1") ? &problem_malformed : NULL;
    return host_is_clean(host) ? NULL : &problem_malformed;
}

const struct problem *
gate_check(struct arena *arena, const struct gate_input *in, struct gate_output *out)
{
    struct head head = { 0 };
    const struct problem *problem = line_check(in);
    const char *target;

    *out = (struct gate_output) { 0 };
    if (problem == NULL)
        problem = headers_read(in, &head);
    if (problem == NULL)
        problem = host_check(in, head.held.host);
    if (problem == NULL)
        problem = method_check(in->method);
    if (problem == NULL)
        problem = framing_check(in, &head, out);
    if (problem != NULL)
        return problem;
    if (head.expect != NULL && !text_eq_ignoring_case(head.expect, "100-continue"))
        return &problem_malformed;
    target = origin_form(in->target, head.held.host);
    if (target == NULL)
        return &problem_malformed;
    out->headers = head.held;
    out->forwarded_for = head.forwarded_for;
    return target_read(arena, target, out);
}
