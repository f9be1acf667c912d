/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "idp/base/text.h"
#include "protocols/pages/template.h"

struct template_fixture {
    struct arena *arena;
    struct template_scope scope;
    struct template partials[3];
};

static void
partial_add(struct template_fixture *f, size_t i, const char *name, const char *text)
{
    const struct template_source source = { name, text, NULL };
    const char *failure;

    assert_int_equal(template_parse(f->arena, &source, &f->partials[i], &failure), OK);
}

static int
start(void **state)
{
    static struct template_fixture f;

    f = (struct template_fixture) { .arena = arena_new(1 << 20) };
    f.scope.arena = f.arena;
    partial_add(&f, 0, "box", "<b id=\"{{id}}\">{{label}}|{{content}}|{{v}}</b>");
    partial_add(&f, 1, "line", "<hr class=\"{{kind}}\">");
    *state = &f;
    return 0;
}

static int
end(void **state)
{
    struct template_fixture *f = *state;

    arena_free(f->arena);
    return 0;
}

static const char *
rendered(struct template_fixture *f, const char *source)
{
    struct buf out = buf_new(f->arena, 16);
    struct template template;
    const char *failure;

    assert_int_equal(template_parse(f->arena,
                                    &(struct template_source) { "t.html", source, f->partials },
                                    &template, &failure),
                     OK);
    template_render(&out, &template, &(struct render) { &f->scope, LANGUAGE_EN, NULL, NULL });
    return out.at;
}

static struct template_scope *
row_new(struct template_fixture *f, struct template_scope *outer, const char *list,
        const char *name)
{
    struct template_scope *row = arena_alloc(f->arena, sizeof(*row));

    row->arena = f->arena;
    row->outer = outer;
    scope_text(row, "name", name);
    scope_row(outer, list, row);
    return row;
}

static void
values_are_escaped_in_text_and_attributes(void **state)
{
    struct template_fixture *f = *state;

    scope_text(&f->scope, "v", "<svg onload=\"x\">'&</title>");

    assert_string_equal(rendered(f, "<b title=\"{{v}}\">{{ v }}</b>"),
                        "<b title=\"&lt;svg onload=&quot;x&quot;&gt;&#39;&amp;&lt;/title&gt;\">"
                        "&lt;svg onload=&quot;x&quot;&gt;&#39;&amp;&lt;/title&gt;</b>");
}

static void
a_value_is_never_read_as_a_template(void **state)
{
    struct template_fixture *f = *state;

    scope_text(&f->scope, "v", "{{w}}{0}");
    scope_text(&f->scope, "w", "secret");

    assert_string_equal(rendered(f, "{{v}}"), "{{w}}{0}");
    assert_null(strstr(rendered(f, "{{t login_for v}}"), "secret"));
}

static void
a_value_never_set_or_null_is_empty(void **state)
{
    struct template_fixture *f = *state;

    scope_text(&f->scope, "v", NULL);

    assert_string_equal(rendered(f, "[{{v}}{{w}}{{#if v}}1{{/if}}{{#each w}}2{{/each}}]"), "[]");
}

static void
the_later_of_two_values_counts(void **state)
{
    struct template_fixture *f = *state;

    scope_text(&f->scope, "v", "one");
    scope_text(&f->scope, "v", "two");

    assert_string_equal(rendered(f, "{{v}}"), "two");
}

static void
a_word_is_filled_with_an_escaped_value(void **state)
{
    struct template_fixture *f = *state;

    scope_text(&f->scope, "v", "<A & B>");

    assert_string_equal(rendered(f, "{{t login_for v}}"),
                        "After logging in you go back to &lt;A &amp; B&gt;.");
    assert_string_equal(rendered(f, "{{t next}}"), "Continue");
}

static void
blocks_nest(void **state)
{
    static const char source[] = "{{#each rows}}{{#if first}}*{{else}}-{{/if}}{{name}}{{top}}"
                                 "({{#each inner}}{{name}}{{first}};{{/each}}){{/each}}";
    struct template_fixture *f = *state;
    struct template_scope *a = row_new(f, &f->scope, "rows", "a");
    struct template_scope *b = row_new(f, &f->scope, "rows", "b");

    scope_text(&f->scope, "top", "^");
    scope_text(a, "first", "1");
    row_new(f, a, "inner", "x");
    row_new(f, a, "inner", "y");

    assert_string_equal(rendered(f, source), "*a^(x1;y1;)-b^()");
    assert_ptr_equal(b->outer, &f->scope);
}

static void
a_list_is_true_when_it_has_rows(void **state)
{
    struct template_fixture *f = *state;

    assert_string_equal(rendered(f, "{{#if rows}}yes{{else}}no{{/if}}"), "no");
    row_new(f, &f->scope, "rows", "a");
    assert_string_equal(rendered(f, "{{#if rows}}yes{{else}}no{{/if}}"), "yes");
}

static void
a_layout_holds_the_page(void **state)
{
    struct template_fixture *f = *state;
    struct buf out = buf_new(f->arena, 16);
    const struct render outside = { &f->scope, LANGUAGE_EN, NULL, NULL };
    struct template layout, page;
    const char *failure;

    assert_int_equal(template_parse(f->arena,
                                    &(struct template_source) { "l", "<{{content}}>", NULL },
                                    &layout, &failure),
                     OK);
    assert_int_equal(template_parse(f->arena,
                                    &(struct template_source) { "p", "page{{content}}", NULL },
                                    &page, &failure),
                     OK);
    template_render(&out, &layout, &(struct render) { &f->scope, LANGUAGE_EN, &page, &outside });

    assert_string_equal(out.at, "<page>");
}

static void
a_partial_has_its_parameters_and_what_stands_inside(void **state)
{
    struct template_fixture *f = *state;

    scope_text(&f->scope, "v", "<v>");
    scope_text(&f->scope, "w", "<w>");

    assert_string_equal(rendered(f, "{{#box id=\"x\" label=@next}}in{{/box}}"),
                        "<b id=\"x\">Continue|in|&lt;v&gt;</b>");
    assert_string_equal(rendered(f, "{{#box id=w label=absent}}{{/box}}"),
                        "<b id=\"&lt;w&gt;\">||&lt;v&gt;</b>");
    assert_string_equal(rendered(f, "{{#line kind=\"a&b\"}}not shown{{/line}}"),
                        "<hr class=\"a&amp;b\">");
    assert_string_equal(rendered(f, "{{#line kind=\"\"}}{{/line}}"), "<hr class=\"\">");
}

/* What stands inside is the page's own: no parameter reaches it. */
static void
what_stands_inside_a_partial_has_the_values_of_outside(void **state)
{
    struct template_fixture *f = *state;

    scope_text(&f->scope, "v", "page");

    assert_string_equal(rendered(f, "{{#box v=\"given\" id=\"x\"}}{{v}}{{id}}{{/box}}{{v}}"),
                        "<b id=\"x\">|page|given</b>page");
    assert_string_equal(rendered(f, "{{#box id=\"a\"}}{{#box id=\"b\"}}{{id}}{{/box}}{{/box}}"),
                        "<b id=\"a\">|<b id=\"b\">||page</b>|page</b>");
}

static void
a_partial_stands_in_blocks_and_in_a_layout(void **state)
{
    static const char page_text[] = "{{#each rows}}{{#line kind=name}}{{/line}}{{/each}}";
    struct template_fixture *f = *state;
    struct buf out = buf_new(f->arena, 16);
    const struct render outside = { &f->scope, LANGUAGE_EN, NULL, NULL };
    const struct template_source of_page = { "p", page_text, f->partials };
    const struct template_source of_layout = { "l", "{{#box id=\"x\"}}{{content}}{{/box}}",
                                               f->partials };
    struct template layout, page;
    const char *failure;

    row_new(f, &f->scope, "rows", "a");
    row_new(f, &f->scope, "rows", "b");
    assert_int_equal(template_parse(f->arena, &of_layout, &layout, &failure), OK);
    assert_int_equal(template_parse(f->arena, &of_page, &page, &failure), OK);
    template_render(&out, &layout, &(struct render) { &f->scope, LANGUAGE_EN, &page, &outside });

    assert_string_equal(out.at, "<b id=\"x\">|<hr class=\"a\"><hr class=\"b\">|</b>");
}

/* So no template includes itself, however far around. */
static void
a_partial_holds_no_partial(void **state)
{
    static const struct template_source source = { "p", "{{#line}}{{/line}}", NULL };
    struct template_fixture *f = *state;
    struct template template;
    const char *failure;

    assert_int_equal(template_parse(f->arena, &source, &template, &failure), ERR_INVALID);
    assert_string_equal(failure, "p:1: unknown partial '#line'");
}

static void
a_script_address_becomes_a_harmless_one(void **state)
{
    struct template_fixture *f = *state;

    scope_text(&f->scope, "bad", "javascript:alert(1)");
    scope_text(&f->scope, "good", "/a?b=\"c\"&d=<");

    assert_string_equal(rendered(f, "<a href=\"{{url bad}}\">"), "<a href=\"#\">");
    assert_string_equal(rendered(f, "<a href=\"{{url good}}\">"),
                        "<a href=\"/a?b=&quot;c&quot;&amp;d=&lt;\">");
}

static void
s9_a_path_stands_under_the_base_and_nothing_else_does(void **state)
{
    struct template_fixture *f = *state;

    f->scope.base = "/auth";
    scope_text(&f->scope, "path", "/a");
    scope_text(&f->scope, "anchor", "#a");
    scope_text(&f->scope, "elsewhere", "https://a.example/a");
    scope_text(&f->scope, "bad", "//a.example/a");

    row_new(f, &f->scope, "rows", "/b");
    assert_string_equal(rendered(f, "{{url path}} {{url anchor}} {{url elsewhere}} {{url bad}} "
                                    "{{#each rows}}{{url name}} {{url path}}{{/each}}"),
                        "/auth/a #a https://a.example/a # /auth/b /auth/a");
}

static void
a_bad_template_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *source;
        const char *failure;
    } cases[] = {
        { "a\n{{t no_such_word}}", "t.html:2: unknown word 'no_such_word'" },
        { "{{t}}", "t.html:1: unknown word ''" },
        { "\n\n{{name", "t.html:3: unclosed '{{'" },
        { "{{#if a}}\n{{#each b}}{{/each}}", "t.html:1: unclosed '#if'" },
        { "\n{{#each a}}x", "t.html:2: unclosed '#each'" },
        { "{{#if a}}{{/each}}", "t.html:1: unclosed '#if'" },
        { "{{#each a}}{{else}}{{/each}}", "t.html:1: unclosed '#each'" },
        { "{{#if a}}{{else}}{{else}}{{/if}}", "t.html:1: unclosed '#if'" },
        { "\n{{/if}}", "t.html:2: nothing is open for '/if'" },
        { "{{else}}", "t.html:1: nothing is open for 'else'" },
        { "{{}}", "t.html:1: empty tag '{{}}'" },
        { "{{#if}}{{/if}}", "t.html:1: a name is missing or malformed in '#if'" },
        { "{{#unless a}}{{/unless}}", "t.html:1: unknown partial '#unless'" },
        { "{{#}}{{/}}", "t.html:1: unknown partial '#'" },
        { "{{#box id}}{{/box}}", "t.html:1: no value is given to 'id'" },
        { "{{#box id=}}{{/box}}", "t.html:1: a malformed value is given to 'id'" },
        { "{{#box id=\"}}{{/box}}", "t.html:1: a malformed value is given to 'id'" },
        { "{{#box id=\"a b\"}}{{/box}}", "t.html:1: a malformed value is given to 'id'" },
        { "{{#box id=Name}}{{/box}}", "t.html:1: a malformed value is given to 'id'" },
        { "{{#box Id=name}}{{/box}}", "t.html:1: a malformed parameter 'Id'" },
        { "{{#box =name}}{{/box}}", "t.html:1: a malformed parameter ''" },
        { "{{#box id=@none}}{{/box}}", "t.html:1: unknown word 'none'" },
        { "\n{{#box}}", "t.html:2: unclosed '#box'" },
        { "{{#box}}{{/line}}", "t.html:1: unclosed '#box'" },
        { "{{#box}}{{else}}{{/box}}", "t.html:1: unclosed '#box'" },
        { "{{#box a=a b=b c=c d=d e=e f=f g=g h=h}}{{/box}}",
          "t.html:1: too many words in '#box'" },
        { "{{Name}}", "t.html:1: a name is missing or malformed in 'Name'" },
        { "{{a b}}", "t.html:1: a name is missing or malformed in 'a'" },
        { "{{url}}", "t.html:1: a name is missing or malformed in 'url'" },
        { "{{t next a b}}", "t.html:1: a name is missing or malformed in 't'" },
        { "{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}{{#if a}}",
          "t.html:1: too deep '#if'" },
    };
    struct template_fixture *f = *state;
    struct template template;
    const char *failure;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        assert_int_equal(
            template_parse(f->arena,
                           &(struct template_source) { "t.html", cases[i].source, f->partials },
                           &template, &failure),
            ERR_INVALID);
        assert_string_equal(failure, cases[i].failure);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_are_escaped_in_text_and_attributes, start, end),
        cmocka_unit_test_setup_teardown(a_value_is_never_read_as_a_template, start, end),
        cmocka_unit_test_setup_teardown(a_value_never_set_or_null_is_empty, start, end),
        cmocka_unit_test_setup_teardown(the_later_of_two_values_counts, start, end),
        cmocka_unit_test_setup_teardown(a_word_is_filled_with_an_escaped_value, start, end),
        cmocka_unit_test_setup_teardown(blocks_nest, start, end),
        cmocka_unit_test_setup_teardown(a_list_is_true_when_it_has_rows, start, end),
        cmocka_unit_test_setup_teardown(a_layout_holds_the_page, start, end),
        cmocka_unit_test_setup_teardown(a_partial_has_its_parameters_and_what_stands_inside, start,
                                        end),
        cmocka_unit_test_setup_teardown(what_stands_inside_a_partial_has_the_values_of_outside,
                                        start, end),
        cmocka_unit_test_setup_teardown(a_partial_stands_in_blocks_and_in_a_layout, start, end),
        cmocka_unit_test_setup_teardown(a_partial_holds_no_partial, start, end),
        cmocka_unit_test_setup_teardown(a_script_address_becomes_a_harmless_one, start, end),
        cmocka_unit_test_setup_teardown(s9_a_path_stands_under_the_base_and_nothing_else_does,
                                        start, end),
        cmocka_unit_test_setup_teardown(a_bad_template_is_refused_with_its_line, start, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
