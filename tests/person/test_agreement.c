/* SPDX-License-Identifier: Apache-2.0 */
/* A person's word, given once; partners' consents are tests/partner/test_consent.c. */
#include "tests/world.h"

#include "idp/person/agreement.h"
#include "keys/secret.h"

static struct agreement
agreement_to(const char *purpose, const char *text)
{
    return (struct agreement) {
        .subject = { "p_1", purpose, "" },
        .scope = "",
        .text = digest_of_text(text),
    };
}

static bool
holds(struct world *w, const struct agreement *agreement)
{
    struct ctx ctx = world_ctx(w);
    bool out;

    assert_int_equal(agreement_holds(&ctx, agreement, &out), OK);
    return out;
}

static void
give(struct world *w, const struct agreement *agreements, size_t count)
{
    struct ctx ctx = world_ctx(w);

    assert_int_equal(agreements_give(&ctx, agreements, count, NULL), OK);
}

static void
several_are_given_in_one_change_and_only_those_that_are_missing(void **state)
{
    struct world *w = *state;
    const struct agreement both[] = { agreement_to("a", "notice"), agreement_to("b", "notice") };

    give(w, both, 1);
    assert_true(holds(w, &both[0]));
    assert_false(holds(w, &both[1]));
    world_audit_mark(w);
    give(w, both, 2);
    assert_true(holds(w, &both[1]));
    assert_audited(w, AUDIT_CONSENT_GIVEN, "b");
    give(w, both, 2);
    assert_int_equal(world_rows_of(w, "consent"), 2);
}

static void
without_a_scope_the_text_counts(void **state)
{
    struct world *w = *state;
    const struct agreement old = agreement_to("a", "notice of May");
    const struct agreement new = agreement_to("a", "notice of June");

    give(w, &old, 1);
    assert_false(holds(w, &new));
    give(w, &new, 1);
    assert_true(holds(w, &new));
    assert_false(holds(w, &old));
    assert_int_equal(world_rows_of(w, "consent"), 2);
}

static void
what_was_given_before_its_time_is_worth_nothing_and_adds_nothing(void **state)
{
    struct world *w = *state;
    struct agreement agreement = agreement_to("a", "");
    struct ctx ctx = world_ctx(w);
    struct stored_consent given;

    agreement.scope = "openid phone";
    give(w, &agreement, 1);
    agreement.since = WORLD_NOW + 1;
    agreement.scope = "openid";
    assert_false(holds(w, &agreement));
    world_advance(w, 1);
    give(w, &agreement, 1);
    assert_true(holds(w, &agreement));
    assert_int_equal(store_consent_find(ctx.store, ctx.arena, &agreement.subject, &given), OK);
    assert_string_equal(given.scope, "openid");
}

static void
without_randomness_nothing_is_given(void **state)
{
    struct world *w = *state;
    const struct agreement agreement = agreement_to("a", "notice");
    struct ctx ctx = world_ctx(w);

    w->random_fails = true;
    assert_int_equal(agreements_give(&ctx, &agreement, 1, NULL), ERR_UNAVAILABLE);
    assert_int_equal(world_rows_of(w, "consent"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(several_are_given_in_one_change_and_only_those_that_are_missing),
        world_test(without_a_scope_the_text_counts),
        world_test(what_was_given_before_its_time_is_worth_nothing_and_adds_nothing),
        world_test(without_randomness_nothing_is_given),
    };

    return world_run(tests);
}
