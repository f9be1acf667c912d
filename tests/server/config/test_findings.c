/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/config/check_kit.h"

static void
found(struct findings *all, enum finding_level level, int line, const char *sentence,
      const char *advice)
{
    finding_add(all, &(struct finding) { level, "f", line, sentence, advice, NULL });
}

static void
findings_stand_by_line_and_those_without_one_last(void **state)
{
    struct findings all = findings_new(*state);

    assert_string_equal(findings_errors(&all), "");
    found(&all, FINDING_ERROR, 0, "Last.", "");
    found(&all, FINDING_ERROR, 7, "Second.", "Do.");
    found(&all, FINDING_WARNING, 2, "A warning.", "");
    found(&all, FINDING_ERROR, 3, "First.", "");
    found(&all, FINDING_ERROR, 7, "Third.", "");
    found(&all, FINDING_ERROR, 7, "Second.", "Do."); /* as before */
    found(&all, FINDING_OK, 1, "Well.", "");
    assert_string_equal(findings_errors(&all),
                        "f:3: First.\nf:7: Second. Do.\nf:7: Third.\nf: Last.");
    assert_int_equal(all.counts[FINDING_ERROR], 4);
    assert_int_equal(all.counts[FINDING_WARNING], 1);
    assert_string_equal(finding_level_name(all.first->level), "ok");
    assert_string_equal(finding_text(*state, all.first), "f:1: Well.");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(findings_stand_by_line_and_those_without_one_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
