/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/list_place.h"

#include <string.h>

#include "tests/world.h"

#define SID "s_one"

static const char *
sealed(struct world *w, const struct list_place *place)
{
    struct ctx ctx = world_ctx(w);
    const char *out = NULL;

    world_must(list_place_seal(&ctx, "people", SID, place, &out), "no seal");
    return out;
}

static enum err
open_as(struct world *w, const char *list, const char *sid, const char *text,
        struct list_place *out)
{
    struct ctx ctx = world_ctx(w);

    return list_place_open(&ctx, list, sid, text, out);
}

static void
a_place_comes_back_as_it_was(void **state)
{
    struct world *w = *state;
    const struct list_place place = { .after = "li",
                                      .before = 17,
                                      .only = "p_1",
                                      .actor = "wang",
                                      .event = "staff.",
                                      .since = 3,
                                      .until = 4 };
    struct list_place opened;

    assert_int_equal(open_as(w, "people", SID, sealed(w, &place), &opened), OK);
    assert_string_equal(opened.after, "li");
    assert_int_equal(opened.before, 17);
    assert_string_equal(opened.only, "p_1");
    assert_string_equal(opened.actor, "wang");
    assert_string_equal(opened.counter_id, "");
    assert_string_equal(opened.event, "staff.");
    assert_int_equal(opened.since, 3);
    assert_int_equal(opened.until, 4);
}

static void
without_one_it_is_the_whole_list(void **state)
{
    struct world *w = *state;
    struct list_place opened;

    assert_int_equal(open_as(w, "people", SID, NULL, &opened), OK);
    assert_string_equal(opened.after, "");
    assert_int_equal(opened.before, 0);
    assert_string_equal(opened.told, "");
}

/* ST-19 */
static void
one_that_was_made_for_another_list_or_sitting_or_by_nobody_is_forged(void **state)
{
    struct world *w = *state;
    const struct list_place place = { .after = "li" };
    const char *text = sealed(w, &place);
    char *changed = arena_text(w->arena, text);
    struct list_place opened;

    changed[strlen(changed) / 2] ^= 1;
    assert_int_equal(open_as(w, "audit", SID, text, &opened), ERR_FORGED);
    assert_int_equal(open_as(w, "people", "s_another", text, &opened), ERR_FORGED);
    assert_int_equal(open_as(w, "people", SID, changed, &opened), ERR_FORGED);
    assert_int_equal(open_as(w, "people", SID, "2", &opened), ERR_FORGED);
    assert_int_equal(open_as(w, "people", SID, "' OR 1=1 --", &opened), ERR_FORGED);
}

static void
what_is_told_once_is_not_told_later(void **state)
{
    struct world *w = *state;
    const struct list_place place = { .told = "CODE", .told_of = "li", .told_until = w->now + 60 };
    const char *text = sealed(w, &place);
    struct list_place opened;

    w->now += 60;
    assert_int_equal(open_as(w, "people", SID, text, &opened), OK);
    assert_string_equal(opened.told, "CODE");
    w->now += 1;
    assert_int_equal(open_as(w, "people", SID, text, &opened), OK);
    assert_string_equal(opened.told, "");
    assert_string_equal(opened.told_of, "");
}

static void
the_longest_is_not_longer_than_its_field(void **state)
{
    struct world *w = *state;
    char text[129] = { 0 };
    struct list_place place = { .after = text,
                                .only = text,
                                .actor = text,
                                .counter_id = text,
                                .event = text,
                                .told = text,
                                .told_of = text };

    memset(text, 'x', 128);
    assert_in_range(strlen(sealed(w, &place)), 1, LIST_PLACE_MAX_BYTES);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_place_comes_back_as_it_was),
        world_test(without_one_it_is_the_whole_list),
        world_test(one_that_was_made_for_another_list_or_sitting_or_by_nobody_is_forged),
        world_test(what_is_told_once_is_not_told_later),
        world_test(the_longest_is_not_longer_than_its_field),
    };

    return world_run(tests);
}
