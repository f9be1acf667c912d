/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/base/emit.h"
#include "idp/session/actor.h"

static int
setup(void **state)
{
    *state = arena_new((size_t)1 << 20);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *
emitted(struct arena *arena, const char *actor)
{
    struct buf buf = buf_new(arena, 256);

    emit_object(&buf, NULL);
    emit_actor(&buf, actor);
    emit_object_end(&buf);
    return buf.at;
}

static const char *
back(struct arena *arena, const char *actor)
{
    return actor_of_claims(arena, json_read(arena, bytes_of_text(emitted(arena, actor))));
}

static void
a_partner_is_named_by_its_id(void **state)
{
    assert_false(actor_is_staff("clinic"));
    assert_string_equal(emitted(*state, "clinic"), "{\"act\":{\"sub\":\"clinic\"}}");
    assert_string_equal(back(*state, "clinic"), "clinic");
}

static void
nobody_is_not_named(void **state)
{
    assert_false(actor_is_staff(NULL));
    assert_string_equal(emitted(*state, NULL), "{}");
    assert_string_equal(emitted(*state, ""), "{}");
    assert_string_equal(back(*state, ""), "");
}

static void
a_member_of_staff_is_named_with_what_she_does(void **state)
{
    const char *actor = actor_of_staff(*state, &(struct staff_actor) { .sub = "s\"1",
                                                                       .agency = "社保局",
                                                                       .counter_id = "k_1",
                                                                       .business = "pension",
                                                                       .reason = "由本人要求" });

    assert_true(actor_is_staff(actor));
    assert_string_equal(
        emitted(*state, actor),
        "{\"act\":{\"sub\":\"s\\u00221\",\"agency\":\"社保局\",\"counter\":\"k_1\"},"
        "\"business\":\"pension\",\"reason\":\"由本人要求\"}");
    assert_string_equal(back(*state, actor), actor);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_partner_is_named_by_its_id, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_is_not_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_member_of_staff_is_named_with_what_she_does, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
