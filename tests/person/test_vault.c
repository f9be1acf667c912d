/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include <string.h>

#include "idp/context/change.h"
#include "idp/person/vault.h"

static const struct person somebody = {
    .person_id = "p_1",
    .state = PERSON_ACTIVE,
    .name = "张𠮷",
    .identity_number = "440604198506070011",
    .phone = "+8613800138003",
    .birth_date = 19850607,
    .phone_verified_at = WORLD_NOW,
};

static void
a_person_comes_back_as_she_was_kept(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct person person;

    assert_int_equal(person_insert(&ctx, &somebody), OK);
    assert_int_equal(person_load(&ctx, "p_1", &person), OK);
    assert_string_equal(person.name, somebody.name);
    assert_string_equal(person.identity_number, somebody.identity_number);
    assert_string_equal(person.phone, somebody.phone);
    assert_int_equal(person.birth_date, somebody.birth_date);
    assert_int_equal(person.created_at, WORLD_NOW);
    assert_int_equal(person_load(&ctx, "p_2", &person), ERR_NOT_FOUND);
    assert_int_equal(person_insert(&ctx, &somebody), ERR_CONFLICT);
}

static bool
holds(struct bytes box, const char *text)
{
    return memmem(box.at, box.size, text, strlen(text)) != NULL;
}

/* BK-23 */
static void
nothing_readable_lies_in_the_store(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_person row;

    assert_int_equal(person_insert(&ctx, &somebody), OK);
    assert_int_equal(store_person_load(w->store, w->arena, "p_1", &row), OK);
    assert_false(holds(row.name_sealed, somebody.name));
    assert_false(holds(row.identity_sealed, somebody.identity_number));
    assert_false(holds(row.phone_sealed, somebody.phone));
}

/* A value is bound to its column and its person: swapped, it does not open. */
static void
a_sealed_value_opens_in_its_own_place_only(void **state)
{
    static const char *const swaps[] = {
        "UPDATE person SET name_sealed = phone_sealed WHERE person_id = 'p_1'",
        "UPDATE person SET name_sealed = (SELECT name_sealed FROM person WHERE person_id = 'p_2') "
        "WHERE person_id = 'p_1'",
    };
    struct world *w = *state;
    const struct arg args[] = { ARG_END };

    for (size_t i = 0; i < 2; i++) {
        struct ctx ctx = world_ctx(w);
        struct person other = somebody;
        struct person person;

        other.person_id = "p_2";
        assert_int_equal(person_insert(&ctx, &somebody), OK);
        assert_int_equal(person_insert(&ctx, &other), OK);
        assert_int_equal(store_run(w->store, &(struct query) { .sql = swaps[i], .args = args }),
                         OK);
        assert_int_equal(person_load(&ctx, "p_1", &person), ERR_FORGED);
        assert_int_equal(person_load(&ctx, "p_2", &person), OK);
        world_teardown(state);
        world_setup(state);
        w = *state;
    }
}

static void
digests_of_different_things_differ_even_for_the_same_text(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct digest identity = identity_digest(&ctx, "1");
    struct digest phone = phone_digest(&ctx, "1");
    struct digest card = card_digest(&ctx, "1");

    assert_memory_not_equal(&identity, &phone, sizeof(identity));
    assert_memory_not_equal(&identity, &card, sizeof(identity));
    assert_memory_not_equal(&phone, &card, sizeof(identity));
}

static void
a_person_is_found_by_phone(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);
    const char *found;

    assert_int_equal(person_find_by_phone(&ctx, "+8613800138000", &found), OK);
    assert_string_equal(found, person_id);
    assert_int_equal(person_find_by_phone(&ctx, "13800138000", &found), ERR_NOT_FOUND);
}

static enum err
correct_number(struct ctx *ctx, void *state)
{
    struct person person;
    enum err err = person_load(ctx, "p_world0", &person);

    return err == OK ? person_set_identity(ctx, &person, state, 19491230) : err;
}

static enum err
correct_name(struct ctx *ctx, void *state)
{
    struct person person;
    enum err err = person_load(ctx, "p_world0", &person);

    return err == OK ? person_set_name(ctx, &person, state) : err;
}

static void
a_corrected_number_finds_her_and_the_old_one_nobody(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);
    struct person person;
    const char *found;

    assert_int_equal(change(&ctx, correct_number, "110105194912300016"), OK);
    assert_int_equal(person_find_by_identity(&ctx, "110105194912300016", &found), OK);
    assert_string_equal(found, person_id);
    assert_int_equal(person_find_by_identity(&ctx, "11010519491231002X", &found), ERR_NOT_FOUND);
    assert_int_equal(person_load(&ctx, person_id, &person), OK);
    assert_string_equal(person.identity_number, "110105194912300016");
    assert_int_equal(person.birth_date, 19491230);
    assert_int_equal(change(&ctx, correct_name, "张叁"), OK);
    assert_int_equal(person_load(&ctx, person_id, &person), OK);
    assert_string_equal(person.name, "张叁");
}

static void
a_number_that_another_has_is_not_given(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);
    const char *found;

    world_person(w, 1);
    assert_int_equal(change(&ctx, correct_number, "440106196204150020"), ERR_CONFLICT);
    assert_int_equal(person_find_by_identity(&ctx, "11010519491231002X", &found), OK);
    assert_string_equal(found, person_id);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_person_comes_back_as_she_was_kept),
        world_test(nothing_readable_lies_in_the_store),
        world_test(a_sealed_value_opens_in_its_own_place_only),
        world_test(digests_of_different_things_differ_even_for_the_same_text),
        world_test(a_person_is_found_by_phone),
        world_test(a_corrected_number_finds_her_and_the_old_one_nobody),
        world_test(a_number_that_another_has_is_not_given),
    };

    return world_run(tests);
}
