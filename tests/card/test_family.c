/* SPDX-License-Identifier: Apache-2.0 */
/* Family cards: whose card may be shown, and how that begins and ends. */
#include "tests/card/family_kit.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "idp/context/change.h"
#include "idp/session/stop.h"

#define DAY_S 86400

/* --- Asking and agreeing --- */

static void
who_is_asked_agrees_and_then_her_card_may_be_shown(void **state)
{
    struct world *w = *state;
    const char *elder = relative(w, 5, 19310909);

    relative(w, HER, 19600101);
    assert_int_equal(may_show(w, elder), ERR_REFUSED);
    world_audit_mark(w);
    assert_null(asks_for(w, 5, KINSHIP_ELDER));
    assert_audited(w, AUDIT_CARD_FAMILY, "asked p_world0");
    assert_int_equal(may_show(w, elder), ERR_REFUSED);
    world_audit_mark(w);
    assert_null(agrees(w, 5));
    assert_audited(w, AUDIT_CARD_FAMILY, "agreed p_world0");
    assert_int_equal(may_show(w, elder), OK);
    assert_int_equal(may_show(w, world_person(w, HER)), OK); /* her own needs no link */
}

static void
the_link_goes_one_way(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *spouse = member_of_her(w, 1, KINSHIP_SPOUSE, 19500101);

    assert_int_equal(card_may_show(&ctx, spouse, world_person(w, HER)), ERR_REFUSED);
}

static void
agreeing_twice_is_agreeing_once(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *ref;

    member_of_her(w, 1, KINSHIP_SPOUSE, 19500101);
    ref = ref_at(w, 1);
    world_audit_mark(w);
    assert_null(family_agree(&ctx, world_person(w, 1), ref));
    assert_int_equal(world_audit_count(w, AUDIT_CARD_FAMILY), 0);
}

static void
only_who_is_asked_agrees(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *ref;

    relative(w, 1, 19500101);
    relative(w, 2, 19500101);
    assert_null(asks_for(w, 1, KINSHIP_SPOUSE));
    ref = ref_at(w, 1);
    assert_ptr_equal(family_agree(&ctx, world_person(w, 2), ref), &problem_card_family_gone);
    assert_ptr_equal(family_agree(&ctx, world_person(w, HER), ref), &problem_card_family_gone);
    assert_ptr_equal(family_agree(&ctx, world_person(w, 1), "x"), &problem_card_family_gone);
    assert_int_equal(may_show(w, world_person(w, 1)), ERR_REFUSED);
}

static void
a_question_is_over_after_seven_days(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    const char *ref;

    relative(w, 1, 19620415);
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
    ref = ref_at(w, 1);
    world_advance(w, 7 * DAY_S);
    ctx = world_ctx(w);
    assert_ptr_equal(family_agree(&ctx, world_person(w, 1), ref), &problem_card_family_gone);
    assert_int_equal(members_of_her(w).count, 0);
    assert_null(asks_for(w, 1, KINSHIP_CHILD)); /* and may be asked anew */
    assert_null(agrees(w, 1));
}

static void
a_question_of_who_was_stopped_is_over(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    relative(w, 1, 19620415);
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
    assert_int_equal(person_stop(&ctx, world_person(w, HER), PERSON_DISABLED, "disabled"), OK);
    assert_ptr_equal(agrees(w, 1), &problem_card_family_gone);
}

/* --- Ending --- */

static void
either_ends_it_and_it_is_over_at_once(void **state)
{
    static const int enders[] = { HER, 1 };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(enders) / sizeof(enders[0]); i++) {
        struct ctx ctx = world_ctx(w);
        const char *member = member_of_her(w, 1, KINSHIP_CHILD, 19620415);
        const char *ref = ref_at(w, 1);

        assert_int_equal(may_show(w, member), OK);
        world_audit_mark(w);
        assert_int_equal(family_end(&ctx, world_person(w, enders[i]), ref), OK);
        assert_audited(w, AUDIT_CARD_FAMILY, "ended p_world0");
        assert_int_equal(may_show(w, member), ERR_REFUSED);
        world_audit_mark(w);
        assert_int_equal(family_end(&ctx, world_person(w, enders[i]), ref), OK); /* again */
        assert_int_equal(world_audit_count(w, AUDIT_CARD_FAMILY), 0);
    }
}

static void
somebody_else_ends_nothing(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *member = member_of_her(w, 1, KINSHIP_CHILD, 19620415);

    assert_int_equal(family_end(&ctx, world_person(w, 2), ref_at(w, 1)), OK);
    assert_int_equal(may_show(w, member), OK);
}

static void
a_question_is_refused_by_one_and_taken_back_by_the_other(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    relative(w, 1, 19620415);
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
    world_audit_mark(w);
    assert_int_equal(family_end(&ctx, world_person(w, 1), ref_at(w, 1)), OK);
    assert_audited(w, AUDIT_CARD_FAMILY, "refused p_world0");
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
    world_audit_mark(w);
    assert_int_equal(family_end(&ctx, world_person(w, HER), ref_at(w, 1)), OK);
    assert_audited(w, AUDIT_CARD_FAMILY, "withdrawn p_world0");
}

static void
a_closed_account_ends_all_on_both_sides_and_a_stopped_one_rests(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *member = member_of_her(w, 1, KINSHIP_CHILD, 19620415);
    struct family_links links;

    assert_int_equal(person_stop(&ctx, member, PERSON_DISABLED, "disabled"), OK);
    assert_int_equal(may_show(w, member), ERR_REFUSED);
    assert_int_equal(person_resume(&ctx, member), OK);
    assert_int_equal(may_show(w, member), OK);
    world_audit_mark(w);
    assert_int_equal(person_stop(&ctx, world_person(w, HER), PERSON_DECEASED, "deceased"), OK);
    assert_audited(w, AUDIT_CARD_FAMILY, "deceased p_world0");
    assert_int_equal(person_resume(&ctx, world_person(w, HER)), OK);
    assert_int_equal(may_show(w, member), ERR_REFUSED); /* nothing that was ended revives */
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
    assert_null(agrees(w, 1));
    world_audit_mark(w);
    assert_int_equal(person_stop(&ctx, member, PERSON_CLOSED, "closed"), OK);
    assert_audited(w, AUDIT_CARD_FAMILY, "closed p_world0");
    assert_int_equal(may_show(w, member), ERR_REFUSED);
    assert_int_equal(family_showers(&ctx, member, &links), OK);
    assert_int_equal(links.count, 0);
}

/* --- Showing --- */

static void
a_card_is_found_as_hers_or_as_a_members(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *her = world_person(w, HER);
    const char *own = world_card(w, HER);
    const char *card = world_card(w, 1);
    const char *holder;

    relative(w, 1, 19620415);
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
    assert_int_equal(card_shown_by(&ctx, her, own, &holder), OK);
    assert_string_equal(holder, her);
    assert_int_equal(card_shown_by(&ctx, her, card, &holder), ERR_NOT_FOUND); /* not agreed yet */
    assert_null(agrees(w, 1));
    assert_int_equal(card_shown_by(&ctx, her, card, &holder), OK);
    assert_string_equal(holder, world_person(w, 1));
    assert_int_equal(card_shown_by(&ctx, her, "c_unknown", &holder), ERR_NOT_FOUND);
    assert_int_equal(card_shown_by(&ctx, world_person(w, 2), card, &holder), ERR_NOT_FOUND);
}

static void
cards_that_may_be_shown_are_listed_by_names_that_tell_nobody(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *her = world_person(w, HER);
    struct family_links cards;
    struct family_link card;

    member_of_her(w, 1, KINSHIP_CHILD, 19620415);
    member_of_her(w, 2, KINSHIP_OTHER, 19900820);
    relative(w, 3, 19850607);
    assert_null(asks_for(w, 3, KINSHIP_CHILD)); /* waits */
    assert_int_equal(person_stop(&ctx, world_person(w, 2), PERSON_DISABLED, "disabled"), OK);
    assert_int_equal(family_cards(&ctx, her, &cards), OK);
    assert_int_equal(cards.count, 1);
    assert_string_equal(cards.at[0].name_masked, "张*丰");
    assert_string_equal(cards.at[0].phone_masked, "138****8001");
    assert_null(strstr(cards.at[0].ref, "world"));
    assert_int_equal(family_card(&ctx, her, cards.at[0].ref, &card), OK);
    assert_string_equal(card.person_id, world_person(w, 1));
    assert_int_equal(family_card(&ctx, her, "x", &card), ERR_NOT_FOUND);
    assert_int_equal(family_card(&ctx, world_person(w, 3), cards.at[0].ref, &card), ERR_NOT_FOUND);
}

/* As a scan asks: within its own transaction. */
static enum err
look_in_change(struct ctx *ctx, void *state)
{
    const char *const *pair = state;

    return card_may_show(ctx, pair[0], pair[1]);
}

static void
a_scan_asks_in_its_own_transaction(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *pair[] = { world_person(w, HER), relative(w, 1, 19620415) };

    assert_int_equal(change(&ctx, look_in_change, pair), ERR_REFUSED);
    member_of_her(w, 1, KINSHIP_CHILD, 19620415);
    assert_int_equal(change(&ctx, look_in_change, pair), OK);
    assert_int_equal(may_show(w, pair[1]), OK);
}

/* --- A scan and an end at the same moment --- */

struct family_race {
    struct world *w;
    const char *ref;
    _Atomic(bool) ready;
    _Atomic(bool) looked;      /* the scan has been told that she may */
    _Atomic(bool) scanned;     /* and has nothing left to do but to commit */
    _Atomic(bool) ended_early; /* the end was acknowledged before that */
};

static void *
end_meanwhile(void *state)
{
    struct family_race *race = state;
    struct store *store = store_open(race->w->services.database);
    struct arena *arena = arena_new(1 << 20);
    struct ctx ctx = ctx_new(&race->w->services, arena, store);
    int64_t person_state;
    enum err err = store_person_state(store, "p_world1", &person_state); /* it is connected */

    race->ready = true;
    while (!race->looked)
        sched_yield();
    if (err == OK)
        err = family_end(&ctx, "p_world1", race->ref);
    race->ended_early = err != OK || !race->scanned;
    store_close(store);
    arena_free(arena);
    return NULL;
}

static enum err
scan(struct ctx *ctx, void *state)
{
    struct family_race *race = state;
    enum err err = card_may_show(ctx, "p_world0", "p_world1");
    int64_t person_state;

    race->looked = true;
    for (int i = 0; err == OK && i < 300; i++) /* whoever does not wait has time to end it */
        err = store_person_state(ctx->store, "p_world0", &person_state);
    race->scanned = true;
    return err;
}

/* QR-18: who ends it waits for a scan that goes on, and the next one is refused. */
static void
qr_18_what_is_accepted_was_not_ended_yet(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *member = member_of_her(w, 1, KINSHIP_CHILD, 19620415);
    struct family_race race = { .w = w, .ref = ref_at(w, 1) };
    pthread_t ender;

    assert_int_equal(pthread_create(&ender, NULL, end_meanwhile, &race), 0);
    while (!race.ready)
        sched_yield();
    assert_int_equal(change(&ctx, scan, &race), OK);
    pthread_join(ender, NULL);
    assert_false(race.ended_early);
    assert_int_equal(may_show(w, member), ERR_REFUSED);
    assert_int_equal(change(&ctx, scan, &race), ERR_REFUSED);
}

static void
each_change_is_told_to_whom_it_concerns(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    relative(w, 1, 19620415);
    w->settings.sms.template_code_notice = "SMS_2";
    assert_null(asks_for(w, 1, KINSHIP_CHILD)); /* who is asked */
    assert_int_equal(world_rows_of(w, "outbox"), 1);
    assert_null(agrees(w, 1)); /* both */
    assert_int_equal(world_rows_of(w, "outbox"), 3);
    assert_int_equal(family_end(&ctx, world_person(w, 1), ref_at(w, 1)), OK);
    assert_int_equal(world_rows_of(w, "outbox"), 5);
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
    assert_null(agrees(w, 1));
    assert_int_equal(world_rows_of(w, "outbox"), 8);
    assert_int_equal(person_stop(&ctx, world_person(w, 1), PERSON_CLOSED, "closed"), OK);
    assert_int_equal(world_rows_of(w, "outbox"), 9); /* the other one */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(who_is_asked_agrees_and_then_her_card_may_be_shown),
        world_test(the_link_goes_one_way),
        world_test(agreeing_twice_is_agreeing_once),
        world_test(only_who_is_asked_agrees),
        world_test(a_question_is_over_after_seven_days),
        world_test(a_question_of_who_was_stopped_is_over),
        world_test(either_ends_it_and_it_is_over_at_once),
        world_test(somebody_else_ends_nothing),
        world_test(a_question_is_refused_by_one_and_taken_back_by_the_other),
        world_test(a_closed_account_ends_all_on_both_sides_and_a_stopped_one_rests),
        world_test(a_card_is_found_as_hers_or_as_a_members),
        world_test(cards_that_may_be_shown_are_listed_by_names_that_tell_nobody),
        world_test(a_scan_asks_in_its_own_transaction),
        world_test(qr_18_what_is_accepted_was_not_ended_yet),
        world_test(each_change_is_told_to_whom_it_concerns),
    };

    return world_run(tests);
}
