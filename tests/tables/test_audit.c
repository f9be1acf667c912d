/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/base/buf.h"
#include "idp/tables/audit.h"
#include "tests/store_kit.h"

static void
a_record_is_written_once(void **state)
{
    static const char sql[] = "SELECT at, event, reason, person_id, partner_id, sid, channel, "
                              "request_id, address, refusal FROM audit WHERE audit_id = 'a1'";
    struct kit *k = *state;
    struct stored_audit record = { .audit_id = "a1",
                                   .at = 10,
                                   .event = "login",
                                   .is_refusal = true,
                                   .reason = "wrong_password",
                                   .subject.id = "p1",
                                   .partner_id = "hospital",
                                   .sid = "s1",
                                   .channel = "web",
                                   .request_id = "r1",
                                   .address = "127.0.0.1" };
    int64_t refusal = 0;
    struct stored_audit read;
    const struct out outs[] = { out_time(&read.at),
                                out_text(&read.event),
                                out_text(&read.reason),
                                out_text(&read.subject.id),
                                out_text(&read.partner_id),
                                out_text(&read.sid),
                                out_text(&read.channel),
                                out_text(&read.request_id),
                                out_text(&read.address),
                                out_int(&refusal),
                                OUT_END };

    assert_int_equal(store_audit_insert(k->st, &record), OK);
    assert_int_equal(store_audit_insert(k->st, &record), ERR_CONFLICT);
    assert_int_equal(
        store_run(k->st, &(struct query) { .sql = sql, .outs = outs, .arena = k->arena }), OK);

    assert_int_equal(read.at, 10);
    assert_int_equal(refusal, 1);
    assert_string_equal(read.event, "login");
    assert_string_equal(read.reason, "wrong_password");
    assert_string_equal(read.subject.id, "p1");
    assert_string_equal(read.partner_id, "hospital");
    assert_string_equal(read.sid, "s1");
    assert_string_equal(read.channel, "web");
    assert_string_equal(read.request_id, "r1");
    assert_string_equal(read.address, "127.0.0.1");
}

static void
insert(struct kit *k, const char *audit_id, unix_s at, const char *partner_id)
{
    assert_int_equal(store_audit_insert(k->st, &(struct stored_audit) { .audit_id = audit_id,
                                                                        .at = at,
                                                                        .event = "login",
                                                                        .subject.id = "p1",
                                                                        .partner_id = partner_id,
                                                                        .request_id = "r1" }),
                     OK);
}

/* The ids that a filter lets through, in order. */
typedef enum err lister(struct store *st, struct arena *arena, const struct audit_filter *filter,
                        struct audit_rows *out);

static void
assert_lists(struct kit *k, lister *list, struct audit_filter filter, const char *ids)
{
    struct audit_rows rows;
    struct buf said = buf_new(k->arena, 64);

    assert_int_equal(list(k->st, k->arena, &filter, &rows), OK);
    for (size_t i = 0; i < rows.count; i++)
        buf_text(&said, rows.at[i].audit_id);
    assert_string_equal(said.at, ids);
}

static void
records_are_listed_from_either_end_by_any_of_what_they_hold(void **state)
{
    struct kit *k = *state;
    struct audit_filter any = { "", "", "", "", 0, 10 };
    struct audit_filter filter = any;

    insert(k, "a", 10, "hall");
    insert(k, "b", 11, "bank");
    insert(k, "c", 12, "hall");
    assert_lists(k, store_audit_list, any, "cba");
    assert_lists(k, store_audit_follow, any, "abc");
    filter.limit = 2;
    assert_lists(k, store_audit_list, filter, "cb");
    assert_lists(k, store_audit_follow, filter, "ab");
    filter = any;
    filter.since = 11;
    filter.partner_id = "hall";
    assert_lists(k, store_audit_list, filter, "c");
    assert_lists(k, store_audit_follow, filter, "c");
    filter = any;
    filter.request_id = "r1";
    assert_lists(k, store_audit_list, filter, "cba");
    filter.person_id = "p2";
    assert_lists(k, store_audit_list, filter, "");
    filter = any;
    filter.person_id = "p1";
    assert_lists(k, store_audit_list, filter, "cba");
    filter.event = "logout";
    assert_lists(k, store_audit_list, filter, "");
    assert_lists(k, store_audit_follow, filter, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_record_is_written_once),
        kit_test(records_are_listed_from_either_end_by_any_of_what_they_hold),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
