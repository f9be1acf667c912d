/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/socket.h>
#include <sys/un.h>

#include "idp/server/life/control_wire.h"
#include "tests/commands/serving_kit.h"

static int
prepared(void **state)
{
    if (kit_open(state) != 0)
        return -1;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    kit_sql("INSERT INTO person (person_id, state, name_sealed, identity_sealed, phone_sealed,"
            " birth_date, phone_verified_at, created_at, updated_at)"
            " VALUES ('p_1', 1, x'', x'', x'', 0, 0, 1, 1)");
    kit_sql("INSERT INTO audit (audit_id, at, event, reason, person_id, partner_id, sid, channel,"
            " request_id, address) VALUES"
            " ('a_1', 1767225600, 'client.fail', 'secret', '', 'hall', '', 'web', 'r_1', '::1'),"
            " ('a_2', 1767225601, 'session.begin', 'pwd', 'p_1', 'hall', 's_1', 'web', 'r_2', ''),"
            " ('a_3', 1767225602, 'grant.begin', '', 'p_1', 'bank', 's_1', 'app', 'r_2', '')");
    assert_done("person disable p_1 --config c", "p_1 is disabled: ");
    return 0;
}

static int
lines_said(void)
{
    int count = 0;

    for (const char *c = kit_out; *c != '\0'; c++)
        count += *c == '\n';
    return count;
}

static void
the_newest_stands_last_with_the_time_of_the_clock(void **state)
{
    (void)state;
    assert_done("audit --since 2026-01-01T08:00 --config c",
                "at                         event          reason    person  partner  session");
    assert_non_null(strstr(kit_out, "2026-01-01 08:00:00+08:00  client.fail    secret    -       "
                                    "hall     -        web       r_1      ::1      -      -\n"));
    assert_true(strstr(kit_out, "client.fail") < strstr(kit_out, "grant.begin"));
    assert_true(strstr(kit_out, "grant.begin") < strstr(kit_out, "person.state"));
}

static void
records_are_found_by_person_partner_request_event_and_time(void **state)
{
    static const struct {
        const char *line;
        int records;
    } cases[] = {
        { "--person p_1", 3 },
        { "--person p_2", 0 },
        { "--partner hall", 2 },
        { "--request r_2", 2 },
        { "--request r_2 --partner bank", 1 },
        { "--person p_1 --event session.begin", 1 },
        { "--event client.fail", 1 },
        { "--partner hall --since 2026-01-01T08:00:01", 1 },
        { "--since 1h --event person.state", 1 },
        { "--since 2026-01-01T08:00:02 --person p_1", 2 },
    };
    char line[256];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        snprintf(line, sizeof(line), "audit %s --config c", cases[i].line);
        assert_done(line, "event");
        if (lines_said() != 1 + cases[i].records)
            fail_msg("%s says: %s", line, kit_out);
    }
}

static void
that_there_is_more_is_said(void **state)
{
    (void)state;
    assert_done("audit --person p_1 --limit 2 --config c",
                "There are more; these are the newest 2");
    assert_null(strstr(kit_out, "session.begin"));
    assert_done("audit --person p_1 --limit 2 --json --config c", "[{\"at\":1767225602,");
    assert_non_null(strstr(kit_out, "\"person\":\"p_1\",\"partner\":\"bank\",\"session\":\"s_1\""));
    assert_non_null(strstr(kit_out, "}]\n"));
    assert_done("audit --request r_9 --json --config c", "[]\n");
}

static void
an_event_that_there_is_not_is_refused_with_those_like_it(void **state)
{
    (void)state;
    assert_failed(
        "audit --event session.beginn --config c",
        "audit: there is no event \"session.beginn\"; there are: session.begin, session.end");
    assert_failed("audit --event replay --config c", "there are: code.replay, refresh.replay");
    assert_failed("audit --event zz --config c", "\"zz\"; tongxing docs events names all");
    assert_failed("audit --limit 5001 --config c", "--limit is at most 5000");
    assert_called_wrongly("audit --since yesterday --config c", "--since needs a time");
    assert_called_wrongly("audit p_1 --config c", "audit has no use for \"p_1\"");
}

/* --- Going on --- */

static int
knock(void)
{
    char path[512];
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(path, sizeof(path), "%s/store.db.socket", kit_home);
    assert_int_equal(control_address(path, &address), OK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

/* One round through the door: what was said, and from where it goes on. */
static const char *
round_ask(const char *const *words, const char **place)
{
    int fd = knock();
    enum frame_kind kind = FRAME_NONE;
    const char *said = "";
    struct bytes bytes;

    for (; *words != NULL; words++)
        assert_int_equal(frame_write(fd, FRAME_WORD, bytes_of_text(*words)), OK);
    if (*place != NULL)
        assert_int_equal(frame_write(fd, FRAME_AGAIN, bytes_of_text(*place)), OK);
    assert_int_equal(frame_write(fd, FRAME_END, bytes_of_text("")), OK);
    *place = NULL;
    while (kind != FRAME_STATUS) {
        assert_int_equal(frame_read(fd, serving.arena, 1U << 20, &kind, &bytes), OK);
        if (kind == FRAME_SAID)
            said = (const char *)bytes.at;
        if (kind == FRAME_AGAIN)
            *place = (const char *)bytes.at;
    }
    close(fd);
    return said;
}

static void
who_follows_is_shown_each_record_once(void **state)
{
    static const char *const follow[] = { "audit", "--follow", "--json", NULL };
    const char *place = NULL;
    const char *said;

    (void)state;
    serve_begin();
    said = round_ask(follow, &place);
    assert_non_null(strstr(said, "\"event\":\"client.fail\""));
    assert_non_null(place);
    assert_string_equal(round_ask(follow, &place), "");
    assert_done("person enable p_1 --config c", "p_1 can log in.");
    said = round_ask(follow, &place);
    assert_non_null(strstr(said, "\"reason\":\"enabled\""));
    assert_string_equal(said + strlen(said) - 2, "}\n");
    assert_string_equal(round_ask(follow, &place), "");
    serve_end();
}

/* --- Verifying --- */

static void
the_trail_is_whole_here_and_through_the_door(void **state)
{
    (void)state;
    assert_done("audit verify --config c", "The audit trail is whole.\n");
    assert_non_null(strstr(kit_out, "They are signed with Ed25519 by "));
    assert_non_null(strstr(kit_out, "Records from 2026-01-01 08:00:00+08:00 to "));
    serve_begin();
    assert_done("person disable p_1 --config c", "p_1 is disabled: ");
    assert_done("audit verify --config c", "The audit trail is whole.\n");
    serve_end();
    assert_done("audit verify --since 1d --config c", "The audit trail is whole.\n");
}

static void
each_fault_is_told_with_its_place(void **state)
{
    (void)state;
    kit_sql("UPDATE audit SET reason = 'x' WHERE run > 0 AND event = 'person.state'");
    assert_failed("audit verify --config c",
                  "audit verify: the audit trail is not whole: 3 faults");
    assert_non_null(strstr(kit_out, "changed: record 1 of run "));
    assert_non_null(strstr(kit_out, ", lane 1 (a_"));
    assert_non_null(strstr(kit_out, "+08:00) is not as it was written\n"));
    assert_null(strstr(kit_out, "whole"));
    kit_sql("DELETE FROM audit WHERE run > 0");
    assert_failed("audit verify --config c", "3 faults");
    assert_non_null(strstr(kit_out, "missing: records 1 to 1 of run "));
    assert_non_null(strstr(kit_out, "are gone, and were too young to be swept\n"));
    kit_sql("UPDATE audit_checkpoint SET signature = 'x'");
    assert_failed("audit verify --config c", "faults");
    assert_non_null(strstr(kit_out, "forged: checkpoint 1 of run "));
}

static void
a_checkpoint_that_is_named_must_be_there(void **state)
{
    (void)state;
    assert_failed("audit verify --checkpoint x --config c", "\"x\" names no checkpoint");
    assert_failed("audit verify --config c --checkpoint "
                  "00000000000000ff:1:rw1hQv2n9mRZ0l1mCJNWTmPzKSkBs3iVhWZyqe3nWfo",
                  "faults");
    assert_non_null(
        strstr(kit_out, "cut: checkpoint 1 of run 00000000000000ff, which you name, is gone\n"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_stands_last_with_the_time_of_the_clock),
        cmocka_unit_test(records_are_found_by_person_partner_request_event_and_time),
        cmocka_unit_test(that_there_is_more_is_said),
        cmocka_unit_test(an_event_that_there_is_not_is_refused_with_those_like_it),
        cmocka_unit_test(who_follows_is_shown_each_record_once),
        cmocka_unit_test(the_trail_is_whole_here_and_through_the_door),
        cmocka_unit_test(each_fault_is_told_with_its_place),
        cmocka_unit_test(a_checkpoint_that_is_named_must_be_there),
    };

    return cmocka_run_group_tests(tests, prepared, kit_close);
}
