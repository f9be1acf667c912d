/* SPDX-License-Identifier: Apache-2.0 */
/* That a message arrives is shown in tests/protocols/account/test_recover_password.c. */
#include <string.h>

#include "idp/context/change.h"
#include "idp/person/notice.h"
#include "tests/world.h"

static enum err
put(struct ctx *ctx, void *state)
{
    return notice_put(ctx, "p1", state, NOTICE_PASSWORD);
}

static void
nothing_is_put_where_no_notices_are_sent(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(change(&ctx, put, "+8613800138000"), OK);
    assert_int_equal(world_rows_of(w, "outbox"), 0);
}

static void
nothing_is_put_for_who_has_no_number(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    w->settings.sms.template_code_notice = "SMS_2";
    assert_int_equal(change(&ctx, put, ""), OK);
    assert_int_equal(world_rows_of(w, "outbox"), 0);
}

static void
the_number_is_sealed_where_it_waits(void **state)
{
    static const char sql[] = "SELECT payload FROM outbox";
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *payload;
    const struct out outs[] = { out_text(&payload), OUT_END };

    w->settings.sms.template_code_notice = "SMS_2";
    assert_int_equal(change(&ctx, put, "+8613800138000"), OK);
    assert_int_equal(
        store_run(w->store, &(struct query) { .sql = sql, .outs = outs, .arena = w->arena }), OK);
    assert_null(strstr(payload, "13800138000"));
}

static enum err
put_act(struct ctx *ctx, void *state)
{
    return notice_put_act(ctx, "p1", state, &(struct notice_act) { "二楼窗口", "养老金" });
}

static void
what_staff_do_is_told_by_a_template_of_its_own(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    w->settings.sms.template_code_notice = "SMS_2";
    assert_int_equal(change(&ctx, put_act, "+8613800138000"), OK);
    assert_int_equal(world_rows_of(w, "outbox"), 0);
    w->settings.sms.template_code_act = "SMS_3";
    assert_int_equal(change(&ctx, put_act, ""), OK);
    assert_int_equal(world_rows_of(w, "outbox"), 0);
    assert_int_equal(change(&ctx, put_act, "+8613800138000"), OK);
    assert_int_equal(world_rows_of(w, "outbox"), 1);
}

static void
what_was_not_sealed_by_us_is_not_sent(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct stored_delivery forged = { .payload = "p+8613800138000", .created_at = WORLD_NOW };
    int status = 0;

    assert_int_equal(notice_tell(&ctx, &forged, &status), ERR_NOT_FOUND); /* not configured */
    w->settings.sms.template_code_notice = "SMS_2";
    assert_int_not_equal(notice_tell(&ctx, &forged, &status), OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(nothing_is_put_where_no_notices_are_sent),
        world_test(nothing_is_put_for_who_has_no_number),
        world_test(the_number_is_sealed_where_it_waits),
        world_test(what_staff_do_is_told_by_a_template_of_its_own),
        world_test(what_was_not_sealed_by_us_is_not_sent),
    };

    return world_run(tests);
}
