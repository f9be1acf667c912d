/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/pages/page.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/broken.h"
#include "idp/base/qr.h"
#include "idp/base/text.h"
#include "protocols/http/cookies.h"
#include "protocols/http/respond.h"
#include "protocols/pages/static.h"
#include "protocols/pages/template.h"
#include "protocols/routes.h"

#define TEMPLATES_MAX 96
#define PARTIALS_MAX 10
#define TEMPLATES_BYTES (1 << 20)
#define FIRST_GUESS 16384
#define CHOICE_KEPT_S (365 * 86400)

struct page {
    struct request *rq;
    struct template_scope scope;
    const struct template *template;
    const char *form_target; /* "" or an origin for form-action */
    const char *frames;      /* "" or origins for frame-src */
    bool own_script;
    bool own_calls;
};

/* ---- templates ---- */

/* Parsed once and kept to the end of the process; read-only afterwards. */
static struct {
    pthread_once_t once;
    struct arena *arena;
    struct template all[TEMPLATES_MAX + 1]; /* ended by a NULL name */
    struct template partials[PARTIALS_MAX + 1];
    const char *failure;
} templates = { .once = PTHREAD_ONCE_INIT };

/* Those of `files` into out[max]; each is called as its file without ".html". */
static enum err
folder_parse(const struct embedded_file *files, const struct template *partials, size_t max,
             struct template *out)
{
    for (const struct embedded_file *file = files; file->name != NULL; file++) {
        struct template_source source = { NULL, file->at, partials };

        if (!text_ends(file->name, ".html"))
            continue;
        if (max-- == 0) {
            templates.failure = "more templates than there is room for";
            return ERR_FULL;
        }
        source.name = arena_copy(templates.arena, file->name, strlen(file->name) - strlen(".html"));
        if (template_parse(templates.arena, &source, out++, &templates.failure) != OK)
            return ERR_INVALID;
    }
    return OK;
}

static void
templates_parse(void)
{
    templates.arena = arena_new(TEMPLATES_BYTES);
    if (folder_parse(page_partials, NULL, PARTIALS_MAX, templates.partials) == OK)
        (void)folder_parse(page_files, templates.partials, TEMPLATES_MAX, templates.all);
}

const char *
pages_check(void)
{
    pthread_once(&templates.once, templates_parse);
    (void)static_files(); /* prepared now too: no request may run out of memory inside a
                           pthread_once() */
    return templates.failure;
}

static const struct template *
template_load(const char *name)
{
    pages_check();
    for (const struct template *at = templates.all; at->name != NULL; at++) {
        if (text_eq(at->name, name))
            return at;
    }
    broken("every page has its template");
}

/* ---- values ---- */

struct page *
page_new(struct request *rq, const char *template, enum word title)
{
    struct page *page = arena_alloc(rq->arena, sizeof(*page));

    page->rq = rq;
    page->scope.arena = rq->arena;
    page->scope.base = rq->ctx->settings->server.issuer_path;
    page->template = template_load(template);
    page->form_target = "";
    page->frames = "";
    page_word(page, "title", title);
    for (const struct static_file *file = static_files(); file->name != NULL; file++)
        page_text(page, file->value, file->url);
    return page;
}

void
page_text(struct page *page, const char *name, const char *value)
{
    scope_text(&page->scope, name, value);
}

void
page_word(struct page *page, const char *name, enum word w)
{
    page_text(page, name, word(page->rq->language, w));
}

void
page_flag(struct page *page, const char *name, bool on)
{
    page_text(page, name, on ? "1" : "");
}

void
page_qr(struct page *page, const char *text)
{
    struct qr qr = qr_draw(page->rq->arena, text);

    page_text(page, "qr_path", qr.path);
    page_text(page, "qr_size", arena_printf(page->rq->arena, "%d", qr.size));
}

void
page_on_wall(struct page *page)
{
    page->scope.base = "";
    page_flag(page, "wall", true);
}

struct page *
page_row(struct page *page, const char *list)
{
    struct page *row = arena_alloc(page->rq->arena, sizeof(*row));

    row->rq = page->rq;
    row->scope.arena = page->rq->arena;
    row->scope.outer = &page->scope;
    scope_row(&page->scope, list, &row->scope);
    return row;
}

static void
language_link(struct page *page, const char *id, const struct language_row *language,
              const char *url)
{
    struct page *row = page_row(page, "languages");

    page_text(row, "id", id);
    page_text(row, "tag", language->tag);
    page_text(row, "name", language->name);
    page_text(row, "url", url);
}

/* The address with that name as this value; "" when it is longer than the gate takes. */
static const char *
address_with(struct request *rq, const char *path, const struct params *query,
             const struct header *chosen)
{
    size_t most = REQUEST_TARGET_MAX_BYTES - strlen(rq->ctx->settings->server.issuer_path);
    struct buf url = buf_new(rq->arena, 256);

    buf_text(&url, arena_printf(rq->arena, "%s?%s=%s", path, chosen->name, chosen->value));
    for (size_t i = 0; i < query->count && url.size <= most; i++) {
        if (text_eq(query->names[i], chosen->name))
            continue;
        if (strlen(query->names[i]) + strlen(query->values[i]) > most)
            return "";
        buf_char(&url, '&');
        buf_url(&url, query->names[i]);
        buf_char(&url, '=');
        buf_url(&url, query->values[i]);
    }
    return url.size <= most ? url.at : "";
}

/* Chosen on a page, for all of them that follow: larger type, and larger targets with it. */
static bool
type_is_large(struct request *rq)
{
    const char *chosen = param(rq, "type_size");

    if (chosen == NULL && rq->headers.cookie != NULL)
        chosen = cookie_find(rq, "type_size");
    return text_eq(chosen, "large");
}

static void
choice_links(struct page *page, const char *path, const struct params *query)
{
    const char *id = "switch-language";
    const struct header type = { "type_size", type_is_large(page->rq) ? "usual" : "large" };

    page_text(page, "type_url", address_with(page->rq, path, query, &type));
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        const struct header tag = { "ui_locales", languages[i].tag };
        const char *url = address_with(page->rq, path, query, &tag);

        if (i == (int)page->rq->language || *url == '\0')
            continue;
        language_link(page, id, &languages[i], url);
        id = arena_printf(page->rq->arena, "switch-language-%d", i + 1);
    }
}

void
page_languages(struct page *page, const char *path, const char *tx)
{
    const char *name = "tx";

    choice_links(page, path, &(struct params) { tx != NULL ? 1 : 0, &name, &tx });
}

/* What a GET of the same address has to say; NULL: it would be another request, or put what a person
 * typed into an address. */
static const struct params *
asked_again(const struct request *rq)
{
    if (text_eq(rq->method, "GET"))
        return &rq->query;
    if (rq->route == NULL || (rq->route->guards & GUARD_SAME_ORIGIN) != 0)
        return NULL;
    return &rq->form;
}

void
page_languages_here(struct page *page)
{
    struct request *rq = page->rq;

    const struct params *again = asked_again(rq);

    if (*rq->path != '\0' && again != NULL)
        choice_links(page, rq->path, again);
}

void
page_field_problem(struct page *page, const char *field, const struct problem *problem)
{
    const char *sentence;
    struct page *row;

    if (problem == NULL)
        return;
    sentence = problem_text(problem, page->rq->language);
    row = page_row(page, "problems");
    page_text(row, "symbol", problem->symbol);
    page_text(row, "sentence", sentence);
    page_text(row, "field", field);
    page_flag(page, "problems_later", problem_is_temporary(problem));
    respond_tells(page->rq, problem);
    respond_retry_after(page->rq, problem);
    if (field != NULL)
        page_text(page, arena_printf(page->rq->arena, "%s_problem", field), sentence);
}

/* ---- policy and answer ---- */

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

void
page_allow_form_target(struct page *page, const char *redirect_uri)
{
    size_t scheme = strspn(redirect_uri, LETTERS_AND_DIGITS "+-.");
    const char *host = redirect_uri + scheme + 3;
    size_t size = scheme + 1;

    if (scheme == 0 || redirect_uri[scheme] != ':')
        return;
    /* An app's own scheme has no host that a browser would compare. */
    if (text_starts(redirect_uri, "https://") || text_starts(redirect_uri, "http://")) {
        size_t host_size = strspn(host, LETTERS_AND_DIGITS "-.:[]");

        if (host_size == 0 || (host[host_size] != '\0' && strchr("/?#", host[host_size]) == NULL))
            return;
        size += 2 + host_size;
    }
    page->form_target = arena_copy(page->rq->arena, redirect_uri, size);
}

void
page_allow_frames(struct page *page, const char *origins)
{
    page->frames = arena_printf(page->rq->arena, "frame-src 'self' %s; ", origins);
}

void
page_allow_own_script(struct page *page)
{
    page->own_script = true;
}

void
page_allow_own_calls(struct page *page)
{
    page->own_calls = true;
}

void
page_refresh(struct page *page, const char *url, const char *seconds)
{
    page_text(page, "refresh_url", url);
    page_text(page, "refresh_s", seconds);
}

void
page_add_script(struct page *page)
{
    page_allow_own_script(page);
    page_flag(page, "page_script", true);
}

static const char *
policy_of(const struct page *page)
{
    return arena_printf(page->rq->arena,
                        "default-src 'none'; style-src 'self'; img-src 'self' data:; "
                        "%s%s%sbase-uri 'none'; frame-ancestors 'none'; form-action 'self'%s%s",
                        page->own_script ? "script-src 'self'; " : "",
                        page->own_calls ? "connect-src 'self'; " : "", page->frames,
                        *page->form_target != '\0' ? " " : "", page->form_target);
}

/* What was chosen by a link on a page is kept for the next visit. */
static void
choices_keep(struct request *rq)
{
    if (param(rq, "ui_locales") != NULL)
        cookie_set(rq, "lang", languages[rq->language].tag, CHOICE_KEPT_S);
    if (param(rq, "type_size") != NULL)
        cookie_set(rq, "type_size", type_is_large(rq) ? "large" : "usual", CHOICE_KEPT_S);
}

const struct problem *
page_answer(struct request *rq, int status, struct page *page)
{
    struct buf html = buf_new(rq->arena, FIRST_GUESS);
    const struct render content = { &page->scope, rq->language, NULL, NULL };
    const struct render layout = { &page->scope, rq->language, page->template, &content };

    page_text(page, "language", languages[rq->language].tag);
    page_text(page, "direction", languages[rq->language].direction);
    page_flag(page, "large", type_is_large(rq));
    template_render(&html, template_load("layout"), &layout);
    respond_header(rq, "Content-Security-Policy", policy_of(page));
    choices_keep(rq);
    return respond_text(rq, status, "text/html; charset=utf-8", buf_view(&html));
}
