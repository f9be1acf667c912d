/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/audit_search.h"

#include "idp/base/text.h"
#include "tests/world.h"

/* A record of that second. */
static void
record(struct world *w, const char *staff_id, const char *counter_id, const char *person_id,
       enum audit_event event)
{
    struct ctx ctx = world_ctx(w);

    ctx.staff_id = staff_id;
    ctx.counter_id = counter_id;
    audit_note(&ctx, &(struct audit_record) {
                         .event = event, .reason = "test", .subject = subject_person(person_id) });
    w->now++;
}

static struct audit_found
found(struct world *w, const struct list_place *wanted, size_t most)
{
    struct list_place place = *wanted;
    struct ctx ctx = world_ctx(w);
    struct audit_found out;
    const char **texts[] = { &place.after, &place.only, &place.actor, &place.counter_id,
                             &place.event };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (*texts[i] == NULL)
            *texts[i] = "";
    world_must(audit_search(&ctx, &place, most, &out), "no search");
    return out;
}

static void
five_records(struct world *w)
{
    record(w, "li", "k_1", "p_a", AUDIT_PERSON_SEEN);
    record(w, "li", "k_2", "p_b", AUDIT_PERSON_SEEN);
    record(w, "wang", "k_1", "p_a", AUDIT_STAFF_DENIED);
    record(w, "", "", "p_a", AUDIT_PERSON_STATE);
    record(w, "li", "k_1", "p_a", AUDIT_PERSON_STATE);
}

static void
records_are_found_by_each_thing_and_by_all_of_them(void **state)
{
    static const struct {
        struct list_place place;
        size_t count;
    } cases[] = {
        { { .only = "p_a" }, 4 },
        { { .only = "p_b" }, 1 },
        { { .actor = "li" }, 3 },
        { { .actor = "wang" }, 1 },
        { { .counter_id = "k_1" }, 3 },
        { { .event = "person.seen" }, 2 },
        { { .event = "person." }, 4 },
        { { .event = "person" }, 0 },
        { { .only = "p_a", .actor = "li" }, 2 },
        { { .only = "p_a", .actor = "li", .counter_id = "k_1", .event = "person.seen" }, 1 },
        { { .actor = "li", .counter_id = "k_2" }, 1 },
        { { .only = "p_b", .actor = "wang" }, 0 },
        { { .since = WORLD_NOW + 2 }, 3 },
        { { .event = "person.", .until = WORLD_NOW + 2 }, 2 },
        { { .only = "p_a", .since = WORLD_NOW + 1, .until = WORLD_NOW + 4 }, 2 },
    };
    struct world *w = *state;

    five_records(w);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(found(w, &cases[i].place, 50).rows.count, cases[i].count);
}

/* ST-19 */
static void
a_wildcard_means_itself(void **state)
{
    static const struct list_place places[] = {
        { .only = "%" },          { .only = "p__" },       { .actor = "%" },
        { .actor = "l_" },        { .event = "%" },        { .event = "%seen" },
        { .counter_id = "k_%" },  { .event = "person%." }, { .only = "*" },
        { .actor = "' OR ''='" },
    };
    struct world *w = *state;

    five_records(w);
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        assert_int_equal(found(w, &places[i], 50).rows.count, 0);
}

static void
a_page_ends_where_the_next_begins_and_none_is_shown_twice(void **state)
{
    struct world *w = *state;
    struct list_place place = { .only = "p_a" };
    const char *seen = "";
    struct audit_found page;

    five_records(w);
    w->now -= 5;
    five_records(w); /* of the same seconds */
    do {
        page = found(w, &place, 3);
        for (size_t i = 0; i < page.rows.count; i++)
            seen = text_list_union(w->arena, seen, page.rows.at[i].audit_id);
        place.before = page.looked_at;
        place.after = page.looked_id;
    } while (page.more);
    assert_int_equal(text_list_count(seen), 8);
}

/* ST-19 */
static void
a_search_looks_at_so_many_records_and_goes_on_behind_them(void **state)
{
    struct world *w = *state;
    struct list_place place = { .event = "person.seen" };
    struct audit_found page;

    record(w, "li", "k_1", "p_a", AUDIT_PERSON_SEEN);
    for (int i = 0; i < AUDIT_SEARCH_LOOKS; i++)
        record(w, "li", "k_1", "p_a", AUDIT_PERSON_STATE);
    page = found(w, &place, 50);
    assert_int_equal(page.rows.count, 0);
    assert_true(page.more);
    place.before = page.looked_at;
    place.after = page.looked_id;
    page = found(w, &place, 50);
    assert_int_equal(page.rows.count, 1);
    assert_false(page.more);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(records_are_found_by_each_thing_and_by_all_of_them),
        world_test(a_wildcard_means_itself),
        world_test(a_page_ends_where_the_next_begins_and_none_is_shown_twice),
        world_test(a_search_looks_at_so_many_records_and_goes_on_behind_them),
    };

    return world_run(tests);
}
