/* SPDX-License-Identifier: Apache-2.0 */
/* What staff did or saw of a person is noted once for each form, in the change that it tells of. */
#include "idp/staff/staff_act.h"

#include "idp/context/change.h"
#include "tests/protocols/staff/citizen_kit.h"

static struct ctx
at_the_counter(struct world *w)
{
    struct ctx ctx = world_ctx(w);

    world_staff(w, "li", "counter");
    ctx.staff_id = "li";
    ctx.counter_id = world_counter(w, 1);
    return ctx;
}

static enum err
note(struct ctx *ctx, void *state)
{
    return staff_act_note(ctx, state);
}

static void
an_act_names_who_did_it_and_where(void **state)
{
    struct world *w = *state;
    struct ctx ctx = at_the_counter(w);
    struct staff_act act = { .person_id = world_person(w, 0),
                             .what = STAFF_ACT_acted,
                             .partner_id = "hospital",
                             .business = "B01",
                             .reason = "ticket" };
    struct stored_staff_act_list list;

    assert_int_equal(change(&ctx, note, &act), OK);
    assert_int_equal(change(&ctx, note, &act), OK); /* of no form: she did it twice */
    list = acts_of(w, 0);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].staff_id, "li");
    assert_string_equal(list.at[0].agency, "天河区社保局");
    assert_string_equal(list.at[0].counter_id, ctx.counter_id);
    assert_string_equal(list.at[0].partner_id, "hospital");
    assert_string_equal(list.at[0].business, "B01");
    assert_string_equal(list.at[0].reason, "ticket");
}

static void
one_form_notes_an_act_once(void **state)
{
    struct world *w = *state;
    struct ctx ctx = at_the_counter(w);
    struct staff_act act = { .person_id = world_person(w, 0), .what = STAFF_ACT_found };
    unix_s at = 0;

    assert_int_equal(staff_act_noted_at(&ctx, &act, &at), ERR_NOT_FOUND);
    ctx.form = "a form";
    assert_int_equal(staff_act_noted_at(&ctx, &act, &at), ERR_NOT_FOUND);
    assert_int_equal(change(&ctx, note, &act), OK);
    assert_int_equal(change(&ctx, note, &act), ERR_CONFLICT);
    assert_int_equal(staff_act_noted_at(&ctx, &act, &at), OK);
    assert_int_equal(at, ctx.now);
    act.what = STAFF_ACT_unmasked;
    assert_int_equal(change(&ctx, note, &act), OK);
    ctx.form = "another form";
    assert_int_equal(change(&ctx, note, &act), OK);
    assert_int_equal(acts_of(w, 0).count, 3);
}

static void
nothing_is_noted_of_nobody_or_outside_a_change(void **state)
{
    struct world *w = *state;
    struct ctx ctx = at_the_counter(w);
    struct staff_act act = { .person_id = world_person(w, 0), .what = STAFF_ACT_found };

    assert_int_equal(staff_act_note(&ctx, &act), ERR_INTERNAL);
    ctx.staff_id = "";
    assert_int_equal(change(&ctx, note, &act), ERR_INTERNAL);
    assert_int_equal(acts_of(w, 0).count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(an_act_names_who_did_it_and_where),
        world_test(one_form_notes_an_act_once),
        world_test(nothing_is_noted_of_nobody_or_outside_a_change),
    };

    return world_run(tests);
}
