/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/asks.h"
#include "tests/store_kit.h"
#include "tests/world.h"

#include "idp/base/text.h"
#include "idp/person/credentials.h"
#include "idp/tables/credential.h"

static void
the_right_password_opens_and_no_other(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);

    assert_int_equal(password_check_of(&ctx, person_id, WORLD_PASSWORD), OK);
    assert_int_equal(password_check_of(&ctx, person_id, "A password nobody guesses"), ERR_FORGED);
    assert_int_equal(password_check_of(&ctx, person_id, ""), ERR_FORGED);
    assert_int_equal(password_check_of(&ctx, person_id, WORLD_PASSWORD " "), ERR_FORGED);
}

static void
who_does_not_exist_is_answered_like_a_wrong_password(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(password_check_of(&ctx, NULL, WORLD_PASSWORD), ERR_FORGED);
    assert_int_equal(password_check_of(&ctx, "p_nobody", WORLD_PASSWORD), ERR_FORGED);
}

static void
the_first_password_is_chosen_once(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);

    assert_ptr_equal(password_choose(&ctx, person_id, "another good password"),
                     &problem_transaction_order);
    assert_int_equal(password_check_of(&ctx, person_id, "another good password"), ERR_FORGED);
    assert_int_equal(world_rows_of(w, "credential"), 1);
}

static struct stored_credential
stored(struct world *w, const char *person_id)
{
    struct credential_key key = credential_password(person_id);
    struct stored_credential out;

    assert_int_equal(store_credential_find(w->store, w->arena, &key, &out), OK);
    return out;
}

/* Both have looked before either of them is there. */
static void
of_two_first_passwords_at_once_one_is_chosen(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);
    struct password_choice one;
    struct password_choice two;

    assert_int_equal(kit_run(w->store, "DELETE FROM credential"), OK);
    assert_int_equal(kit_run(w->store, "DELETE FROM person_credential"), OK);
    assert_null(password_choice_begin(&ctx, person_id, "the first password", &one));
    assert_null(password_choice_begin(&ctx, person_id, "the second password", &two));
    ask_now(&ctx, &ask_password_choice, &one);
    ask_now(&ctx, &ask_password_choice, &two);
    assert_null(password_choice_end(&ctx, &one));
    assert_ptr_equal(password_choice_end(&ctx, &two), &problem_transaction_order);
    assert_int_equal(password_check_of(&ctx, person_id, "the first password"), OK);
    assert_int_equal(password_check_of(&ctx, person_id, "the second password"), ERR_FORGED);
}

static void
a_password_that_was_hashed_at_another_cost_is_hashed_anew(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);
    struct password_cost dearer = world_password_cost;
    const char *before = stored(w, person_id).secret;
    const char *anew;

    dearer.operations++;
    w->services.hash = &dearer;
    assert_int_equal(password_check_of(&ctx, person_id, "not this one"), ERR_FORGED);
    assert_string_equal(stored(w, person_id).secret, before);
    assert_int_equal(password_check_of(&ctx, person_id, WORLD_PASSWORD), OK);
    anew = stored(w, person_id).secret;
    assert_string_not_equal(anew, before);
    assert_int_equal(password_check_of(&ctx, person_id, WORLD_PASSWORD), OK);
    assert_string_equal(stored(w, person_id).secret, anew);
}

/* The check of the old one was under way when the new one was put. */
static void
a_hash_made_anew_does_not_bring_back_a_password_that_was_changed(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);
    struct password_check check;

    assert_int_equal(password_check_begin(&ctx, person_id, WORLD_PASSWORD, &check), OK);
    ask_now(&ctx, &ask_password_check, &check);
    assert_int_equal(check.err, OK);
    check.renewed = "made anew";
    assert_int_equal(kit_run(w->store, "UPDATE credential SET secret = 'changed'"), OK);
    assert_int_equal(kit_run(w->store, "UPDATE person_credential SET secret = 'changed'"), OK);
    assert_int_equal(password_check_end(&ctx, &check), OK);
    assert_string_equal(stored(w, person_id).secret, "changed");
}

static void
what_is_stored_is_no_password(void **state)
{
    struct world *w = *state;
    const char *one = world_person(w, 0);
    const char *two = world_person(w, 1);
    struct stored_credential first;
    struct stored_credential second;

    first = stored(w, one);
    second = stored(w, two);
    assert_true(text_starts(first.secret, "$argon2id$"));
    assert_string_not_equal(first.secret, second.secret); /* the same password, salted */
}

static void
a_password_with_her_own_numbers_is_refused(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);

    assert_ptr_equal(password_choose(&ctx, person_id, "my 13800138000"),
                     &problem_password_personal);
    assert_ptr_equal(password_choose(&ctx, person_id, "7 chars"), &problem_password_too_short);
}

static struct stored_credential
credential_of(struct world *w, const char *person_id)
{
    const struct credential_key key = credential_password(person_id);
    struct stored_credential found;

    world_must(store_credential_find(w->store, w->arena, &key, &found), "no credential");
    return found;
}

/* Once, while the password is at hand; who gets it wrong changes nothing. */
static void
a_password_hashed_at_another_cost_is_hashed_anew_when_its_owner_logs_in(void **state)
{
    static const struct password_cost dearer = { 2, 16384 };
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);
    struct stored_credential before;
    struct stored_credential after;

    w->services.hash = &dearer;
    before = credential_of(w, person_id);
    assert_true(password_needs_rehash(&dearer, before.secret));
    assert_int_equal(password_check_of(&ctx, person_id, "A password nobody guesses"), ERR_FORGED);
    after = credential_of(w, person_id);
    assert_string_equal(after.secret, before.secret);
    assert_int_equal(password_check_of(&ctx, person_id, WORLD_PASSWORD), OK);
    after = credential_of(w, person_id);
    assert_false(password_needs_rehash(&dearer, after.secret));
    assert_int_equal(password_check_of(&ctx, person_id, WORLD_PASSWORD), OK);
    assert_int_equal(world_rows_of(w, "credential"), 1);
}

/* No memory for the new hash: that is no reason to turn her away. */
static void
who_cannot_be_hashed_anew_logs_in_all_the_same(void **state)
{
    static const struct password_cost vast = { 1, SIZE_MAX / 4096 };
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);
    struct stored_credential before;
    struct stored_credential after;

    w->services.hash = &vast;
    before = credential_of(w, person_id);
    assert_int_equal(password_check_of(&ctx, person_id, WORLD_PASSWORD), OK);
    after = credential_of(w, person_id);
    assert_string_equal(after.secret, before.secret);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_right_password_opens_and_no_other),
        world_test(who_does_not_exist_is_answered_like_a_wrong_password),
        world_test(the_first_password_is_chosen_once),
        world_test(of_two_first_passwords_at_once_one_is_chosen),
        world_test(a_password_that_was_hashed_at_another_cost_is_hashed_anew),
        world_test(a_hash_made_anew_does_not_bring_back_a_password_that_was_changed),
        world_test(what_is_stored_is_no_password),
        world_test(a_password_with_her_own_numbers_is_refused),
        world_test(a_password_hashed_at_another_cost_is_hashed_anew_when_its_owner_logs_in),
        world_test(who_cannot_be_hashed_anew_logs_in_all_the_same),
    };

    return world_run(tests);
}
