/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/staff/kit.h"

#include "policies/staff_rules.h"

/* --- The way in --- */

static void
a_password_and_a_code_open_the_counter(void **state)
{
    struct world *w = *state;

    world_audit_mark(w);
    staff_sign_in(w, "li");
    assert_non_null(strstr(w->answer.body, "李明"));
    assert_audited(w, AUDIT_STAFF_BEGAN, "pwd otp");
    assert_int_equal(the_directory.asked, 1);
}

/* DJ-5 */
static void
a_password_alone_opens_nothing(void **state)
{
    struct world *w = *state;
    struct journey j = staff_with_password(w, "li");

    assert_null(world_cookie(w, "__Host-staff"));
    assert_false(somebody_sits(w));
    staff_type_code(&j, "");
    assert_refused(w, &problem_staff_factor_missing);
    assert_false(somebody_sits(w));
}

static void
a_page_that_was_asked_for_is_where_she_goes_on(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    staff_sign_in(w, "li");
    world_open(w, "/staff");
    j.tx = world_hidden(w, "tx");
    world_advance(w, STAFF_IDLE_S + 60);
    world_get(w, "/staff");
    assert_int_equal(w->answer.status, 303);
    journey_arrive(&j);
    staff_type(&j, "li", STAFF_PASSWORD);
    world_form_post(w, "/staff/factor", "tx=%s&csrf=%s&code=%s", j.tx, j.csrf, staff_code_now(w));
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "/staff");
}

static void
the_same_certificate_needs_no_code(void **state)
{
    struct world *w = *state;
    struct journey j;
    struct stored_staff staff;

    world_must(store_staff_load(w->store, w->arena, "li", &staff), "no staff");
    staff.certificate = "of li";
    world_must(store_begin(w->store), "no transaction");
    world_must(store_staff_put(w->store, &staff), "no staff");
    world_must(store_commit(w->store), "no commit");
    j = staff_begin(w);
    world_audit_mark(w);
    world_send(w, &(struct world_call) {
                      .target = "/staff/sign-in",
                      .certificate = "of li",
                      .form = arena_printf(w->arena, "tx=%s&csrf=%s&staff_name=li&password=%s",
                                           j.tx, j.csrf, STAFF_PASSWORD_URL) });
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "/staff");
    assert_audited(w, AUDIT_STAFF_BEGAN, "pwd swk");
    assert_true(somebody_sits(w));
}

static void
anothers_certificate_is_none(void **state)
{
    struct world *w = *state;
    struct journey j = staff_begin(w);

    world_send(w, &(struct world_call) {
                      .target = "/staff/sign-in",
                      .certificate = "of somebody else",
                      .form = arena_printf(w->arena, "tx=%s&csrf=%s&staff_name=li&password=%s",
                                           j.tx, j.csrf, STAFF_PASSWORD_URL) });
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"staff-factor-form\""));
    assert_false(somebody_sits(w));
}

static void
a_computer_that_is_no_counter_signs_nobody_in(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_cookie_put(w, "__Host-counter", "nothing");
    j = staff_begin(w);
    staff_type(&j, "li", STAFF_PASSWORD);
    assert_refused(w, &problem_staff_counter_missing);
    assert_int_equal(the_directory.asked, 0);
}

/* --- What the directory says --- */

/* ST-01 */
static void
an_empty_or_blank_password_never_reaches_the_directory(void **state)
{
    static const char *const blanks[] = { "", " ", "   ", "\t", "\xe3\x80\x80", "\xc2\xa0 " };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        struct journey j = staff_begin(w);

        world_audit_mark(w);
        staff_type(&j, "li", blanks[i]);
        assert_refused(w, &problem_staff_password_missing);
        assert_audited(w, AUDIT_STAFF_FAILED, "empty");
    }
    assert_int_equal(problem_staff_password_missing.status, 401);
    assert_int_equal(the_directory.asked, 0);
}

/* ST-07 */
static void
each_answer_of_the_directory_has_words_of_its_own(void **state)
{
    static const struct {
        enum directory_outcome outcome;
        const struct problem *told;
        const char *reason;
    } answers[] = {
        { DIRECTORY_WRONG, &problem_staff_sign_in_failed, "wrong" },
        { DIRECTORY_AMBIGUOUS, &problem_staff_ambiguous, "ambiguous" },
        { DIRECTORY_LOCKED, &problem_staff_password_locked, "locked" },
        { DIRECTORY_EXPIRED, &problem_staff_password_expired, "expired" },
        { DIRECTORY_DISABLED, &problem_staff_disabled, "disabled" },
        { DIRECTORY_MUST_CHANGE, &problem_staff_password_change, "must_change" },
        { DIRECTORY_FAULT, &problem_staff_directory_down, "fault" },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct journey j = staff_begin(w);

        the_directory.answers = answers[i].outcome;
        world_audit_mark(w);
        staff_type(&j, "li", STAFF_PASSWORD);
        assert_refused(w, answers[i].told);
        assert_audited(w, AUDIT_STAFF_FAILED, answers[i].reason);
        assert_null(world_cookie(w, "__Host-staff"));
    }
    assert_int_equal(problem_staff_directory_down.status, 503);
}

/* ST-05 */
static void
a_directory_that_does_not_answer_lets_nobody_in_and_counts_for_nobody(void **state)
{
    struct world *w = *state;

    the_directory.answers = DIRECTORY_FAULT;
    for (int i = 0; i < 2 * STAFF_TRIES; i++) {
        struct journey j = staff_begin(w);

        staff_type(&j, "li", STAFF_PASSWORD);
        assert_refused(w, &problem_staff_directory_down);
    }
    the_directory.answers = DIRECTORY_UNAVAILABLE;
    staff_sign_in(w, "li");
}

/* DJ-1 */
static void
a_password_that_is_too_simple_is_changed_first(void **state)
{
    struct world *w = *state;
    struct journey j = staff_begin(w);

    directory_account("li")->password = "abcdefgh1234";
    staff_type(&j, "li", "abcdefgh1234");
    assert_refused(w, &problem_staff_password_change);
    assert_non_null(strstr(w->answer.body, "id=\"staff-password-form\""));
    assert_false(somebody_sits(w));
}

static void
whose_groups_stand_for_nothing_has_no_role(void **state)
{
    struct world *w = *state;
    struct journey j = staff_begin(w);

    directory_account("li")->role = NULL;
    staff_type(&j, "li", STAFF_PASSWORD);
    assert_refused(w, &problem_staff_roles_missing);
}

/* ST-08 */
static void
all_spellings_are_one_name(void **state)
{
    static const char *const spellings[] = { "LI", " li ", "ｌｉ", "Ｌｉ" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        struct journey j = staff_begin(w);

        staff_type(&j, spellings[i], "Wrong-password-1");
        assert_refused(w, &problem_staff_sign_in_failed);
    }
    staff_with_password(w, "ＬＩ");
}

static void
who_has_no_factor_is_told_where_it_is_set_up(void **state)
{
    struct world *w = *state;
    struct journey j = staff_begin(w);
    struct stored_staff staff;

    directory_add("wang", STAFF_PASSWORD, COUNTER_GROUP);
    staff_type(&j, "wang", STAFF_PASSWORD);
    assert_refused(w, &problem_staff_not_enrolled);
    assert_non_null(strstr(w->answer.body, "id=\"enrol-link\""));
    assert_int_equal(store_staff_load(w->store, w->arena, "wang", &staff), OK);
    assert_string_equal(staff.roles, "counter");
    assert_false(somebody_sits(w));
}

static void
who_is_stopped_here_does_not_get_in(void **state)
{
    struct world *w = *state;
    struct journey j = staff_begin(w);
    struct stored_staff staff;

    world_must(store_staff_load(w->store, w->arena, "li", &staff), "no staff");
    staff.state = STAFF_STOPPED;
    world_must(store_begin(w->store), "no transaction");
    world_must(store_staff_put(w->store, &staff), "no staff");
    world_must(store_commit(w->store), "no commit");
    staff_type(&j, "li", STAFF_PASSWORD);
    assert_refused(w, &problem_staff_stopped);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        staff_test(a_password_and_a_code_open_the_counter),
        staff_test(a_password_alone_opens_nothing),
        staff_test(a_page_that_was_asked_for_is_where_she_goes_on),
        staff_test(the_same_certificate_needs_no_code),
        staff_test(anothers_certificate_is_none),
        staff_test(a_computer_that_is_no_counter_signs_nobody_in),
        staff_test(an_empty_or_blank_password_never_reaches_the_directory),
        staff_test(each_answer_of_the_directory_has_words_of_its_own),
        staff_test(a_directory_that_does_not_answer_lets_nobody_in_and_counts_for_nobody),
        staff_test(a_password_that_is_too_simple_is_changed_first),
        staff_test(whose_groups_stand_for_nothing_has_no_role),
        staff_test(all_spellings_are_one_name),
        staff_test(who_has_no_factor_is_told_where_it_is_set_up),
        staff_test(who_is_stopped_here_does_not_get_in),
    };

    return world_run(tests);
}
