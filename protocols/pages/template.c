/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/pages/template.h"

#include <string.h>

#include "idp/base/text.h"
#include "protocols/pages/escape.h"
#include "protocols/pages/words.h"

/* Deeper nesting than this in a template of ours is a mistake; it bounds the recursion. */
#define MAX_DEPTH 8
/* Of a tag: a partial's name and its parameters. */
#define WORDS_MAX 8

enum node_kind {
    NODE_RAW,
    NODE_VALUE,
    NODE_URL,
    NODE_WORD,
    NODE_IF,
    NODE_EACH,
    NODE_PARTIAL,
    NODE_CONTENT
};

/* Of a partial: a value that is a text, a word or another value. */
struct parameter {
    const char *name;
    enum node_kind kind; /* NODE_RAW, NODE_WORD or NODE_VALUE */
    const char *text;    /* or the other value's name */
    enum word word;
    struct parameter *next;
};

struct template_node {
    enum node_kind kind;
    struct bytes raw;
    const char *name; /* of a value, or NULL */
    enum word word;
    const struct template *partial;
    struct parameter *parameters;
    struct template_node *inside;
    struct template_node *otherwise;
    struct template_node *next;
};

struct template_value {
    const char *name;
    const char *text;
    struct template_scope *rows;
    struct template_value *next;
};

/* ---- values ---- */

static struct template_value *
value_own(struct template_scope *scope, const char *name)
{
    struct template_value *value = scope->values;

    while (value != NULL && !text_eq(value->name, name))
        value = value->next;
    if (value == NULL) {
        value = arena_alloc(scope->arena, sizeof(*value));
        *value = (struct template_value) { .name = name, .text = "", .next = scope->values };
        scope->values = value;
    }
    return value;
}

void
scope_text(struct template_scope *scope, const char *name, const char *text)
{
    value_own(scope, name)->text = text != NULL ? text : "";
}

void
scope_row(struct template_scope *scope, const char *list, struct template_scope *row)
{
    struct template_scope **end = &value_own(scope, list)->rows;

    while (*end != NULL)
        end = &(*end)->next_row;
    *end = row;
}

static const struct template_value *
value_find(const struct template_scope *scope, const char *name)
{
    static const struct template_value absent = { .text = "" };

    for (; scope != NULL; scope = scope->outer) {
        for (const struct template_value *value = scope->values; value != NULL;
             value = value->next) {
            if (text_eq(value->name, name))
                return value;
        }
    }
    return &absent;
}

/* ---- parsing ---- */

struct parser {
    struct arena *arena;
    const struct template_source *source;
    const char *at;
    const char *failure;
    int depth;
};

/* What stands between {{ and }}, cut into words. */
struct tag {
    const char *start;
    char *words[WORDS_MAX];
    int count;
};

static enum err
fail(struct parser *parser, const char *at, const char *what, const char *name)
{
    int line = 1;

    for (const char *c = parser->source->text; c < at; c++)
        line += *c == '\n';
    parser->failure =
        arena_printf(parser->arena, "%s:%d: %s '%s'", parser->source->name, line, what, name);
    return ERR_INVALID;
}

static struct template_node *
node_new(struct parser *parser, enum node_kind kind)
{
    struct template_node *node = arena_alloc(parser->arena, sizeof(*node));

    node->kind = kind;
    return node;
}

static bool
is_name(const char *text)
{
    return *text != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* The tag at parser->at, which stands on "{{". */
static enum err
tag_read(struct parser *parser, struct tag *out)
{
    const char *end = strstr(parser->at, "}}");
    const char *cursor;
    const char *w;
    size_t size;

    *out = (struct tag) { .start = parser->at };
    if (end == NULL)
        return fail(parser, parser->at, "unclosed", "{{");
    cursor = arena_copy(parser->arena, parser->at + 2, (size_t)(end - parser->at - 2));
    while ((w = text_next_word(&cursor, &size)) != NULL) {
        if (out->count == WORDS_MAX)
            return fail(parser, parser->at, "too many words in", out->words[0]);
        out->words[out->count++] = arena_copy(parser->arena, w, size);
    }
    if (out->count == 0)
        return fail(parser, parser->at, "empty tag", "{{}}");
    parser->at = end + 2;
    return OK;
}

static enum err
value_name_check(struct parser *parser, const struct tag *tag, int i, const char **out)
{
    if (tag->count != i + 1 || !is_name(tag->words[i]))
        return fail(parser, tag->start, "a name is missing or malformed in", tag->words[0]);
    *out = tag->words[i];
    return OK;
}

static enum err nodes_parse(struct parser *parser, struct template_node **out, struct tag *end);

/* The body of {{#if}} up to its {{/if}}; of any other block likewise. */
static enum err
block_parse(struct parser *parser, const struct tag *open, struct template_node *node)
{
    struct tag end;

    if (parser->depth++ == MAX_DEPTH)
        return fail(parser, open->start, "too deep", open->words[0]);
    if (nodes_parse(parser, &node->inside, &end) != OK)
        return ERR_INVALID;
    if (node->kind == NODE_IF && end.count == 1 && text_eq(end.words[0], "else") &&
        nodes_parse(parser, &node->otherwise, &end) != OK)
        return ERR_INVALID;
    if (end.count != 1 || *end.words[0] != '/' || !text_eq(end.words[0] + 1, open->words[0] + 1))
        return fail(parser, open->start, "unclosed", open->words[0]);
    parser->depth--;
    return OK;
}

static enum err
word_parse(struct parser *parser, const struct tag *tag, struct template_node *node)
{
    if (tag->count < 2 || word_find(tag->words[1], strlen(tag->words[1]), &node->word) != OK)
        return fail(parser, tag->start, "unknown word", tag->count < 2 ? "" : tag->words[1]);
    return tag->count > 2 ? value_name_check(parser, tag, 2, &node->name) : OK;
}

/* id="text", label=@word or action=value */
static enum err
parameter_parse(struct parser *parser, const struct tag *tag, char *text, struct parameter *out)
{
    char *value = strchr(text, '=');
    size_t size;

    if (value == NULL)
        return fail(parser, tag->start, "no value is given to", text);
    *value++ = '\0';
    size = strlen(value);
    *out = (struct parameter) { .name = text, .kind = NODE_VALUE, .text = value };
    if (size >= 2 && value[0] == '"' && value[size - 1] == '"') {
        out->kind = NODE_RAW;
        out->text = arena_copy(parser->arena, value + 1, size - 2);
    } else if (value[0] == '@') {
        out->kind = NODE_WORD;
        if (word_find(value + 1, size - 1, &out->word) != OK)
            return fail(parser, tag->start, "unknown word", value + 1);
    } else if (!is_name(value)) {
        return fail(parser, tag->start, "a malformed value is given to", text);
    }
    return is_name(text) ? OK : fail(parser, tag->start, "a malformed parameter", text);
}

static enum err
partial_parse(struct parser *parser, const struct tag *tag, struct template_node *node)
{
    struct parameter **end = &node->parameters;

    node->partial = parser->source->partials;
    while (node->partial != NULL && node->partial->name != NULL &&
           !text_eq(node->partial->name, tag->words[0] + 1))
        node->partial++;
    if (node->partial == NULL || node->partial->name == NULL)
        return fail(parser, tag->start, "unknown partial", tag->words[0]);
    for (int i = 1; i < tag->count; i++) {
        *end = arena_alloc(parser->arena, sizeof(**end));
        if (parameter_parse(parser, tag, tag->words[i], *end) != OK)
            return ERR_INVALID;
        end = &(*end)->next;
    }
    return block_parse(parser, tag, node);
}

static enum err
tag_parse(struct parser *parser, const struct tag *tag, struct template_node **out)
{
    static const struct {
        const char *word;
        enum node_kind kind;
    } kinds[] = { { "url", NODE_URL },
                  { "t", NODE_WORD },
                  { "#if", NODE_IF },
                  { "#each", NODE_EACH },
                  { "content", NODE_CONTENT } };
    enum node_kind kind = *tag->words[0] == '#' ? NODE_PARTIAL : NODE_VALUE;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (text_eq(tag->words[0], kinds[i].word))
            kind = kinds[i].kind;
    }
    *out = node_new(parser, kind);
    switch (kind) {
    case NODE_URL:
        return value_name_check(parser, tag, 1, &(*out)->name);
    case NODE_WORD:
        return word_parse(parser, tag, *out);
    case NODE_IF:
    case NODE_EACH:
        if (value_name_check(parser, tag, 1, &(*out)->name) != OK)
            return ERR_INVALID;
        return block_parse(parser, tag, *out);
    case NODE_PARTIAL:
        return partial_parse(parser, tag, *out);
    default:
        return value_name_check(parser, tag, 0, &(*out)->name);
    }
}

/* Text up to the next tag or the end; NULL when there is none. */
static struct template_node *
raw_parse(struct parser *parser)
{
    const char *end = strstr(parser->at, "{{");
    size_t size = end != NULL ? (size_t)(end - parser->at) : strlen(parser->at);
    struct template_node *node;

    if (size == 0)
        return NULL;
    node = node_new(parser, NODE_RAW);
    node->raw = bytes_of(parser->at, size);
    parser->at += size;
    return node;
}

/* One node; or, at a tag that closes a block, that tag in `end`. */
static enum err
node_parse(struct parser *parser, struct template_node **out, struct tag *end)
{
    struct tag tag;

    *out = raw_parse(parser);
    if (*out != NULL)
        return OK;
    if (tag_read(parser, &tag) != OK)
        return ERR_INVALID;
    if (text_starts(tag.words[0], "/") || text_eq(tag.words[0], "else")) {
        *end = tag;
        return OK;
    }
    return tag_parse(parser, &tag, out);
}

/* Up to a tag that closes a block, or to the end of the source (then end->count is 0). */
static enum err
nodes_parse(struct parser *parser, struct template_node **out, struct tag *end)
{
    *end = (struct tag) { 0 };
    while (*parser->at != '\0' && end->count == 0) {
        if (node_parse(parser, out, end) != OK)
            return ERR_INVALID;
        if (*out != NULL)
            out = &(*out)->next;
    }
    return OK;
}

enum err
template_parse(struct arena *arena, const struct template_source *source, struct template *out,
               const char **failure)
{
    struct parser parser = { .arena = arena, .source = source, .at = source->text };
    struct template_node *first = NULL;
    struct tag end;
    enum err err = nodes_parse(&parser, &first, &end);

    if (err == OK && end.count > 0)
        err = fail(&parser, end.start, "nothing is open for", end.words[0]);
    *out = (struct template) { source->name, first };
    *failure = parser.failure;
    return err;
}

/* ---- rendering ---- */

static void
write_word(struct buf *out, const char *text, const char *value)
{
    const char *hole = strstr(text, "{0}");

    if (hole == NULL) {
        html_escape(out, text);
        return;
    }
    html_escape(out, arena_copy(out->arena, text, (size_t)(hole - text)));
    html_escape(out, value);
    html_escape(out, hole + 3);
}

static void nodes_render(struct buf *out, const struct template_node *node,
                         const struct render *render);

static void
rows_render(struct buf *out, const struct template_node *node, const struct render *render)
{
    const struct template_value *list = value_find(render->scope, node->name);

    for (const struct template_scope *row = list->rows; row != NULL; row = row->next_row) {
        struct render inner = *render;

        inner.scope = row;
        nodes_render(out, node->inside, &inner);
    }
}

static const char *
parameter_text(const struct parameter *parameter, const struct render *render)
{
    switch (parameter->kind) {
    case NODE_WORD:
        return word(render->language, parameter->word);
    case NODE_VALUE:
        return value_find(render->scope, parameter->text)->text;
    default:
        return parameter->text;
    }
}

static void
partial_render(struct buf *out, const struct template_node *node, const struct render *render)
{
    const struct template inside = { node->partial->name, node->inside };
    struct template_scope scope = { .arena = render->scope->arena, .outer = render->scope };

    for (const struct parameter *p = node->parameters; p != NULL; p = p->next)
        scope_text(&scope, p->name, parameter_text(p, render));
    template_render(out, node->partial,
                    &(struct render) { &scope, render->language, &inside, render });
}

static void
url_write(struct buf *out, const struct template_scope *scope, const char *url)
{
    while (scope->outer != NULL)
        scope = scope->outer;
    if (!url_is_safe(url))
        url = "#";
    if (*url == '/' && scope->base != NULL)
        buf_text(out, scope->base);
    html_escape(out, url);
}

static void
node_render(struct buf *out, const struct template_node *node, const struct render *render)
{
    const struct template_value *value = value_find(render->scope, node->name);

    switch (node->kind) {
    case NODE_RAW:
        buf_bytes(out, node->raw.at, node->raw.size);
        break;
    case NODE_VALUE:
        html_escape(out, value->text);
        break;
    case NODE_URL:
        url_write(out, render->scope, value->text);
        break;
    case NODE_WORD:
        write_word(out, word(render->language, node->word), value->text);
        break;
    case NODE_IF:
        nodes_render(out,
                     *value->text != '\0' || value->rows != NULL ? node->inside : node->otherwise,
                     render);
        break;
    case NODE_EACH:
        rows_render(out, node, render);
        break;
    case NODE_PARTIAL:
        partial_render(out, node, render);
        break;
    case NODE_CONTENT:
        if (render->content != NULL)
            template_render(out, render->content, render->outside);
        break;
    }
}

static void
nodes_render(struct buf *out, const struct template_node *node, const struct render *render)
{
    for (; node != NULL; node = node->next)
        node_render(out, node, render);
}

void
template_render(struct buf *out, const struct template *template, const struct render *render)
{
    nodes_render(out, template->first, render);
}
