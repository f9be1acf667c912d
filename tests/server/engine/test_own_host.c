/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include "idp/server/engine/own_host.h"

static const char own[] = "localhost 127.0.0.1 [::1] 10.0.0.11:9089 Admin.Example";

static void
a_listener_answers_to_its_own_names_with_any_port(void **state)
{
    static const char *const hosts[] = { "localhost",  "LOCALHOST:9089", "127.0.0.1:1",
                                         "[::1]:9089", "[::1]",          "10.0.0.11:8000",
                                         "10.0.0.11",  "admin.example" };

    (void)state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        assert_true(own_host_matches(own, hosts[i]));
}

static void
no_other_name_is_answered(void **state)
{
    static const char *const hosts[] = { "evil.example", "localhost.evil.example",
                                         "local",        "",
                                         "[::2]",        "127.0.0.1.nip.io",
                                         ":9089",        "admin.example.evil" };

    (void)state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        assert_false(own_host_matches(own, hosts[i]));
    assert_false(own_host_matches("", "localhost"));
}

static void
without_a_list_or_without_a_name_there_is_nothing_to_compare(void **state)
{
    (void)state;
    assert_true(own_host_matches(NULL, "evil.example"));
    assert_true(own_host_matches(own, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listener_answers_to_its_own_names_with_any_port),
        cmocka_unit_test(no_other_name_is_answered),
        cmocka_unit_test(without_a_list_or_without_a_name_there_is_nothing_to_compare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
