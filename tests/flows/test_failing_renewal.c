/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store that fails at any statement while a password is changed or recovered: the same form, sent again, does what is
 * left to do, and nothing that was open before is open after it.
 */
#include "tests/flows/failing_store.h"
#include "tests/protocols/account/kit.h"
#include "tests/store_kit.h"

#define STATEMENTS_MAX 60

struct renewal_form {
    /* From nothing to the form, whose fields it gives. */
    const char *(*ready)(struct journey *j);
    const char *path;
    const char *done; /* what the page says that it leads to */
};

static int password_number;

static const char *
password_text(struct world *w, int number)
{
    return number == 0 ? WORLD_PASSWORD
                       : arena_printf(w->arena, "quite another password %d", number);
}

static const char *
new_password_fields(struct world *w)
{
    const char *typed = world_url(w, password_text(w, password_number + 1));

    return arena_printf(w->arena, "password=%s&password_again=%s", typed, typed);
}

static const char *
ready_change(struct journey *j)
{
    struct world *w = j->w;

    world_log_in(w, 0);
    world_advance(w, 1);
    world_open(w, "/account/password");
    journey_arrive(j);
    return arena_printf(w->arena, "password_old=%s&%s",
                        world_url(w, password_text(w, password_number)), new_password_fields(w));
}

static const char *
ready_recovery(struct journey *j)
{
    *j = recovery_to_password(j->w, &zhang_san, zhang_san.phone);
    return new_password_fields(j->w);
}

static void
form_send(struct journey *j, const struct renewal_form *form, const char *fields)
{
    world_send(j->w, &(struct world_call) { .target = form->path,
                                            .form = arena_printf(j->w->arena, "tx=%s&csrf=%s&%s",
                                                                 j->tx, j->csrf, fields) });
}

/* The page that it leads to is read with a store that works. */
static bool
is_done(struct journey *j, const struct renewal_form *form)
{
    struct world *w = j->w;
    const char *tx = j->tx;
    const char *csrf = j->csrf;
    bool put_off = is_put_off(w);

    journey_arrive(j);
    j->tx = tx;
    j->csrf = csrf;
    return !put_off && strstr(w->answer.body, form->done) != NULL;
}

struct elsewhere {
    const char *session;
    struct world_tokens tokens;
};

static struct elsewhere
log_in_elsewhere(struct world *w)
{
    struct elsewhere out;

    w->cookies = 0;
    out.tokens = world_login_tokens(w, "hospital");
    out.session = arena_text(w->arena, world_cookie(w, "__Host-session"));
    w->cookies = 0;
    return out;
}

static void
assert_is_over(struct world *w, const struct elsewhere *elsewhere)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_false(world_token_works(w, elsewhere->tokens.access));
    assert_int_equal(session_load(&ctx, elsewhere->session, &session), OK);
    assert_false(session.live);
}

/* True when no statement was left to fail at. */
static bool
fails_at(struct world *w, const struct renewal_form *form, int statement, bool for_good)
{
    struct journey j = { .w = w };
    struct elsewhere elsewhere;
    const char *fields;

    assert_int_equal(kit_run(w->store, "DELETE FROM attempt"), OK);
    elsewhere = log_in_elsewhere(w);
    world_advance(w, 61); /* until another code can be had */
    fields = form->ready(&j);
    failing_begin_at(w, statement, for_good);
    form_send(&j, form, fields);
    failing_end(w);
    if (!is_done(&j, form)) {
        assert_true(failing.failures > 0);
        form_send(&j, form, fields);
        if (!is_done(&j, form))
            fail_msg("%s, statement %d: sent again, it answers %d: %s", form->path, statement,
                     w->answer.status, w->answer.body);
    }
    password_number++;
    assert_is_over(w, &elsewhere);
    return failing.failures == 0;
}

static void
assert_goes_on(struct world *w, const struct renewal_form *form)
{
    password_number = 0;
    world_person(w, 0);
    for (int for_good = 0; for_good < 2; for_good++) {
        int statement = 1;

        while (!fails_at(w, form, statement, for_good != 0))
            statement++;
        assert_in_range(statement, 2, STATEMENTS_MAX);
    }
}

static void
a_password_is_changed_or_the_same_form_does_what_is_left(void **state)
{
    assert_goes_on(*state, &(struct renewal_form) { ready_change, "/account/password",
                                                    "id=\"password-changed\"" });
}

static void
a_password_is_recovered_or_the_same_form_does_what_is_left(void **state)
{
    assert_goes_on(
        *state, &(struct renewal_form) { ready_recovery, "/recover/password", "id=\"greeting\"" });
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(a_password_is_changed_or_the_same_form_does_what_is_left),
        world_sims_test(a_password_is_recovered_or_the_same_form_does_what_is_left),
    };

    return world_sims_run(tests);
}
