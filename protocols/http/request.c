/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/broken.h"
#include "idp/base/text.h"

/* Never shown: the dispatcher takes them as instructions, so they have no place in problem.def. */
const struct problem problem_on_worker = { "on_worker", 500, "server_error", { 0 }, "" };
const struct problem problem_parked = { "parked", 500, "server_error", { 0 }, "" };
const struct problem problem_answered = { "answered", 500, "server_error", { 0 }, "" };

static const struct field *
field_find(const struct request *rq, const char *name)
{
    for (const struct field *field = rq->fields; field != NULL && field->name != NULL; field++) {
        if (strcmp(field->name, name) == 0)
            return field;
    }
    return NULL;
}

bool
param_is_declared(const struct request *rq, const char *name)
{
    return rq->fields == NULL || field_find(rq, name) != NULL;
}

/* So that the table cannot rot: what is read and not declared would have no bound. */
static void
must_be_declared(const struct request *rq, const char *name)
{
#ifdef TONGXING_DEBUG
    if (param_is_declared(rq, name))
        return;
    fprintf(stderr, "%s %s reads %s, which protocols/fields.c does not declare for it\n",
            rq->method, rq->path, name);
    broken("every parameter that is read is declared");
#else
    (void)rq;
    (void)name;
#endif
}

bool
method_has_body(const char *method)
{
    return text_eq(method, "POST") || text_eq(method, "PUT");
}

static const struct params *
params_of(const struct request *rq)
{
    return method_has_body(rq->method) ? &rq->form : &rq->query;
}

static bool
is_too_long(const struct field *field, const char *value)
{
    return strnlen(value, field->max + 1) > field->max;
}

static const char *
value_find(const struct request *rq, const char *name)
{
    const struct field *field = field_find(rq, name);
    const char *value;

    must_be_declared(rq, name);
    value = params_find(params_of(rq), name);
    return value != NULL && field != NULL && is_too_long(field, value) ? NULL : value;
}

const char *
param(const struct request *rq, const char *name)
{
    const char *value = value_find(rq, name);

    return text_is_empty(value) ? NULL : value;
}

const char *
param_typed(const struct request *rq, const char *name)
{
    if (text_eq(rq->method, "POST"))
        return value_find(rq, name);
    return rq->typed != NULL ? params_find(rq->typed, name) : NULL;
}

bool
param_is_in_query(const struct request *rq, const char *name)
{
    must_be_declared(rq, name);
    return !text_is_empty(params_find(&rq->query, name));
}

bool
request_has_repeats(const struct request *rq)
{
    for (size_t i = 0; i < rq->query.count; i++) {
        if (params_find(&rq->form, rq->query.names[i]) != NULL)
            return true;
    }
    return params_have_repeats(&rq->query) || params_have_repeats(&rq->form);
}

const struct problem *
request_bounds_check(const struct request *rq)
{
    for (const struct field *field = rq->fields; field != NULL && field->name != NULL; field++) {
        const char *value = params_find(params_of(rq), field->name);

        if (value == param_unreadable)
            return &problem_malformed;
        if (value != NULL && is_too_long(field, value))
            return field->too_long != NULL ? field->too_long : &problem_field_too_long;
    }
    return NULL;
}

const struct problem *
request_ask(struct request *rq, const struct ask *ask, void *asked,
            const struct problem *(*then)(struct request *rq, void *state), void *state)
{
    if (rq->ctx->store != NULL && store_in_transaction(rq->ctx->store))
        broken("nobody is asked within a transaction");
    rq->parked = (struct parked) { ask, asked, then, state };
    return &problem_parked;
}

const struct problem *
request_on_worker(struct request *rq,
                  const struct problem *(*then)(struct request *rq, void *state), void *state)
{
    if (rq->ctx->store != NULL)
        return then(rq, state);
    rq->parked = (struct parked) { .then = then, .state = state };
    return &problem_on_worker;
}
