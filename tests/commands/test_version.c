/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static void
it_tells_version_commit_and_libraries(void **state)
{
    static const char *const names[] = { "commit",  "OpenSSL", "GnuTLS",        "libsodium",
                                         "SQLite",  "libpq",   "libmicrohttpd", "libcurl",
                                         "libldap", "jansson", "libjwt" };

    (void)state;
    assert_done("version", "tongxing " TONGXING_VERSION "\n");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char line[32];

        snprintf(line, sizeof(line), "\n%-14s ", names[i]);
        assert_non_null(strstr(kit_out, line));
    }
    assert_non_null(strstr(kit_out, sqlite3_libversion()));
    assert_null(strstr(kit_out, "(null)"));
    assert_string_equal(kit_err, "");
}

static void
the_option_says_the_same(void **state)
{
    char said[KIT_SAID_MAX];

    (void)state;
    assert_done("version", "");
    memcpy(said, kit_out, sizeof(said));
    assert_done("--version", "");
    assert_string_equal(kit_out, said);
    assert_string_equal(kit_err, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_tells_version_commit_and_libraries),
        cmocka_unit_test(the_option_says_the_same),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
