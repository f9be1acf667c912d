/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <string.h>

#include "idp/base/near.h"

static const char *
nearest(const char *word)
{
    static const char *const names[] = { "issuer", "listen", "admin_listen", "workers", "url" };
    struct near near = near_to(word);

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        near_try(&near, names[i]);
    return near.best;
}

static void
a_slip_is_near_and_another_word_is_not(void **state)
{
    static const struct {
        const char *word;
        const char *meant;
    } cases[] = {
        { "worker", "workers" },
        { "wrokers", "workers" },
        { "Issuer", "issuer" },
        { "isuer", "issuer" },
        { "issser", "issuer" },
        { "listne", "listen" },
        { "listen ", "listen" },
        { "adminlisten", "admin_listen" },
        { "uri", "url" },
        { "colour", NULL },
        { "", NULL },
        { "w", NULL },
        { "listen_admin", NULL },
        { "工人", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *best = nearest(cases[i].word);

        if ((best == NULL) != (cases[i].meant == NULL) ||
            (best != NULL && strcmp(best, cases[i].meant) != 0))
            fail_msg("%s: %s", cases[i].word, best != NULL ? best : "none");
    }
}

static void
names_that_are_too_long_are_never_near(void **state)
{
    char longest[65];
    struct near near;

    (void)state;
    memset(longest, 'a', 64);
    longest[64] = '\0';
    near = near_to(longest);
    near_try(&near, longest + 1);
    assert_null(near.best);
    near = near_to(longest + 2);
    near_try(&near, longest);
    assert_null(near.best);
    near_try(&near, longest + 1);
    assert_ptr_equal(near.best, longest + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_is_near_and_another_word_is_not),
        cmocka_unit_test(names_that_are_too_long_are_never_near),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
