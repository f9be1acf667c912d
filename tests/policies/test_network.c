/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <stdio.h>
#include <string.h>

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

static void
a_network_has_what_agrees_in_its_first_bits(void **state)
{
    static const struct {
        const char *list;
        const char *address;
        bool has;
    } held[] = {
        { "10.0.0.2", "10.0.0.2", true },
        { "10.0.0.2", "10.0.0.3", false },
        { "10.0.0.0/8", "10.255.255.255", true },
        { "10.0.0.0/8", "11.0.0.0", false },
        { "10.1.2.3/8", "10.9.9.9", true },
        { "192.0.2.64/26", "192.0.2.127", true },
        { "192.0.2.64/26", "192.0.2.128", false },
        { "192.0.2.64/26", "192.0.2.63", false },
        { "128.0.0.0/1", "255.1.1.1", true },
        { "128.0.0.0/1", "127.1.1.1", false },
        { "10.0.0.2/32", "10.0.0.2", true },
        { "2001:db8::/32", "2001:db8:ffff::1", true },
        { "2001:db8::/32", "2001:db9::1", false },
        { "2001:DB8:0::/33", "2001:db8:7fff::", true },
        { "2001:DB8:0::/33", "2001:db8:8000::", false },
        { "::1", "[::1]:80", true },
        { "::1/128", "::1", true },
        { "::ffff:10.0.0.0/104", "10.2.3.4", true },
        { "::ffff:10.0.0.0/104", "11.2.3.4", false },
        { "10.0.0.0/8", "::ffff:10.1.1.1", true },
        { "10.0.0.0/8", "a00::", false },
        { "192.0.2.1 10.0.0.0/8  ::1 ", "10.0.0.1", true },
        { "", "10.0.0.1", false },
        { "10.0.0.0/8", "unknown", false },
        { "10.0.0.0/8", NULL, false },
    };
    struct networks networks;
    size_t size;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(held); i++) {
        assert_null(networks_read(held[i].list, &size, &networks));
        if (networks_have(&networks, held[i].address) != held[i].has)
            fail_msg("%s and %s", held[i].list, held[i].address);
    }
}

static void
what_is_no_network_is_named(void **state)
{
    static const char *const bad[] = {
        "10.0.0.1,",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/0",
        "::/0",
        "::1/129",
        "front.local",
        "10.0.0",
        "10.0.0.1:80",
        "[::1]",
        "[::1]:80",
        "fe80::1%eth0",
        "::ffff:0.0.0.0/96",
        "10.0.0.0/a",
        "10.0.0.0/8/8",
        "10.0.0.0/-8",
        "/8",
        "*",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"
    };
    struct networks networks;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char list[128];
        size_t size = 0;
        const char *wrong;

        snprintf(list, sizeof(list), "192.0.2.1 %s 192.0.2.2", bad[i]);
        wrong = networks_read(list, &size, &networks);
        if (wrong != list + strlen("192.0.2.1 ") || size != strlen(bad[i]))
            fail_msg("%s", bad[i]);
    }
}

static void
there_is_room_for_so_many_networks(void **state)
{
    struct networks networks;
    char list[(NETWORKS_MAX + 1) * 4 + 1] = "";
    size_t size;

    (void)state;
    for (size_t i = 0; i < NETWORKS_MAX; i++)
        memcpy(list + 4 * i, "::1 ", 5);
    assert_null(networks_read(list, &size, &networks));
    memcpy(list + (size_t)4 * NETWORKS_MAX, "::2 ", 5);
    assert_ptr_equal(networks_read(list, &size, &networks), list + (size_t)4 * NETWORKS_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_spelling_has_one_address_one_unit_and_one_prefix),
        cmocka_unit_test(the_one_spelling_is_a_fixed_point),
        cmocka_unit_test(a_network_has_what_agrees_in_its_first_bits),
        cmocka_unit_test(what_is_no_network_is_named),
        cmocka_unit_test(there_is_room_for_so_many_networks),
        cmocka_unit_test(all_of_a_64_are_one_unit_and_the_next_64_is_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
