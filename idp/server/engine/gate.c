/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/gate.h"

#include <stddef.h>
#include <string.h>

#include "idp/base/text.h"
#include "protocols/http/percent.h"

/* What one pass over the headers finds. */
struct head {
    struct request_headers held;
    const char *content_length;
    const char *transfer_encoding;
    const char *expect;
    const char *forwarded_for;
};

/* What becomes of a header that stands twice, or whose value nobody can read. */
enum care {
    CARE_EXACT, /* to misread it, or to miss it, would be a fault of security: refused */
    CARE_ONCE,  /* refused when twice; one that cannot be read is as good as none */
    CARE_LIST,  /* joined, for it is one list; its reader looks at each member */
    CARE_LOOSE, /* the first counts, and one that cannot be read is as good as none */
    CARE_CRUMBS /* joined too; its reader finds his own among strangers' bytes, if it is there once */
};

/* Every header that somebody reads, and where its value is kept. */
static const struct place {
    const char *name;
    size_t offset; /* in struct head */
    enum care care;
} places[] = {
#define HEADER(member, name, care) { name, offsetof(struct head, held.member), care },
#include "protocols/http/header.def"
#undef HEADER
    { "Content-Length", offsetof(struct head, content_length), CARE_EXACT },
    { "Transfer-Encoding", offsetof(struct head, transfer_encoding), CARE_EXACT },
    { "Expect", offsetof(struct head, expect), CARE_EXACT },
    { "X-Forwarded-For", offsetof(struct head, forwarded_for), CARE_LIST },
};

/* tchar of RFC 9110, 5.6.2. */
static bool
name_is_clean(const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        if (!letter && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return size > 0;
}

/* The word of small letters, whatever else stands between them. */
static bool
letters_are(const char *name, size_t size, const char *word)
{
    for (size_t i = 0; i < size; i++) {
        char c = (char)(name[i] | 0x20);

        if (c < 'a' || c > 'z')
            continue;
        if (c != *word)
            return false;
        word++;
    }
    return *word == '\0';
}

/* Some servers take Content_Length for the framing, which we would not. */
static bool
name_is_framing_in_disguise(const char *name, size_t size)
{
    return (letters_are(name, size, "contentlength") &&
            !text_eq_ignoring_case(name, "Content-Length")) ||
           (letters_are(name, size, "transferencoding") &&
            !text_eq_ignoring_case(name, "Transfer-Encoding"));
}

/* Where lines end is a matter of every header, read or not. */
static bool
value_is_one_line(const char *value, size_t size)
{
    return memchr(value, '\0', size) == NULL && memchr(value, '\r', size) == NULL &&
           memchr(value, '\n', size) == NULL;
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

/* NULL for a header that nobody reads. */
static const struct place *
place_find(const char *name)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (text_eq_ignoring_case(places[i].name, name))
            return &places[i];
    }
    return NULL;
}

static const struct problem *
header_keep(struct arena *arena, const struct gate_header *header, enum care care,
            const char **place)
{
    const char *value = header->value != NULL ? header->value : "";
    bool clean = value_is_clean(value, header->value_size);
    bool again = *place != NULL;

    if (care == CARE_LIST || care == CARE_CRUMBS) {
        const char *between = care == CARE_LIST ? "," : ";";

        *place = again ? arena_printf(arena, "%s%s %s", *place, between, value) : value;
        return NULL;
    }
    if ((again && care != CARE_LOOSE) || (!clean && care == CARE_EXACT))
        return &problem_malformed;
    if (!again && clean)
        *place = value;
    return NULL;
}

static const struct problem *
header_take(struct arena *arena, const struct gate_header *header, struct head *head)
{
    const struct place *place;

    if (!name_is_clean(header->name, header->name_size) ||
        name_is_framing_in_disguise(header->name, header->name_size))
        return &problem_malformed;
    if (header->value != NULL && !value_is_one_line(header->value, header->value_size))
        return &problem_malformed;
    place = place_find(header->name);
    if (place == NULL)
        return NULL;
    return header_keep(arena, header, place->care, (const char **)((char *)head + place->offset));
}

/* To the end, also behind one that is refused: the answer is in the reader's language. */
static const struct problem *
headers_read(struct arena *arena, const struct gate_input *in, struct head *head)
{
    const struct problem *problem = NULL;
    bool too_many = in->header_count > GATE_MAX_HEADERS;
    size_t count = too_many ? GATE_MAX_HEADERS : in->header_count;
    size_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        const struct problem *found = header_take(arena, &in->headers[i], head);

        if (problem == NULL)
            problem = found;
        bytes += in->headers[i].name_size + in->headers[i].value_size + 4;
    }
    return too_many || bytes > GATE_MAX_HEADER_BYTES ? &problem_headers_too_large : problem;
}

/* Which of them a path takes is for the table of routes to say. */
static const struct problem *
method_check(const char *method)
{
    static const char *const known[] = { "GET",    "HEAD",  "POST",  "OPTIONS", "PUT",
                                         "DELETE", "PATCH", "TRACE", "CONNECT" };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (text_eq(method, known[i]))
            return NULL;
    }
    return &problem_method_unknown;
}

static bool
target_fits(const char *target)
{
    return target != NULL && strlen(target) <= GATE_MAX_TARGET_BYTES;
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

/* An escaped '/', '\' or control character has no business in a path: proxies
 * disagree on what it means. */
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

/* Whatever may stand in a host and port (RFC 3986, 3.2.2), or nothing (RFC 9112, 3.2), but no
 * comma: that is two names joined on their way. */
static bool
host_is_clean(const char *host)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "-._~%!$&'()*+;=:[]";

    return host[strspn(host, allowed)] == '\0';
}

/* How long the body is, said once and in one way (RFC 9112, 6.3). A body of GET or DELETE
 * means nothing to anybody. */
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
    if (!method_has_body(in->method) && (out->chunked || out->content_length > 0))
        return &problem_malformed;
    return out->content_length > GATE_MAX_BODY_BYTES ? &problem_body_too_large : NULL;
}

static bool
version_is_known(const char *version)
{
    return text_eq(version, "HTTP/1.1") || text_eq(version, "HTTP/1.0");
}

static const struct problem *
host_check(const struct gate_input *in, const char *host)
{
    if (host == NULL)
        return text_eq(in->version, "HTTP/1.1") ? &problem_malformed : NULL;
    return host_is_clean(host) ? NULL : &problem_malformed;
}

static const struct problem *
head_check(struct arena *arena, const struct gate_input *in, struct head *head,
           struct gate_output *out)
{
    const struct problem *problem = headers_read(arena, in, head);

    if (!target_fits(in->target))
        return &problem_address_too_long;
    if (!target_is_printable(in->target))
        return &problem_malformed;
    if (problem == NULL)
        problem = host_check(in, head->held.host);
    if (problem == NULL)
        problem = method_check(in->method);
    if (problem == NULL)
        problem = framing_check(in, head, out);
    if (problem != NULL)
        return problem;
    if (head->expect != NULL && !text_eq_ignoring_case(head->expect, "100-continue"))
        return &problem_malformed;
    return NULL;
}

/* For the log and for the form of the answer; the rest of the head is not to be believed. */
static void
refused_fill(struct arena *arena, const struct gate_input *in, const struct head *head,
             struct gate_output *out)
{
    *out = (struct gate_output) { .path = "" };
    out->headers.accept_language = head->held.accept_language;
    out->headers.cookie = head->held.cookie;
    if (target_fits(in->target) && target_is_printable(in->target) && *in->target == '/')
        out->path = arena_copy(arena, in->target, strcspn(in->target, "?"));
}

const struct problem *
gate_check(struct arena *arena, const struct gate_input *in, struct gate_output *out)
{
    struct head head = { 0 };
    const struct problem *problem;
    const char *target;

    *out = (struct gate_output) { .path = "" };
    /* First of all: the answer to a stranger's protocol must not depend on its other bytes. */
    if (!version_is_known(in->version))
        return &problem_malformed;
    problem = head_check(arena, in, &head, out);
    target = problem == NULL ? origin_form(in->target, head.held.host) : NULL;
    if (problem == NULL)
        problem = target != NULL ? target_read(arena, target, out) : &problem_malformed;
    if (problem != NULL) {
        refused_fill(arena, in, &head, out);
        return problem;
    }
    out->headers = head.held;
    out->forwarded_for = head.forwarded_for;
    return NULL;
}
