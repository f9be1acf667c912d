/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/serving_kit.h"

static char counter[16];

static const char *
of_counter(const char *verb)
{
    static char line[64];

    snprintf(line, sizeof(line), "counter %s %s --config c", verb, counter);
    return line;
}

static void
nothing_is_there_before_one_is_announced(void **state)
{
    (void)state;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    assert_done("counter list --config c",
                "counter id  region  state  place  agency  code until  enrolled at  retired at");
    assert_done("counter list --json --config c", "[]\n");
}

static void
one_is_announced_with_a_place_an_agency_and_a_region(void **state)
{
    (void)state;
    assert_failed("counter add --place Hall --agency Bureau --config c",
                  "say --place, --agency and --region; nothing was changed");
    assert_failed("counter add --place Hall --agency Bureau --region 44010 --config c",
                  "--region is a division code of six digits");
    assert_failed("counter add --place Hall --agency Bureau --region 44010x --config c",
                  "--region is a division code of six digits");
    assert_failed("counter add --place "
                  "1234567890123456789012345678901234567890123456789012345678901 --agency B "
                  "--region 440100 --config c",
                  "texts of 1 to 60 characters");
    assert_done("counter list --json --config c", "[]\n");
}

static void
its_enrolment_code_is_told_once(void **state)
{
    const char *at;

    (void)state;
    assert_done("counter add --place Hall --agency Bureau --region 440100 --config c",
                "(told this once): ");
    assert_non_null(strstr(kit_out, "/staff/counter."));
    at = strstr(kit_out, "k_");
    assert_non_null(at);
    snprintf(counter, sizeof(counter), "%.12s", at);
    assert_done("counter list --config c", "440100  announced  Hall   Bureau");
    assert_null(strstr(kit_out, "code of"));
    assert_done("counter list --json --config c", "\"state\":\"announced\"");
    assert_done(of_counter("show"), "announced");
    assert_done(of_counter("code"), "It is good once, until ");
    assert_done("audit --config c --event counter.change", "code");
    assert_done("audit --config c --event counter.change --json", counter);
}

static void
a_retired_counter_is_retired_for_good(void **state)
{
    (void)state;
    assert_done(of_counter("retire"), "is retired: nothing is taken from it any more");
    assert_failed(of_counter("retire"), "is retired already");
    assert_failed(of_counter("code"), "or it is retired");
    assert_done("counter list --config c", "retired");
    assert_failed("counter show k_0000000000 --config c", "there is no counter k_0000000000");
    assert_failed("counter retire k_0000000000 --config c", "there is no counter k_0000000000");
    assert_failed("counter code nonsense --config c", "there is no counter nonsense");
}

static void
counters_are_reached_through_the_door_while_the_service_runs(void **state)
{
    (void)state;
    serve_begin();
    assert_done("counter add --place Door --agency Bureau --region 440100 --config c",
                "(told this once): ");
    assert_done("counter list --config c", "Door");
    serve_end();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_there_before_one_is_announced),
        cmocka_unit_test(one_is_announced_with_a_place_an_agency_and_a_region),
        cmocka_unit_test(its_enrolment_code_is_told_once),
        cmocka_unit_test(a_retired_counter_is_retired_for_good),
        cmocka_unit_test(counters_are_reached_through_the_door_while_the_service_runs),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
