/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as a template parses or is refused; any text as a value comes out harmless. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/pages/escape.h"
#include "protocols/pages/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
count(const char *text, char c)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += *text == c;
    return n;
}

static void
check_value(struct arena *arena, const char *value)
{
    static const char source[] = "<a href=\"{{url v}}\" title=\"{{v}}\">{{v}}{{t login_for v}}</a>";
    struct template_scope scope = { .arena = arena };
    struct buf out = buf_new(arena, 64);
    struct template template;
    const char *failure;

    if (template_parse(arena, &(struct template_source) { "fuzz", source, NULL }, &template,
                       &failure) != OK)
        abort();
    scope_text(&scope, "v", value);
    template_render(&out, &template, &(struct render) { &scope, LANGUAGE_EN, NULL, NULL });
    if (count(out.at, '<') != 2 || count(out.at, '>') != 2 || count(out.at, '"') != 4)
        abort();
    if (url_is_safe(value) && strchr("/#h", *value) == NULL)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct template_source box = { "box", "<p id=\"{{id}}\">{{content}}</p>", NULL };
    struct arena *arena = arena_new(1 << 22);
    struct template_scope scope = { .arena = arena };
    struct template partials[2] = { 0 };
    struct template template;
    const char *failure;
    const char *text;

    if (size > 4096)
        size = 4096;
    text = arena_copy(arena, data, size);
    if (template_parse(arena, &box, &partials[0], &failure) != OK)
        abort();
    if (template_parse(arena, &(struct template_source) { "fuzz", text, partials }, &template,
                       &failure) == OK) {
        struct buf out = buf_new(arena, 64);

        template_render(&out, &template, &(struct render) { &scope, LANGUAGE_EN, NULL, NULL });
    } else if (failure == NULL) {
        abort();
    }
    check_value(arena, text);
    arena_free(arena);
    return 0;
}
