/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/cookies.h"

#include <string.h>

#include "idp/base/text.h"
#include "protocols/http/respond.h"

#define OURS_ALONE "HttpOnly; SameSite=Lax"

/* One `name=value` of a Cookie header; nothing is NUL-terminated. */
struct crumb {
    const char *name;
    size_t name_size;
    const char *value;
    size_t value_size;
};

/*
 * Browsers take __Host- with Path=/ only (RFC 6265bis, 4.1.3.2): it is for who has the host alone. Whoever
 * shares it, with other paths or on http with other ports, has names that nobody else chooses.
 */
static const char *
name_prefix(const struct request *rq)
{
    const struct settings *settings = rq->ctx->settings;

    if (!settings->server.issuer_is_https)
        return "tongxing-";
    return *settings->server.issuer_path == '\0' ? "__Host-" : "__Secure-tongxing-";
}

/* The next crumb, with *at moved behind it; false at the end. Pieces
 * without '=' are passed over. */
static bool
crumb_next(const char **at, struct crumb *out)
{
    while (**at != '\0') {
        const char *start = *at + strspn(*at, " \t;");
        size_t size = strcspn(start, ";");
        const char *equals = memchr(start, '=', size);

        *at = start + size;
        if (equals == NULL)
            continue;
        while (size > 0 && (start[size - 1] == ' ' || start[size - 1] == '\t'))
            size--;
        out->name = start;
        out->name_size = (size_t)(equals - start);
        out->value = equals + 1;
        out->value_size = start + size > out->value ? (size_t)(start + size - out->value) : 0;
        return true;
    }
    return false;
}

static bool
value_is_ours(const char *value, size_t size)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    for (size_t i = 0; i < size; i++) {
        if (value[i] == '\0' || strchr(alphabet, value[i]) == NULL)
            return false;
    }
    return true;
}

const char *
cookie_find(struct request *rq, const char *name)
{
    const char *full = arena_printf(rq->arena, "%s%s", name_prefix(rq), name);
    const char *at = rq->headers.cookie != NULL ? rq->headers.cookie : "";
    const char *found = NULL;
    struct crumb crumb;

    while (crumb_next(&at, &crumb)) {
        if (crumb.name_size != strlen(full) || strncmp(crumb.name, full, crumb.name_size) != 0)
            continue;
        if (found != NULL || !value_is_ours(crumb.value, crumb.value_size))
            return NULL;
        found = arena_copy(rq->arena, crumb.value, crumb.value_size);
    }
    return found;
}

size_t
cookie_names(struct request *rq, const char *prefix, const char **out, size_t max)
{
    const char *full = arena_printf(rq->arena, "%s%s", name_prefix(rq), prefix);
    const char *at = rq->headers.cookie != NULL ? rq->headers.cookie : "";
    size_t full_size = strlen(full);
    size_t count = 0;
    struct crumb crumb;

    while (count < max && crumb_next(&at, &crumb)) {
        if (crumb.name_size > full_size && strncmp(crumb.name, full, full_size) == 0)
            out[count++] =
                arena_copy(rq->arena, crumb.name + full_size, crumb.name_size - full_size);
    }
    return count;
}

/* The place of a Set-Cookie for the same name, so that the last word counts;
 * NULL when there is none. */
static struct header *
header_of(struct response *response, const char *name_and_equals)
{
    for (size_t i = 0; i < response->header_count; i++) {
        if (text_eq(response->headers[i].name, "Set-Cookie") &&
            text_starts(response->headers[i].value, name_and_equals))
            return &response->headers[i];
    }
    return NULL;
}

const char *
cookie_full_name(struct request *rq, const char *name)
{
    return arena_printf(rq->arena, "%s%s", name_prefix(rq), name);
}

static void
header_put(struct request *rq, const char *name, const char *value, const char *to_whom,
           const char *age)
{
    const struct settings *settings = rq->ctx->settings;
    const char *start = arena_printf(rq->arena, "%s=", cookie_full_name(rq, name));
    const char *path = *settings->server.issuer_path != '\0' ? settings->server.issuer_path : "/";
    const char *secure = settings->server.issuer_is_https ? "; Secure" : "";
    const char *line =
        arena_printf(rq->arena, "%s%s; Path=%s; %s%s%s", start, value, path, to_whom, secure, age);
    struct header *old = header_of(&rq->response, start);

    if (old != NULL)
        old->value = line;
    else
        respond_header(rq, "Set-Cookie", line);
}

void
cookie_set(struct request *rq, const char *name, const char *value, int64_t max_age_s)
{
    const char *age = "";

    if (!value_is_ours(value, strlen(value))) {
        rq->response.broken = true;
        return;
    }
    if (max_age_s > 0)
        age = arena_printf(rq->arena, "; Max-Age=%lld", (long long)max_age_s);
    header_put(rq, name, value, OURS_ALONE, age);
}

void
cookie_set_readable(struct request *rq, const char *name, const char *value)
{
    bool https = rq->ctx->settings->server.issuer_is_https;

    header_put(rq, name, value, https ? "SameSite=None" : "SameSite=Lax", "");
}

void
cookie_clear(struct request *rq, const char *name)
{
    header_put(rq, name, "", OURS_ALONE, "; Max-Age=0");
}
