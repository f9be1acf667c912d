/* SPDX-License-Identifier: Apache-2.0 */
/* Asking, and reading the answer (world.h). */
#include "tests/world.h"

#include <jansson.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "protocols/dispatch.h"
#include "protocols/flow/mistake.h"
#include "protocols/http/documents.h"

static const char *
jar_header(struct world *w)
{
    struct buf line = buf_new(w->arena, 256);

    for (size_t i = 0; i < w->cookies; i++) {
        buf_text(&line, i > 0 ? "; " : "");
        buf_text(&line, w->jar[i].name);
        buf_char(&line, '=');
        buf_text(&line, w->jar[i].value);
    }
    return w->cookies > 0 ? line.at : NULL;
}

static void
request_begin(struct world *w, struct ctx *ctx, const struct world_call *call, const char *cookie,
              struct request *rq)
{
    const char *question = strchr(call->target, '?');
    size_t path_size = question != NULL ? (size_t)(question - call->target) : strlen(call->target);

    *rq = (struct request) {
        .ctx = ctx,
        .arena = ctx->arena,
        .now = ctx->now,
        .method = call->method != NULL ? call->method
                  : call->form != NULL ? "POST"
                                       : "GET",
        .path = arena_copy(ctx->arena, call->target, path_size),
        .headers = { .host = "id.example",
                     .authorization = call->authorization,
                     .dpop = call->dpop,
                     .cookie = cookie,
                     .origin = call->origin,
                     .access_control_request_method = call->asks_for,
                     .accept_language = call->language != NULL ? call->language : "zh-CN",
                     .user_agent = "world" },
        .client_certificate = call->certificate,
        .language = LANGUAGE_ZH_CN,
    };
    if (question != NULL)
        world_must(params_parse(ctx->arena, question + 1, strlen(question + 1), &rq->query),
                   "a query of the test is malformed");
    if (call->form == NULL)
        return;
    rq->body = bytes_of_text(call->form);
    rq->headers.content_type =
        call->content_type != NULL ? call->content_type : "application/x-www-form-urlencoded";
    (void)w;
}

static void
answer_take(const struct request *rq, struct world_answer *out)
{
    const struct response *response = &rq->response;
    const struct document *document = response->document;

    *out = (struct world_answer) { .status = response->status,
                                   .header_count = response->header_count,
                                   .problem = response->problem,
                                   .partner_id = rq->ctx->partner_id,
                                   .request_id = rq->ctx->request_id };
    memcpy(out->headers, response->headers, sizeof(out->headers));
    if (document != NULL) {
        out->body = arena_copy(rq->arena, document->body.at, document->body.size);
        out->content_type = document->content_type;
        if (document->open_to_scripts)
            out->headers[out->header_count++] =
                (struct header) { "Access-Control-Allow-Origin", "*" };
        return;
    }
    out->body = arena_copy(rq->arena, response->body.at, response->body.size);
    for (size_t i = 0; i < out->header_count; i++)
        if (text_eq_ignoring_case(out->headers[i].name, "Content-Type"))
            out->content_type = out->headers[i].value;
}

/* No engine: what the request is parked for is asked here, in between. */
static void
run_through(struct request *rq)
{
    enum dispatched dispatched;

    while ((dispatched = dispatch_run(rq)) == DISPATCH_PARKED)
        dispatch_ask(rq);
    assert_int_equal(dispatched, DISPATCH_ANSWERED); /* there is a store */
}

/* What stands below /staff is asked of the listener that has it. */
static const struct route *
routes_of(const char *target)
{
    return text_starts(target, "/staff") ? staff_routes : public_routes;
}

static void
perform(struct world *w, struct ctx *ctx, const struct world_call *call, const char *cookie,
        struct world_answer *out)
{
    struct request rq;

    request_begin(w, ctx, call, cookie, &rq);
    if (dispatch_route(call->routes != NULL ? call->routes : routes_of(call->target), &rq))
        run_through(&rq);
    answer_take(&rq, out);
}

void
world_perform(struct world *w, struct store *store, struct arena *arena,
              const struct world_call *call, struct world_answer *out)
{
    struct ctx ctx = ctx_new(&w->services, arena, store);

    ctx.address = w->address;
    ctx.request_id = "0123456789abcdef";
    perform(w, &ctx, call, NULL, out);
}

void
world_cookie_put(struct world *w, const char *name, const char *value)
{
    size_t i = 0;

    while (i < w->cookies && !text_eq(w->jar[i].name, name))
        i++;
    assert_true(i < WORLD_COOKIES);
    w->jar[i].name = arena_text(w->arena, name);
    w->jar[i].value = arena_text(w->arena, value);
    if (i == w->cookies)
        w->cookies++;
}

static void
jar_take(struct world *w, const char *set_cookie)
{
    const char *equals = set_cookie != NULL ? strchr(set_cookie, '=') : NULL;
    const char *name;

    if (equals == NULL)
        world_die("a cookie without a value");
    name = arena_copy(w->arena, set_cookie, (size_t)(equals - set_cookie));
    if (strstr(set_cookie, "Max-Age=0") == NULL) {
        world_cookie_put(w, name, arena_copy(w->arena, equals + 1, strcspn(equals + 1, ";")));
        return;
    }
    for (size_t i = 0; i < w->cookies; i++)
        if (text_eq(w->jar[i].name, name))
            w->jar[i] = w->jar[--w->cookies];
}

void
world_send(struct world *w, const struct world_call *call)
{
    struct ctx ctx = ctx_new(&w->services, w->arena, w->store);

    ctx.address = w->address;
    ctx.request_id = "0123456789abcdef";
    perform(w, &ctx, call, call->without_cookies ? NULL : jar_header(w), &w->answer);
    for (size_t i = 0; i < w->answer.header_count; i++)
        if (text_eq_ignoring_case(w->answer.headers[i].name, "Set-Cookie"))
            jar_take(w, w->answer.headers[i].value);
}

void
world_get(struct world *w, const char *target)
{
    world_send(w, &(struct world_call) { .target = target });
}

void
world_follow(struct world *w)
{
    world_get(w, arena_text(w->arena, world_header(w, "Location")));
}

void
world_open(struct world *w, const char *page)
{
    world_get(w, page);
    if (w->answer.status == 303)
        world_follow(w);
}

void
world_follow_mistake(struct world *w)
{
    const char *location = world_header(w, "Location");

    for (size_t i = 0; i < w->answer.header_count; i++) {
        const char *value = w->answer.headers[i].value;

        if (location != NULL && strstr(value, MISTAKE_COOKIE) != NULL &&
            strstr(value, "Max-Age=0") == NULL) {
            world_get(w, arena_text(w->arena, location));
            return;
        }
    }
}

void
world_follow_stop(struct world *w)
{
    const char *location = w->answer.status == 303 ? world_header(w, "Location") : NULL;

    if (location != NULL && text_starts(location, "/stopped?tx="))
        world_get(w, arena_text(w->arena, location));
}

void
world_form_post(struct world *w, const char *target, const char *format, ...)
{
    va_list args;
    const char *form;

    va_start(args, format);
    form = arena_vprintf(w->arena, format, args);
    va_end(args);
    world_send(w, &(struct world_call) { .target = target, .form = form });
    world_follow_mistake(w);
}

void
world_partner_post(struct world *w, const char *partner_id, const char *target, const char *format,
                   ...)
{
    const struct partner *partner = registry_find(w->services.registry, partner_id);
    const char *basic = NULL;
    va_list args;
    const char *form;

    va_start(args, format);
    form = arena_vprintf(w->arena, format, args);
    va_end(args);
    if (partner->is_public)
        form = arena_printf(w->arena, "%s&client_id=%s", form, partner_id);
    else if (text_eq(partner->profile.auth_method, "client_secret_post"))
        form = arena_printf(
            w->arena, "%s&client_id=%s&client_secret=%s-secret-0123456789-0123456789-0123456789",
            form, partner_id, partner_id);
    else
        basic = world_basic(w, partner_id);
    world_send(
        w, &(struct world_call) {
               .target = target, .form = form, .authorization = basic, .without_cookies = true });
}

const char *
world_basic(struct world *w, const char *partner_id)
{
    const char *pair = arena_printf(w->arena, "%s:%s-secret-0123456789-0123456789-0123456789",
                                    partner_id, partner_id);

    return arena_printf(w->arena, "Basic %s", base64_encode(w->arena, bytes_of_text(pair)));
}

const char *
world_url(struct world *w, const char *text)
{
    struct buf buf = buf_new(w->arena, 64);

    buf_url(&buf, text);
    return buf.at;
}

/* --- Reading the answer --- */

const char *
world_header(const struct world *w, const char *name)
{
    for (size_t i = 0; i < w->answer.header_count; i++)
        if (text_eq_ignoring_case(w->answer.headers[i].name, name))
            return w->answer.headers[i].value;
    return NULL;
}

const char *
world_location_param(struct world *w, const char *name)
{
    const char *location = world_header(w, "Location");
    const char *question = location != NULL ? strchr(location, '?') : NULL;
    struct params params;

    if (question == NULL ||
        params_parse(w->arena, question + 1, strlen(question + 1), &params) != OK)
        return NULL;
    return params_find(&params, name);
}

const char *
world_json(struct world *w, const char *name)
{
    json_t *root = json_loads(w->answer.body, JSON_REJECT_DUPLICATES, NULL);
    const char *value = json_string_value(json_object_get(root, name));
    const char *copy = value != NULL ? arena_text(w->arena, value) : NULL;

    json_decref(root);
    return copy;
}

const char *
world_hidden(struct world *w, const char *name)
{
    const char *input = arena_printf(w->arena, "name=\"%s\" value=\"", name);
    const char *at = strstr(w->answer.body, input);

    if (at == NULL)
        return NULL;
    at += strlen(input);
    return arena_copy(w->arena, at, strcspn(at, "\""));
}

const char *
world_cookie(const struct world *w, const char *name)
{
    for (size_t i = 0; i < w->cookies; i++)
        if (text_eq(w->jar[i].name, name))
            return w->jar[i].value;
    return NULL;
}
