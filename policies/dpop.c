/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/dpop.h"

#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"

#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
#define METHOD_MAX_BYTES 16
#define URI_MAX_BYTES 2048
#define DIGEST_SIZE 32

/* --- The URI --- */

/* Does "https://host:443" end with the port that its scheme has anyway? Then its size without. */
static size_t
without_own_port(const char *origin, size_t size)
{
    static const struct {
        const char *scheme;
        const char *port;
    } own[] = { { "https://", ":443" }, { "http://", ":80" } };

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        size_t port = strlen(own[i].port);

        if (text_starts(origin, own[i].scheme) && size > port &&
            strncmp(origin + size - port, own[i].port, port) == 0)
            return size - port;
    }
    return size;
}

/* "https://host": scheme and host in small letters, without the scheme's own port. */
static void
origin_write(struct buf *out, const char *uri, size_t size)
{
    char *origin = arena_copy(out->arena, uri, size);

    for (size_t i = 0; i < size; i++)
        if (origin[i] >= 'A' && origin[i] <= 'Z')
            origin[i] = (char)(origin[i] - 'A' + 'a');
    buf_bytes(out, origin, without_own_port(origin, size));
}

/* An escaped character that needs no escape is the character (RFC 3986, 6.2.2.2). */
static void
path_write(struct buf *out, const char *path, size_t size)
{
    if (size == 0)
        buf_char(out, '/');
    for (size_t i = 0; i < size; i++) {
        int high = i + 2 < size && path[i] == '%' ? hex_digit(path[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(path[i + 2]) : -1;
        int c = low >= 0 ? high << 4 | low : 0;

        if (c != 0 && strchr(UNRESERVED, c) != NULL) {
            buf_char(out, (char)c);
            i += 2;
        } else {
            buf_char(out, path[i]);
        }
    }
}

/* NULL: no URI with a host. Query and fragment do not count (RFC 9449, 4.3). */
static const char *
uri_normal(struct arena *arena, const char *uri)
{
    struct buf out = buf_new(arena, 128);
    const char *host = strstr(uri, "://");
    size_t origin;

    if (host == NULL)
        return NULL;
    host += 3;
    origin = (size_t)(host - uri) + strcspn(host, "/?#");
    origin_write(&out, uri, origin);
    path_write(&out, uri + origin, strcspn(uri + origin, "?#"));
    return out.at;
}

/* --- The claims --- */

struct dpop_judging {
    struct arena *arena;
    const json_t *claims;
    const struct dpop_request *request;
};

static bool
method_holds(const struct dpop_judging *it)
{
    const char *htm;

    return member_text(it->claims, "htm", METHOD_MAX_BYTES, &htm) == OK &&
           text_eq(htm, it->request->method);
}

static bool
uri_holds(const struct dpop_judging *it)
{
    const char *htu;

    if (member_text(it->claims, "htu", URI_MAX_BYTES, &htu) != OK)
        return false;
    htu = uri_normal(it->arena, htu);
    return htu != NULL && text_eq(htu, uri_normal(it->arena, it->request->uri));
}

static bool
id_holds(const struct dpop_judging *it)
{
    const char *jti;

    return member_text(it->claims, "jti", DPOP_JTI_MAX_BYTES, &jti) == OK && jti[0] != '\0';
}

static bool
time_in(const struct dpop_judging *it, const char *name, unix_s min, unix_s max)
{
    unix_s time;

    return member_time(it->claims, name, &time) == OK && time >= min && time <= max;
}

static bool
issued_holds(const struct dpop_judging *it)
{
    unix_s now = it->request->now;

    return time_in(it, "iat", now - DPOP_BEHIND_S, now + DPOP_AHEAD_S);
}

static bool
end_holds(const struct dpop_judging *it)
{
    return !member_is_there(it->claims, "exp") ||
           time_in(it, "exp", it->request->now + 1, TIME_NEVER);
}

static bool
not_before_holds(const struct dpop_judging *it)
{
    return !member_is_there(it->claims, "nbf") ||
           time_in(it, "nbf", 0, it->request->now + DPOP_AHEAD_S);
}

static bool
token_holds(const struct dpop_judging *it)
{
    const char *ath;

    if (it->request->token_digest == NULL)
        return true;
    return member_text(it->claims, "ath", strlen(it->request->token_digest), &ath) == OK &&
           text_eq(ath, it->request->token_digest);
}

const char *
dpop_claims_judge(struct arena *arena, const json_t *claims, const struct dpop_request *request)
{
    static const struct {
        const char *name;
        bool (*holds)(const struct dpop_judging *it);
    } rules[] = {
        { "htm", method_holds }, { "htu", uri_holds }, { "jti", id_holds },
        { "iat", issued_holds }, { "exp", end_holds }, { "nbf", not_before_holds },
        { "ath", token_holds },
    };
    const struct dpop_judging it = { arena, claims, request };

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (!rules[i].holds(&it))
            return rules[i].name;
    }
    return NULL;
}

bool
dpop_thumbprint_is_well_formed(struct arena *arena, const char *text)
{
    struct bytes digest;

    return base64url_decode(arena, text, strlen(text), &digest) == OK && digest.size == DIGEST_SIZE;
}
