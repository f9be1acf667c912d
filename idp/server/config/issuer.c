/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/issuer.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/network.h"

/* Its path stands before a whole transaction in links (TRANSACTION_MAX_BYTES), which the gate bounds. */
#define ISSUER_MAX_BYTES 200
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* Each part points into the issuer. */
struct parts {
    bool is_https;
    const char *host; /* of an IPv6 address with its brackets */
    size_t host_size;
    const char *port; /* behind the colon; NULL: none */
    size_t port_size;
    const char *path; /* "" or "/…" */
};

static bool
parts_split(const char *issuer, struct parts *out)
{
    size_t size;
    size_t bracket;

    out->is_https = text_starts(issuer, "https://");
    if (!out->is_https && !text_starts(issuer, "http://"))
        return false;
    out->host = strstr(issuer, "://") + 3;
    size = strcspn(out->host, "/");
    bracket = *out->host == '[' ? strcspn(out->host, "]/") : 0;
    out->host_size = bracket + strcspn(out->host + bracket, ":/");
    out->port = out->host_size < size ? out->host + out->host_size + 1 : NULL;
    out->port_size = out->port != NULL ? size - out->host_size - 1 : 0;
    out->path = out->host + size;
    return true;
}

static bool
host_is_address6(const char *host, size_t size)
{
    char text[64];
    struct networks one;
    size_t word;

    if (size < 4 || size >= sizeof(text) || host[0] != '[' || host[size - 1] != ']')
        return false;
    memcpy(text, host + 1, size - 2);
    text[size - 2] = '\0';
    return strpbrk(text, " /") == NULL && strchr(text, ':') != NULL &&
           networks_read(text, &word, &one) == NULL;
}

/* Labels of letters, digits and hyphens between dots; '_' is in names within a cluster. */
static bool
host_is_name(const char *host, size_t size)
{
    if (size == 0 || strspn(host, LOWER DIGITS "-._") < size || host[0] == '.' ||
        host[size - 1] == '.')
        return false;
    return memmem(host, size, "..", 2) == NULL;
}

static const char *
host_problem(const struct parts *parts)
{
    size_t lower = strspn(parts->host, LOWER DIGITS "-._:[]");

    if (lower < parts->host_size && strchr(UPPER, parts->host[lower]) != NULL)
        return "server.issuer: the host must be in lower case, for browsers and partners compare it "
               "letter by letter.";
    if (*parts->host == '[' ? host_is_address6(parts->host, parts->host_size)
                            : host_is_name(parts->host, parts->host_size))
        return NULL;
    return "server.issuer: behind :// must stand a host name or an address, and nothing else.";
}

static const char *
port_problem(const struct parts *parts)
{
    char text[6];
    int64_t port;

    if (parts->port == NULL)
        return NULL;
    if (parts->port_size >= sizeof(text))
        return "server.issuer: the port must be a number from 1 to 65535.";
    memcpy(text, parts->port, parts->port_size);
    text[parts->port_size] = '\0';
    if (*text == '0' || text_to_int(text, 1, 65535, &port) != OK)
        return "server.issuer: the port must be a number from 1 to 65535.";
    if (port == (parts->is_https ? 443 : 80))
        return "server.issuer must not name the port that its scheme has anyway: browsers leave it "
               "out.";
    return NULL;
}

/* No dot at a segment's beginning: "." and ".." are resolved by whoever reads them, and
 * /.well-known is not ours alone. */
static const char *
path_problem(const char *path)
{
    if (*path == '\0')
        return NULL;
    if (text_ends(path, "/"))
        return "server.issuer must not end with a slash.";
    if (path[strspn(path, LOWER UPPER DIGITS "-._~/")] != '\0' || strstr(path, "//") != NULL ||
        strstr(path, "/.") != NULL)
        return "server.issuer: the path must be segments of letters, digits and - . _ ~, none of "
               "them empty and none with a dot in front.";
    return NULL;
}

const char *
issuer_check(const char *issuer)
{
    struct parts parts;
    const char *problem;

    if (!parts_split(issuer, &parts))
        return "server.issuer must begin with https://, or with http:// for a loopback host.";
    if (strlen(issuer) > ISSUER_MAX_BYTES)
        return "server.issuer must not be longer than 200 bytes.";
    if (strpbrk(issuer, "?#") != NULL)
        return "server.issuer must have neither query nor fragment.";
    if (strchr(issuer, '@') != NULL)
        return "server.issuer must not name a user.";
    problem = host_problem(&parts);
    if (problem == NULL)
        problem = port_problem(&parts);
    return problem != NULL ? problem : path_problem(parts.path);
}

const char *
issuer_advice(const char *issuer)
{
    const char *scheme = strstr(issuer, "://");
    const char *host = scheme != NULL ? scheme + 3 : issuer;
    size_t size = strcspn(host, "/?#");

    if (scheme == NULL)
        return "Write https:// in front of the host.";
    if (!text_starts(issuer, "https://") && !text_starts(issuer, "http://"))
        return "Write https:// in lower case in front of the host.";
    if (strpbrk(issuer, "?#@") != NULL)
        return "Leave nothing but scheme, host, port and path.";
    if (strcspn(host, UPPER) < size)
        return "Write the host in lower case.";
    if (size > 0 && text_ends(issuer, "/"))
        return "Take the slash at its end out.";
    if (memchr(host, ':', size) != NULL)
        return "Write https://HOST:PORT, or https://HOST for port 443; an IPv6 address stands in "
               "brackets.";
    return "Write https://HOST, perhaps with /PATH behind it.";
}

/* The sentences of issuer_check() begin with the name of its setting, or "server.issuer must". */
const char *
origin_problem(struct arena *arena, const char *name, const char *text)
{
    const char *problem = issuer_check(text);

    if (problem != NULL)
        return arena_printf(arena, "%s%s", name, problem + strlen("server.issuer"));
    if (strchr(strstr(text, "://") + 3, '/') != NULL)
        return arena_printf(arena, "%s must have no path: the issuer's is put behind it.", name);
    return NULL;
}

bool
origin_is_loopback(const char *origin)
{
    static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
    const char *authority = strstr(origin, "://") + 3;
    size_t size = strcspn(authority, "/");

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t length = strlen(names[i]);

        if (size >= length && strncmp(authority, names[i], length) == 0 &&
            (size == length || authority[length] == ':'))
            return true;
    }
    return false;
}

bool
origin_is_same(const char *origin, const char *address)
{
    size_t size = strlen(origin);

    return text_starts(address, origin) && (address[size] == '\0' || address[size] == '/');
}

void
issuer_apply(struct settings *settings)
{
    struct parts parts = { .path = "" };

    (void)parts_split(settings->server.issuer, &parts);
    settings->server.issuer_is_https = parts.is_https;
    settings->server.issuer_path = parts.path;
}
