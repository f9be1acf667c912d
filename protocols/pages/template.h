/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTML templates. All that is put in is escaped; there is no way to put in raw text.
 *
 *   {{name}}                                   a value, in text or between double quotes
 *   {{url name}}                               a value for href or action; "#" unless it is an
 * address we let through
 *   {{t word}}  {{t word name}}                a text of the catalogue; its {0} is the value
 *   {{#if name}} … {{else}} … {{/if}}          name is a text that is not empty, or a list with
 * rows
 *   {{#each list}} … {{/each}}                 once for each row, whose values hide outer ones
 *   {{content}}                                in a layout: the page; in a partial: what stands inside
 *   {{#form id="x" action=y label=@z}} … {{/form}}
 *                                              the partial form: its template, in which id is that
 *                                              text, action is the value y and label the word z.
 *                                              All else, and what stands inside, is as outside.
 *
 * A partial holds no other partial, so no template includes itself.
 */
#ifndef PROTOCOLS_PAGES_TEMPLATE_H
#define PROTOCOLS_PAGES_TEMPLATE_H

#include <stddef.h>

#include "idp/base/buf.h"
#include "idp/base/err.h"
#include "idp/base/language.h"

struct template_node;

struct template
{
    const char *name;
    const struct template_node *first;
};

struct template_value;

/* Named values, looked up here first and then in `outer`. Zeroed but for
 * arena, outer and base, it is empty. */
struct template_scope {
    struct arena *arena;
    const struct template_scope *outer;
    struct template_value *values;
    struct template_scope *next_row;
    const char
        *base; /* of the outermost: what every {{url}} that is a path stands under; NULL: "" */
};

/* NULL counts as "". Name and text must outlive the scope. A name set twice has the later value. */
void scope_text(struct template_scope *scope, const char *name, const char *text);
/* `row` becomes the last of that list. */
void scope_row(struct template_scope *scope, const char *list, struct template_scope *row);

struct template_source {
    const char *name;
    const char *text;
    const struct template *partials; /* that it may use, ended by a NULL name; NULL: none */
};

/*
 * Parse `source`; what it points to must outlive the template, whose nodes live in the arena.
 * ERR_INVALID: `*failure` (in the arena) says what is wrong as "name:line: …".
 */
must_check enum err template_parse(struct arena *arena, const struct template_source *source,
                                   struct template *out, const char **failure);

/* {{content}} stands for `content` rendered as `outside`; for nothing when it is NULL. */
struct render {
    const struct template_scope *scope;
    enum language language;
    const struct template *content;
    const struct render *outside;
};

void template_render(struct buf *out, const struct template *template, const struct render *render);

#endif
