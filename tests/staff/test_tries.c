/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/staff/kit.h"

#include "idp/staff/tries.h"
#include "policies/staff_rules.h"

static void
guess(struct world *w, const char *name)
{
    struct journey j = staff_begin(w);

    staff_type(&j, name, "Wrong-password-1");
    assert_refused(w, &problem_staff_sign_in_failed);
}

static void
guess_often(struct world *w, const char *name)
{
    for (int i = 0; i < STAFF_TRIES; i++)
        guess(w, name);
}

static void
assert_kept_waiting(struct world *w, const char *name, const struct problem *told)
{
    struct journey j = staff_begin(w);
    size_t asked = the_directory.asked;

    staff_type(&j, name, STAFF_PASSWORD);
    assert_refused(w, told);
    assert_int_equal(the_directory.asked, asked); /* whatever the password is */
}

/* DJ-2 */
static void
after_five_wrong_passwords_nothing_is_evaluated_for_a_quarter_of_an_hour(void **state)
{
    struct world *w = *state;

    for (int i = 1; i < STAFF_TRIES; i++)
        guess(w, "li");
    staff_with_password(w, "li"); /* four are none */
    guess(w, "li");
    world_audit_mark(w);
    assert_kept_waiting(w, "li", &problem_staff_wait_15);
    assert_audited(w, AUDIT_STAFF_FAILED, "locked");
    world_advance(w, STAFF_LOCK_S - 300);
    assert_kept_waiting(w, "li", &problem_staff_wait_5);
    world_advance(w, 299);
    assert_kept_waiting(w, "li", &problem_staff_wait_1);
    world_advance(w, 1);
    staff_sign_in(w, "li");
}

/* DJ-2 */
static void
the_name_is_locked_at_every_counter(void **state)
{
    struct world *w = *state;

    guess_often(w, "li");
    w->cookies = 0;
    world_counter(w, 2);
    assert_kept_waiting(w, "li", &problem_staff_wait_15);
}

/* DJ-2 */
static void
the_counter_is_locked_for_every_name(void **state)
{
    struct world *w = *state;

    staff_add(w, "zhao", COUNTER_GROUP);
    for (int i = 0; i < STAFF_TRIES; i++)
        guess(w, arena_printf(w->arena, "nobody%d", i));
    assert_kept_waiting(w, "zhao", &problem_staff_wait_15);
    w->cookies = 0;
    world_counter(w, 2);
    staff_sign_in(w, "zhao");
}

/* DJ-2 */
static void
a_name_that_nobody_has_is_told_the_same_and_locked_the_same(void **state)
{
    struct world *w = *state;

    guess_often(w, "nobody");
    assert_kept_waiting(w, "nobody", &problem_staff_wait_15);
}

/* ST-08 */
static void
another_spelling_is_no_other_name(void **state)
{
    struct world *w = *state;

    guess_often(w, "li");
    assert_kept_waiting(w, "ＬＩ ", &problem_staff_wait_15);
}

/* DJ-2 */
static void
the_lock_is_in_the_store(void **state)
{
    struct world *w = *state;
    struct ctx ctx;

    guess_often(w, "li");
    ctx = world_ctx(w); /* another process has nothing but that */
    assert_ptr_equal(staff_tries_take(&ctx, "li"), &problem_staff_wait_15);
}

static void
wrong_codes_count_too_and_the_password_does_not_forget_them(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < STAFF_TRIES; i++) {
        struct journey j = staff_with_password(w, "li");

        staff_type_code(&j, arena_printf(w->arena, "00000%d", i));
        assert_refused(w, &problem_staff_factor_wrong);
    }
    assert_kept_waiting(w, "li", &problem_staff_wait_15);
}

static void
a_sign_in_forgets_them(void **state)
{
    struct world *w = *state;

    for (int i = 1; i < STAFF_TRIES; i++)
        guess(w, "li");
    staff_sign_in(w, "li");
    for (int i = 1; i < STAFF_TRIES; i++)
        guess(w, "li");
    staff_with_password(w, "li");
}

static void
the_same_form_sent_again_counts_once(void **state)
{
    struct world *w = *state;
    struct journey j;

    for (int i = 2; i < STAFF_TRIES; i++)
        guess(w, "li");
    j = staff_begin(w);
    for (int i = 0; i < 2; i++)
        world_form_post(w, "/staff/sign-in", "tx=%s&csrf=%s&staff_name=li&password=wrong", j.tx,
                        j.csrf);
    staff_with_password(w, "li");
}

static void
what_is_no_name_stands_in_no_record(void **state)
{
    struct world *w = *state;
    struct journey j = staff_begin(w);

    world_audit_mark(w);
    staff_type(&j, "my secret, in the wrong field", "Wrong-password-1");
    assert_refused(w, &problem_staff_sign_in_failed);
    assert_audited(w, AUDIT_STAFF_FAILED, "wrong");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        staff_test(after_five_wrong_passwords_nothing_is_evaluated_for_a_quarter_of_an_hour),
        staff_test(the_name_is_locked_at_every_counter),
        staff_test(the_counter_is_locked_for_every_name),
        staff_test(a_name_that_nobody_has_is_told_the_same_and_locked_the_same),
        staff_test(another_spelling_is_no_other_name),
        staff_test(the_lock_is_in_the_store),
        staff_test(wrong_codes_count_too_and_the_password_does_not_forget_them),
        staff_test(a_sign_in_forgets_them),
        staff_test(the_same_form_sent_again_counts_once),
        staff_test(what_is_no_name_stands_in_no_record),
    };

    return world_run(tests);
}
