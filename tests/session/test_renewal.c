/* SPDX-License-Identifier: Apache-2.0 */
/* SE-12, SE-13, AU-19 below the pages; with them: tests/protocols/account/test_recover_password.c. */
#include "tests/asks.h"
#include "tests/world.h"

#include "idp/person/vault.h"
#include "idp/session/renewal.h"

static const struct problem *
renew_to(struct world *w, const struct renewal *renewal, const char *password)
{
    struct ctx ctx = world_ctx(w);
    struct password_choice choice;

    assert_null(
        password_renewal_begin(&ctx, renewal->person_id, renewal->phone, password, &choice));
    ask_now(&ctx, &ask_password_choice, &choice);
    return renewal_end(&ctx, renewal, &choice);
}

static enum err
begin(struct world *w, const char *person_id, unix_s begun_at, struct session *out)
{
    struct ctx ctx = world_ctx(w);
    const struct proof proof = { .person_id = person_id, .amr = "sms", .begun_at = begun_at };
    const struct session nobody = { .live = false };
    const char *cookie;

    return session_begin(&ctx, &nobody, &proof, out, &cookie);
}

static void
au19_of_those_that_began_before_the_change_one_makes_it(void **state)
{
    struct world *w = *state;
    const struct renewal renewal = { .person_id = world_person(w, 0),
                                     .reason = "recovered",
                                     .phone = "+8613800138000",
                                     .begun_at = WORLD_NOW - 60,
                                     .but = "" };
    struct ctx ctx = world_ctx(w);

    assert_null(renew_to(w, &renewal, "the first of them"));
    assert_ptr_equal(renew_to(w, &renewal, "the second of them"), &problem_transaction_order);
    assert_int_equal(password_check_of(&ctx, renewal.person_id, "the first of them"), OK);
}

static void
se13_no_session_begins_by_what_was_proven_before(void **state)
{
    struct world *w = *state;
    struct session session;
    const struct renewal renewal = { .person_id = world_person(w, 0),
                                     .reason = "recovered",
                                     .phone = "+8613800138000",
                                     .begun_at = WORLD_NOW - 60,
                                     .but = "" };

    assert_int_equal(begin(w, renewal.person_id, WORLD_NOW - 30, &session), OK);
    assert_null(renew_to(w, &renewal, "another password"));
    assert_int_equal(begin(w, renewal.person_id, WORLD_NOW - 30, &session), ERR_EXPIRED);
    assert_int_equal(begin(w, renewal.person_id, WORLD_NOW, &session), ERR_EXPIRED);
    world_advance(w, 1);
    assert_int_equal(begin(w, renewal.person_id, WORLD_NOW + 1, &session), OK);
}

/* The process died between the change and the end of what stood on the old password. */
static void
se12_a_repetition_ends_what_is_older_than_the_change_and_nothing_newer(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct session before;
    struct session after;
    struct stored_session row;
    struct ctx ctx;

    assert_int_equal(begin(w, person_id, 0, &before), OK);
    world_advance(w, 60);
    ctx = world_ctx(w);
    assert_int_equal(store_person_secure(w->store, person_id, ctx.now, ctx.now), OK);
    assert_int_equal(begin(w, person_id, 0, &after), OK);
    assert_null(renewal_repeat(
        &ctx, &(struct renewal) { .person_id = person_id, .reason = "recovered", .but = "" }));
    assert_int_equal(store_session_load(w->store, w->arena, before.row.sid, &row), OK);
    assert_int_not_equal(row.ended_at, 0);
    assert_int_equal(store_session_load(w->store, w->arena, after.row.sid, &row), OK);
    assert_int_equal(row.ended_at, 0);
}

static void
a_hash_that_was_not_made_changes_nothing(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct renewal renewal = {
        .person_id = world_person(w, 0), .reason = "changed", .begun_at = WORLD_NOW - 60, .but = ""
    };
    struct password_choice choice;

    assert_null(password_renewal_begin(&ctx, renewal.person_id, NULL, "another password", &choice));
    assert_ptr_equal(renewal_end(&ctx, &renewal, &choice), &problem_try_again);
    assert_int_equal(password_check_of(&ctx, renewal.person_id, WORLD_PASSWORD), OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(au19_of_those_that_began_before_the_change_one_makes_it),
        world_test(se13_no_session_begins_by_what_was_proven_before),
        world_test(se12_a_repetition_ends_what_is_older_than_the_change_and_nothing_newer),
        world_test(a_hash_that_was_not_made_changes_nothing),
    };

    return world_run(tests);
}
