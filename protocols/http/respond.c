/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/respond.h"

#include <string.h>
#include <strings.h>

#include "idp/base/emit.h"
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "policies/dpop.h"
#include "protocols/http/explain.h"

#define PAGE_POLICY                                                                                \
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "                \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/* A year, with subdomains, as ASVS asks. */
#define TRANSPORT_SECURITY "max-age=31536000; includeSubDomains"

static bool
header_value_is_clean(const char *value)
{
    for (; *value != '\0'; value++) {
        unsigned char c = (unsigned char)*value;

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

void
respond_header(struct request *rq, const char *name, const char *value)
{
    struct response *response = &rq->response;

    if (response->header_count == RESPONSE_MAX_HEADERS || !header_value_is_clean(value)) {
        log_line(LOG_ERROR, "http.header_refused", log_text("name", name));
        response->broken = true;
        return;
    }
    response->headers[response->header_count++] = (struct header) { name, value };
}

const char *
response_header(const struct response *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++) {
        if (text_eq_ignoring_case(response->headers[i].name, name))
            return response->headers[i].value;
    }
    return NULL;
}

static void
header_default(struct request *rq, const char *name, const char *value)
{
    if (response_header(&rq->response, name) == NULL)
        respond_header(rq, name, value);
}

const struct problem *
respond_empty(struct request *rq, int status)
{
    header_default(rq, "Cache-Control", "no-store");
    rq->response.status = status;
    rq->response.body = (struct bytes) { 0 };
    return NULL;
}

const struct problem *
respond_text(struct request *rq, int status, const char *content_type, struct bytes body)
{
    header_default(rq, "Content-Type", content_type);
    rq->response.status = status;
    rq->response.body = body;
    return NULL;
}

const struct problem *
respond_json(struct request *rq, int status, const struct buf *json)
{
    header_default(rq, "Cache-Control", "no-store");
    return respond_text(rq, status, "application/json", buf_view(json));
}

const struct problem *
respond_redirect(struct request *rq, const char *location)
{
    const char *base = *location == '/' ? rq->ctx->settings->server.issuer_path : "";

    respond_header(rq, "Location",
                   *base != '\0' ? arena_printf(rq->arena, "%s%s", base, location) : location);
    return respond_empty(rq, 303);
}

bool
respond_by_get(struct request *rq)
{
    struct buf link = buf_new(rq->arena, 1024);
    size_t most = REQUEST_TARGET_MAX_BYTES - strlen(rq->ctx->settings->server.issuer_path);

    buf_text(&link, rq->path);
    for (size_t i = 0; i < rq->form.count; i++) {
        const char *name = rq->form.names[i];
        const char *value = rq->form.values[i];

        if (link.size + strlen(name) + strlen(value) > most)
            return false; /* what is encoded is no shorter */
        buf_char(&link, i == 0 ? '?' : '&');
        buf_url(&link, name);
        buf_char(&link, '=');
        buf_url(&link, value);
    }
    if (link.size > most)
        return false;
    respond_redirect(rq, link.at);
    return true;
}

void
respond_again(struct request *rq)
{
    rq->response = (struct response) { 0 };
}

void
respond_tells(struct request *rq, const struct problem *problem)
{
    if (rq->response.problem == NULL)
        rq->response.problem = problem;
}

void
respond_retry_after(struct request *rq, const struct problem *problem)
{
    if (problem_is_temporary(problem))
        header_default(rq, "Retry-After", problem->status == 429 ? "60" : "2");
}

static void
json_problem(struct request *rq, const struct problem *problem)
{
    struct buf json = buf_new(rq->arena, 256);

    respond_tells(rq, problem);
    emit_object(&json, NULL);
    emit_text(&json, "error", problem->code);
    emit_text(&json, "error_description", explain_problem(rq, problem));
    emit_object_end(&json);
    respond_retry_after(rq, problem);
    respond_json(rq, problem->status, &json);
}

/* A client that put its credentials into the form is not asked for Basic (RFC 6749, 5.2). */
static bool
credentials_came_in_form(const struct request *rq)
{
    return rq->headers.authorization == NULL &&
           (param(rq, "client_secret") != NULL || param(rq, "client_assertion") != NULL);
}

void
respond_problem_oauth(struct request *rq, const struct problem *problem)
{
    if (problem->status == 401 && !credentials_came_in_form(rq))
        respond_header(rq, "WWW-Authenticate", "Basic realm=\"tongxing\"");
    json_problem(rq, problem);
}

/* The scheme that the token is to be sent by (RFC 9449, 7.1). */
static const char *
challenge_of(const struct request *rq, const struct problem *problem)
{
    const char *sent = rq->headers.authorization;
    bool by_proof = sent != NULL && strncasecmp(sent, "DPoP ", 5) == 0;

    if (problem == &problem_bearer_unbound)
        by_proof = false;
    return by_proof || problem == &problem_bearer_bound ? "DPoP algs=\"" DPOP_ALGS "\"," : "Bearer";
}

void
respond_problem_bearer(struct request *rq, const struct problem *problem)
{
    /* A request without a token gets the bare challenge (RFC 6750, 3.1). */
    if (problem == &problem_bearer_missing)
        respond_header(rq, "WWW-Authenticate", "Bearer realm=\"tongxing\"");
    else if (problem->status == 400 || problem->status == 401 || problem->status == 403)
        respond_header(rq, "WWW-Authenticate",
                       arena_printf(rq->arena, "%s error=\"%s\", error_description=\"%s\"",
                                    challenge_of(rq, problem), problem->code,
                                    problem_text(problem, LANGUAGE_EN)));
    json_problem(rq, problem);
}

void
respond_problem_text(struct request *rq, const struct problem *problem)
{
    respond_tells(rq, problem);
    respond_retry_after(rq, problem);
    header_default(rq, "Cache-Control", "no-store");
    respond_text(
        rq, problem->status, "text/plain; charset=utf-8",
        bytes_of_text(arena_printf(rq->arena, "%s\n", problem_text(problem, LANGUAGE_EN))));
}

size_t
security_headers(const struct settings *settings, struct header out[SECURITY_HEADERS_MAX])
{
    size_t count = 0;

    out[count++] = (struct header) { "X-Content-Type-Options", "nosniff" };
    out[count++] = (struct header) { "Referrer-Policy", "no-referrer" };
    if (settings->server.issuer_is_https)
        out[count++] = (struct header) { "Strict-Transport-Security", TRANSPORT_SECURITY };
    return count;
}

static void
page_headers(struct request *rq)
{
    const char *type = response_header(&rq->response, "Content-Type");
    const char *policy;

    if (type == NULL || !text_starts(type, "text/html"))
        return;
    header_default(rq, "Content-Security-Policy", PAGE_POLICY);
    policy = response_header(&rq->response, "Content-Security-Policy");
    if (policy != NULL && strstr(policy, "frame-ancestors 'none'") != NULL)
        header_default(rq, "X-Frame-Options", "DENY"); /* it cannot say who else may */
    header_default(rq, "Cache-Control", "no-store");
}

void
respond_bare(struct request *rq, int status)
{
    respond_again(rq);
    respond_empty(rq, status);
    respond_header(rq, "Retry-After", "2");
    respond_finish(rq);
}

void
respond_finish(struct request *rq)
{
    struct header secure[SECURITY_HEADERS_MAX];
    size_t count = security_headers(rq->ctx->settings, secure);

    if (rq->response.document != NULL)
        return; /* the engine's prepared answer has them */
    page_headers(rq);
    for (size_t i = 0; i < count; i++)
        header_default(rq, secure[i].name, secure[i].value);
    if (rq->response.broken) {
        respond_again(rq);
        respond_problem_text(rq, &problem_internal);
        for (size_t i = 0; i < count; i++)
            respond_header(rq, secure[i].name, secure[i].value);
    }
}
