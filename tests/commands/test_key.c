/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static int
lines(const char *text)
{
    int count = 0;

    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

static int
keys_there_are(void)
{
    assert_done("key list --config c", "");
    return lines(kit_out);
}

static void
first_keys_are_made_once(void **state)
{
    (void)state;
    assert_done("migrate --config c", "");
    assert_int_equal(keys_there_are(), 1); /* the titles */
    assert_failed("key rotate --config c", "kek cannot be used");
    assert_done("key init --config c", "8 keys made.\n");
    assert_done("key init --config c", "0 keys made.\n");
    assert_int_equal(keys_there_are(), 9);
}

static void
the_list_tells_states_and_no_secret(void **state)
{
    (void)state;
    assert_done("key list --config c", "key id ");
    assert_non_null(strstr(kit_out, "  signing  "));
    assert_non_null(strstr(kit_out, "  pepper    -          in use   "));
    assert_non_null(strstr(kit_out, ":00"));
    assert_done("key list --json --config c", "[{\"key_id\":\"");
    assert_non_null(strstr(
        kit_out, "\"purpose\":\"sign\",\"algorithm\":\"ES256\",\"state\":\"signing\",\"since\":1"));
    assert_non_null(strstr(kit_out, "}]\n"));
}

/* It once rotated. */
static void
a_rotation_cannot_be_planned(void **state)
{
    int before = keys_there_are();

    (void)state;
    assert_called_wrongly("key rotate --plan --config c", "key rotate takes no --plan.");
    assert_called_wrongly("key init --plan --config c", "key init takes no --plan.");
    assert_called_wrongly("key rotate HS256 --config c", "ES256, RS256 or EdDSA, not \"HS256\"");
    assert_int_equal(keys_there_are(), before);
}

static void
a_rotation_announces_a_key_of_the_algorithm(void **state)
{
    int before = keys_there_are();

    (void)state;
    assert_done("key rotate --config c", " is announced.\n");
    assert_done("key rotate EdDSA --config c", " is announced.\n");
    assert_int_equal(keys_there_are(), before + 2);
}

/* No node could open what it announced. */
static void
a_rotation_under_another_key_is_refused(void **state)
{
    int before = keys_there_are();

    (void)state;
    assert_int_equal(rename("kek", "kept"), 0);
    kit_file("kek", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
    assert_failed("key rotate --config c", "kek does not open the keys of the store");
    assert_int_equal(rename("kept", "kek"), 0);
    assert_int_equal(keys_there_are(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_keys_are_made_once),
        cmocka_unit_test(the_list_tells_states_and_no_secret),
        cmocka_unit_test(a_rotation_cannot_be_planned),
        cmocka_unit_test(a_rotation_announces_a_key_of_the_algorithm),
        cmocka_unit_test(a_rotation_under_another_key_is_refused),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
