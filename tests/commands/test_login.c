/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused before a browser is asked for; the rest is tests/clients/login_try.test.mjs. */
#include "tests/commands/kit.h"

static void
a_redirect_uri_elsewhere_is_refused(void **state)
{
    (void)state;
    assert_failed("login try webhall --config c --redirect-uri https://app.example/cb",
                  "https://app.example/cb is no address of this machine");
}

static void
a_secret_that_others_may_read_is_refused(void **state)
{
    (void)state;
    kit_file("secret", "s\n");
    assert_int_equal(chmod("secret", 0644), 0);
    assert_failed("login try webhall --config c --secret-file secret", "chmod 600 it");
    assert_failed("login try webhall --config c --secret-file none", "none cannot be read");
}

static void
a_partner_must_be_named(void **state)
{
    (void)state;
    assert_called_wrongly("login try --config c", "needs a word more: PARTNER");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_redirect_uri_elsewhere_is_refused),
        cmocka_unit_test(a_secret_that_others_may_read_is_refused),
        cmocka_unit_test(a_partner_must_be_named),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
