/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "idp/tables/terminal.h"
#include "tests/store_kit.h"

static struct digest code;

static struct stored_terminal
a_terminal(const char *terminal_id)
{
    code = kit_digest(7);
    return (struct stored_terminal) {
        .terminal_id = terminal_id,
        .partner_id = "kiosks",
        .place = "一楼大厅",
        .agency = "人社局",
        .state = TERMINAL_ANNOUNCED,
        .jwk = "",
        .thumbprint = "",
        .code = { code.bytes, sizeof(code.bytes) },
        .code_until = 100,
        .created_at = 10,
    };
}

static struct stored_terminal
enrolled_at(const char *terminal_id, unix_s at)
{
    return (struct stored_terminal) {
        .terminal_id = terminal_id, .jwk = "{}", .thumbprint = "t", .enrolled_at = at
    };
}

static struct stored_terminal
loaded(struct kit *k, const char *terminal_id)
{
    struct stored_terminal read;

    assert_int_equal(store_terminal_load(k->st, k->arena, terminal_id, &read), OK);
    return read;
}

static void
a_terminal_comes_back_as_stored(void **state)
{
    struct kit *k = *state;
    struct stored_terminal terminal = a_terminal("t_1");
    struct stored_terminal read;

    assert_int_equal(store_terminal_load(k->st, k->arena, "t_1", &read), ERR_NOT_FOUND);
    assert_int_equal(store_terminal_insert(k->st, &terminal), OK);
    assert_int_equal(store_terminal_insert(k->st, &terminal), ERR_CONFLICT);
    read = loaded(k, "t_1");
    assert_string_equal(read.partner_id, "kiosks");
    assert_string_equal(read.place, "一楼大厅");
    assert_string_equal(read.agency, "人社局");
    assert_int_equal(read.state, TERMINAL_ANNOUNCED);
    assert_memory_equal(read.code.at, code.bytes, sizeof(code.bytes));
    assert_int_equal(read.code_until, 100);
    assert_int_equal(read.created_at, 10);
    assert_int_equal(read.retired_at, 0);
}

static void
a_code_enrols_one_key_once_and_in_its_time(void **state)
{
    struct kit *k = *state;
    struct stored_terminal terminal = a_terminal("t_1");
    struct stored_terminal enrolled = enrolled_at("t_1", 99);
    struct stored_terminal late = enrolled_at("t_1", 100);
    struct digest other = kit_digest(8);

    assert_int_equal(store_terminal_insert(k->st, &terminal), OK);
    assert_int_equal(store_terminal_enrol(k->st, &enrolled, &other), ERR_NOT_FOUND);
    assert_int_equal(store_terminal_enrol(k->st, &late, &code), ERR_NOT_FOUND);
    assert_int_equal(loaded(k, "t_1").state, TERMINAL_ANNOUNCED);
    assert_int_equal(store_terminal_enrol(k->st, &enrolled, &code), OK);
    assert_int_equal(store_terminal_enrol(k->st, &enrolled, &code), ERR_NOT_FOUND);
    assert_int_equal(loaded(k, "t_1").state, TERMINAL_ENROLLED);
    assert_string_equal(loaded(k, "t_1").jwk, "{}");
    assert_int_equal(loaded(k, "t_1").code.size, 0);
}

static void
a_new_code_replaces_the_key_and_a_retired_terminal_gets_none(void **state)
{
    struct kit *k = *state;
    struct stored_terminal terminal = a_terminal("t_1");
    struct stored_terminal again = enrolled_at("t_1", 120);
    struct digest second = kit_digest(9);

    assert_int_equal(store_terminal_insert(k->st, &terminal), OK);
    assert_int_equal(store_terminal_code(k->st, "t_1", &second, 200), OK);
    again.jwk = "{\"kty\":\"EC\"}";
    assert_int_equal(store_terminal_enrol(k->st, &again, &code), ERR_NOT_FOUND);
    assert_int_equal(store_terminal_enrol(k->st, &again, &second), OK);
    assert_string_equal(loaded(k, "t_1").jwk, "{\"kty\":\"EC\"}");
    assert_int_equal(store_terminal_code(k->st, "t_1", &code, 300), OK);
    assert_int_equal(store_terminal_retire(k->st, "t_1", 130), OK);
    assert_int_equal(store_terminal_retire(k->st, "t_1", 131), ERR_NOT_FOUND);
    assert_int_equal(store_terminal_code(k->st, "t_1", &second, 300), ERR_NOT_FOUND);
    assert_int_equal(store_terminal_enrol(k->st, &again, &code), ERR_NOT_FOUND);
    assert_int_equal(loaded(k, "t_1").state, TERMINAL_RETIRED);
    assert_int_equal(loaded(k, "t_1").retired_at, 130);
    assert_string_equal(loaded(k, "t_1").jwk, "");
}

static enum err
enrol_in_thread(struct store *st, int thread, void *ctx)
{
    char thumbprint[16];
    struct stored_terminal enrolled = enrolled_at("t_1", 50);

    (void)ctx;
    snprintf(thumbprint, sizeof(thumbprint), "key %d", thread);
    enrolled.thumbprint = thumbprint;
    return store_terminal_enrol(st, &enrolled, &code);
}

static void
of_32_keys_that_come_at_once_with_one_code_one_is_the_terminals(void **state)
{
    struct kit *k = *state;
    struct stored_terminal terminal = a_terminal("t_1");
    enum err outcomes[KIT_THREADS_MAX];

    assert_int_equal(store_terminal_insert(k->st, &terminal), OK);
    kit_race(k->db, 32, enrol_in_thread, NULL, outcomes);
    assert_int_equal(kit_count(outcomes, 32, OK), 1);
    assert_int_equal(kit_count(outcomes, 32, ERR_NOT_FOUND), 31);
}

static void
one_is_held_as_long_as_it_has_that_key(void **state)
{
    struct kit *k = *state;
    struct stored_terminal terminal = a_terminal("t_1");
    struct stored_terminal enrolled = enrolled_at("t_1", 50);

    assert_int_equal(store_terminal_insert(k->st, &terminal), OK);
    assert_int_equal(store_terminal_hold(k->st, "t_1", "t"), ERR_NOT_FOUND);
    assert_int_equal(store_terminal_enrol(k->st, &enrolled, &code), OK);
    assert_int_equal(store_terminal_hold(k->st, "t_1", "t"), OK);
    assert_int_equal(store_terminal_hold(k->st, "t_1", "u"), ERR_NOT_FOUND);
    assert_int_equal(store_terminal_retire(k->st, "t_1", 60), OK);
    assert_int_equal(store_terminal_hold(k->st, "t_1", "t"), ERR_NOT_FOUND);
}

static void
they_are_listed_by_id_and_counted_by_state(void **state)
{
    struct kit *k = *state;
    struct stored_terminal second = a_terminal("t_2");
    struct stored_terminal first = a_terminal("t_1");
    struct stored_terminal_list list;
    int64_t count;

    assert_int_equal(store_terminal_insert(k->st, &second), OK);
    assert_int_equal(store_terminal_insert(k->st, &first), OK);
    assert_int_equal(store_terminal_retire(k->st, "t_2", 20), OK);
    assert_int_equal(store_terminal_list(k->st, k->arena, "", &list), OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].terminal_id, "t_1");
    assert_int_equal(store_terminal_list(k->st, k->arena, "t_1", &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(store_terminal_count(k->st, TERMINAL_ANNOUNCED, &count), OK);
    assert_int_equal(count, 1);
    assert_int_equal(store_terminal_count(k->st, TERMINAL_RETIRED, &count), OK);
    assert_int_equal(count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_terminal_comes_back_as_stored),
        kit_test(a_code_enrols_one_key_once_and_in_its_time),
        kit_test(a_new_code_replaces_the_key_and_a_retired_terminal_gets_none),
        kit_test(of_32_keys_that_come_at_once_with_one_code_one_is_the_terminals),
        kit_test(one_is_held_as_long_as_it_has_that_key),
        kit_test(they_are_listed_by_id_and_counted_by_state),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
