/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/problem.h"
#include "policies/password_rules.h"

#define PHONE "13800138000"
#define NUMBER "11010519491231002X"

static void
assert_verdict(const char *password, const struct problem *problem)
{
    assert_ptr_equal(password_check(password, PHONE, NUMBER), problem);
}

static void
any_long_enough_text_is_accepted(void **state)
{
    static const char *const good[] = {
        "correct horse battery", "kx7Qz!mv", "春眠不觉晓处处闻",
        "a b c d e f",           "zanhvoxq", "🙂🙃🙂🙃🙂🙂🙃🙃"
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_verdict(good[i], NULL);
    assert_null(password_check("kx7Qz!mv", NULL, NULL));
    assert_null(password_check("kx7Qz!mv", "", ""));
}

/* Four letters with accents of their own are four characters. */
static void
a_password_is_judged_in_the_form_that_is_hashed(void **state)
{
    (void)state;
    assert_verdict("éáóú", &problem_password_too_short);
    assert_verdict("éáóúnczk", NULL);
}

static void
length_is_counted_in_characters(void **state)
{
    char text[3 * 129 + 1] = { 0 };

    (void)state;
    assert_verdict("", &problem_password_too_short);
    assert_verdict("kx7Qz!m", &problem_password_too_short);
    assert_verdict("春眠不觉晓处处", &problem_password_too_short);
    for (int i = 0; i < 129; i++)
        memcpy(text + 3 * i, i % 5 == 0 ? "春" : "眠", 3);
    assert_verdict(text, &problem_password_too_long);
    text[3 * 128] = '\0';
    assert_verdict(text, NULL);
}

static void
what_everybody_takes_is_refused(void **state)
{
    static const char *const bad[] = {
        "password", "PassWord",  "woaini1314", "A123456789", "qwerty123",  "5201314520",
        "1qaz2wsx", "iloveyou1", "admin123",   "P@ssw0rd",   "zxcvbnm123",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_verdict(bad[i], &problem_password_common);
}

static void
runs_and_repetitions_are_refused_by_rule(void **state)
{
    static const char *const bad[] = {
        "12345678",  "123456789",   "1234567890",       "87654321", "abcdefgh",
        "hgfedcba",  "01234567890", "88888888",         "aaaaaaaa", "12121212",
        "abcabcabc", "abcdabcd",    "我我我我我我我我",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_verdict(bad[i], &problem_password_common);
}

static void
ones_own_numbers_are_refused(void **state)
{
    static const char *const bad[] = { PHONE, "x13800138000y", NUMBER, "my31002Xmine",
                                       "my31002xmine" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_verdict(bad[i], &problem_password_personal);
    /* Five characters of a number are nobody's. */
    assert_verdict("my1002xmine", NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_long_enough_text_is_accepted),
        cmocka_unit_test(a_password_is_judged_in_the_form_that_is_hashed),
        cmocka_unit_test(length_is_counted_in_characters),
        cmocka_unit_test(what_everybody_takes_is_refused),
        cmocka_unit_test(runs_and_repetitions_are_refused_by_rule),
        cmocka_unit_test(ones_own_numbers_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
