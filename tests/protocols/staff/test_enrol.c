/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/staff/kit.h"

#include "idp/staff/enrolment.h"
#include "policies/staff_rules.h"

static struct stored_staff
row_of(struct world *w, const char *staff_id)
{
    struct stored_staff staff = { .staff_id = NULL };

    world_must(store_staff_load(w->store, w->arena, staff_id, &staff), "no staff");
    return staff;
}

/* She is new here: the directory knows her, and she has no factor. */
static void
comes_first(struct world *w, const char *staff_id, const char *group)
{
    struct journey j = staff_begin(w);

    directory_add(staff_id, STAFF_PASSWORD, group);
    staff_type(&j, staff_id, STAFF_PASSWORD);
    assert_refused(w, &problem_staff_not_enrolled);
}

static const char *
code_for(struct world *w, const char *staff_id)
{
    struct ctx ctx = world_ctx(w);
    struct staff_code code;

    assert_null(staff_code_give(&ctx, NULL, staff_id, &code));
    return code.text;
}

static struct journey
at_enrol(struct world *w, const char *path, const char *staff_id, const char *code)
{
    struct journey j = { .w = w };

    world_get(w, path);
    journey_arrive(&j);
    assert_int_equal(w->answer.status, 200);
    journey_post(&j, path,
                 arena_printf(w->arena, "staff_name=%s&password=%s&code=%s", staff_id,
                              STAFF_PASSWORD_URL, code));
    return j;
}

/* What an authenticator makes of the secret on the page. */
static const char *
code_on_page(struct world *w)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const char *at = strstr(w->answer.body, "id=\"secret\">");
    struct totp_secret secret = { { 0 } };
    uint64_t held = 0;
    unsigned bits = 0;
    size_t out = 0;
    char *code = arena_alloc(w->arena, TOTP_DIGITS + 1);

    assert_non_null(at);
    for (at += strlen("id=\"secret\">"); *at != '<'; at++) {
        held = held << 5 | (uint64_t)(strchr(alphabet, *at) - alphabet);
        for (bits += 5; bits >= 8; bits -= 8)
            secret.bytes[out++] = (uint8_t)(held >> (bits - 8));
    }
    assert_int_equal(out, TOTP_SECRET_BYTES);
    totp_code(&secret, w->now / TOTP_STEP_S, code);
    return code;
}

static void
confirm(struct journey *j, const char *code)
{
    journey_post(j, "/staff/enrol/factor", arena_printf(j->w->arena, "code=%s", code));
}

static void
a_code_and_the_password_bring_a_factor_that_then_signs_in(void **state)
{
    struct world *w = *state;
    struct journey j;
    struct stored_staff staff;

    comes_first(w, "wang", COUNTER_GROUP);
    j = at_enrol(w, "/staff/enrol", "wang", code_for(w, "wang"));
    assert_non_null(strstr(w->answer.body, "<svg id=\"qr\""));
    world_audit_mark(w);
    confirm(&j, code_on_page(w));
    assert_non_null(strstr(w->answer.body, "id=\"notice\""));
    assert_audited(w, AUDIT_STAFF_ENROLLED, "otp");
    staff = row_of(w, "wang");
    assert_int_equal(staff.enrolled_at, w->now);
    assert_int_equal(staff.code.size, 0);
}

static void
a_secret_is_hers_once_she_has_shown_a_code_of_it(void **state)
{
    struct world *w = *state;
    struct journey j;

    comes_first(w, "wang", COUNTER_GROUP);
    j = at_enrol(w, "/staff/enrol", "wang", code_for(w, "wang"));
    confirm(&j, "000000");
    assert_refused(w, &problem_staff_factor_wrong);
    assert_int_equal(row_of(w, "wang").enrolled_at, 0);
    confirm(&j, "");
    assert_refused(w, &problem_staff_factor_missing);
    confirm(&j, code_on_page(w)); /* the page shows the same secret again */
    assert_int_equal(row_of(w, "wang").enrolled_at, w->now);
}

static void
a_code_is_good_once_and_for_a_day_and_the_last_one_alone(void **state)
{
    struct world *w = *state;
    const char *first;
    const char *second;
    struct journey j;

    comes_first(w, "wang", COUNTER_GROUP);
    first = code_for(w, "wang");
    second = code_for(w, "wang");
    (void)at_enrol(w, "/staff/enrol", "wang", first);
    assert_refused(w, &problem_staff_code_wrong);
    j = at_enrol(w, "/staff/enrol", "wang", second);
    confirm(&j, code_on_page(w));
    (void)at_enrol(w, "/staff/enrol", "wang", second);
    assert_refused(w, &problem_staff_code_wrong);
    second = code_for(w, "wang");
    world_advance(w, STAFF_CODE_S);
    (void)at_enrol(w, "/staff/enrol", "wang", second);
    assert_refused(w, &problem_staff_code_wrong);
}

static void
a_code_given_anew_meanwhile_ends_the_enrolment_by_the_one_before(void **state)
{
    struct world *w = *state;
    struct journey j;

    comes_first(w, "wang", COUNTER_GROUP);
    j = at_enrol(w, "/staff/enrol", "wang", code_for(w, "wang"));
    (void)code_for(w, "wang");
    confirm(&j, code_on_page(w));
    assert_refused(w, &problem_staff_code_wrong);
    assert_int_equal(row_of(w, "wang").enrolled_at, 0);
}

static void
the_form_pressed_twice_enrols_once(void **state)
{
    struct world *w = *state;
    struct journey j;
    const char *code;

    comes_first(w, "wang", COUNTER_GROUP);
    j = at_enrol(w, "/staff/enrol", "wang", code_for(w, "wang"));
    code = code_on_page(w);
    world_audit_mark(w);
    for (int i = 0; i < 2; i++) {
        world_form_post(w, "/staff/enrol/factor", "tx=%s&csrf=%s&code=%s", j.tx, j.csrf, code);
        assert_int_equal(w->answer.status, 303);
        assert_true(text_starts(world_header(w, "Location"), "/staff/sign-in?tx="));
    }
    assert_audited(w, AUDIT_STAFF_ENROLLED, "otp");
}

static void
the_certificate_of_the_connection_is_a_factor_too(void **state)
{
    struct world *w = *state;
    struct journey j;

    comes_first(w, "wang", COUNTER_GROUP);
    j = at_enrol(w, "/staff/enrol", "wang", code_for(w, "wang"));
    world_audit_mark(w);
    world_send(w,
               &(struct world_call) {
                   .target = "/staff/enrol/factor",
                   .certificate = "of wang",
                   .form = arena_printf(w->arena, "tx=%s&csrf=%s&certificate=yes", j.tx, j.csrf) });
    assert_int_equal(w->answer.status, 303);
    assert_audited(w, AUDIT_STAFF_ENROLLED, "certificate");
    assert_string_equal(row_of(w, "wang").certificate, "of wang");
}

static void
another_factor_ends_the_sitting_that_she_had(void **state)
{
    struct world *w = *state;
    struct journey j;

    staff_sign_in(w, "li");
    j = at_enrol(w, "/staff/enrol", "li", code_for(w, "li"));
    world_audit_mark(w);
    confirm(&j, code_on_page(w));
    assert_audited(w, AUDIT_STAFF_ENDED, "enrolled");
    assert_false(somebody_sits(w));
}

static void
the_second_step_asks_for_the_first(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    world_get(w, "/staff/enrol/factor");
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"staff-enrol-form\""));
    confirm(&j, "123456");
    assert_non_null(strstr(w->answer.body, "id=\"staff-enrol-form\""));
}

/* --- Who gives codes --- */

static struct stored_staff
of_agency(struct world *w, const char *staff_id, const char *roles, const char *agency)
{
    struct stored_staff staff;

    world_staff(w, staff_id, roles);
    staff = row_of(w, staff_id);
    staff.agency = agency;
    world_must(store_begin(w->store), "no transaction");
    world_must(store_staff_put(w->store, &staff), "no staff");
    world_must(store_commit(w->store), "no commit");
    return staff;
}

static void
a_supervisor_gives_codes_to_her_own_agency_and_to_no_administrator(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_staff boss = of_agency(w, "boss", "supervisor", "天河");
    struct stored_staff guard = of_agency(w, "guard", "security_admin", "省厅");
    struct stored_staff clerk = of_agency(w, "clerk", "counter", "天河");
    struct staff_code code;

    (void)of_agency(w, "far", "counter", "海珠");
    (void)of_agency(w, "peer", "supervisor", "天河");
    assert_null(staff_code_give(&ctx, &boss, "clerk", &code));
    world_audit_mark(w);
    assert_ptr_equal(staff_code_give(&ctx, &boss, "far", &code), &problem_staff_denied);
    assert_audited(w, AUDIT_STAFF_DENIED, "code");
    assert_ptr_equal(staff_code_give(&ctx, &boss, "guard", &code), &problem_staff_denied);
    assert_ptr_equal(staff_code_give(&ctx, &boss, "boss", &code), &problem_staff_denied);
    assert_ptr_equal(staff_code_give(&ctx, &boss, "peer", &code), &problem_staff_denied);
    assert_ptr_equal(staff_code_give(&ctx, &clerk, "boss", &code), &problem_staff_denied);
    assert_null(staff_code_give(&ctx, &guard, "far", &code));
    assert_ptr_equal(staff_code_give(&ctx, &guard, "guard", &code), &problem_staff_denied);
    assert_ptr_equal(staff_code_give(&ctx, &guard, "nobody", &code), &problem_staff_unknown);
    clerk.staff_id = "another";
    clerk.roles = "security_admin";
    assert_ptr_equal(staff_code_give(&ctx, &clerk, "clerk", &code), &problem_staff_denied);
}

/* --- The first one --- */

static int
nobody_setup(void **state)
{
    if (staff_setup_empty(state) != 0)
        return -1;
    directory_add("first", STAFF_PASSWORD, "security_admin");
    directory_add("second", STAFF_PASSWORD, COUNTER_GROUP);
    return 0;
}

#define nobody_test(name) cmocka_unit_test_setup_teardown(name, nobody_setup, world_teardown)

static const char *
bootstrap_secret(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    const char *secret;
    unix_s until;

    assert_int_equal(bootstrap_give(&ctx, &secret, &until), OK);
    assert_int_equal(until, w->now + STAFF_CODE_S);
    return secret;
}

/* ST-21 */
static void
the_first_administrator_comes_by_the_operators_secret_and_then_nobody(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *secret = bootstrap_secret(w);
    struct journey j = at_enrol(w, "/staff/bootstrap", "first", secret);
    const char *text;
    unix_s until;

    confirm(&j, code_on_page(w));
    assert_int_equal(row_of(w, "first").enrolled_at, w->now);
    world_get(w, "/staff/bootstrap");
    assert_refused(w, &problem_not_found);
    world_form_post(w, "/staff/bootstrap", "tx=%s&csrf=%s&staff_name=first&password=%s&code=%s",
                    j.tx, j.csrf, STAFF_PASSWORD_URL, secret);
    assert_refused(w, &problem_not_found);
    assert_int_equal(bootstrap_give(&ctx, &text, &until), ERR_REFUSED);
}

/* ST-21 */
static void
the_secret_is_for_security_administrators_alone(void **state)
{
    struct world *w = *state;

    (void)at_enrol(w, "/staff/bootstrap", "second", bootstrap_secret(w));
    assert_refused(w, &problem_staff_roles_missing);
}

/* ST-21 */
static void
the_secret_is_good_for_a_day(void **state)
{
    struct world *w = *state;
    const char *secret = bootstrap_secret(w);

    (void)at_enrol(w, "/staff/bootstrap", "first", "c29tZXRoaW5n");
    assert_refused(w, &problem_staff_code_wrong);
    world_advance(w, STAFF_CODE_S - 1);
    (void)at_enrol(w, "/staff/bootstrap", "first", secret);
    assert_non_null(strstr(w->answer.body, "id=\"staff-enrol-factor-form\""));
    world_advance(w, 1);
    (void)at_enrol(w, "/staff/bootstrap", "first", secret);
    assert_refused(w, &problem_staff_code_wrong);
}

/* ST-21: two who have both come past the first page. */
static void
of_two_secrets_one_makes_the_first_administrator(void **state)
{
    struct world *w = *state;
    struct journey one = at_enrol(w, "/staff/bootstrap", "first", bootstrap_secret(w));
    const char *code = code_on_page(w);
    struct journey other;

    directory_add("third", STAFF_PASSWORD, "security_admin");
    other = at_enrol(w, "/staff/bootstrap", "third", bootstrap_secret(w));
    confirm(&other, code_on_page(w));
    confirm(&one, code);
    assert_refused(w, &problem_staff_code_wrong);
    assert_int_equal(row_of(w, "first").enrolled_at, 0);
    assert_int_equal(row_of(w, "third").enrolled_at, w->now);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        staff_test(a_code_and_the_password_bring_a_factor_that_then_signs_in),
        staff_test(a_secret_is_hers_once_she_has_shown_a_code_of_it),
        staff_test(a_code_is_good_once_and_for_a_day_and_the_last_one_alone),
        staff_test(a_code_given_anew_meanwhile_ends_the_enrolment_by_the_one_before),
        staff_test(the_form_pressed_twice_enrols_once),
        staff_test(the_certificate_of_the_connection_is_a_factor_too),
        staff_test(another_factor_ends_the_sitting_that_she_had),
        staff_test(the_second_step_asks_for_the_first),
        staff_test(a_supervisor_gives_codes_to_her_own_agency_and_to_no_administrator),
        nobody_test(the_first_administrator_comes_by_the_operators_secret_and_then_nobody),
        nobody_test(the_secret_is_for_security_administrators_alone),
        nobody_test(the_secret_is_good_for_a_day),
        nobody_test(of_two_secrets_one_makes_the_first_administrator),
    };

    return world_run(tests);
}
