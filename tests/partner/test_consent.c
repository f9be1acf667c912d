/* SPDX-License-Identifier: Apache-2.0 */
/* What a person allowed a partner, word by word. */
#include "idp/partner/consent.h"
#include "idp/store/consent.h"
#include "keys/secret.h"
#include "tests/world.h"

static bool
covers(struct world *w, const char *partner_id, const char *scope)
{
    struct ctx ctx = world_ctx(w);
    bool out;

    assert_int_equal(consent_covers(&ctx, registry_find(w->services.registry, partner_id),
                                    world_person(w, 0), scope, &out),
                     OK);
    return out;
}

static void
nothing_is_covered_before_she_agreed(void **state)
{
    assert_false(covers(*state, "webhall", "openid"));
}

static void
what_she_agreed_to_is_covered_and_no_word_more(void **state)
{
    struct world *w = *state;

    world_consent(w, 0, "webhall", "openid profile");
    assert_true(covers(w, "webhall", "openid"));
    assert_true(covers(w, "webhall", "profile openid"));
    assert_false(covers(w, "webhall", "openid profile phone"));
    assert_false(covers(w, "webhall", "open"));
}

static void
two_consents_add_up(void **state)
{
    struct world *w = *state;

    world_consent(w, 0, "webhall", "openid profile");
    world_consent(w, 0, "webhall", "openid phone");
    assert_true(covers(w, "webhall", "openid profile phone"));
}

static void
it_is_hers_and_for_that_partner_alone(void **state)
{
    struct world *w = *state;

    world_consent(w, 0, "webhall", "openid");
    world_consent(w, 1, "hospital", "openid");
    assert_false(covers(w, "hospital", "openid"));
}

static void
what_she_withdrew_is_not_covered(void **state)
{
    struct world *w = *state;
    struct consent_subject subject = { world_person(w, 0), PURPOSE_PARTNER, "webhall" };
    struct ctx ctx = world_ctx(w);
    struct consent_list list;

    world_consent(w, 0, "webhall", "openid");
    assert_int_equal(store_consent_list(ctx.store, ctx.arena, &subject, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(
        store_consent_withdraw(ctx.store, subject.person_id, list.at[0].consent_id, ctx.now), OK);
    assert_false(covers(w, "webhall", "openid"));
}

static void
giving_it_is_recorded(void **state)
{
    struct world *w = *state;

    world_audit_mark(w);
    world_consent(w, 0, "webhall", "openid");
    assert_audited(w, AUDIT_CONSENT_GIVEN, PURPOSE_PARTNER);
    assert_int_equal(world_rows_of(w, "consent"), 1);
}

static void
a_form_gives_it_once(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct partner *partner = registry_find(w->services.registry, "webhall");
    const char *person_id = world_person(w, 0);
    struct digest form = digest_of_text("a form");
    struct digest other = digest_of_text("another form");

    world_audit_mark(w);
    for (int i = 0; i < 3; i++)
        assert_int_equal(consent_give(&ctx, partner, person_id, "openid", &form), OK);
    assert_audited(w, AUDIT_CONSENT_GIVEN, NULL);
    assert_int_equal(world_rows_of(w, "consent"), 1);
    assert_int_equal(consent_give(&ctx, partner, person_id, "openid phone", &other), OK);
    assert_true(covers(w, "webhall", "openid phone"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(nothing_is_covered_before_she_agreed),
        world_test(what_she_agreed_to_is_covered_and_no_word_more),
        world_test(two_consents_add_up),
        world_test(it_is_hers_and_for_that_partner_alone),
        world_test(what_she_withdrew_is_not_covered),
        world_test(giving_it_is_recorded),
        world_test(a_form_gives_it_once),
    };

    return world_run(tests);
}
