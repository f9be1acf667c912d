/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "idp/tables/credential.h"
#include "tests/store_kit.h"

/* A kind of which a person may have several. */
#define SEVERAL ((enum credential_kind)9)

struct password_writing {
    struct credential_key key;
    const char *secret;
    unix_s now;
};

static enum err
insert_now(struct store *st, void *ctx)
{
    const struct password_writing *w = ctx;

    return store_credential_insert(st, &w->key, w->secret, w->now);
}

static enum err
insert(struct kit *k, struct credential_key key, const char *secret, unix_s now)
{
    return store_change(k->st, insert_now, &(struct password_writing) { key, secret, now });
}

struct renewing {
    struct credential_form form;
    unix_s now;
};

static enum err
renew_now(struct store *st, void *ctx)
{
    const struct renewing *r = ctx;
    struct credential_key key = credential_password("p1");

    return store_credential_renew(st, &key, &r->form, r->now);
}

/* The password of p1. */
static void
renew(struct kit *k, const char *found, const char *renewed, unix_s now)
{
    struct renewing renewing = { { found, renewed }, now };

    assert_int_equal(store_change(k->st, renew_now, &renewing), OK);
}

/* The statements of version 0.1.0, which knows `credential` alone. */
static enum err
before_insert(struct store *st, const char *secret, unix_s now)
{
    static const char sql[] = "INSERT INTO credential (person_id, kind, secret, created_at, "
                              "updated_at) VALUES ($1, $2, $3, $4, $4)";
    const struct arg args[] = { arg_text("p1"), arg_int(CREDENTIAL_PASSWORD), arg_text(secret),
                                arg_time(now), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

static void
before_updates(struct kit *k, const char *secret, unix_s now)
{
    static const char sql[] = "UPDATE credential SET secret = $3, updated_at = $4"
                              " WHERE person_id = $1 AND kind = $2";
    const struct arg args[] = { arg_text("p1"), arg_int(CREDENTIAL_PASSWORD), arg_text(secret),
                                arg_time(now), ARG_END };

    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .args = args }), OK);
}

static void
assert_before_reads(struct kit *k, const char *secret)
{
    static const char sql[] = "SELECT secret FROM credential WHERE person_id = $1 AND kind = $2";
    const struct arg args[] = { arg_text("p1"), arg_int(CREDENTIAL_PASSWORD), ARG_END };
    const char *read;
    const struct out outs[] = { out_text(&read), OUT_END };

    assert_int_equal(
        store_run(k->st,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = k->arena }),
        OK);
    assert_string_equal(read, secret);
}

static void
assert_found(struct kit *k, struct credential_key key, const char *secret)
{
    struct stored_credential read;

    assert_int_equal(store_credential_find(k->st, k->arena, &key, &read), OK);
    assert_string_equal(read.secret, secret);
}

static void
assert_none(struct kit *k, struct credential_key key)
{
    struct stored_credential read;

    assert_int_equal(store_credential_find(k->st, k->arena, &key, &read), ERR_NOT_FOUND);
}

static void
a_credential_comes_back_as_it_was_put(void **state)
{
    struct kit *k = *state;
    struct credential_key key = credential_password("p1");
    struct stored_credential read;

    assert_none(k, key);
    assert_int_equal(insert(k, key, "$one", 10), OK);
    assert_int_equal(store_credential_find(k->st, k->arena, &key, &read), OK);
    assert_string_equal(read.secret, "$one");
    assert_int_equal(read.created_at, 10);
    assert_int_equal(read.updated_at, 10);
    assert_none(k, credential_password("p2"));
}

static void
the_first_one_stays(void **state)
{
    struct kit *k = *state;

    assert_int_equal(insert(k, credential_password("p1"), "$one", 10), OK);
    assert_int_equal(insert(k, credential_password("p1"), "$two", 20), ERR_CONFLICT);
    assert_found(k, credential_password("p1"), "$one");
}

static void
of_one_kind_a_person_has_several_by_their_ids(void **state)
{
    struct kit *k = *state;
    struct credential_key a = { "p1", SEVERAL, "a" };
    struct credential_key b = { "p1", SEVERAL, "b" };

    assert_int_equal(insert(k, a, "$a", 10), OK);
    assert_int_equal(insert(k, b, "$b", 10), OK);
    assert_int_equal(insert(k, b, "$c", 20), ERR_CONFLICT);
    assert_found(k, a, "$a");
    assert_found(k, b, "$b");
    assert_none(k, (struct credential_key) { "p1", SEVERAL, "" });
    assert_none(k, (struct credential_key) { "p2", SEVERAL, "a" });
    assert_none(k, credential_password("p1"));
}

static void
a_renewed_one_takes_the_place_of_what_was_found(void **state)
{
    struct kit *k = *state;
    struct credential_key key = credential_password("p1");
    struct stored_credential read;

    assert_int_equal(insert(k, key, "$one", 10), OK);
    renew(k, "$one", "$two", 20);
    assert_int_equal(store_credential_find(k->st, k->arena, &key, &read), OK);
    assert_string_equal(read.secret, "$two");
    assert_int_equal(read.created_at, 10);
    assert_int_equal(read.updated_at, 20);
}

static void
a_renewed_one_leaves_alone_what_was_put_meanwhile(void **state)
{
    struct kit *k = *state;

    assert_int_equal(insert(k, credential_password("p1"), "$one", 10), OK);
    renew(k, "$one", "$changed", 20);
    renew(k, "$one", "$one, made anew", 30);
    assert_found(k, credential_password("p1"), "$changed");
    assert_before_reads(k, "$changed");
}

/* Half of it must not stay. */
static void
outside_a_transaction_nothing_is_written(void **state)
{
    struct kit *k = *state;
    struct credential_key key = credential_password("p1");
    struct credential_form form = { "$one", "$two" };

    assert_int_equal(store_credential_insert(k->st, &key, "$one", 10), ERR_INTERNAL);
    assert_none(k, key);
    assert_int_equal(insert(k, key, "$one", 10), OK);
    assert_int_equal(store_credential_renew(k->st, &key, &form, 20), ERR_INTERNAL);
    assert_found(k, key, "$one");
}

/* --- Beside the version before --- */

static void
a_password_set_by_the_version_before_is_a_password(void **state)
{
    struct kit *k = *state;

    assert_int_equal(before_insert(k->st, "$before", 10), OK);
    assert_found(k, credential_password("p1"), "$before");
    assert_int_equal(insert(k, credential_password("p1"), "$two", 20), ERR_CONFLICT);
    assert_found(k, credential_password("p1"), "$before");
    renew(k, "$before", "$renewed", 30);
    assert_found(k, credential_password("p1"), "$renewed");
}

/* Every other thread is a node of the version before. */
static enum err
set_first(struct store *st, int thread, void *ctx)
{
    struct password_writing writing = { credential_password("p1"), "$here", 10 };

    (void)ctx;
    return thread % 2 == 0 ? store_change(st, insert_now, &writing)
                           : before_insert(st, "$before", 10);
}

static void
of_16_first_passwords_at_once_on_both_versions_one_is_set(void **state)
{
    struct kit *k = *state;
    enum err outcomes[KIT_THREADS_MAX];
    bool here = false;

    kit_race(k->db, 16, set_first, NULL, outcomes);
    assert_int_equal(kit_count(outcomes, 16, OK), 1);
    assert_int_equal(kit_count(outcomes, 16, ERR_CONFLICT), 15);
    for (int i = 0; i < 16; i += 2)
        here |= outcomes[i] == OK;
    assert_found(k, credential_password("p1"), here ? "$here" : "$before");
    assert_before_reads(k, here ? "$here" : "$before");
}

static enum err
renew_at_once(struct store *st, int thread, void *ctx)
{
    char renewed[16];
    struct renewing renewing = { { "$one", renewed }, 20 };

    (void)ctx;
    snprintf(renewed, sizeof(renewed), "$two %d", thread);
    return store_change(st, renew_now, &renewing);
}

static void
of_16_that_renew_one_at_once_the_first_is_kept_in_both_tables(void **state)
{
    struct kit *k = *state;
    enum err outcomes[KIT_THREADS_MAX];
    struct credential_key key = credential_password("p1");
    struct stored_credential read;

    assert_int_equal(insert(k, key, "$one", 10), OK);
    kit_race(k->db, 16, renew_at_once, NULL, outcomes);
    assert_int_equal(kit_count(outcomes, 16, OK), 16);
    assert_int_equal(store_credential_find(k->st, k->arena, &key, &read), OK);
    assert_string_not_equal(read.secret, "$one");
    assert_before_reads(k, read.secret);
    assert_int_equal(kit_run(k->st, "DELETE FROM credential"), OK);
    assert_found(k, key, read.secret);
}

static void
the_version_before_reads_what_is_set_and_renewed_here(void **state)
{
    struct kit *k = *state;

    assert_int_equal(insert(k, credential_password("p1"), "$one", 10), OK);
    assert_before_reads(k, "$one");
    renew(k, "$one", "$two", 20);
    assert_before_reads(k, "$two");
    before_updates(k, "$three", 30);
    renew(k, "$three", "$four", 40);
    assert_before_reads(k, "$four");
}

static void
a_password_changed_by_the_version_before_wins(void **state)
{
    struct kit *k = *state;

    assert_int_equal(insert(k, credential_password("p1"), "$one", 10), OK);
    before_updates(k, "$same second", 10);
    assert_found(k, credential_password("p1"), "$same second");
    before_updates(k, "$later", 11);
    assert_found(k, credential_password("p1"), "$later");
    renew(k, "$one", "$one, made anew", 12);
    assert_before_reads(k, "$later");
}

static void
what_the_version_before_changed_is_renewed_and_changed_again(void **state)
{
    struct kit *k = *state;

    assert_int_equal(insert(k, credential_password("p1"), "$one", 10), OK);
    before_updates(k, "$two", 20);
    renew(k, "$two", "$three", 30);
    assert_found(k, credential_password("p1"), "$three");
    before_updates(k, "$four", 40);
    assert_found(k, credential_password("p1"), "$four");
}

/* It will write to the new table alone. */
static void
a_password_set_by_the_version_after_is_a_password(void **state)
{
    struct kit *k = *state;

    assert_int_equal(insert(k, credential_password("p1"), "$one", 10), OK);
    assert_int_equal(kit_run(k->st, "UPDATE person_credential SET secret = 'after',"
                                    " updated_at = 11"),
                     OK);
    assert_found(k, credential_password("p1"), "after");
    assert_int_equal(kit_run(k->st, "DELETE FROM credential"), OK);
    assert_found(k, credential_password("p1"), "after");
    renew(k, "after", "$renewed", 20);
    assert_found(k, credential_password("p1"), "$renewed");
    assert_int_equal(insert(k, credential_password("p1"), "$two", 30), ERR_CONFLICT);
    assert_found(k, credential_password("p1"), "$renewed");
}

static void
the_version_before_never_reads_what_has_an_id(void **state)
{
    struct kit *k = *state;
    struct credential_key key = { "p1", CREDENTIAL_PASSWORD, "a" };

    assert_int_equal(before_insert(k->st, "$before", 10), OK);
    assert_int_equal(insert(k, key, "$a", 10), OK);
    assert_found(k, key, "$a");
    assert_before_reads(k, "$before");
}

static enum err
put_now(struct store *st, void *ctx)
{
    const struct password_writing *w = ctx;

    return store_credential_put(st, &w->key, w->secret, w->now);
}

static void
one_that_is_put_takes_the_place_of_any(void **state)
{
    static const char *const secrets[] = { "first", "second", "third" };
    struct kit *k = *state;
    struct stored_credential read;
    struct credential_key key = credential_password("p1");

    for (size_t i = 0; i < 3; i++) {
        struct password_writing w = { key, secrets[i], (unix_s)(10 + i) };

        assert_int_equal(store_change(k->st, put_now, &w), OK);
        assert_int_equal(store_credential_find(k->st, k->arena, &key, &read), OK);
        assert_string_equal(read.secret, secrets[i]);
    }
    assert_int_equal(store_credential_put(k->st, &key, "x", 20), ERR_INTERNAL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_credential_comes_back_as_it_was_put),
        kit_test(one_that_is_put_takes_the_place_of_any),
        kit_test(the_first_one_stays),
        kit_test(of_one_kind_a_person_has_several_by_their_ids),
        kit_test(a_renewed_one_takes_the_place_of_what_was_found),
        kit_test(a_renewed_one_leaves_alone_what_was_put_meanwhile),
        kit_test(outside_a_transaction_nothing_is_written),
        kit_test(a_password_set_by_the_version_before_is_a_password),
        kit_test(of_16_first_passwords_at_once_on_both_versions_one_is_set),
        kit_test(of_16_that_renew_one_at_once_the_first_is_kept_in_both_tables),
        kit_test(the_version_before_reads_what_is_set_and_renewed_here),
        kit_test(a_password_changed_by_the_version_before_wins),
        kit_test(what_the_version_before_changed_is_renewed_and_changed_again),
        kit_test(a_password_set_by_the_version_after_is_a_password),
        kit_test(the_version_before_never_reads_what_has_an_id),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
