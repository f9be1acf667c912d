/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page under way: a template of protocols/pages/files/, its values, and what its
 * Content-Security-Policy must let through. Every page is put into layout.html. Texts given are
 * kept by pointer: they live in the request's arena or longer.
 */
#ifndef PROTOCOLS_PAGES_PAGE_H
#define PROTOCOLS_PAGES_PAGE_H

#include <stdbool.h>

#include "protocols/http/request.h"
#include "protocols/pages/words.h"

struct page;

/*
 * Parse all templates, once per process. NULL, or a sentence "template:line: …" for the operator: the
 * server does not start then.
 */
const char *pages_check(void);

/* `template` is a file name without ".html"; one that does not exist is a bug and aborts. */
struct page *page_new(struct request *rq, const char *template, enum word title);

/* NULL counts as "", which is as if never set. */
void page_text(struct page *page, const char *name, const char *value);
void page_word(struct page *page, const char *name, enum word word);
void page_flag(struct page *page, const char *name, bool on);

/* The text as a QR code, where the template has {{#qr id="x" label=@word}}{{/qr}}; idp/base/qr.h bounds
 * it. */
void page_qr(struct page *page, const char *text);

/* For a wall and whoever stands before it: without the citizens' footer, and with links that stand under no issuer's
 * path, as the admin listener's do. */
void page_on_wall(struct page *page);

/* A new last row of a list, filled by the functions above. */
struct page *page_row(struct page *page, const char *list);

/* The links to the page at `path`, which takes ui_locales and type_size, in the other languages and in
 * large type or the usual one. `tx` goes with them; NULL: none. */
void page_languages(struct page *page, const char *path, const char *tx);

/* The same to a GET of this request's address with all its parameters. None from a form of ours, and
 * none where such a link would be longer than the gate takes. */
void page_languages_here(struct page *page);

/*
 * Say what is wrong beside the field of that id and in the summary on top; NULL for `field` when it
 * concerns the page as a whole. NULL for `problem` does nothing.
 */
void page_field_problem(struct page *page, const char *field, const struct problem *problem);

/*
 * Browsers hold form-action also against the redirect that answers a form: a page whose form may
 * end in a redirect to `redirect_uri` names it here. Only scheme, host and port count; an address
 * that could break the policy is ignored.
 */
void page_allow_form_target(struct page *page, const char *redirect_uri);
/* The page holds frames: one of ours, and others of these origins (space-separated) alone. */
void page_allow_frames(struct page *page, const char *origins);
/* form_post.html only: script of our own files. */
void page_allow_own_script(struct page *page);
/* Its script may ask us for something. */
void page_allow_own_calls(struct page *page);
/* Where the browser runs no script it goes there after so many seconds. */
void page_refresh(struct page *page, const char *url, const char *seconds);
/* page.js, for pages with a form: it shows passwords, disables a pressed button, counts seconds. */
void page_add_script(struct page *page);

/* Answers text/html with the page's policy. Always NULL. */
const struct problem *page_answer(struct request *rq, int status, struct page *page);

/*
 * The error page: the sentence in the person's language, symbol and request id for whoever helps, and
 * the doors of partners. page_problem() is all of it; who has more to say answers with it himself.
 */
struct page *page_problem_new(struct request *rq, const struct problem *problem);
void page_problem(struct request *rq, const struct problem *problem);

#endif
