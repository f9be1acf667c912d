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
a_plan_of_a_rotation_changes_nothing(void **state)
{
    int before = keys_there_are();

    (void)state;
    assert_done("key rotate --plan --config c", "A successor of the ES256 key would be announced");
    assert_done("key rotate RS256 --now --plan --config c",
                "A successor of the RS256 key would sign in 3 s. Partners that have cached");
    assert_called_wrongly("key init --plan --config c", "key init takes no --plan.");
    assert_called_wrongly("key rotate HS256 --config c",
                          "ES256, RS256, EdDSA or SGD_SM3_SM2, not \"HS256\"");
    assert_failed("key rotate SGD_SM3_SM2 --config c", "nothing is signed by SGD_SM3_SM2");
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

/* Of a line of the list. */
static const char *
id_with(const char *words)
{
    static char id[64];
    const char *at;

    assert_done("key list --config c", words);
    for (at = strstr(kit_out, words); at > kit_out && at[-1] != '\n'; at--)
        continue;
    snprintf(id, sizeof(id), "%.*s", (int)strcspn(at, " "), at);
    return id;
}

static void
a_rotation_is_hastened_by_what_is_announced(void **state)
{
    int before = keys_there_are();
    char line[128];

    (void)state;
    snprintf(line, sizeof(line), "%s signs in 3 s, while a service runs.\n",
             id_with("  sign      EdDSA      announced"));
    assert_done("key rotate EdDSA --now --config c", line);
    assert_int_equal(keys_there_are(), before);
    assert_done("key rotate RS256 --now --config c", " signs in 3 s");
    assert_int_equal(keys_there_are(), before + 1);
}

static void
a_leaked_key_is_retired_and_its_cost_said_before(void **state)
{
    char id[64];
    char line[256];
    int before = keys_there_are();

    (void)state;
    snprintf(id, sizeof(id), "%s", id_with("  sign      EdDSA      signing"));
    snprintf(line, sizeof(line), "key retire --plan --config c -- %s", id);
    assert_done(line, "would be gone from the key set, and every node refuse it.\n");
    assert_non_null(strstr(kit_out, "Access tokens that it signed, of the last "));
    assert_non_null(strstr(kit_out, " signs in its place at once"));
    assert_int_equal(keys_there_are(), before);
    snprintf(line, sizeof(line), "key retire --config c -- %s", id);
    assert_done(line, "(EdDSA, signing) is gone from the key set");
    assert_int_equal(keys_there_are(), before - 1); /* what was announced signs */
    assert_null(strstr(kit_out, id));
    assert_failed(line, "; 'key list' names all");
    snprintf(id, sizeof(id), "%s", id_with("  sign      EdDSA      signing"));
    snprintf(line, sizeof(line), "key retire --config c -- %s", id);
    assert_done(line, " signs in its place at once"); /* none was announced: one is made */
    assert_int_equal(keys_there_are(), before - 1);
    assert_done("key list --config c", "  sign      EdDSA      signing");
}

static void
what_does_not_sign_is_not_retired(void **state)
{
    static const char *const purposes[] = { "  seal ", "  data ", "  index ", "  pepper ",
                                            "  pairwise " };
    int before = keys_there_are();
    char line[256];

    (void)state;
    for (size_t i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++) {
        snprintf(line, sizeof(line), "key retire --config c -- %s", id_with(purposes[i]));
        assert_failed(line, " does not sign: it is the key for \"");
        assert_string_equal(kit_out, "");
    }
    assert_failed("key retire nokey --config c", "there is no key nokey; 'key list' names all");
    assert_int_equal(keys_there_are(), before);
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
        cmocka_unit_test(a_plan_of_a_rotation_changes_nothing),
        cmocka_unit_test(a_rotation_announces_a_key_of_the_algorithm),
        cmocka_unit_test(a_rotation_is_hastened_by_what_is_announced),
        cmocka_unit_test(a_leaked_key_is_retired_and_its_cost_said_before),
        cmocka_unit_test(what_does_not_sign_is_not_retired),
        cmocka_unit_test(a_rotation_under_another_key_is_refused),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
