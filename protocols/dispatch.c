/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/dispatch.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "protocols/fields.h"
#include "protocols/flow/stopped.h"
#include "protocols/guards.h"
#include "protocols/http/guards.h"
#include "protocols/http/language.h"
#include "protocols/http/respond.h"
#include "protocols/pages/page.h"

/* For a page of refusal with all around it. */
#define TELLING_BYTES ((size_t)256 * 1024)

/* Only pages speak the person's language; what programs read is English. */
static void
language_set(struct request *rq)
{
    if (rq->route == NULL || rq->route->refuse == REFUSE_PAGE)
        rq->language = language_choose(rq);
}

static const struct problem *
form_read(struct request *rq)
{
    if (rq->body.size == 0 || !body_is_form(rq))
        return NULL;
    if (params_parse(rq->arena, (const char *)rq->body.at, rq->body.size, &rq->form) != OK)
        return &problem_malformed;
    language_set(rq);
    return NULL;
}

static void
refuse(struct request *rq, const struct problem *problem)
{
    switch (rq->route != NULL ? rq->route->refuse : REFUSE_PAGE) {
    case REFUSE_PAGE:
        page_problem(rq, problem);
        break;
    case REFUSE_OAUTH:
        respond_problem_oauth(rq, problem);
        break;
    case REFUSE_BEARER:
        respond_problem_bearer(rq, problem);
        break;
    case REFUSE_TEXT:
        respond_problem_text(rq, problem);
        break;
    }
}

/* The last step of every answer of a route; a refused page of a partner reads why, too. */
static void
finish(struct request *rq)
{
    respond_finish(rq);
    if (rq->route != NULL)
        cors_answer(rq, rq->route->cors);
}

/* The route that a browser asks about before it lets a page of another origin ask for it; or NULL. */
static const struct route *
preflighted(const struct route *table, struct request *rq)
{
    const char *wanted = rq->headers.access_control_request_method;
    const struct route *route;
    const char *allow;

    if (!text_eq(rq->method, "OPTIONS") || rq->headers.origin == NULL || wanted == NULL)
        return NULL;
    route = route_find(table, rq->arena, wanted, rq->path, &allow);
    return route != NULL && route->cors != CORS_NONE ? route : NULL;
}

/* Who follows a stale link or goes back to where a form was sent sees a page. */
static void
method_refuse(const struct route *table, struct request *rq)
{
    const char *allow;
    const struct route *route = route_find(table, rq->arena, "POST", rq->path, &allow);

    if (route != NULL && route->refuse == REFUSE_PAGE && text_eq(rq->method, "GET"))
        page_problem(rq, &problem_method_not_allowed);
    else
        respond_problem_text(rq, &problem_method_not_allowed);
}

/* There is no route of that path and method; `allow`: the methods of those with that path. */
static void
answer_without_route(const struct route *table, struct request *rq, const char *allow)
{
    const struct route *asked_about = preflighted(table, rq);

    if (asked_about != NULL) {
        cors_preflight(rq, asked_about->cors, allow);
    } else if (allow != NULL) {
        respond_header(rq, "Allow", allow);
        method_refuse(table, rq);
    } else {
        page_problem(rq, &problem_not_found);
    }
    respond_finish(rq);
}

struct refusing {
    struct request *rq;
    const struct problem *problem;
};

static void
refuse_again(void *state)
{
    struct refusing *refusing = state;

    respond_again(refusing->rq);
    refuse(refusing->rq, refusing->problem);
    finish(refusing->rq);
}

void
dispatch_refuse(struct request *rq, const struct problem *problem)
{
    arena_allow(rq->arena, TELLING_BYTES);
    if (unwind_run(refuse_again, &(struct refusing) { rq, problem }) != OK)
        respond_bare(rq, 503);
}

/* What stands behind the base; NULL when the path is not under it. */
static const char *
path_under(const char *base, const char *path)
{
    size_t size = strlen(base);

    if (strncmp(path, base, size) != 0 || (path[size] != '/' && path[size] != '\0'))
        return NULL;
    return path[size] == '\0' ? "/" : path + size;
}

/*
 * The route's own path of what was asked for, or NULL. Metadata has two addresses (RFC 8414, 3.1 and
 * 5): under the issuer's path, and with that path behind it.
 */
static const char *
path_of_route(const struct route *table, struct request *rq)
{
    static const char well_known[] = "/.well-known/";
    const char *base = rq->ctx->settings->server.issuer_path;
    size_t size;

    if (*base == '\0' || table == admin_routes)
        return rq->path;
    size = strlen(rq->path);
    if (text_starts(rq->path, well_known) && text_ends(rq->path, base) &&
        size > strlen(base) + strlen(well_known))
        return arena_copy(rq->arena, rq->path, size - strlen(base));
    return path_under(base, rq->path);
}

static const struct route *
find_route(const struct route *table, struct request *rq, const char **allow)
{
    const char *path = path_of_route(table, rq);

    *allow = NULL;
    if (path == NULL)
        return NULL;
    rq->path = path;
    return route_find(table, rq->arena, rq->method, path, allow);
}

bool
dispatch_route(const struct route *table, struct request *rq)
{
    const char *allow = NULL;

    rq->at_staff = table == staff_routes;
    rq->route = find_route(table, rq, &allow);
    rq->fields = rq->route != NULL ? rq->route->fields : fields_page;
    language_set(rq);
    if (rq->route != NULL) {
        rq->path_part = route_path_part(rq->route, rq->arena, rq->path);
        return true;
    }
    answer_without_route(table, rq, allow);
    return false;
}

void
dispatch_refuse_unread(const struct route *table, struct request *rq, const struct problem *problem)
{
    const char *allow;

    rq->route = find_route(table, rq, &allow);
    rq->fields = rq->route != NULL ? rq->route->fields : fields_page;
    rq->query = (struct params) { 0 };
    language_set(rq);
    dispatch_refuse(rq, problem);
}

struct dispatch_run {
    struct request *rq;
    const struct problem *problem; /* how it goes on; NULL: answered */
    enum err ended;                /* why it was left early */
};

/*
 * The guards that have not run yet, then the endpoint. A step counts as taken when it begins, so
 * that one which goes on elsewhere is not begun again.
 */
static const struct problem *
steps_go_on(struct request *rq)
{
    const struct problem *problem = NULL;

    while (problem == NULL && all_guards[rq->guards_taken].name != NULL) {
        const struct guard *guard = &all_guards[rq->guards_taken++];

        if ((rq->route->guards & guard->bit) != 0)
            problem = guard->check(rq);
    }
    if (problem != NULL)
        return problem;
    rq->endpoint_begun = true;
    return rq->route->endpoint(rq);
}

/* From the start, or from where the part before left off. */
static const struct problem *
part_run(struct request *rq)
{
    const struct parked parked = rq->parked;
    const struct problem *problem;

    rq->parked = (struct parked) { 0 };
    problem = parked.then != NULL ? parked.then(rq, parked.state) : form_read(rq);
    return problem != NULL || rq->endpoint_begun ? problem : steps_go_on(rq);
}

/* A route that says it never needs a worker must not ask for one. */
static bool
may_go_on(const struct request *rq, const struct problem *problem)
{
    if (problem == &problem_on_worker)
        return rq->route->run == RUN_INLINE_FIRST;
    return problem == &problem_parked;
}

static void
run(void *state)
{
    struct dispatch_run *running = state;
    struct request *rq = running->rq;
    const struct problem *problem = part_run(rq);

    running->problem = problem;
    if (may_go_on(rq, problem))
        return;
    if (problem == &problem_answered)
        problem = NULL;
    if (problem == &problem_on_worker || (problem == NULL && rq->response.status == 0))
        problem = &problem_internal;
    running->problem = NULL;
    if (problem != NULL && rq->route->refuse == REFUSE_PAGE)
        stopped_refuse(rq, problem);
    else if (problem != NULL)
        refuse(rq, problem);
    finish(rq);
}

static void
end_audit(void *state)
{
    struct dispatch_run *running = state;

    audit_note(running->rq->ctx, &(struct audit_record) { .event = AUDIT_REQUEST_ENDED,
                                                          .reason = err_name(running->ended) });
}

/*
 * The request ran out of memory. It gives back what it held and has changed nothing; it may use a
 * little more memory to say so.
 */
static void
request_ended(struct dispatch_run *running)
{
    struct request *rq = running->rq;

    metric_add(
        running->ended == ERR_TOO_LARGE ? METRIC_REQUESTS_TOO_LARGE : METRIC_REQUESTS_NO_MEMORY, 1);
    log_line(LOG_WARN, "request.ended", log_text("path", rq->route->path),
             log_text("reason", err_name(running->ended)),
             log_int("bytes", (int64_t)arena_used(rq->arena)));
    dispatch_refuse(rq, problem_of(running->ended));
    if (rq->ctx->store != NULL && unwind_run(end_audit, running) != OK)
        log_line(LOG_ERROR, "audit.lost", log_text("audit_event", "request.end"));
}

enum dispatched
dispatch_run(struct request *rq)
{
    struct dispatch_run running = { .rq = rq };

    running.ended = unwind_run(run, &running);
    if (running.ended != OK) {
        request_ended(&running);
        return DISPATCH_ANSWERED;
    }
    if (running.problem == &problem_parked)
        return DISPATCH_PARKED;
    return running.problem == &problem_on_worker ? DISPATCH_ON_WORKER : DISPATCH_ANSWERED;
}

static void
ask(void *state)
{
    struct request *rq = state;

    rq->parked.ask->run(rq->ctx, rq->parked.asked);
}

/* An ask that ran out of memory counts as not asked. */
void
dispatch_ask(struct request *rq)
{
    struct store *store = rq->ctx->store;
    enum err err;

    rq->ctx->store = NULL;
    err = unwind_run(ask, rq);
    rq->ctx->store = store;
    if (err != OK)
        log_line(LOG_WARN, "request.not_asked", log_text("path", rq->route->path),
                 log_text("reason", err_name(err)));
}
