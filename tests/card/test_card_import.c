/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/card_import.h"

#include <string.h>

#include "idp/base/text.h"
#include "tests/card/bureau_kit.h"

#define TODAY 20260101
#define LINE(position, state)                                                                      \
    position "," REGION "," CARD "," HOLDER "," state ",20200101,20300101,"
#define JSON(more)                                                                                 \
    "{\"position\":7,\"region\":\"330500\",\"card_no\":\"X00000019\","                             \
    "\"identity_number\":\"11010519491231002X\",\"state\":\"2\",\"valid_from\":\"20200101\","      \
    "\"valid_to\":\"20300101\"" more "}"

static void
a_line_is_a_card_or_passed_over_or_at_fault(void **state)
{
    static const struct {
        const char *line;
        const char *fault;
        bool is_one;
    } cases[] = {
        { LINE("7", "1"), NULL, true },
        { LINE("7", "1") "\r", NULL, true },
        { LINE("7", "8") "1767225600", NULL, true },
        { "\xEF\xBB\xBF" LINE("7", "1"), NULL, true },
        { JSON(""), NULL, true },
        { JSON(",\"lapses_at\":0"), NULL, true },
        { "", NULL, false },
        { "\r", NULL, false },
        { "position,region,card_no,identity_number,state,valid_from,valid_to,lapses_at", NULL,
          false },
        { LINE("7", "1") ",", "fields", true },
        { "7,330500", "fields", true },
        { LINE("x", "1"), "position", true },
        { LINE("0", "1"), "position", true },
        { LINE("7", "5"), "state", true },
        { LINE("7", "1") "soon", "lapses_at", true },
        { LINE("7", "1") "5", "lapses_at", true },
        { "7,33050," CARD "," HOLDER ",1,20200101,20300101,", "region", true },
        { "7," REGION ",00000019," HOLDER ",1,20200101,20300101,", "card_no", true },
        { "7," REGION "," CARD ",110105194912310021,1,20200101,20300101,", "identity_number",
          true },
        { "7," REGION "," CARD "," HOLDER ",1,20200101,20190101,", "valid_to", true },
        { JSON(",\"name\":\"x\""), "member", true },
        { "{\"position\":7", "member", true },
        { "\xFF\xFE", "line", true },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct card_change change;
        bool is_one;
        const char *fault =
            import_line_read(w->arena, bytes_of_text(cases[i].line), TODAY, &change, &is_one);

        if (!text_eq(fault, cases[i].fault) || is_one != cases[i].is_one)
            fail_msg("%s: %s", cases[i].line, fault);
    }
}

static struct import_count
taken(struct world *w, const char *text, const char *rejected)
{
    struct ctx ctx = world_ctx(w);
    struct import_count count = { .line = 1 };
    struct buf told = buf_new(w->arena, 64);

    assert_int_equal(import_lines_take(&ctx, bytes_of_text(text), &count, &told), OK);
    assert_string_equal(told.at, rejected);
    return count;
}

static void
a_bad_line_is_told_and_stops_nothing(void **state)
{
    struct world *w = *state;
    struct import_count count =
        taken(w, LINE("7", "1") "\nnonsense\n\n" LINE("9", "5") "\n" LINE("8", "2"),
              "2 fields\n4 state\n");

    assert_int_equal(count.line, 6);
    assert_int_equal(count.taken, 2);
    assert_int_equal(count.rejected, 2);
    assert_int_equal(mirrored(w).state, PHYSICAL_LOST);
    assert_int_equal(mirrored(w).position, 8);
}

static void
once_more_changes_nothing_and_an_older_line_neither(void **state)
{
    struct world *w = *state;

    (void)taken(w, LINE("8", "2") "\n", "");
    (void)taken(w, LINE("8", "2") "\n", "");
    (void)taken(w, LINE("7", "1") "\n", "");
    assert_int_equal(mirrored(w).state, PHYSICAL_LOST);
    (void)taken(w, LINE("9", "1") "\n", "");
    assert_int_equal(mirrored(w).state, PHYSICAL_NORMAL);
}

static void
many_lines_are_taken_in_changes_of_bounded_size(void **state)
{
    struct world *w = *state;
    struct buf text = buf_new(w->arena, 1 << 16);
    struct import_count count;

    for (int i = 1; i <= 450; i++)
        buf_text(&text, arena_printf(w->arena, "%d,%s,%s,%s,1,20200101,20300101,\n", i, REGION,
                                     CARD, HOLDER));
    count = taken(w, text.at, "");
    assert_int_equal(count.taken, 450);
    assert_int_equal(count.line, 451);
    assert_int_equal(mirrored(w).position, 450);
}

static void
a_line_beyond_measure_is_rejected(void **state)
{
    struct world *w = *state;
    char *line = arena_alloc(w->arena, IMPORT_LINE_MAX + 3);

    memset(line, 'x', IMPORT_LINE_MAX + 1);
    line[IMPORT_LINE_MAX + 1] = '\n';
    (void)taken(w, line, "1 long\n");
}

static void
an_import_is_one_record_of_the_trail(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    world_audit_mark(w);
    assert_int_equal(import_note(&ctx), OK);
    assert_int_equal(world_audit_count(w, AUDIT_CARD_IMPORTED), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        bureau_test(a_line_is_a_card_or_passed_over_or_at_fault),
        bureau_test(a_bad_line_is_told_and_stops_nothing),
        bureau_test(once_more_changes_nothing_and_an_older_line_neither),
        bureau_test(many_lines_are_taken_in_changes_of_bounded_size),
        bureau_test(a_line_beyond_measure_is_rejected),
        bureau_test(an_import_is_one_record_of_the_trail),
    };

    return world_sims_run(tests);
}
