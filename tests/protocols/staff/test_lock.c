/* SPDX-License-Identifier: Apache-2.0 */
/* A counter is locked by one press, and opened by the second factor. */
#include <string.h>

#include "idp/base/text.h"
#include "tests/protocols/staff/kit.h"

static int
lock_setup(void **state)
{
    struct stored_staff staff;
    struct world *w;

    if (staff_setup(state) != 0)
        return -1;
    w = *state;
    world_must(store_staff_load(w->store, w->arena, "li", &staff), "no staff");
    world_sit(w, "li", "counter", 1);
    world_must(store_begin(w->store), "no transaction");
    {
        struct stored_staff now;

        world_must(store_staff_load(w->store, w->arena, "li", &now), "no staff");
        now.totp_sealed = staff.totp_sealed;
        world_must(store_staff_put(w->store, &now), "no staff");
    }
    world_must(store_commit(w->store), "no commit");
    return 0;
}

#define lock_test(name) cmocka_unit_test_setup_teardown(name, lock_setup, world_teardown)

static void
press_lock(struct world *w)
{
    world_open(w, "/staff");
    assert_non_null(strstr(w->answer.body, "id=\"lock\""));
    world_form_post(w, "/staff/lock", "tx=%s&csrf=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 303);
}

static void
type_code(struct world *w, const char *code)
{
    world_form_post(w, "/staff/unlock", "tx=%s&csrf=%s&code=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), code);
}

static bool
is_locked(struct world *w)
{
    world_get(w, "/staff");
    return w->answer.status == 303 && text_starts(world_header(w, "Location"), "/staff/lock");
}

static void
one_press_locks_and_the_second_factor_opens_where_she_was(void **state)
{
    struct world *w = *state;

    world_audit_mark(w);
    press_lock(w);
    assert_audited(w, AUDIT_COUNTER_LOCKED, "locked");
    world_follow(w);
    assert_non_null(strstr(w->answer.body, "id=\"locked\""));
    assert_non_null(strstr(w->answer.body, "autofocus"));
    assert_null(strstr(w->answer.body, "id=\"lock\""));
    world_audit_mark(w);
    type_code(w, staff_code_now(w));
    assert_int_equal(w->answer.status, 303);
    assert_audited(w, AUDIT_COUNTER_LOCKED, "opened");
    assert_true(text_starts(world_header(w, "Location"), "/staff?tx="));
    world_follow(w);
    assert_non_null(strstr(w->answer.body, "id=\"sitting\""));
}

static void
a_wrong_code_opens_nothing_and_counts(void **state)
{
    struct world *w = *state;

    press_lock(w);
    for (int i = 0; i < STAFF_TRIES; i++) {
        world_open(w, "/staff/lock");
        type_code(w, "000000");
        assert_refused(w, &problem_staff_factor_wrong);
        assert_true(is_locked(w));
    }
    world_open(w, "/staff/lock");
    type_code(w, staff_code_now(w));
    assert_refused(w, &problem_staff_wait_15);
    assert_true(is_locked(w));
}

static void
a_code_that_was_used_opens_nothing(void **state)
{
    struct world *w = *state;
    const char *code = staff_code_now(w);

    for (int i = 0; i < 2; i++) {
        press_lock(w);
        world_follow(w);
        type_code(w, code);
        assert_int_equal(is_locked(w), i);
    }
}

static void
pressed_twice_it_is_locked_once_and_opened_once(void **state)
{
    struct world *w = *state;
    const char *form;

    world_audit_mark(w);
    press_lock(w);
    world_form_post(w, "/staff/lock", "csrf=x");
    assert_int_equal(world_audit_count(w, AUDIT_COUNTER_LOCKED), 1);
    world_open(w, "/staff/lock");
    form = arena_printf(w->arena, "tx=%s&csrf=%s&code=%s", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"), staff_code_now(w));
    for (int i = 0; i < 2; i++) {
        world_send(w, &(struct world_call) { .target = "/staff/unlock", .form = form });
        assert_int_equal(w->answer.status, 303);
        assert_true(text_starts(world_header(w, "Location"), "/staff?tx="));
    }
    assert_int_equal(world_audit_count(w, AUDIT_COUNTER_LOCKED), 2);
}

/* Neither a flow that is over nor one of another browser keeps anybody from it. */
static void
it_locks_whatever_else_is_wrong_with_the_form(void **state)
{
    static const char *const forms[] = { "a=1", "tx=nonsense&csrf=nonsense", "tx=&csrf=" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        world_form_post(w, "/staff/lock", "%s", forms[i]);
        assert_true(is_locked(w));
    }
}

static void
her_certificate_opens_without_a_code(void **state)
{
    struct world *w = *state;
    struct stored_staff staff;
    const char *form;

    world_must(store_staff_load(w->store, w->arena, "li", &staff), "no staff");
    staff.certificate = "11aa";
    world_must(store_staff_put(w->store, &staff), "no staff");
    press_lock(w);
    world_open(w, "/staff/lock");
    form = arena_printf(w->arena, "tx=%s&csrf=%s", world_hidden(w, "tx"), world_hidden(w, "csrf"));
    world_send(
        w, &(struct world_call) { .target = "/staff/unlock", .form = form, .certificate = "22bb" });
    assert_true(is_locked(w));
    world_send(
        w, &(struct world_call) { .target = "/staff/unlock", .form = form, .certificate = "11aa" });
    assert_false(is_locked(w));
}

static void
an_open_counter_has_nothing_to_open(void **state)
{
    struct world *w = *state;

    world_get(w, "/staff/lock");
    for (int i = 0; i < 3 && w->answer.status == 303; i++)
        world_follow(w);
    assert_non_null(strstr(w->answer.body, "id=\"sitting\""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        lock_test(one_press_locks_and_the_second_factor_opens_where_she_was),
        lock_test(a_wrong_code_opens_nothing_and_counts),
        lock_test(a_code_that_was_used_opens_nothing),
        lock_test(pressed_twice_it_is_locked_once_and_opened_once),
        lock_test(it_locks_whatever_else_is_wrong_with_the_form),
        lock_test(her_certificate_opens_without_a_code),
        lock_test(an_open_counter_has_nothing_to_open),
    };

    return world_run(tests);
}
