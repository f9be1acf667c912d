/* SPDX-License-Identifier: Apache-2.0 */
/* AU-17, AU-18 */
#include "idp/context/change.h"
#include "idp/person/phone_holder.h"
#include "idp/person/vault.h"
#include "tests/world.h"

#define PHONE "+8613800138000"

static struct phone_holder
holder(struct world *w, const char *person_id)
{
    struct ctx ctx = world_ctx(w);
    struct phone_holder out;

    assert_int_equal(phone_holder_find(&ctx, person_id, PHONE, &out), OK);
    return out;
}

static void
a_number_is_held_lately_for_ninety_days_after_its_proof(void **state)
{
    struct world *w = *state;
    const char *person_id;

    assert_null(holder(w, "p_another").person_id);
    person_id = world_person(w, 0);
    assert_null(holder(w, person_id).person_id);
    assert_string_equal(holder(w, "p_another").person_id, person_id);
    assert_true(holder(w, "p_another").lately);
    world_advance(w, w->settings.life.phone_s - 1);
    assert_true(holder(w, "p_another").lately);
    world_advance(w, 1);
    assert_false(holder(w, "p_another").lately);
}

static enum err
dispossess(struct ctx *ctx, void *state)
{
    return phone_holder_dispossess(ctx, state, "registered");
}

static void
who_is_dispossessed_has_no_number_and_finishes_no_login(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);
    struct person person;
    unix_s secured_at;

    world_audit_mark(w);
    assert_int_equal(change(&ctx, dispossess, (void *)person_id), OK);
    assert_audited(w, AUDIT_PHONE_RECYCLED, "registered");
    assert_null(holder(w, "p_another").person_id);
    assert_int_equal(person_load(&ctx, person_id, &person), OK);
    assert_string_equal(person.phone, "");
    assert_int_equal(store_person_secured_at(w->store, person_id, &secured_at), OK);
    assert_int_equal(secured_at, ctx.now);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_number_is_held_lately_for_ninety_days_after_its_proof),
        world_test(who_is_dispossessed_has_no_number_and_finishes_no_login),
    };

    return world_run(tests);
}
