/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/named.h"
#include "tests/world.h"

static void
a_person_is_meant_by_id_phone_or_identity_number(void **state)
{
    static const char *const names[] = { "13800138000",        "+8613800138000",
                                         "138 0013 8000",      "11010519491231002X",
                                         "11010519491231002x", "p_world0" };
    struct world *w = *state;
    const char *id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);

    (void)world_person(w, 1);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *found = NULL;

        assert_int_equal(person_named(&ctx, names[i], &found), OK);
        assert_string_equal(found, id);
    }
}

static void
what_has_no_such_form_or_is_nobodys_is_told_apart(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *found;

    assert_int_equal(person_named(&ctx, "p_nobody", &found), ERR_NOT_FOUND);
    assert_int_equal(person_named(&ctx, "13800138000", &found), ERR_NOT_FOUND);
    assert_int_equal(person_named(&ctx, "11010519491231002X", &found), ERR_NOT_FOUND);
    assert_int_equal(person_named(&ctx, "110105194912310021", &found), ERR_INVALID);
    assert_int_equal(person_named(&ctx, "1380013800", &found), ERR_INVALID);
    assert_int_equal(person_named(&ctx, "", &found), ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_person_is_meant_by_id_phone_or_identity_number),
        world_test(what_has_no_such_form_or_is_nobodys_is_told_apart),
    };

    return world_run(tests);
}
