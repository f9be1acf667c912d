/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/percent.h"
#include "tests/protocols/http/kit.h"

static void
escapes_become_bytes_and_plus_stays_plus(void **state)
{
    char text[] = "/a%2Fb+c%E4%BA%BA";
    const char *out = NULL;

    (void)state;
    assert_int_equal(percent_decode(text, strlen(text), &out), OK);
    assert_string_equal(out, "/a/b+c\xe4\xba\xba");
}

static void
what_does_not_decode_to_text_is_refused(void **state)
{
    static const char *const bad[] = { "%", "%1", "%g1", "%1g", "%00", "%ff", "ab%" };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char *text = strdup(bad[i]);
        const char *out = NULL;

        assert_int_equal(percent_decode(text, strlen(text), &out), ERR_INVALID);
        free(text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_become_bytes_and_plus_stays_plus),
        cmocka_unit_test(what_does_not_decode_to_text_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
