/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/person.h"
#include "tests/store_kit.h"

static struct stored_person
a_person(const char *person_id)
{
    return (struct stored_person) { .person_id = person_id,
                                    .state = PERSON_ACTIVE,
                                    .name_sealed = bytes_of("n\0me", 4),
                                    .identity_sealed = bytes_of("identity", 8),
                                    .phone_sealed = bytes_of("phone", 5),
                                    .birth_date = 19491001,
                                    .phone_verified_at = 1,
                                    .created_at = 2,
                                    .updated_at = 3 };
}

static void
a_person_comes_back_as_stored(void **state)
{
    struct kit *k = *state;
    struct stored_person person = a_person("p1");
    struct stored_person read;

    assert_int_equal(store_person_insert(k->st, &person), OK);
    assert_int_equal(store_person_insert(k->st, &person), ERR_CONFLICT);
    assert_int_equal(store_person_load(k->st, k->arena, "p1", &read), OK);

    assert_string_equal(read.person_id, "p1");
    assert_int_equal(read.state, PERSON_ACTIVE);
    assert_int_equal(read.name_sealed.size, 4);
    assert_memory_equal(read.name_sealed.at, "n\0me", 4);
    assert_memory_equal(read.identity_sealed.at, "identity", 8);
    assert_memory_equal(read.phone_sealed.at, "phone", 5);
    assert_int_equal(read.birth_date, 19491001);
    assert_int_equal(read.phone_verified_at, 1);
    assert_int_equal(read.created_at, 2);
    assert_int_equal(read.updated_at, 3);
}

static void
nobody_is_found_under_an_unknown_id(void **state)
{
    struct kit *k = *state;
    struct stored_person read;

    assert_int_equal(store_person_load(k->st, k->arena, "p1", &read), ERR_NOT_FOUND);
    assert_int_equal(store_person_set_state(k->st, "p1", PERSON_CLOSED, 9), ERR_NOT_FOUND);
}

static void
a_persons_state_is_set(void **state)
{
    struct kit *k = *state;
    struct stored_person person = a_person("p1");
    struct stored_person read;

    assert_int_equal(store_person_insert(k->st, &person), OK);
    assert_int_equal(store_person_set_state(k->st, "p1", PERSON_DISABLED, 9), OK);
    assert_int_equal(store_person_load(k->st, k->arena, "p1", &read), OK);
    assert_int_equal(read.state, PERSON_DISABLED);
    assert_int_equal(read.updated_at, 9);
}

static void
a_key_belongs_to_one_person_and_kind(void **state)
{
    struct kit *k = *state;
    struct digest digest = kit_digest(1);
    const char *person_id = NULL;

    assert_int_equal(store_person_key_insert(k->st, PERSON_KEY_IDENTITY, &digest, "p1", 1), OK);
    assert_int_equal(store_person_key_insert(k->st, PERSON_KEY_IDENTITY, &digest, "p2", 1),
                     ERR_CONFLICT);
    assert_int_equal(store_person_key_insert(k->st, PERSON_KEY_PHONE, &digest, "p2", 1), OK);

    assert_int_equal(
        store_person_key_find(k->st, k->arena, PERSON_KEY_IDENTITY, &digest, &person_id), OK);
    assert_string_equal(person_id, "p1");
    assert_int_equal(store_person_key_find(k->st, k->arena, PERSON_KEY_PHONE, &digest, &person_id),
                     OK);
    assert_string_equal(person_id, "p2");
}

static void
a_deleted_key_is_free_again(void **state)
{
    struct kit *k = *state;
    struct digest digest = kit_digest(1);
    const char *person_id = NULL;

    assert_int_equal(store_person_key_insert(k->st, PERSON_KEY_PHONE, &digest, "p1", 1), OK);
    assert_int_equal(store_person_key_delete(k->st, PERSON_KEY_PHONE, &digest), OK);
    assert_int_equal(store_person_key_delete(k->st, PERSON_KEY_PHONE, &digest), ERR_NOT_FOUND);
    assert_int_equal(store_person_key_find(k->st, k->arena, PERSON_KEY_PHONE, &digest, &person_id),
                     ERR_NOT_FOUND);
    assert_int_equal(store_person_key_insert(k->st, PERSON_KEY_PHONE, &digest, "p2", 1), OK);
}

struct registration {
    struct stored_person person;
    struct digest identity;
};

static enum err
insert_person_and_key(struct store *st, void *ctx)
{
    struct registration *r = ctx;
    enum err err = store_person_insert(st, &r->person);

    if (err != OK)
        return err;
    return store_person_key_insert(st, PERSON_KEY_IDENTITY, &r->identity, r->person.person_id, 1);
}

static enum err
register_person(struct store *st, int thread, void *ctx)
{
    char person_id[16] = { 'p', (char)('A' + thread) };
    struct registration r = { a_person(person_id), *(struct digest *)ctx };

    return store_change(st, insert_person_and_key, &r);
}

static void
one_person_registering_16_times_at_once_is_one_person(void **state)
{
    static const char sql[] = "SELECT COUNT(*) FROM person";
    struct kit *k = *state;
    struct digest identity = kit_digest(4);
    enum err outcomes[KIT_THREADS_MAX];
    int64_t count = 0;
    const struct out outs[] = { out_int(&count), OUT_END };

    kit_race(k->db, 16, register_person, &identity, outcomes);

    assert_int_equal(kit_count(outcomes, 16, OK), 1);
    assert_int_equal(kit_count(outcomes, 16, ERR_CONFLICT), 15);
    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .outs = outs }), OK);
    assert_int_equal(count, 1);
}

static void
the_state_alone_is_read_for_every_request(void **state)
{
    struct kit *k = *state;
    struct stored_person person = a_person("p1");
    int64_t now_in = 0;

    assert_int_equal(store_person_state(k->st, "p1", &now_in), ERR_NOT_FOUND);
    assert_int_equal(store_person_insert(k->st, &person), OK);
    assert_int_equal(store_person_state(k->st, "p1", &now_in), OK);
    assert_int_equal(now_in, PERSON_ACTIVE);
    assert_int_equal(store_person_set_state(k->st, "p1", PERSON_DISABLED, 7), OK);
    assert_int_equal(store_person_state(k->st, "p1", &now_in), OK);
    assert_int_equal(now_in, PERSON_DISABLED);
}

/* Of any number that began before it, one secures her. */
static void
she_is_secured_once_by_what_began_before(void **state)
{
    struct kit *k = *state;
    struct stored_person person = a_person("p1");
    unix_s at = -1;

    assert_int_equal(store_person_insert(k->st, &person), OK);
    assert_int_equal(store_person_hold(k->st, "p1", 100), OK);
    assert_int_equal(store_person_secure(k->st, "p1", 100, 120), OK);
    assert_int_equal(store_person_secure(k->st, "p1", 100, 130), ERR_NOT_FOUND);
    assert_int_equal(store_person_secure(k->st, "p1", 120, 130), ERR_NOT_FOUND);
    assert_int_equal(store_person_hold(k->st, "p1", 120), ERR_NOT_FOUND);
    assert_int_equal(store_person_hold(k->st, "p1", 121), OK);
    assert_int_equal(store_person_secured_at(k->st, "p1", &at), OK);
    assert_int_equal(at, 120);
    assert_int_equal(store_person_set_state(k->st, "p1", PERSON_DISABLED, 140), OK);
    assert_int_equal(store_person_secure(k->st, "p1", 150, 160), ERR_NOT_FOUND);
    assert_int_equal(store_person_secured_at(k->st, "nobody", &at), ERR_NOT_FOUND);
}

static void
her_number_is_written_and_confirmed(void **state)
{
    struct kit *k = *state;
    struct stored_person person = a_person("p1");
    struct stored_person read;

    assert_int_equal(store_person_insert(k->st, &person), OK);
    assert_int_equal(store_person_set_phone(k->st, "p1", bytes_of("other", 5), 7, 8), OK);
    assert_int_equal(store_person_confirm_phone(k->st, "p1", 9), OK);
    assert_int_equal(store_person_load(k->st, k->arena, "p1", &read), OK);
    assert_memory_equal(read.phone_sealed.at, "other", 5);
    assert_int_equal(read.phone_verified_at, 9);
    assert_int_equal(read.updated_at, 8);
    assert_int_equal(store_person_set_phone(k->st, "nobody", bytes_of("x", 1), 7, 8),
                     ERR_NOT_FOUND);
    assert_int_equal(store_person_confirm_phone(k->st, "nobody", 9), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(she_is_secured_once_by_what_began_before),
        kit_test(her_number_is_written_and_confirmed),
        kit_test(a_person_comes_back_as_stored),
        kit_test(nobody_is_found_under_an_unknown_id),
        kit_test(a_persons_state_is_set),
        kit_test(a_key_belongs_to_one_person_and_kind),
        kit_test(a_deleted_key_is_free_again),
        kit_test(one_person_registering_16_times_at_once_is_one_person),
        kit_test(the_state_alone_is_read_for_every_request),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
