/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "idp/connect/address.h"

static const struct {
    const char *text;
    enum address_kind kind;
} cases[] = {
    { "127.0.0.1", ADDRESS_LOOPBACK },
    { "127.255.255.254", ADDRESS_LOOPBACK },
    { "::1", ADDRESS_LOOPBACK },
    { "0.0.0.0", ADDRESS_INNER },
    { "0.1.2.3", ADDRESS_INNER },
    { "10.0.0.1", ADDRESS_INNER },
    { "100.64.0.1", ADDRESS_INNER },
    { "100.127.255.255", ADDRESS_INNER },
    { "169.254.169.254", ADDRESS_INNER },
    { "172.16.0.1", ADDRESS_INNER },
    { "172.31.255.255", ADDRESS_INNER },
    { "192.0.0.8", ADDRESS_INNER },
    { "192.0.2.1", ADDRESS_INNER },
    { "192.88.99.1", ADDRESS_INNER },
    { "192.168.1.1", ADDRESS_INNER },
    { "198.18.0.1", ADDRESS_INNER },
    { "198.19.255.255", ADDRESS_INNER },
    { "198.51.100.1", ADDRESS_INNER },
    { "203.0.113.1", ADDRESS_INNER },
    { "224.0.0.1", ADDRESS_INNER },
    { "240.0.0.1", ADDRESS_INNER },
    { "255.255.255.255", ADDRESS_INNER },
    { "::", ADDRESS_INNER },
    { "::ffff:127.0.0.1", ADDRESS_INNER },
    { "::ffff:8.8.8.8", ADDRESS_INNER },
    { "::127.0.0.1", ADDRESS_INNER },
    { "64:ff9b::7f00:1", ADDRESS_INNER },
    { "100::1", ADDRESS_INNER },
    { "2001::1", ADDRESS_INNER },
    { "2001:1ff::1", ADDRESS_INNER },
    { "2001:db8::1", ADDRESS_INNER },
    { "2002:7f00:1::", ADDRESS_INNER },
    { "3fff::1", ADDRESS_INNER },
    { "3fff:fff::1", ADDRESS_INNER },
    { "fc00::1", ADDRESS_INNER },
    { "fdff::1", ADDRESS_INNER },
    { "fe80::1", ADDRESS_INNER },
    { "fec0::1", ADDRESS_INNER },
    { "ff02::1", ADDRESS_INNER },
    { "1.1.1.1", ADDRESS_PUBLIC },
    { "9.255.255.255", ADDRESS_PUBLIC },
    { "11.0.0.0", ADDRESS_PUBLIC },
    { "100.63.255.255", ADDRESS_PUBLIC },
    { "100.128.0.0", ADDRESS_PUBLIC },
    { "126.255.255.255", ADDRESS_PUBLIC },
    { "128.0.0.1", ADDRESS_PUBLIC },
    { "172.15.255.255", ADDRESS_PUBLIC },
    { "172.32.0.0", ADDRESS_PUBLIC },
    { "198.17.255.255", ADDRESS_PUBLIC },
    { "223.255.255.255", ADDRESS_PUBLIC },
    { "2001:200::1", ADDRESS_PUBLIC },
    { "2400:3200::1", ADDRESS_PUBLIC },
    { "2606:4700::1111", ADDRESS_PUBLIC },
    { "3ffe:ffff::1", ADDRESS_PUBLIC },
};

static void
each_literal_is_of_its_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum address_kind kind;

        if (!address_parse(cases[i].text, &kind) || kind != cases[i].kind)
            fail_msg("%s", cases[i].text);
    }
}

static void
a_socket_address_is_judged_like_its_literal(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sockaddr_in in4 = { .sin_family = AF_INET };
        struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
        bool is4 = inet_pton(AF_INET, cases[i].text, &in4.sin_addr) == 1;

        if (!is4)
            assert_int_equal(inet_pton(AF_INET6, cases[i].text, &in6.sin6_addr), 1);
        assert_int_equal(address_kind_of(is4 ? (void *)&in4 : (void *)&in6), cases[i].kind);
    }
}

static void
other_families_are_inner(void **state)
{
    struct sockaddr_un local = { .sun_family = AF_UNIX };

    (void)state;
    assert_int_equal(address_kind_of((void *)&local), ADDRESS_INNER);
}

static void
names_and_odd_forms_are_no_literals(void **state)
{
    static const char *const texts[] = { "localhost",  "",           "127.1",
                                         "0x7f.0.0.1", "2130706433", "fe80::1%eth0",
                                         "[::1]" };
    enum address_kind kind;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(address_parse(texts[i], &kind));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_literal_is_of_its_kind),
        cmocka_unit_test(a_socket_address_is_judged_like_its_literal),
        cmocka_unit_test(other_families_are_inner),
        cmocka_unit_test(names_and_odd_forms_are_no_literals),
    };

    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
