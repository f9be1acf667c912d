/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/pending.h"
#include "idp/tables/sweep.h"
#include "tests/store_kit.h"

#define NOW 1000

static struct stored_pending
a_pending(int n, const char *person_id)
{
    return (struct stored_pending) {
        .pending_id = kit_digest(n),
        .kind = PENDING_DEVICE,
        .waiter = kit_digest(n + 100),
        .partner_id = "kiosk",
        .terminal_id = "t_1",
        .person_id = person_id,
        .request = "what is asked",
        .sid = "",
        .interval_s = 5,
        .created_at = NOW + n,
        .expires_at = NOW + 600,
    };
}

static struct pending_step
step_of(int n, const char *person_id)
{
    return (struct pending_step) { kit_digest(n), person_id, "s_1", NOW };
}

static struct stored_pending
put(struct kit *k, int n, const char *person_id)
{
    struct stored_pending pending = a_pending(n, person_id);

    assert_int_equal(store_pending_insert(k->st, &pending), OK);
    return pending;
}

static struct stored_pending
read_back(struct kit *k, int n)
{
    struct stored_pending pending;
    struct digest id = kit_digest(n);

    assert_int_equal(store_pending_load(k->st, k->arena, &id, &pending), OK);
    return pending;
}

static void
it_comes_back_as_stored_and_its_id_is_taken_once(void **state)
{
    struct kit *k = *state;
    struct stored_pending pending = put(k, 1, "");
    struct stored_pending read = read_back(k, 1);
    struct digest other = kit_digest(2);

    assert_int_equal(store_pending_insert(k->st, &pending), ERR_CONFLICT);
    assert_memory_equal(&read.waiter, &pending.waiter, sizeof(read.waiter));
    assert_int_equal(read.kind, PENDING_DEVICE);
    assert_string_equal(read.partner_id, "kiosk");
    assert_string_equal(read.terminal_id, "t_1");
    assert_string_equal(read.request, "what is asked");
    assert_int_equal(read.state, PENDING_OPEN);
    assert_int_equal(read.expires_at, NOW + 600);
    assert_int_equal(store_pending_load(k->st, k->arena, &other, &read), ERR_NOT_FOUND);
}

static void
whoever_sees_it_first_alone_decides(void **state)
{
    struct kit *k = *state;
    struct pending_step hers = step_of(1, "p_1");
    struct pending_step his = step_of(1, "p_2");

    put(k, 1, "");
    assert_int_equal(store_pending_see(k->st, &hers), OK);
    assert_int_equal(store_pending_see(k->st, &hers), OK);
    assert_int_equal(store_pending_see(k->st, &his), ERR_NOT_FOUND);
    assert_int_equal(store_pending_approve(k->st, &his), ERR_NOT_FOUND);
    assert_int_equal(store_pending_refuse(k->st, &his), ERR_NOT_FOUND);
    assert_int_equal(read_back(k, 1).state, PENDING_SEEN);

    assert_int_equal(store_pending_approve(k->st, &hers), OK);
    assert_int_equal(store_pending_approve(k->st, &hers), ERR_NOT_FOUND);
    assert_int_equal(store_pending_refuse(k->st, &hers), ERR_NOT_FOUND);
    assert_int_equal(store_pending_see(k->st, &hers), ERR_NOT_FOUND);
    assert_string_equal(read_back(k, 1).sid, "s_1");
}

static void
what_is_for_one_person_is_nobody_elses(void **state)
{
    struct kit *k = *state;
    struct pending_step hers = step_of(1, "p_1");
    struct pending_step his = step_of(1, "p_2");

    put(k, 1, "p_1");
    assert_int_equal(store_pending_see(k->st, &his), ERR_NOT_FOUND);
    assert_int_equal(store_pending_approve(k->st, &his), ERR_NOT_FOUND);
    assert_int_equal(store_pending_refuse(k->st, &hers), OK);
    assert_int_equal(read_back(k, 1).state, PENDING_REFUSED);
    assert_int_equal(store_pending_approve(k->st, &hers), ERR_NOT_FOUND);
}

static void
it_is_taken_once_by_whoever_holds_the_secret(void **state)
{
    struct kit *k = *state;
    struct stored_pending pending = put(k, 1, "");
    struct pending_step hers = step_of(1, "p_1");
    struct digest wrong = kit_digest(9);

    assert_int_equal(store_pending_take(k->st, &pending.pending_id, &pending.waiter, NOW),
                     ERR_NOT_FOUND);
    assert_int_equal(store_pending_approve(k->st, &hers), OK);
    assert_int_equal(store_pending_take(k->st, &pending.pending_id, &wrong, NOW), ERR_NOT_FOUND);
    assert_int_equal(
        store_pending_take(k->st, &pending.pending_id, &pending.waiter, pending.expires_at),
        ERR_NOT_FOUND);
    assert_int_equal(store_pending_take(k->st, &pending.pending_id, &pending.waiter, NOW), OK);
    assert_int_equal(store_pending_take(k->st, &pending.pending_id, &pending.waiter, NOW),
                     ERR_NOT_FOUND);
    assert_int_equal(read_back(k, 1).state, PENDING_TAKEN);
}

static void
nothing_is_done_with_it_once_it_is_over(void **state)
{
    struct kit *k = *state;
    struct pending_step late = step_of(1, "p_1");

    late.now = NOW + 600;
    put(k, 1, "");
    assert_int_equal(store_pending_see(k->st, &late), ERR_NOT_FOUND);
    assert_int_equal(store_pending_approve(k->st, &late), ERR_NOT_FOUND);
    assert_int_equal(store_pending_refuse(k->st, &late), ERR_NOT_FOUND);
}

static void
one_that_was_burnt_is_taken_by_nobody(void **state)
{
    struct kit *k = *state;
    struct stored_pending pending = put(k, 1, "");
    struct pending_step hers = step_of(1, "p_1");
    struct digest other = kit_digest(2);

    assert_int_equal(store_pending_approve(k->st, &hers), OK);
    assert_int_equal(store_pending_burn(k->st, &pending.pending_id), OK);
    assert_int_equal(store_pending_burn(k->st, &other), ERR_NOT_FOUND);
    assert_int_equal(store_pending_take(k->st, &pending.pending_id, &pending.waiter, NOW),
                     ERR_NOT_FOUND);
}

static void
it_only_ever_gets_slower(void **state)
{
    struct kit *k = *state;
    struct stored_pending pending = put(k, 1, "");

    assert_int_equal(store_pending_slow(k->st, &pending.pending_id, 10), OK);
    assert_int_equal(store_pending_slow(k->st, &pending.pending_id, 5), OK);
    assert_int_equal(read_back(k, 1).interval_s, 10);
}

static void
her_list_holds_what_waits_for_her_newest_first(void **state)
{
    struct kit *k = *state;
    struct pending_step refused = step_of(2, "p_1");
    struct pending_list list;

    put(k, 1, "p_1");
    put(k, 2, "p_1");
    put(k, 3, "p_1");
    put(k, 4, "p_2");
    put(k, 5, "");
    assert_int_equal(store_pending_refuse(k->st, &refused), OK);
    assert_int_equal(store_pending_list(k->st, k->arena, "p_1", NOW, &list), OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.at[0].created_at, NOW + 3);
    assert_int_equal(list.at[1].created_at, NOW + 1);
    assert_int_equal(store_pending_list(k->st, k->arena, "p_1", NOW + 600, &list), OK);
    assert_int_equal(list.count, 0);
}

static void
what_is_over_is_swept(void **state)
{
    struct kit *k = *state;
    const struct audit_keep keep = { 0 };
    struct stored_pending pending = put(k, 1, "");
    int64_t removed;

    assert_int_equal(store_sweep(k->st, NOW + 600, &keep, &removed), OK);
    assert_int_equal(removed, 1);
    assert_int_equal(store_pending_load(k->st, k->arena, &pending.pending_id, &pending),
                     ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(it_comes_back_as_stored_and_its_id_is_taken_once),
        kit_test(whoever_sees_it_first_alone_decides),
        kit_test(what_is_for_one_person_is_nobody_elses),
        kit_test(it_is_taken_once_by_whoever_holds_the_secret),
        kit_test(nothing_is_done_with_it_once_it_is_over),
        kit_test(one_that_was_burnt_is_taken_by_nobody),
        kit_test(it_only_ever_gets_slower),
        kit_test(her_list_holds_what_waits_for_her_newest_first),
        kit_test(what_is_over_is_swept),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
