/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include <string.h>

#include "idp/session/transaction.h"
#include "keys/seal.h"

static const struct transaction request = {
    .purpose = "authorize",
    .partner_id = "webhall",
    .returns_to = "https://app.example",
    .login_hint = "13800138000",
    .asks_again = 1,
    .scope = "openid",
    .asked = "state=7:a state",
    .hint_sub = "sub",
    .seen_handle = "handle",
    .outcome = OUTCOME_REFUSED,
    .refusal = "consent",
};

struct made {
    struct ctx ctx;
    struct transaction tx;
    const char *cookie;
    const char *sealed;
};

static struct made
make(struct world *w)
{
    struct made made = { .ctx = world_ctx(w), .tx = request };

    assert_int_equal(transaction_new(&made.ctx, "en", &made.tx, &made.cookie), OK);
    assert_int_equal(transaction_seal(&made.ctx, &made.tx, &made.sealed), OK);
    return made;
}

static void
a_transaction_opens_as_it_was_sealed(void **state)
{
    struct made made = make(*state);
    struct transaction opened;

    assert_int_equal(transaction_peek(&made.ctx, made.sealed, &opened), OK);
    assert_string_equal(opened.id, made.tx.id);
    assert_string_equal(opened.language, "en");
    assert_int_equal(opened.created_at, WORLD_NOW);
    assert_string_equal(opened.purpose, request.purpose);
    assert_string_equal(opened.partner_id, request.partner_id);
    assert_string_equal(opened.returns_to, request.returns_to);
    assert_string_equal(opened.login_hint, request.login_hint);
    assert_int_equal(opened.asks_again, 1);
    assert_string_equal(opened.scope, request.scope);
    assert_string_equal(opened.asked, request.asked);
    assert_string_equal(opened.hint_sub, request.hint_sub);
    assert_string_equal(opened.seen_handle, request.seen_handle);
    assert_int_equal(opened.outcome, OUTCOME_REFUSED);
    assert_string_equal(opened.refusal, "consent");
    assert_string_equal(opened.phone, "");
}

static void
it_expires(void **state)
{
    struct world *w = *state;
    struct made made = make(w);
    struct transaction opened;

    made.ctx.now = WORLD_NOW + w->settings.life.transaction_s;
    assert_int_equal(transaction_peek(&made.ctx, made.sealed, &opened), OK);
    made.ctx.now++;
    assert_int_equal(transaction_peek(&made.ctx, made.sealed, &opened), ERR_EXPIRED);
}

/* WCAG 2.2, 2.2.1: ten times more. */
static void
more_time_may_be_asked_for_ten_times_over(void **state)
{
    struct world *w = *state;
    struct made made = make(w);
    int64_t life = w->settings.life.transaction_s;
    int extended = 0;

    assert_int_equal(transaction_end(&made.ctx, &made.tx), WORLD_NOW + life);
    while (transaction_may_extend(&made.ctx, &made.tx)) {
        made.ctx.now = transaction_end(&made.ctx, &made.tx);
        transaction_extend(&made.ctx, &made.tx);
        extended++;
    }
    assert_int_equal(extended, 10);
    assert_int_equal(transaction_end(&made.ctx, &made.tx), WORLD_NOW + 11 * life);
    made.ctx.now++;
    transaction_extend(&made.ctx, &made.tx);
    assert_int_equal(transaction_end(&made.ctx, &made.tx), WORLD_NOW + 11 * life);
}

static void
one_of_a_version_that_did_not_know_its_end_ends_as_it_did(void **state)
{
    struct world *w = *state;
    struct made made = make(w);

    made.tx.until = 0;
    assert_int_equal(transaction_end(&made.ctx, &made.tx),
                     WORLD_NOW + w->settings.life.transaction_s);
}

static void
for_a_day_one_that_has_expired_is_honoured(void **state)
{
    struct made made = make(*state);

    made.ctx.now = transaction_end(&made.ctx, &made.tx) + TRANSACTION_HONOURED_S;
    assert_true(transaction_is_honoured(&made.ctx, &made.tx));
    assert_int_equal(transaction_cookie_life_s(&made.ctx), made.ctx.now - WORLD_NOW);
    made.ctx.now++;
    assert_false(transaction_is_honoured(&made.ctx, &made.tx));
}

static void
begun_anew_it_has_the_name_of_the_old_one_and_nothing_that_was_proven(void **state)
{
    struct made made = make(*state);
    struct transaction anew = { .purpose = "own" };

    made.tx.enrolment = ENROLMENT_PHONE_PROVEN;
    made.tx.phone = "+8613800138000";
    made.tx.proven_at = WORLD_NOW;
    made.tx.shown_to = "p_1";
    made.ctx.now += 5000;
    transaction_renew(&made.ctx, &made.tx, &anew);
    assert_string_equal(anew.id, made.tx.id);
    assert_true(transaction_is_bound(&made.ctx, &anew, made.cookie));
    assert_int_equal(anew.created_at, made.ctx.now);
    assert_int_equal(anew.enrolment, ENROLMENT_NONE);
    assert_int_equal(anew.proven_at, 0);
    assert_null(anew.phone);
    assert_null(anew.shown_to);
    assert_string_equal(anew.purpose, "own");
}

static void
of_two_cookies_the_older_one_is_known(void **state)
{
    struct world *w = *state;
    struct made old = make(w);
    struct made new;

    world_advance(w, 1);
    new = make(w);
    assert_true(transaction_cookie_is_older(old.cookie, new.cookie));
    assert_false(transaction_cookie_is_older(new.cookie, old.cookie));
    assert_false(transaction_cookie_is_older(old.cookie, old.cookie));
    assert_true(transaction_cookie_is_older("", old.cookie));
}

static void
a_changed_one_is_forged(void **state)
{
    struct world *w = *state;
    struct made made = make(w);
    struct transaction opened;

    for (size_t i = 0; i < strlen(made.sealed); i++) {
        char *changed = arena_text(w->arena, made.sealed);

        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_int_not_equal(transaction_peek(&made.ctx, changed, &opened), OK);
    }
    assert_int_not_equal(transaction_peek(&made.ctx, "", &opened), OK);
}

static void
it_is_bound_to_its_own_cookie(void **state)
{
    struct made made = make(*state);
    struct made other = make(*state);

    assert_true(transaction_is_bound(&made.ctx, &made.tx, made.cookie));
    assert_false(transaction_is_bound(&made.ctx, &made.tx, other.cookie));
    assert_false(transaction_is_bound(&made.ctx, &made.tx, made.tx.binder));
    assert_false(transaction_is_bound(&made.ctx, &made.tx, ""));
    assert_false(transaction_is_bound(&made.ctx, &made.tx, NULL));
}

static void
the_form_token_is_of_transaction_and_cookie(void **state)
{
    struct made made = make(*state);
    struct made other = make(*state);
    const char *token = transaction_csrf(&made.ctx, &made.tx, made.cookie);

    assert_string_equal(token, transaction_csrf(&made.ctx, &made.tx, made.cookie));
    assert_string_not_equal(token, transaction_csrf(&made.ctx, &other.tx, made.cookie));
    assert_string_not_equal(token, transaction_csrf(&made.ctx, &made.tx, other.cookie));
}

static void
without_randomness_there_is_none(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct transaction tx = request;
    const char *cookie;

    w->random_fails = true;
    assert_int_equal(transaction_new(&ctx, "en", &tx, &cookie), ERR_UNAVAILABLE);
}

/* Of a version that seals under the same name and packs otherwise. */
static void
what_was_sealed_and_cannot_be_unpacked_is_forged(void **state)
{
    static const char strange[] = "\xff more than one layout ahead";
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct transaction opened;
    const char *sealed;

    assert_int_equal(seal_text(&ctx.keys->seal, ctx.env, ctx.arena, "transaction.3",
                               bytes_of(strange, sizeof(strange) - 1), &sealed),
                     OK);
    assert_int_equal(transaction_peek(&ctx, sealed, &opened), ERR_FORGED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_transaction_opens_as_it_was_sealed),
        world_test(it_expires),
        world_test(more_time_may_be_asked_for_ten_times_over),
        world_test(one_of_a_version_that_did_not_know_its_end_ends_as_it_did),
        world_test(for_a_day_one_that_has_expired_is_honoured),
        world_test(begun_anew_it_has_the_name_of_the_old_one_and_nothing_that_was_proven),
        world_test(of_two_cookies_the_older_one_is_known),
        world_test(a_changed_one_is_forged),
        world_test(it_is_bound_to_its_own_cookie),
        world_test(the_form_token_is_of_transaction_and_cookie),
        world_test(without_randomness_there_is_none),
        world_test(what_was_sealed_and_cannot_be_unpacked_is_forged),
    };

    return world_run(tests);
}
