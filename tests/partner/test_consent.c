/* SPDX-License-Identifier: Apache-2.0 */
/* What a person allowed a partner, word by word. */
#include "idp/partner/consent.h"
#include "idp/tables/consent.h"
#include "keys/secret.h"
#include "tests/store_kit.h"
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
    struct stored_consent given;

    world_consent(w, 0, "webhall", "openid");
    assert_int_equal(store_consent_find(ctx.store, ctx.arena, &subject, &given), OK);
    assert_int_equal(store_consent_withdraw(ctx.store, &given, "c_aside", ctx.now), OK);
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
    struct consent_subject subject = { person_id, PURPOSE_PARTNER, "webhall" };
    struct stored_consent given;

    world_audit_mark(w);
    for (int i = 0; i < 3; i++)
        assert_int_equal(consent_give(&ctx, partner, person_id, "openid", &form), OK);
    assert_audited(w, AUDIT_CONSENT_GIVEN, NULL);
    assert_int_equal(world_rows_of(w, "consent"), 1);
    assert_int_equal(consent_give(&ctx, partner, person_id, "openid phone", &other), OK);
    assert_true(covers(w, "webhall", "openid phone"));
    /* Taken back since, by another page of hers: the old form does not bring it back. */
    assert_int_equal(store_consent_find(w->store, w->arena, &subject, &given), OK);
    assert_int_equal(store_consent_withdraw(w->store, &given, "c_aside", ctx.now), OK);
    assert_int_equal(consent_give(&ctx, partner, person_id, "openid phone", &other), OK);
    assert_false(covers(w, "webhall", "openid"));
}

static void
giving_again_what_holds_changes_nothing(void **state)
{
    struct world *w = *state;

    world_consent(w, 0, "webhall", "openid profile");
    world_advance(w, 60);
    world_audit_mark(w);
    world_consent(w, 0, "webhall", "openid");
    world_consent(w, 0, "webhall", "profile openid");
    assert_int_equal(world_audit_count(w, AUDIT_CONSENT_GIVEN), 0);
    assert_int_equal(world_rows_of(w, "consent"), 1);
}

/* The old row stays as what was agreed to then; one alone holds. */
static void
a_wider_one_takes_the_place_of_the_old_one(void **state)
{
    struct world *w = *state;
    struct consent_subject subject = { world_person(w, 0), PURPOSE_PARTNER, "webhall" };
    struct ctx ctx = world_ctx(w);
    struct stored_consent given;

    world_consent(w, 0, "webhall", "openid profile");
    world_advance(w, 60);
    world_audit_mark(w);
    world_consent(w, 0, "webhall", "openid phone");
    assert_audited(w, AUDIT_CONSENT_GIVEN, PURPOSE_PARTNER);
    assert_int_equal(world_rows_of(w, "consent"), 2);
    assert_int_equal(store_consent_find(ctx.store, ctx.arena, &subject, &given), OK);
    assert_string_equal(given.scope, "openid profile phone");
    assert_int_equal(given.given_at, WORLD_NOW + 60);
    assert_int_equal(store_consent_withdraw(ctx.store, &given, "c_aside", ctx.now), OK);
    assert_false(covers(w, "webhall", "openid"));
}

static enum err
give_in_thread(struct store *st, int thread, void *state)
{
    struct world *w = state;
    struct arena *arena = arena_new((size_t)1 << 20);
    struct ctx ctx = ctx_new(&w->services, arena, st);
    enum err err = consent_give(&ctx, registry_find(w->services.registry, "webhall"), "p_1",
                                thread % 2 == 0 ? "openid profile" : "openid", NULL);

    arena_free(arena);
    return err;
}

static void
of_16_who_give_it_at_once_all_find_it_given_and_one_row_holds(void **state)
{
    static const char sql[] = "SELECT COUNT(*) FROM consent WHERE withdrawn_at = 0";
    struct world *w = *state;
    enum err outcomes[KIT_THREADS_MAX];
    int64_t holding = 0;
    const struct out outs[] = { out_int(&holding), OUT_END };

    kit_race(w->services.database, 16, give_in_thread, w, outcomes);
    assert_int_equal(kit_count(outcomes, 16, OK), 16);
    assert_int_equal(store_run(w->store, &(struct query) { .sql = sql, .outs = outs }), OK);
    assert_int_equal(holding, 1);
    assert_true(world_rows_of(w, "consent") <= 2);
}

/* Rows of one partner each, as if it had been asked and asked again. */
static void
at_the_bound_it_is_said_and_nothing_is_kept(void **state)
{
    static const char sql[] =
        "INSERT INTO consent (person_id, consent_id, purpose, partner_id, scope, text_digest, "
        "channel, given_at, withdrawn_at) VALUES ($1, $2, 'partner', 'old', '', $3, 'web', 1, 2)";
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct digest digest = digest_of_text("");
    struct ctx ctx = world_ctx(w);

    assert_int_equal(store_begin(w->store), OK);
    for (int i = 0; i < CONSENTS_MAX; i++) {
        const struct arg args[] = { arg_text(person_id),
                                    arg_text(arena_printf(w->arena, "c_%d", i)),
                                    arg_digest(&digest), ARG_END };

        assert_int_equal(store_run(w->store, &(struct query) { .sql = sql, .args = args }), OK);
    }
    assert_int_equal(store_commit(w->store), OK);
    assert_int_equal(consent_give(&ctx, registry_find(w->services.registry, "webhall"), person_id,
                                  "openid", NULL),
                     ERR_FULL);
    assert_ptr_equal(problem_of(ERR_FULL), &problem_limit_reached);
    assert_int_equal(world_rows_of(w, "consent"), CONSENTS_MAX);
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
        world_test(giving_again_what_holds_changes_nothing),
        world_test(a_wider_one_takes_the_place_of_the_old_one),
        world_test(of_16_who_give_it_at_once_all_find_it_given_and_one_row_holds),
        world_test(at_the_bound_it_is_said_and_nothing_is_kept),
    };

    return world_run(tests);
}
