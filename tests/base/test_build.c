/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include "idp/base/build.h"

static void
a_test_knows_of_no_commit(void **state)
{
    (void)state;
    assert_string_equal(build_commit, "unknown");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_knows_of_no_commit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
