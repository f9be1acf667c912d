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
    unsigned *problems;           /* in the order of all_problems */
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

    for (int class = 0; class < CLASSES; class ++) {
        snprintf(labels, sizeof(labels), "route=\"%s\",method=\"%s\",class=\"%dxx\"", path, method,
                 class + 2);
        out[class] = metric_series(METRIC_HTTP_REQUESTS, labels);
    }
}

static unsigned *
problems_name(void)
{
    char labels[LABELS_BYTES];
    size_t count = 0;
    unsigned *names;

    while (all_problems[count] != NULL)
        count++;
    names = calloc(count, sizeof(*names));
    for (size_t i = 0; names != NULL && i < count; i++) {
        snprintf(labels, sizeof(labels), "problem=\"%s\"", all_problems[i]->symbol);
        names[i] = metric_series(METRIC_PROBLEMS, labels);
    }
    return names;
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
    tally->problems = problems_name();
    if (tally->problems == NULL) {
        free(tally);
        return NULL;
    }
    return tally;
}

void
tally_free(struct request_tally *tally)
{
    if (tally == NULL)
        return;
    free(tally->problems);
    free(tally);
}

static void
problem_count(const struct request_tally *tally, const struct problem *problem)
{
    size_t i = 0;

    while (all_problems[i] != NULL && all_problems[i] != problem)
        i++;
    if (all_problems[i] != NULL)
        metric_series_add(tally->problems[i], 1);
}

void
tally_request(const struct request_tally *tally, const struct request *rq, int64_t elapsed_us)
{
    size_t route = rq->route != NULL ? (size_t)(rq->route - tally->routes) : tally->count;
    int class = rq->response.status / 100 - 2;

    if (class >= 0 && class < CLASSES)
        metric_series_add(tally->of_route[route][class], 1);
    if (rq->response.problem != NULL)
        problem_count(tally, rq->response.problem);
    metric_seconds(METRIC_HTTP_SECONDS, elapsed_us);
}
