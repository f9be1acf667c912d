/* SPDX-License-Identifier: Apache-2.0 */
/* What a sandbox shows of a card beside its code. */
#include <string.h>

#include "idp/card/code.h"
#include "tests/protocols/card/page_kit.h"

static int
setup_explaining(void **state)
{
    int failed = world_setup(state);

    if (failed == 0)
        ((struct world *)*state)->settings.errors.explain = true;
    return failed;
}

static void
the_text_of_the_code_is_what_is_drawn(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct card_code code;
    const char *text;

    card_page(w, 0, "");
    assert_true(page_shows(w, "qr"));
    text = strstr(w->answer.body, "id=\"code-text\">");
    assert_non_null(text);
    text += strlen("id=\"code-text\">");
    ctx = world_ctx(w);
    assert_int_equal(card_code_open(&ctx, arena_copy(w->arena, text, strcspn(text, "<")), &code),
                     OK);
    assert_int_equal(code.purpose, CARD_PURPOSE_show);
}

static void
elsewhere_no_text_stands_on_the_page(void **state)
{
    struct world *w = *state;

    card_page(w, 0, "");
    assert_true(page_shows(w, "qr"));
    assert_false(page_shows(w, "code-text"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_text_of_the_code_is_what_is_drawn, setup_explaining,
                                        world_teardown),
        world_test(elsewhere_no_text_stands_on_the_page),
    };

    return world_run(tests);
}
