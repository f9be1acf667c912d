/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/routes.h"

#include <string.h>

#include "idp/base/text.h"
#include "protocols/endpoints.h"

const struct route public_routes[] = {
    { "GET", "/healthz", endpoint_health, RUN_INLINE, REFUSE_TEXT, 0 },
    { "GET", "/readyz", endpoint_ready, RUN_ON_WORKER, REFUSE_TEXT, 0 },
    { 0 },
};

const struct route admin_routes[] = {
    { "GET", "/healthz", endpoint_health, RUN_INLINE, REFUSE_TEXT, 0 },
    { "GET", "/metrics", endpoint_metrics, RUN_INLINE, REFUSE_TEXT, 0 },
    { "GET", "/readyz", endpoint_ready, RUN_ON_WORKER, REFUSE_TEXT, 0 },
    { 0 },
};

static const char *
allow_add(struct arena *arena, const char *allow, const char *method)
{
    const char *also = text_eq(method, "GET") ? "GET, HEAD" : method;

    return allow == NULL ? also : arena_printf(arena, "%s, %s", allow, also);
}

const struct route *
route_find(const struct route *table, struct arena *arena, const char *method, const char *path,
           const char **allow)
{
    const char *wanted = text_eq(method, "HEAD") ? "GET" : method;

    *allow = NULL;
    for (const struct route *route = table; route->method != NULL; route++) {
        if (strcmp(route->path, path) != 0)
            continue;
        if (text_eq(route->method, wanted))
            return route;
        *allow = allow_add(arena, *allow, route->method);
    }
    return NULL;
}
