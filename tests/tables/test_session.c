/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/session.h"
#include "tests/store_kit.h"

static struct stored_session
a_session(const char *sid, unix_s auth_time)
{
    return (struct stored_session) { .sid = sid,
                                     .handle = kit_digest(1),
                                     .subject = subject_person("p1"),
                                     .channel = "web",
                                     .amr = "pwd otp",
                                     .level = 2,
                                     .auth_time = auth_time,
                                     .seen_at = 11,
                                     .expires_at = 100,
                                     .partner_id = "hall",
                                     .terminal_id = "t1",
                                     .lent_by = "s0",
                                     .device = "d1",
                                     .network = "10.1.2.0/24",
                                     .browser = "Chrome Android" };
}

static void
a_session_comes_back_as_stored(void **state)
{
    struct kit *k = *state;
    struct stored_session session = a_session("s1", 10);
    struct stored_session read;

    assert_int_equal(store_session_insert(k->st, &session), OK);
    assert_int_equal(store_session_insert(k->st, &session), ERR_CONFLICT);
    assert_int_equal(store_session_load(k->st, k->arena, "s1", &read), OK);

    assert_string_equal(read.sid, "s1");
    assert_memory_equal(&read.handle, &session.handle, sizeof(read.handle));
    assert_string_equal(read.subject.id, "p1");
    assert_string_equal(read.channel, "web");
    assert_string_equal(read.amr, "pwd otp");
    assert_int_equal(read.level, 2);
    assert_int_equal(read.auth_time, 10);
    assert_int_equal(read.seen_at, 11);
    assert_int_equal(read.expires_at, 100);
    assert_int_equal(read.ended_at, 0);
    assert_string_equal(read.device, "d1");
    assert_string_equal(read.network, "10.1.2.0/24");
    assert_string_equal(read.browser, "Chrome Android");
}

static void
an_unknown_session_is_not_found(void **state)
{
    struct kit *k = *state;
    struct stored_session read;

    assert_int_equal(store_session_load(k->st, k->arena, "s1", &read), ERR_NOT_FOUND);
    assert_int_equal(store_session_touch(k->st, "s1", 12), ERR_NOT_FOUND);
    assert_int_equal(store_session_end(k->st, "s1", 12), ERR_NOT_FOUND);
}

static void
a_session_is_touched_until_it_ends(void **state)
{
    struct kit *k = *state;
    struct stored_session session = a_session("s1", 10);
    struct stored_session read;

    assert_int_equal(store_session_insert(k->st, &session), OK);
    assert_int_equal(store_session_touch(k->st, "s1", 20), OK);
    assert_int_equal(store_session_end(k->st, "s1", 30), OK);
    assert_int_equal(store_session_touch(k->st, "s1", 40), ERR_NOT_FOUND);
    assert_int_equal(store_session_end(k->st, "s1", 40), ERR_NOT_FOUND);

    assert_int_equal(store_session_load(k->st, k->arena, "s1", &read), OK);
    assert_int_equal(read.seen_at, 20);
    assert_int_equal(read.ended_at, 30);
    assert_int_equal(read.expires_at, 30);
}

static void
a_session_that_ends_after_its_expiry_keeps_the_expiry(void **state)
{
    struct kit *k = *state;
    struct stored_session session = a_session("s1", 10);
    struct stored_session read;

    assert_int_equal(store_session_insert(k->st, &session), OK);
    assert_int_equal(store_session_end(k->st, "s1", 200), OK);
    assert_int_equal(store_session_load(k->st, k->arena, "s1", &read), OK);
    assert_int_equal(read.expires_at, 100);
}

static const struct sessions_of all_of_p1 = { "p1", "", TIME_NEVER, 60, NULL };

static void
a_persons_live_sessions_are_listed_by_id(void **state)
{
    struct kit *k = *state;
    struct stored_session sessions[] = { a_session("s1", 10), a_session("s2", 20),
                                         a_session("ended", 30), a_session("expired", 40),
                                         a_session("other", 50) };
    struct sid_list list;

    sessions[3].expires_at = 60;
    sessions[4].subject.id = "p2";
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(store_session_insert(k->st, &sessions[i]), OK);
    assert_int_equal(store_session_end(k->st, "ended", 55), OK);

    assert_int_equal(store_session_list(k->st, k->arena, &all_of_p1, &list), OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0], "s1");
    assert_string_equal(list.at[1], "s2");
}

static void
no_more_than_a_page_of_sessions_is_listed(void **state)
{
    struct kit *k = *state;
    struct sid_list list;

    for (int i = 0; i < SESSION_PAGE + 1; i++) {
        struct stored_session session = a_session(arena_printf(k->arena, "s%03d", i), 10);

        assert_int_equal(store_session_insert(k->st, &session), OK);
    }
    assert_int_equal(store_session_list(k->st, k->arena, &all_of_p1, &list), OK);
    assert_int_equal(list.count, SESSION_PAGE);
    assert_string_equal(list.at[0], "s000");
}

static enum err
end(struct store *st, int thread, void *ctx)
{
    (void)thread;
    return store_session_end(st, ctx, 12);
}

static void
of_16_threads_exactly_one_ends_a_session(void **state)
{
    struct kit *k = *state;
    struct stored_session session = a_session("s1", 10);
    enum err outcomes[KIT_THREADS_MAX];
    char sid[] = "s1";

    assert_int_equal(store_session_insert(k->st, &session), OK);
    kit_race(k->db, 16, end, sid, outcomes);
    assert_int_equal(kit_count(outcomes, 16, OK), 1);
    assert_int_equal(kit_count(outcomes, 16, ERR_NOT_FOUND), 15);
}

static void
a_new_login_renews_the_live_row_and_keeps_its_sid(void **state)
{
    struct kit *k = *state;
    struct stored_session session = a_session("s1", 10);
    struct stored_session again = a_session("s1", 50);
    struct stored_session read;

    again.handle = kit_digest(9);
    assert_int_equal(store_session_renew(k->st, &again), ERR_NOT_FOUND);
    assert_int_equal(store_session_insert(k->st, &session), OK);
    assert_int_equal(store_session_renew(k->st, &again), OK);
    assert_int_equal(store_session_load(k->st, k->arena, "s1", &read), OK);

    assert_memory_equal(&read.handle, &again.handle, sizeof(read.handle));
    assert_int_equal(read.auth_time, 50);
}

static void
live_sessions_are_counted_no_further_than_asked(void **state)
{
    struct kit *k = *state;
    static const char *const sids[] = { "s1", "s2", "s3" };
    int64_t count = 0;

    for (size_t i = 0; i < 3; i++) {
        struct stored_session session = a_session(sids[i], 10);

        session.handle = kit_digest((int)i);
        assert_int_equal(store_session_insert(k->st, &session), OK);
    }
    assert_int_equal(store_session_end(k->st, "s2", 20), OK);
    assert_int_equal(store_session_count(k->st, 20, 10, &count), OK);
    assert_int_equal(count, 2);
    assert_int_equal(store_session_count(k->st, 20, 1, &count), OK);
    assert_int_equal(count, 1);
    assert_int_equal(store_session_count(k->st, 100, 10, &count), OK);
    assert_int_equal(count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_session_comes_back_as_stored),
        kit_test(an_unknown_session_is_not_found),
        kit_test(a_new_login_renews_the_live_row_and_keeps_its_sid),
        kit_test(a_session_is_touched_until_it_ends),
        kit_test(a_session_that_ends_after_its_expiry_keeps_the_expiry),
        kit_test(a_persons_live_sessions_are_listed_by_id),
        kit_test(no_more_than_a_page_of_sessions_is_listed),
        kit_test(live_sessions_are_counted_no_further_than_asked),
        kit_test(of_16_threads_exactly_one_ends_a_session),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
