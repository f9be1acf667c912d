/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "idp/person/seen.h"
#include "tests/world.h"

static const char *
refusal(struct world *w, const char *reason)
{
    const struct person person = { .name = "张三" };

    return seen_reason_check(w->arena, &person, reason);
}

static void
a_reason_names_a_ticket_and_nothing_of_hers(void **state)
{
    static const char *const good[] = { "INC-20261127-001", "工单 4711：本人到窗口", "her call" };
    static const char *const bad[] = {
        "",
        "abc",
        "13800138000",
        "call 138-0013-8000 back",
        "+8613800138000",
        "张三来电",
        "110105194912310 02X",
        "line\nbreak",
        "\xff\xfe\xfd\xfc",
    };
    struct world *w = *state;
    char *longest = arena_alloc(w->arena, 102);

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_null(refusal(w, good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_non_null(refusal(w, bad[i]));
    memset(longest, 'x', 101);
    assert_non_null(refusal(w, longest));
    longest[100] = '\0';
    assert_null(refusal(w, longest));
}

static void
it_stands_in_the_audit_trail(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    world_audit_mark(w);
    assert_int_equal(person_seen(&ctx, world_person(w, 0), "INC-1"), OK);
    assert_audited(w, AUDIT_PERSON_SEEN, "INC-1");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_reason_names_a_ticket_and_nothing_of_hers),
        world_test(it_stands_in_the_audit_trail),
    };

    return world_run(tests);
}
