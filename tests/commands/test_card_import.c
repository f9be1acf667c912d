/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/serving_kit.h"

#define GOOD(position) #position ",330500,X00000019,11010519491231002X,1,20200101,20300101,\n"

static char text[KIT_SAID_MAX];

static const char *
read_back(const char *name)
{
    FILE *file = fopen(name, "r");

    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static int
prepared(void **state)
{
    if (kit_open(state) != 0)
        return -1;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    return 0;
}

static void
a_file_is_taken_over_and_told_of(void **state)
{
    (void)state;
    kit_file("cards",
             "position,region,card_no,identity_number,state,valid_from,valid_to,lapses_at\n" GOOD(1)
                 GOOD(2));
    assert_done("card import cards --config c", "2 lines were taken over, 0 were rejected.");
    assert_non_null(strstr(kit_err, "up to line 3: 2 taken over, 0 rejected\n"));
    assert_int_not_equal(access("cards.errors", F_OK), 0);
    assert_done("card import cards --config c", "2 lines were taken over, 0 were rejected.");
    assert_done("audit --config c --event card.import", "card.import");
}

static void
lines_at_fault_stand_in_a_file_of_their_own(void **state)
{
    (void)state;
    kit_file("cards", GOOD(3) "nonsense\n" GOOD(4) "5,1,2,3,4,5,6,7\n");
    assert_done("card import cards --config c", "2 lines were taken over, 2 were rejected: ");
    assert_string_equal(read_back("cards.errors"), "2 fields\n4 region\n");
    assert_done("card import cards --config c --errors wrong", "2 were rejected: ");
    assert_string_equal(read_back("wrong"), "2 fields\n4 region\n");
    assert_done("card import cards --config c --from 3",
                "1 lines were taken over, 1 were rejected");
    assert_string_equal(read_back("cards.errors"), "2 fields\n4 region\n4 region\n");
    kit_file("cards", GOOD(5));
    assert_done("card import cards --config c", "0 were rejected.");
    assert_int_not_equal(access("cards.errors", F_OK), 0);
}

static void
the_feed_goes_on_behind_a_whole_file(void **state)
{
    (void)state;
    kit_file("cards", GOOD(6) "nonsense\n");
    assert_done("card import cards --config c --position 6", "The feed stays where it is");
    kit_file("cards", GOOD(6));
    assert_done("card import cards --config c --position 6000000000",
                "The feed goes on behind position 6000000000.");
    assert_done("card import cards --config c --position 5",
                "The feed is behind position 5 already.");
    assert_failed("card import cards --config c --position x", "--position x is no position");
}

static void
a_file_that_is_not_there_is_told_of(void **state)
{
    (void)state;
    assert_failed("card import nowhere --config c",
                  "tongxing: card import: nowhere cannot be read: No such file or directory");
    kit_file("cards", "");
    assert_done("card import cards --config c", "0 lines were taken over, 0 were rejected.");
}

/* Several rounds: more than one piece. */
static void
many_lines(const char *name, int count)
{
    FILE *file = fopen(name, "w");

    assert_non_null(file);
    for (int i = 1; i <= count; i++)
        fprintf(file, "%d,330500,X00000019,11010519491231002X,1,20200101,20300101,\n", 10 + i);
    fclose(file);
}

static void
a_long_file_goes_through_the_door_while_the_service_runs(void **state)
{
    (void)state;
    many_lines("cards", 4000);
    serve_begin();
    assert_done("card import cards --config c", "4000 lines were taken over, 0 were rejected.");
    assert_non_null(strstr(kit_err, "up to line 4000: 4000 taken over"));
    assert_done("card import cards --config c --from 3999",
                "2 lines were taken over, 0 were rejected.");
    kit_file("cards", "nonsense\n" GOOD(5000));
    assert_done("card import cards --config c", "1 lines were taken over, 1 were rejected");
    assert_string_equal(read_back("cards.errors"), "1 fields\n");
    serve_end();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_taken_over_and_told_of),
        cmocka_unit_test(lines_at_fault_stand_in_a_file_of_their_own),
        cmocka_unit_test(the_feed_goes_on_behind_a_whole_file),
        cmocka_unit_test(a_file_that_is_not_there_is_told_of),
        cmocka_unit_test(a_long_file_goes_through_the_door_while_the_service_runs),
    };

    return cmocka_run_group_tests(tests, prepared, kit_close);
}
