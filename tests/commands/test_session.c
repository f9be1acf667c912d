/* SPDX-License-Identifier: Apache-2.0 */
/* What it makes worthless is tested with it, in tests/session/test_restored.c. */
#include "tests/commands/kit.h"

static void
what_began_before_is_counted_and_ended(void **state)
{
    (void)state;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    kit_sql("INSERT INTO session (sid, handle, person_id, channel, amr, level, auth_time, seen_at,"
            " expires_at, ended_at) VALUES ('s_1', zeroblob(32), 'p_1', 'web', 'pwd', 2, 1000,"
            " 1000, 99999999999, 0), ('s_2', zeroblob(32), 'p_1', 'web', 'pwd', 2, 1767225600,"
            " 1767225600, 99999999999, 0)");
    kit_sql("INSERT INTO partner_grant (grant_id, person_id, partner_id, sid, scope, claims, acr,"
            " amr, auth_time, offline, generation, rotated_at, created_at, expires_at, ended_at)"
            " VALUES ('g_1', 'p_1', 'hall', 's_9', 'openid', '', '', 'pwd', 1, 1, 1, 1, 1,"
            " 99999999999, 0)");
    assert_done(
        "session revoke-all --before 2026-01-01 --plan --config c",
        "Of what began before 2026-01-01 00:00:00+08:00, 1 sessions and 1 grants would end");
    assert_done("session revoke-all --before 2026-01-01 --config c",
                "Nothing from before 2026-01-01 00:00:00+08:00 is good any more.\n1 sessions and 1 "
                "grants ended.\n");
    assert_done("session revoke-all --before 2026-01-01 --config c",
                "0 sessions and 0 grants ended.\n");
    assert_done("session revoke-all --before 0s --config c", "1 sessions and 0 grants ended.\n");
}

/* In rounds, so that a service does other things in between. */
static void
many_are_ended_in_rounds_that_are_told(void **state)
{
    (void)state;
    kit_sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203)"
            " INSERT INTO session (sid, handle, person_id, channel, amr, level, auth_time, seen_at,"
            " expires_at, ended_at) SELECT 's_m' || i, zeroblob(32), 'p_1', 'web', 'pwd', 2, 1000,"
            " 1000, 99999999999, 0 FROM n");
    assert_done("session revoke-all --before 1h --config c",
                " is good any more.\n1000 sessions and");
    assert_non_null(strstr(kit_out, "1000 sessions and 0 grants ended so far …\n"));
    assert_non_null(strstr(kit_out, "\n1203 sessions and 0 grants ended.\n"));
}

static void
a_time_is_asked_for_that_is_not_to_come(void **state)
{
    (void)state;
    assert_failed("session revoke-all --config c",
                  "tongxing: session revoke-all: say --before TIME: what began before that ends");
    assert_failed("session revoke-all --before 2999-01-01 --config c",
                  "2999-01-01 00:00:00+08:00 is still to come; nothing was changed");
    assert_called_wrongly("session revoke-all --before yesterday --config c",
                          "--before needs a time");
    assert_called_wrongly("session --config c",
                          "there are: session revoke-all, session end, session deliveries.");
}

static void
one_session_is_ended_with_what_it_has_lent(void **state)
{
    (void)state;
    kit_sql(
        "INSERT INTO session (sid, handle, person_id, channel, amr, level, auth_time, seen_at,"
        " expires_at, ended_at, lent_by) VALUES"
        " ('s_app', zeroblob(32), 'p_1', 'app', 'pwd', 2, 1000, 1000, 99999999999, 0, ''),"
        " ('s_view', zeroblob(32), 'p_1', 'web', 'pwd', 2, 1000, 1000, 99999999999, 0, 's_app'),"
        " ('s_web', zeroblob(32), 'p_1', 'web', 'pwd', 2, 1000, 1000, 99999999999, 0, '')");
    assert_done("session end s_app --config c",
                "Session s_app has ended, with what it has lent; its partners are being told.\n");
    assert_failed("session end s_app --config c", "session s_app has ended already");
    assert_failed("session end s_view --config c", "session s_view has ended already");
    assert_failed("session end s_nobody --config c", "there is no session s_nobody");
    assert_done("session end s_web --config c", "Session s_web has ended");
}

static void
deliveries_are_listed_with_their_last_answer(void **state)
{
    (void)state;
    kit_sql("INSERT INTO outbox (delivery_id, kind, partner_id, person_id, sid, payload, tries,"
            " next_at, done_at, outcome, created_at, answer) VALUES"
            " ('d_1', 'logout', 'hall', 'p_1', 's_1', '', 1, 1767826000, 1767225601, 'delivered',"
            " 1767225600, 'ok 200'),"
            " ('d_2', 'logout', 'hospital', 'p_2', 's_2', '', 3, 1767225800, 0, 'refused',"
            " 1767225660, 'refused 400'),"
            " ('d_3', 'logout', 'bank', 'p_2', 's_2', '', 2, 1767225800, 0, 'unavailable',"
            " 1767225670, ''),"
            " ('d_4', 'notice', '', 'p_2', '', '', 1, 1767225800, 0, '', 1767225680, '')");
    assert_done("session deliveries --json --config c",
                "{\"since\":1767225600,\"partner\":\"hall\",\"session\":\"s_1\","
                "\"state\":\"delivered\",\"tries\":1,\"last_answer\":\"ok 200\","
                "\"done_at\":1767225601,\"person\":\"p_1\",\"delivery\":\"d_1\"}");
    assert_non_null(strstr(kit_out, "\"state\":\"waiting\",\"tries\":3,\"last_answer\":"
                                    "\"refused 400\",\"next_at\":1767225800"));
    assert_non_null(strstr(kit_out, "\"last_answer\":\"unavailable\"")); /* of the version before */
    assert_null(strstr(kit_out, "d_4"));
    assert_done("session deliveries --partner hospital --config c", "hospital");
    assert_null(strstr(kit_out, "hall"));
    assert_done("session deliveries --person p_1 --config c", "d_1");
    assert_null(strstr(kit_out, "d_2"));
    assert_done("session deliveries --limit 1 --config c", "d_3");
    assert_null(strstr(kit_out, "d_2"));
    assert_done("session deliveries --since 2026-01-01T00:01:05Z --config c", "d_3");
    assert_null(strstr(kit_out, "d_2"));
    assert_failed("session deliveries --limit 10001 --config c", "--limit is at most 10000");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_began_before_is_counted_and_ended),
        cmocka_unit_test(many_are_ended_in_rounds_that_are_told),
        cmocka_unit_test(a_time_is_asked_for_that_is_not_to_come),
        cmocka_unit_test(one_session_is_ended_with_what_it_has_lent),
        cmocka_unit_test(deliveries_are_listed_with_their_last_answer),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
