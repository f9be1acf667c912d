/* SPDX-License-Identifier: Apache-2.0 */
/* A misspelt name in a template would render as nothing and never be missed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/protocols/pages/kit.h"

static bool
is_value_of_a_sample(const char *name)
{
    static const char *const from_the_engine[] = {
        "title",        "language",      "direction", "languages",      "id",
        "tag",          "url",           "type_url",  "large",          "css_url",
        "wall_css_url", "staff_css_url", "problems",  "problems_later", "form_post_url",
        "field",        "content",       "later",     "page_script",    "page_script_url"
    };

    for (size_t i = 0; i < sizeof(from_the_engine) / sizeof(*from_the_engine); i++) {
        if (text_eq(name, from_the_engine[i]))
            return true;
    }
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        const char *at = samples[i].values;

        for (; at != NULL; at = strchr(at, '|') != NULL ? strchr(at, '|') + 1 : NULL) {
            if (text_starts(at, name) && strchr("=+", at[strlen(name)]) != NULL)
                return true;
        }
    }
    return text_ends(name, "_problem");
}

static const struct embedded_file *
partial_of(const char *name)
{
    const struct embedded_file *file = page_partials;

    while (file->name != NULL &&
           !(text_starts(file->name, name) && text_eq(file->name + strlen(name), ".html")))
        file++;
    return file;
}

/* `given` is what a page gives to a partial: name=value, name="text" or name=@word. */
static void
check_parameter(const char *template, const struct embedded_file *partial, char *given)
{
    char *value = strchr(given, '=') + 1;

    value[-1] = '\0';
    if (strstr(partial->at, given) == NULL)
        fail_msg("%s gives %s to %s, which does not read it", template, given, partial->name);
    if (strchr("\"@", *value) == NULL && !is_value_of_a_sample(value))
        fail_msg("%s gives %s to %s, which no page sets", template, value, partial->name);
}

/* Does any page give the partials a parameter of that name? */
static bool
is_parameter(struct arena *arena, const char *name)
{
    for (const struct embedded_file *file = page_files; file->name != NULL; file++) {
        if (strstr(file->at, arena_printf(arena, " %s=", name)) != NULL)
            return true;
    }
    return false;
}

/* `tag` is what stands behind "{{" of a template. */
static void
check_tag(struct arena *arena, const char *template, const char *tag)
{
    char *own = arena_copy(arena, tag, strcspn(tag, "}"));
    char *first = strsep(&own, " ");
    char *last = own;

    if (*first == '/' || text_eq(first, "else") ||
        (text_eq(first, "t") && strchr(own, ' ') == NULL))
        return;
    if (own == NULL)
        last = first;
    while (own != NULL) {
        last = strsep(&own, " ");
        if (strchr(last, '=') != NULL)
            check_parameter(template, partial_of(first + 1), last);
    }
    if (*first != '#' || partial_of(first + 1)->name == NULL) {
        if (!is_value_of_a_sample(last) && !is_parameter(arena, last))
            fail_msg("%s: {{%s}}", template, last);
    }
}

static void
check_folder(struct arena *arena, const struct embedded_file *files)
{
    for (const struct embedded_file *file = files; file->name != NULL; file++) {
        for (const char *at = file->at; (at = strstr(at, "{{")) != NULL; at += 2)
            check_tag(arena, file->name, at + 2);
    }
}

static void
every_value_that_a_template_names_is_one_that_pages_set(void **state)
{
    struct page_fixture *f = *state;

    check_folder(f->ctx.arena, page_files);
    check_folder(f->ctx.arena, page_partials);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_that_a_template_names_is_one_that_pages_set),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
