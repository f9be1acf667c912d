/* SPDX-License-Identifier: Apache-2.0 */
/* Codes by which terminals and counters are set up. */
#include "idp/partner/setup_code.h"
#include "tests/world.h"

#include <string.h>

#include "idp/base/buf.h"

static const struct setup_kind kind = { "x_", "test.code" };
static const struct setup_kind other = { "y_", "other.code" };

static void
a_code_names_its_machine_and_only_its_digest_is_kept(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct setup_code code;
    struct digest made;
    struct digest read;
    const char *id;
    const char *of;

    assert_int_equal(setup_id_new(&ctx, &kind, &id), OK);
    assert_int_equal(strlen(id), SETUP_ID_SIZE);
    assert_int_equal(setup_code_make(&ctx, &kind, id, &made, &code), OK);
    assert_string_equal(code.id, id);
    assert_int_equal(code.until, ctx.now + SETUP_CODE_S);
    assert_int_equal(strlen(code.text), 30 + 5); /* six groups of five */
    assert_true(setup_code_read(&ctx, &kind, code.text, &of, &read));
    assert_string_equal(of, id);
    assert_memory_equal(&made, &read, sizeof(made));
    /* The same digits are another code for another kind of machine. */
    assert_true(setup_code_read(&ctx, &other, code.text, &of, &read));
    assert_memory_not_equal(&made, &read, sizeof(made));
}

static void
what_has_not_the_form_of_a_code_names_no_machine(void **state)
{
    static const char *const wrong[] = { "", "1", "12345-67890-12345-67890-12345-6789",
                                         "12345-67890-12345-67890-12345-678901",
                                         "12345-67890-12345-67890-12345-6789x" };
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct digest digest;
    const char *id;

    assert_false(setup_code_read(&ctx, &kind, NULL, &id, &digest));
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(setup_code_read(&ctx, &kind, wrong[i], &id, &digest));
    /* Blanks and full-width digits are what people type. */
    assert_true(setup_code_read(&ctx, &kind, "１2345 67890 12345 67890 12345 67890", &id, &digest));
    assert_string_equal(id, "x_1234567890");
}

static void
a_place_is_told_in_characters_that_people_see(void **state)
{
    struct world *w = *state;
    struct buf most = buf_new(w->arena, 4 * (SETUP_TEXT_MAX + 1));

    for (int i = 0; i < SETUP_TEXT_MAX; i++)
        buf_text(&most, "厅");
    assert_true(setup_text_is_sound("二楼 12 号窗口"));
    assert_true(setup_text_is_sound(most.at));
    buf_text(&most, "厅");
    assert_false(setup_text_is_sound(most.at));
    assert_false(setup_text_is_sound(NULL));
    assert_false(setup_text_is_sound(""));
    assert_false(setup_text_is_sound("a\nb"));
    assert_false(setup_text_is_sound("a\xe2\x80\xae"
                                     "b"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_code_names_its_machine_and_only_its_digest_is_kept),
        world_test(what_has_not_the_form_of_a_code_names_no_machine),
        world_test(a_place_is_told_in_characters_that_people_see),
    };

    return world_run(tests);
}
