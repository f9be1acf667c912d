/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static const char *
opened(struct arena *arena, enum need need)
{
    struct workshop shop = { 0 };
    const char *why = workshop_open(arena, "c", need, &shop);

    assert_int_equal(shop.settings != NULL, need >= NEED_SETTINGS);
    assert_int_equal(shop.store != NULL, need >= NEED_STORE);
    if (shop.store != NULL)
        assert_string_equal(shop.ctx.channel, "operator");
    workshop_close(&shop);
    return why;
}

static void
no_more_is_opened_than_is_needed(void **state)
{
    struct arena *arena = arena_new(16U << 20);

    (void)state;
    assert_null(opened(arena, NEED_NOTHING));
    assert_null(opened(arena, NEED_SETTINGS));
    assert_int_equal(kit_files(NULL), 1);
    assert_null(opened(arena, NEED_STORE));
    assert_non_null(strstr(opened(arena, NEED_SCHEMA), "the schema lacks"));
    assert_done("migrate --config c", "");
    assert_null(opened(arena, NEED_SCHEMA));
    assert_non_null(strstr(opened(arena, NEED_KEYS), "kek cannot be used"));
    assert_done("key init --config c", "");
    assert_null(opened(arena, NEED_KEYS));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_is_opened_than_is_needed),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
