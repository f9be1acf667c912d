/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/tally.h"

#include <stdio.h>
#include <stdlib.h>

#include "idp/base/metrics.h"

#define CLASSES 4 /* 2xx to 5xx */
#define LABELS_BYTES 192

struct request_tally {
    const struct route *routes;
    size_t count;
    unsigned of_route[][CLASSES]; /* the last is for what has no route */
};

static size_t
routes_count(const struct route *routes)
{
    size_t count = 0;

    while (routes[count].method != NULL)
        count++;
    return count;
}

static void
route_name(const char *path, const char *method, unsigned out[CLASSES])
{
    char labels[LABELS_BYTES];

    for (int i = 0; i < CLASSES; i++) {
        snprintf(labels, sizeof(labels), "route=\"%s\",method=\"%s\",class=\"%dxx\"", path, method,
                 i + 2);
        out[i] = metric_series(METRIC_HTTP_REQUESTS, labels);
    }
}

struct request_tally *
tally_new(const struct route *routes)
{
    size_t count = routes_count(routes);
    struct request_tally *tally =
        calloc(1, sizeof(*tally) + (count + 1) * sizeof(tally->of_route[0]));

    if (tally == NULL)
        return NULL;
    tally->routes = routes;
    tally->count = count;
    for (size_t i = 0; i < count; i++)
        route_name(routes[i].path, routes[i].method, tally->of_route[i]);
    route_name("none", "any", tally->of_route[count]);
    (void)problem_series(all_problems[0]); /* names them all */
    return tally;
}

void
tally_free(struct request_tally *tally)
{
    free(tally);
}

void
tally_request(const struct request_tally *tally, const struct request *rq, int64_t elapsed_us)
{
    size_t route = rq->route != NULL ? (size_t)(rq->route - tally->routes) : tally->count;
    int class = rq->response.status / 100 - 2;

    if (class >= 0 && class < CLASSES)
        metric_series_add(tally->of_route[route][class], 1);
    if (rq->response.problem != NULL)
        metric_series_add(problem_series(rq->response.problem), 1);
    metric_seconds(METRIC_HTTP_SECONDS, elapsed_us);
}
