/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/card_reading.h"

#define TODAY 20260101
#define GOOD                                                                                       \
    "330500|11010519491231002X|X00000019|3305000000000000000000000000ABCD|张三|"                 \
    "3B6D000081544356864A|3.00|20200101|20300101|330500000001|KIOSK-7|"

static const char *
parsed(struct arena *arena, const char *text, struct card_reading *out)
{
    return card_reading_parse(arena, text, TODAY, out);
}

static void
a_reading_is_taken_apart(void **state)
{
    struct card_reading reading;

    assert_null(parsed(*state, GOOD, &reading));
    assert_string_equal(reading.region, "330500");
    assert_string_equal(reading.identity_number, "11010519491231002X");
    assert_string_equal(reading.card_no, "X00000019");
    assert_string_equal(reading.card_id, "3305000000000000000000000000ABCD");
    assert_string_equal(reading.name, "张三");
    assert_string_equal(reading.reset, "3B6D000081544356864A");
    assert_string_equal(reading.version, "3.00");
    assert_int_equal(reading.issued_on, 20200101);
    assert_int_equal(reading.valid_to, 20300101);
    assert_string_equal(reading.terminal_no, "330500000001");
    assert_string_equal(reading.device_no, "KIOSK-7");
}

/* In GOOD, `from` becomes `to`. */
static const char *
good_but(struct arena *arena, const char *from, const char *to)
{
    const char *at = strstr(GOOD, from);

    assert_non_null(at);
    return arena_printf(arena, "%.*s%s%s", (int)(at - GOOD), GOOD, to, at + strlen(from));
}

static void
each_field_is_judged(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        const char *fault;
    } cases[] = {
        { "KIOSK-7|", "KIOSK-7", "fields" },
        { "KIOSK-7|", "KIOSK-7|more|", "fields" },
        { "KIOSK-7|", "KIOSK-7||", "fields" },
        { "|KIOSK-7|", "|", "fields" },
        { "330500|1", "33050|1", "region" },
        { "330500|1", "33050A|1", "region" },
        { "330500|1", "330600|1", "card_id" },
        { "002X", "0021", "identity_number" },
        { "002X", "002x", "identity_number" },
        { "11010519", "110105 19", "identity_number" },
        { "X00000019", "X0000019", "card_no" },
        { "X00000019", "000000019", "card_no" },
        { "X00000019", "x00000019", "card_no" },
        { "X00000019", "XYZ000019", "card_no" },
        { "ABCD", "ABC", "card_id" },
        { "ABCD", "ABCG", "card_id" },
        { "张三", "", "name" },
        { "张三", "张&三", "name" },
        { "3B6D", "3B6", "reset" },
        { "3B6D", "zz6D", "reset" },
        { "3.00", "4.00", "version" },
        { "3.00", "3.00 2.00", "version" },
        { "3.00", "", "version" },
        { "20200101", "20200230", "issued_on" },
        { "20200101", "20260102", "issued_on" },
        { "20200101", "2020010", "issued_on" },
        { "20300101", "20300229", "valid_to" },
        { "20300101", "20191231", "valid_to" },
        { "|330500000001", "|33050000000", "terminal_no" },
        { "|330500000001", "|33050000000A", "terminal_no" },
        { "KIOSK-7", "KIOSK 7", "device_no" },
        { "KIOSK-7", "123456789012345678901234567890123", "device_no" },
    };
    struct card_reading reading;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(parsed(*state, good_but(*state, cases[i].from, cases[i].to), &reading),
                            cases[i].fault);
    assert_string_equal(parsed(*state, "", &reading), "fields");
    assert_string_equal(parsed(*state, "|||||||||||", &reading), "region");
}

static void
what_readers_write_in_two_ways_has_one_form(void **state)
{
    struct card_reading reading;

    assert_null(parsed(*state, good_but(*state, "ABCD", "abcd"), &reading));
    assert_string_equal(reading.card_id, "3305000000000000000000000000ABCD");
    assert_null(parsed(*state, good_but(*state, "3B6D000081544356864A", ""), &reading));
    assert_null(parsed(*state, good_but(*state, "20200101", "20200229"), &reading));
}

static void
an_expired_card_is_still_a_reading(void **state)
{
    struct card_reading reading;

    assert_null(parsed(*state, good_but(*state, "20300101", "20251231"), &reading));
    assert_int_equal(reading.valid_to, 20251231);
}

static void
a_reading_without_end_is_not_read(void **state)
{
    char *text = arena_alloc(*state, CARD_READING_MAX_BYTES + 2);
    struct card_reading reading;

    memset(text, '1', CARD_READING_MAX_BYTES + 1);
    text[CARD_READING_MAX_BYTES + 1] = '\0';
    assert_string_equal(parsed(*state, text, &reading), "fields");
}

static void
a_pin_is_four_to_sixteen_digits(void **state)
{
    static const char *const bad[] = {
        "", "123", "12345678901234567", "12a4", "１２３４", "12 34"
    };

    (void)state;
    assert_true(card_pin_is_well_formed("1234"));
    assert_true(card_pin_is_well_formed("1234567890123456"));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(card_pin_is_well_formed(bad[i]));
}

static void
of_a_number_its_beginning_and_end_are_shown(void **state)
{
    assert_string_equal(card_no_masked(*state, "X00000019"), "X******19");
    assert_string_equal(card_no_masked(*state, ""), "");
    assert_string_equal(card_no_masked(*state, "X01"), "X01");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_reading_is_taken_apart),
        WITH_ARENA(each_field_is_judged),
        WITH_ARENA(what_readers_write_in_two_ways_has_one_form),
        WITH_ARENA(an_expired_card_is_still_a_reading),
        WITH_ARENA(a_reading_without_end_is_not_read),
        cmocka_unit_test(a_pin_is_four_to_sixteen_digits),
        WITH_ARENA(of_a_number_its_beginning_and_end_are_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
