/* SPDX-License-Identifier: Apache-2.0 */
/* What a person does with her card besides showing it: she renews it, unlinks it, closes it. */
#include <string.h>

#include "idp/tables/card_link.h"
#include "protocols/pages/words.h"
#include "tests/flows/card_places.h"

static void
press(struct journey *j, const char *act)
{
    journey_post(j, "/card/keep", arena_printf(j->w->arena, "act=%s", act));
}

static struct stored_ecard
her_card(struct world *w)
{
    struct stored_ecard row;

    world_must(store_ecard_find(w->store, w->arena, world_person(w, 0), &row), "no card");
    return row;
}

static void
a_card_near_its_last_day_is_renewed_once(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_keep(w);

    assert_true(page_shows(w, "renew"));
    world_audit_mark(w);
    press(&j, "renew");
    assert_audited(w, AUDIT_CARD_ISSUED, "renewed");
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_renew_done)));
    assert_true(page_shows(w, "renew-later"));
    assert_true(her_card(w).valid_to > 20260110);
    press(&j, "renew");
    assert_audited(w, AUDIT_CARD_ISSUED, "renewed");
}

static void
a_card_is_unlinked_from_the_app(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_keep(w);
    struct stored_card_link link = {
        .person_id = world_person(w, 0),
        .channel = "app",
        .card_id = her_card(w).card_id,
        .bound_key = "key",
        .sid = "sid",
        .linked_at = world_ctx(w).now,
    };

    assert_true(page_shows(w, "not-linked"));
    world_must(store_card_link_put(w->store, &link), "no link");
    world_open(w, "/card/keep");
    journey_arrive(&j);
    assert_true(page_shows(w, "unlink"));
    press(&j, "unlink");
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_unlink_done)));
    assert_true(page_shows(w, "not-linked"));
    assert_int_equal(store_card_link_find(w->store, w->arena, link.person_id, link.channel, &link),
                     ERR_NOT_FOUND);
}

static void
a_card_is_closed_and_its_page_says_that_she_has_none(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_keep(w);

    press(&j, "close");
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_close_done)));
    assert_true(page_shows(w, "nothing"));
    world_get(w, "/card");
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_card_none)));
}

/* A new one of the same physical card would lift the report. */
static void
a_card_that_is_reported_lost_is_not_closed(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_keep(w);

    card_lost_ready(w, 0, CARD_LOSS_PROVISIONAL);
    press(&j, "close");
    assert_int_equal(w->answer.status, problem_ecard_not_active.status);
    assert_true(page_shows(w, "error-ecard_not_active"));
}

static void
who_logged_in_long_ago_logs_in_once_more(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_keep(w);

    world_advance(w, 601);
    world_feed(w, 0);
    world_get(w, arena_printf(w->arena, "/card/keep?tx=%s", j.tx));
    journey_arrive(&j);
    assert_true(page_shows(w, "keep-again"));
    world_form_post(w, "/card/keep", "tx=%s&csrf=%s&act=close", j.tx, j.csrf);
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
    assert_int_equal(her_card(w).own_state, ECARD_L1);
}

static void
what_she_did_not_ask_for_is_not_done(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_keep(w);

    press(&j, "x");
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(her_card(w).own_state, ECARD_L1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_card_near_its_last_day_is_renewed_once),
        world_test(a_card_is_unlinked_from_the_app),
        world_test(a_card_is_closed_and_its_page_says_that_she_has_none),
        world_test(a_card_that_is_reported_lost_is_not_closed),
        world_test(who_logged_in_long_ago_logs_in_once_more),
        world_test(what_she_did_not_ask_for_is_not_done),
    };

    return world_run(tests);
}
