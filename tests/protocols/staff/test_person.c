/* SPDX-License-Identifier: Apache-2.0 */
/* A citizen on a page at the counter: masked, whole for a reason, and what is done for her. */
#include "idp/card/loss.h"
#include "idp/person/attempts.h"
#include "tests/protocols/staff/citizen_kit.h"

#define CASHIER "li"
#define REASON "工单 4711"

static const struct person *
person_of(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct person *person = arena_alloc(w->arena, sizeof(*person));

    world_must(person_load(&ctx, world_person(w, n), person), "no person");
    return person;
}

static bool
is_whole(struct world *w)
{
    const struct person *person = person_of(w, 0);

    return page_has(w, person->identity_number) && page_has(w, person->name);
}

static void
unmask(struct world *w, const char *reason)
{
    staff_press(w, "/staff/person/unmask",
                arena_printf(w->arena, "&reason=%s", world_url(w, reason)));
}

static enum card_loss
loss_of(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct card card;

    world_must(card_find(&ctx, world_person(w, n), &card), "no card");
    return card_loss_at(&card.row, ctx.now);
}

/* --- Masked --- */

static void
her_data_is_masked_and_her_standing_in_plain_words(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    assert_false(is_whole(w));
    assert_true(page_has(w, "138****8000"));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_level_l2)));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_proof_bank_card)));
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_state_active)));
    assert_true(page_has(w, WORLD_REGION));
    assert_false(page_shows(w, "present"));
    assert_true(page_shows(w, "unmask-submit"));
    assert_true(page_shows(w, "loss-submit"));
}

static void
what_a_telephone_agent_may_not_do_is_not_offered_and_is_refused(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    world_sit(w, CASHIER, "telephone", 1);
    found(w, 0);
    assert_false(page_shows(w, "unmask-form"));
    assert_false(page_shows(w, "scan-link"));
    assert_true(page_shows(w, "loss-submit"));
    unmask(w, REASON);
    assert_refused(w, &problem_staff_denied);
    assert_int_equal(acts_of(w, 0).count, 1);
}

static void
her_page_leads_nowhere_before_she_is_found(void **state)
{
    struct world *w = *state;

    world_sit(w, CASHIER, "counter", 1);
    world_open(w, "/staff/person");
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "/staff/find?"));
}

/* --- Whole --- */

static void
for_a_reason_it_is_whole_for_this_once_and_on_record(void **state)
{
    struct world *w = *state;
    struct stored_staff_act_list acts;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    world_advance(w, 1);
    world_audit_mark(w);
    unmask(w, REASON);
    assert_int_equal(w->answer.status, 303);
    world_follow(w);
    assert_true(is_whole(w));
    assert_audited(w, AUDIT_STAFF_UNMASKED, REASON);
    acts = acts_of(w, 0);
    assert_int_equal(acts.count, 2);
    assert_int_equal(acts.at[0].what, STAFF_ACT_unmasked);
    assert_string_equal(acts.at[0].reason, REASON);
}

static void
a_minute_later_the_same_address_is_masked_again(void **state)
{
    struct world *w = *state;
    const char *address;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    unmask(w, REASON);
    address = world_header(w, "Location");
    world_advance(w, REPEAT_S - 1);
    world_get(w, address);
    assert_true(is_whole(w));
    world_advance(w, 1);
    world_get(w, address);
    assert_int_equal(w->answer.status, 200);
    assert_false(is_whole(w));
}

static void
the_same_form_pressed_again_later_opens_nothing_anew(void **state)
{
    struct world *w = *state;
    const char *form;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    form = arena_printf(w->arena, "tx=%s&csrf=%s&reason=ticket", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"));
    for (int i = 0; i < 2; i++) {
        world_form_post(w, "/staff/person/unmask", "%s", form);
        world_follow(w);
        assert_true(is_whole(w));
    }
    world_advance(w, REPEAT_S);
    world_form_post(w, "/staff/person/unmask", "%s", form);
    world_follow(w);
    assert_false(is_whole(w));
    assert_int_equal(acts_of(w, 0).count, 2);
}

static void
a_reason_that_is_none_or_says_her_name_opens_nothing(void **state)
{
    struct world *w = *state;
    const char *bad[] = { "", "abc", "138 0013 8000", person_of(w, 0)->name };

    bad[3] = arena_printf(w->arena, "因为%s要", bad[3]);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        unmask(w, bad[i]);
        assert_refused(w, &problem_staff_reason_invalid);
        assert_false(is_whole(w));
    }
    assert_int_equal(acts_of(w, 0).count, 1);
}

static void
st_12_each_unmasking_counts_as_a_look(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    bool allowed;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    ctx = world_ctx(w);
    for (int i = 0; i < STAFF_READS_HOUR - 2; i++)
        world_must(attempt_take(&ctx, ATTEMPT_STAFF_READ, CASHIER, &allowed), "not counted");
    unmask(w, REASON); /* 200 */
    world_follow(w);
    assert_true(is_whole(w));
    find(w, "13800138000");
    assert_refused(w, &problem_staff_reads_full);
}

static void
st_12_the_201st_opens_nothing(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    bool allowed;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    ctx = world_ctx(w);
    for (int i = 0; i < STAFF_READS_HOUR - 1; i++)
        world_must(attempt_take(&ctx, ATTEMPT_STAFF_READ, CASHIER, &allowed), "not counted");
    unmask(w, REASON);
    assert_refused(w, &problem_staff_reads_full);
    assert_false(is_whole(w));
}

static void
a_form_that_was_shown_to_another_member_of_staff_does_nothing(void **state)
{
    struct world *w = *state;
    const char *form;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    form = arena_printf(w->arena, "tx=%s&csrf=%s&reason=ticket", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"));
    world_sit(w, "wang", "counter", 1);
    world_form_post(w, "/staff/person/unmask", "%s", form);
    assert_false(is_whole(w));
    assert_int_equal(acts_of(w, 0).count, 1);
}

/* --- Herself (ST-10) --- */

static void
st_10_her_own_record_is_seen_and_nothing_is_done_for_it(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    staff_is(w, CASHIER, 0);
    found(w, 0);
    assert_true(page_shows(w, "self"));
    assert_false(page_shows(w, "unmask-form"));
    assert_false(page_shows(w, "loss-form"));
}

static void
st_10_whoever_becomes_known_as_herself_meanwhile_opens_nothing(void **state)
{
    struct world *w = *state;
    const char *form;

    world_card(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    form = arena_printf(w->arena, "tx=%s&csrf=%s", world_hidden(w, "tx"), world_hidden(w, "csrf"));
    staff_is(w, CASHIER, 0);
    world_audit_mark(w);
    unmask(w, REASON);
    assert_refused(w, &problem_staff_self);
    assert_audited(w, AUDIT_STAFF_DENIED, "self");
    assert_false(is_whole(w));
    world_form_post(w, "/staff/person/loss", "%s", form);
    assert_refused(w, &problem_staff_self);
    assert_int_equal(loss_of(w, 0), CARD_NOT_LOST);
}

/* --- A loss --- */

static void
a_loss_is_reported_for_her_by_the_counter_and_by_telephone(void **state)
{
    static const char *const roles[] = { "counter", "telephone" };
    static const char *const told[] = { "provisional counter", "provisional telephone" };
    struct world *w = *state;

    for (int n = 0; n < 2; n++) {
        world_card(w, n);
        world_sit(w, n == 0 ? CASHIER : "wang", roles[n], n);
        found(w, n);
        world_advance(w, 1);
        world_audit_mark(w);
        staff_press(w, "/staff/person/loss", "");
        assert_int_equal(w->answer.status, 303);
        world_follow(w);
        assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_staff_loss_done)));
        assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_staff_card_lost)));
        assert_false(page_shows(w, "loss-submit"));
        assert_int_equal(loss_of(w, n), CARD_LOSS_PROVISIONAL);
        assert_audited(w, AUDIT_CARD_LOST, told[n]);
        assert_int_equal(acts_of(w, n).at[0].what, STAFF_ACT_loss_reported);
    }
}

static void
a_loss_reported_twice_is_noted_once(void **state)
{
    struct world *w = *state;
    const char *form;

    world_card(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    form = arena_printf(w->arena, "tx=%s&csrf=%s", world_hidden(w, "tx"), world_hidden(w, "csrf"));
    for (int i = 0; i < 2; i++) {
        world_form_post(w, "/staff/person/loss", "%s", form);
        assert_int_equal(w->answer.status, 303);
    }
    assert_int_equal(acts_of(w, 0).count, 2);
}

static void
who_has_no_card_has_none_to_lose(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    world_sit(w, CASHIER, "counter", 1);
    found(w, 0);
    assert_false(page_shows(w, "loss-submit"));
    staff_press(w, "/staff/person/loss", "");
    assert_refused(w, &problem_ecard_none);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(her_data_is_masked_and_her_standing_in_plain_words),
        world_test(what_a_telephone_agent_may_not_do_is_not_offered_and_is_refused),
        world_test(her_page_leads_nowhere_before_she_is_found),
        world_test(for_a_reason_it_is_whole_for_this_once_and_on_record),
        world_test(a_minute_later_the_same_address_is_masked_again),
        world_test(the_same_form_pressed_again_later_opens_nothing_anew),
        world_test(a_reason_that_is_none_or_says_her_name_opens_nothing),
        world_test(st_12_each_unmasking_counts_as_a_look),
        world_test(st_12_the_201st_opens_nothing),
        world_test(a_form_that_was_shown_to_another_member_of_staff_does_nothing),
        world_test(st_10_her_own_record_is_seen_and_nothing_is_done_for_it),
        world_test(st_10_whoever_becomes_known_as_herself_meanwhile_opens_nothing),
        world_test(a_loss_is_reported_for_her_by_the_counter_and_by_telephone),
        world_test(a_loss_reported_twice_is_noted_once),
        world_test(who_has_no_card_has_none_to_lose),
    };

    return world_run(tests);
}
