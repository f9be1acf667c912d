/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static void
a_right_file_is_called_right(void **state)
{
    (void)state;
    assert_done("check-config --config c", "c: the configuration is right.\n");
    assert_int_equal(kit_files(NULL), 1); /* no store was made */
}

static void
an_open_sandbox_is_pointed_out(void **state)
{
    static const char file[] = "[server]\nissuer = %s\nlisten = 127.0.0.1:9\n"
                               "trusted_proxies = 127.0.0.1\n[errors]\nexplain = yes\n";
    char text[512];

    (void)state;
    snprintf(text, sizeof(text), file, "https://sandbox.example");
    kit_file("sandbox", text);
    assert_done("check-config --config sandbox",
                "warning: sandbox:6: errors.explain is on under an issuer that others reach: "
                "partners are told which check failed, and so is whoever guesses. Right for a "
                "sandbox, wrong where real people log in.\nsandbox: the configuration is right.\n");
    snprintf(text, sizeof(text), file, "http://localhost:9080");
    kit_file("demo", text);
    assert_done("check-config --config demo", "demo: the configuration is right.\n");
}

static void
a_wrong_file_is_told_with_its_line(void **state)
{
    (void)state;
    kit_file("wrong", "[server]\nissuer = http://127.0.0.1\nworker = 1\n[log]\nlevel = loud\n");
    assert_failed("check-config --config wrong",
                  "tongxing: check-config: wrong is wrong where it is told above\n");
    assert_string_equal(kit_out,
                        "error: wrong:3: There is no setting worker in section [server]. Did you "
                        "mean workers?\n"
                        "error: wrong:5: log.level must be debug, info, warn or error. Write one "
                        "of the four words.\n");
    assert_failed("check-config --config nowhere", "nowhere");
}

/* What is looked at is in tests/server/doctor/test_doctor.c. */
static void
deep_down_a_right_file_may_stand_on_nothing(void **state)
{
    (void)state;
    assert_failed("check-config --deep --config c", "c is wrong where it is told above");
    assert_non_null(
        strstr(kit_out, "error: c:4: There is no store yet. tongxing migrate makes it"));
    assert_non_null(strstr(kit_out, "error: c:6: There is no key-encryption key "));
    assert_non_null(strstr(kit_out, "warning: c: There is no bank network"));
    assert_non_null(strstr(kit_out, "c: 2 errors, "));
    assert_int_equal(kit_files(NULL), 1); /* nothing was made */
}

static void
doctor_is_another_word_for_it(void **state)
{
    (void)state;
    assert_failed("doctor --config c", "tongxing: doctor: c is wrong where it is told above");
    assert_non_null(strstr(kit_out, "c: 2 errors, "));
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    assert_done("doctor --config c", "ok: c:4: The store answers, and its schema fits.\n");
    assert_non_null(strstr(kit_out, "c: 0 errors, "));
    assert_called_wrongly("doctor --deep --config c", "doctor takes no --deep.");
}

static void
programs_get_the_same_as_json(void **state)
{
    (void)state;
    kit_file("wrong", "[server]\nissuer = http://127.0.0.1\nworker = 1\n");
    assert_failed("check-config --json --config wrong", "wrong is wrong where it is told above");
    assert_string_equal(
        kit_out, "[{\"level\":\"error\",\"file\":\"wrong\",\"line\":3,\"sentence\":\"There is no "
                 "setting worker in section [server].\",\"advice\":\"Did you mean "
                 "workers?\"}]\n");
    assert_done("check-config --json --config c", "[]\n");
}

/* Whatever a command needs the file for, it tells all that is wrong with it. */
static void
other_commands_tell_all_mistakes_too(void **state)
{
    (void)state;
    kit_file("wrong", "[server]\nissuer = http://127.0.0.1\nworker = 1\n[log]\nlevel = loud\n");
    assert_failed("migrate --config wrong",
                  "tongxing: wrong:3: There is no setting worker in section [server]. Did you mean "
                  "workers?\nwrong:5: log.level must be");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_file_is_called_right),
        cmocka_unit_test(deep_down_a_right_file_may_stand_on_nothing),
        cmocka_unit_test(an_open_sandbox_is_pointed_out),
        cmocka_unit_test(doctor_is_another_word_for_it),
        cmocka_unit_test(programs_get_the_same_as_json),
        cmocka_unit_test(other_commands_tell_all_mistakes_too),
        cmocka_unit_test(a_wrong_file_is_told_with_its_line),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
