/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_record_is_written_once),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
