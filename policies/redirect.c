/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/redirect.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"

#define URI_SIZE_MAX 2048
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define HEX DIGITS "abcdefABCDEF"
/* RFC 3986 characters of path and query, without '*', '@' and the fragment. */
#define URI_CHARACTERS LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS "-._~:/?!$&'()+,;=%"

/*
 * Behind the port, or NULL when it is not a plain decimal in 1 to 65535. `at` itself when there is
 * none.
 */
static const char *
skip_port(const char *at)
{
    size_t size;
    long port;

    if (*at != ':')
        return at;
    at++;
    size = strspn(at, DIGITS);
    if (size == 0 || size > 5 || *at == '0')
        return NULL;
    port = strtol(at, NULL, 10);
    return port <= 65535 ? at + size : NULL;
}

static bool
starts_path(const char *at)
{
    return *at == '/' || *at == '?' || *at == '\0';
}

/* Lower-case labels joined by single dots: one name, one spelling. */
static bool
is_host(const char *host, size_t size)
{
    char last = '.';

    for (size_t i = 0; i < size; i++) {
        char c = host[i];
        bool letter = strchr(LOWER DIGITS, c) != NULL;

        if (!letter && c != '-' && c != '.')
            return false;
        if (!letter && last == '.')
            return false;
        if (c == '.' && last == '-')
            return false;
        last = c;
    }
    return last != '.' && last != '-';
}

/*
 * An escape that decodes to a control character, or that a second parser could take for a part of
 * the path.
 */
static bool
escape_is_plain(const char *at, bool in_path)
{
    static const char *const parts[] = { "%25", "%2e", "%2f", "%5c" };

    if (strspn(at + 1, HEX) < 2 || at[1] < '2' || strncasecmp(at, "%7f", 3) == 0)
        return false;
    for (size_t i = 0; in_path && i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strncasecmp(at, parts[i], 3) == 0)
            return false;
    }
    return true;
}

static bool
escapes_are_plain(const char *rest)
{
    size_t path_size = strcspn(rest, "?");

    for (const char *at = strchr(rest, '%'); at != NULL; at = strchr(at + 1, '%')) {
        if (!escape_is_plain(at, (size_t)(at - rest) < path_size))
            return false;
    }
    return true;
}

/* "." and "..", also with a parameter behind as in "/..;/x". */
static bool
has_dot_segment(const char *path)
{
    size_t size = strcspn(path, "?");

    for (size_t i = 0; i < size; i++) {
        size_t dots = path[i] == '/' ? strspn(path + i + 1, ".") : 0;

        if (dots > 0 && strchr("/;?", path[i + 1 + dots]) != NULL)
            return true;
    }
    return false;
}

/* Path and query behind the authority. */
static bool
is_plain_rest(const char *rest)
{
    return starts_path(rest) && rest[strspn(rest, URI_CHARACTERS)] == '\0' &&
           escapes_are_plain(rest) && !has_dot_segment(rest);
}

static bool
is_plain_https(const char *uri)
{
    const char *host = uri + strlen("https://");
    size_t size = strcspn(host, ":/?");
    const char *rest = skip_port(host + size);

    return size > 0 && is_host(host, size) && rest != NULL && is_plain_rest(rest);
}

/* Behind "http://" and one of the hosts, where port or path begin; NULL for another host. */
static const char *
skip_http_host(const char *uri, const char *const *hosts)
{
    for (; *hosts != NULL; hosts++) {
        size_t size = strlen(*hosts);

        if (text_starts(uri, "http://") && strncmp(uri + 7, *hosts, size) == 0)
            return uri + 7 + size;
    }
    return NULL;
}

static bool
is_plain_loopback(const char *uri)
{
    static const char *const hosts[] = { "127.0.0.1", "[::1]", "localhost", NULL };
    const char *behind = skip_http_host(uri, hosts);
    const char *rest = behind != NULL ? skip_port(behind) : NULL;

    return rest != NULL && is_plain_rest(rest);
}

/*
 * A private-use scheme is somebody's domain name turned round, so it holds a dot; that also keeps
 * javascript and its kin out. One slash: there is no authority (RFC 8252, 7.1).
 */
static bool
is_plain_private(const char *uri)
{
    size_t size = strcspn(uri, ":");
    const char *rest = uri + size + 1;

    return uri[size] == ':' && memchr(uri, '.', size) != NULL && is_host(uri, size) &&
           strchr(DIGITS, uri[0]) == NULL && rest[0] == '/' && rest[1] != '/' &&
           is_plain_rest(rest);
}

bool
redirect_uri_registrable(const char *uri, bool native)
{
    if (strnlen(uri, URI_SIZE_MAX + 1) > URI_SIZE_MAX)
        return false;
    if (text_starts(uri, "https://"))
        return is_plain_https(uri);
    if (text_starts(uri, "http://"))
        return is_plain_loopback(uri);
    return native && is_plain_private(uri);
}

/* What follows the port of a loopback address, NULL when it is none. */
static const char *
behind_loopback_port(const char *uri)
{
    static const char *const hosts[] = { "127.0.0.1", "[::1]", NULL };
    const char *behind = skip_http_host(uri, hosts);
    const char *rest = behind != NULL ? skip_port(behind) : NULL;

    return rest != NULL && starts_path(rest) ? rest : NULL;
}

bool
redirect_uri_matches(const char *registered, const char *asked, bool native)
{
    const char *registered_rest;
    const char *asked_rest;

    if (text_eq(registered, asked))
        return true;
    if (!native || registered == NULL || asked == NULL)
        return false;
    registered_rest = behind_loopback_port(registered);
    asked_rest = behind_loopback_port(asked);
    /* The byte behind "http://" tells the two loopback hosts apart. */
    return registered_rest != NULL && asked_rest != NULL && registered[7] == asked[7] &&
           text_eq(registered_rest, asked_rest);
}
