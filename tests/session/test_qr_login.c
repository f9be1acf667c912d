/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/session/qr_login.h"

static const char *
code_of(struct world *w, const char *partner_id)
{
    struct ctx ctx = world_ctx(w);
    const char *text;

    ctx.partner_id = partner_id;
    assert_int_equal(qr_code_new(&ctx, "t0123456789012345678901",
                                 "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0", &text),
                     OK);
    return text;
}

static const struct problem *
open_code(struct world *w, const char *text, struct qr_code *out)
{
    struct ctx ctx = world_ctx(w);

    return qr_code_open(&ctx, text, out);
}

static void
a_code_says_whom_it_is_for_and_what_the_browser_looks_like(void **state)
{
    struct world *w = *state;
    struct qr_code code;
    int64_t shown = metric_read(METRIC_QR_SHOWN);

    assert_null(open_code(w, code_of(w, "webhall"), &code));
    assert_int_equal(strlen(code.id), 22); /* 128 bits */
    assert_string_equal(code.partner_id, "webhall");
    assert_string_equal(code.browser, "Chrome");
    assert_string_equal(code.system, "Windows");
    assert_string_equal(code.network, "203.0.113.0/24");
    assert_int_equal(metric_read(METRIC_QR_SHOWN), shown + 1);
}

static void
the_code_of_a_partner_with_the_longest_name_fits_its_bound(void **state)
{
    struct world *w = *state;
    char name[65];

    memset(name, 'a', 64);
    name[64] = '\0';
    w->address = "2001:db8:1234:5678:9abc:def0:1234:5678";
    assert_true(strlen(code_of(w, name)) <= QR_CODE_MAX_BYTES);
}

static void
a_code_of_a_partner_that_is_gone_is_unknown(void **state)
{
    struct world *w = *state;
    struct qr_code code;

    assert_ptr_equal(open_code(w, code_of(w, "nobody"), &code), &problem_qr_unknown);
    assert_ptr_equal(open_code(w, "", &code), &problem_qr_unknown);
    assert_ptr_equal(open_code(w, NULL, &code), &problem_qr_unknown);
    assert_null(open_code(w, code_of(w, ""), &code));
}

static void
what_was_handed_out_before_a_restore_is_over(void **state)
{
    struct world *w = *state;
    struct qr_code code;
    const char *text = code_of(w, "webhall");

    world_advance(w, 10);
    not_before_raise(&w->services, WORLD_NOW + 5);
    assert_ptr_equal(open_code(w, text, &code), &problem_qr_over);
}

static void
a_handle_is_good_in_the_session_that_scanned(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *handle;
    const char *id;

    assert_int_equal(qr_handle_new(&ctx, "id", "s_1", &handle), OK);
    assert_null(qr_handle_open(&ctx, handle, "s_1", &id));
    assert_string_equal(id, "id");
    assert_ptr_equal(qr_handle_open(&ctx, handle, "s_2", &id), &problem_qr_unknown);
    assert_ptr_equal(qr_handle_open(&ctx, code_of(w, ""), "s_1", &id), &problem_qr_unknown);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_code_says_whom_it_is_for_and_what_the_browser_looks_like),
        world_test(the_code_of_a_partner_with_the_longest_name_fits_its_bound),
        world_test(a_code_of_a_partner_that_is_gone_is_unknown),
        world_test(what_was_handed_out_before_a_restore_is_over),
        world_test(a_handle_is_good_in_the_session_that_scanned),
    };

    return world_run(tests);
}
