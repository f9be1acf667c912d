/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/network.h"

static const struct {
    const char *typed;
    const char *address; /* NULL: none */
    const char *unit;
    const char *prefix;
} cases[] = {
    { "1.2.3.4", "1.2.3.4", "1.2.3.4", "1.2.3.0/24" },
    { "255.255.255.255", "255.255.255.255", "255.255.255.255", "255.255.255.0/24" },
    { "1.2.3.4:5678", "1.2.3.4", "1.2.3.4", "1.2.3.0/24" },
    { "::ffff:1.2.3.4", "1.2.3.4", "1.2.3.4", "1.2.3.0/24" },
    { "::FFFF:102:304", "1.2.3.4", "1.2.3.4", "1.2.3.0/24" },
    { "0:0:0:0:0:ffff:1.2.3.4", "1.2.3.4", "1.2.3.4", "1.2.3.0/24" },
    { "[::ffff:1.2.3.4]:99", "1.2.3.4", "1.2.3.4", "1.2.3.0/24" },
    { "::1", "::1", "::/64", "::/48" },
    { "[::1]", "::1", "::/64", "::/48" },
    { "[::1]:99", "::1", "::/64", "::/48" },
    { "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48" },
    { "2001:DB8:1:2::6", "2001:db8:1:2::6", "2001:db8:1:2::/64", "2001:db8:1::/48" },
    { "2001:0db8:0001:0002::", "2001:db8:1:2::", "2001:db8:1:2::/64", "2001:db8:1::/48" },
    { "fe80::1%eth0", "fe80::1", "fe80::/64", "fe80::/48" },
    { "[fe80::1%25eth0]:443", "fe80::1", "fe80::/64", "fe80::/48" },
    { "::1.2.3.4", "::1.2.3.4", "::/64", "::/48" }, /* not mapped: an address of its own */
    { "", NULL, "unknown", "unknown" },
    { NULL, NULL, "unknown", "unknown" },
    { "unknown", NULL, "unknown", "unknown" },
    { "1.2.3", NULL, "unknown", "unknown" },
    { "1.2.3.256", NULL, "unknown", "unknown" },
    { "01.2.3.4", NULL, "unknown", "unknown" },
    { "1.2.3.4:", NULL, "unknown", "unknown" },
    { "1.2.3.4:65536", NULL, "unknown", "unknown" },
    { "1.2.3.4:8o", NULL, "unknown", "unknown" },
    { "1.2.3.4%eth0", NULL, "unknown", "unknown" },
    { "[1.2.3.4]", NULL, "unknown", "unknown" },
    { "[::1", NULL, "unknown", "unknown" },
    { "[::1]99", NULL, "unknown", "unknown" },
    { "[::1]:", NULL, "unknown", "unknown" },
    { "::1]:99", NULL, "unknown", "unknown" },
    { "[]", NULL, "unknown", "unknown" },
    { "[", NULL, "unknown", "unknown" },
    { ":::", NULL, "unknown", "unknown" },
    { "1:2:3:4:5:6:7:8:9", NULL, "unknown", "unknown" },
    { "g::1", NULL, "unknown", "unknown" },
    { " 1.2.3.4", NULL, "unknown", "unknown" },
    { "0000000000000000000000000000000000000000000000000000000000000000:1", NULL, "unknown",
      "unknown" },
};

static void
each_spelling_has_one_address_one_unit_and_one_prefix(void **state)
{
    struct arena *arena = arena_new(1 << 20);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *address = network_address(arena, cases[i].typed);

        assert_true((address == NULL) == (cases[i].address == NULL));
        if (address != NULL)
            assert_string_equal(address, cases[i].address);
        assert_string_equal(network_unit(arena, cases[i].typed), cases[i].unit);
        assert_string_equal(network_prefix(arena, cases[i].typed), cases[i].prefix);
    }
    arena_free(arena);
}

/* What is written is read as the same again, and counts as the same. */
static void
the_one_spelling_is_a_fixed_point(void **state)
{
    struct arena *arena = arena_new(1 << 20);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *address = network_address(arena, cases[i].typed);

        if (address == NULL)
            continue;
        assert_string_equal(network_address(arena, address), address);
        assert_string_equal(network_unit(arena, address), cases[i].unit);
        assert_string_equal(network_prefix(arena, address), cases[i].prefix);
    }
    arena_free(arena);
}

static void
all_of_a_64_are_one_unit_and_the_next_64_is_another(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    const char *unit = network_unit(arena, "2001:db8:1:2::");

    (void)state;
    for (int i = 0; i < 200; i++) {
        const char *inside =
            arena_printf(arena, "2001:db8:1:2:%x:%x:%x:%x", i * 300, i, 65535 - i, i * 7);

        assert_string_equal(network_unit(arena, inside), unit);
    }
    assert_string_not_equal(network_unit(arena, "2001:db8:1:3::"), unit);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_spelling_has_one_address_one_unit_and_one_prefix),
        cmocka_unit_test(the_one_spelling_is_a_fixed_point),
        cmocka_unit_test(all_of_a_64_are_one_unit_and_the_next_64_is_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
