/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/card/view.h"

#include "idp/base/text.h"
#include "idp/card/family.h"
#include "idp/card/loss.h"
#include "idp/card/mirror.h"
#include "idp/session/session.h"
#include "policies/name.h"
#include "policies/province.h"
#include "protocols/card/permit.h"

enum word
card_purpose_word(enum card_purpose purpose)
{
    static const enum word words[CARD_PURPOSES] = {
        [CARD_PURPOSE_NONE] = WORD_card_for_show,   [CARD_PURPOSE_show] = WORD_card_for_show,
        [CARD_PURPOSE_serve] = WORD_card_for_serve, [CARD_PURPOSE_login] = WORD_card_for_login,
        [CARD_PURPOSE_pay] = WORD_card_for_pay,
    };

    return words[purpose];
}

/* --- Whose it is --- */

static enum err
own_load(struct card_view *view)
{
    struct request *rq = view->rq;
    enum err err = person_load(rq->ctx, rq->session->row.subject.id, &view->person);

    if (err != OK)
        return err;
    view->holder = view->person.person_id;
    view->opened = card_permit_holds(rq, CARD_PERMIT_NAME);
    view->name = view->opened ? view->person.name : name_masked(rq->arena, view->person.name);
    return OK;
}

static enum err
member_load(struct card_view *view)
{
    struct request *rq = view->rq;
    struct family_link link;
    enum err err = family_card(rq->ctx, rq->session->row.subject.id, view->member, &link);

    if (err != OK)
        return err;
    view->holder = link.person_id;
    view->name = link.name_masked;
    return OK;
}

const struct problem *
card_view_load(struct request *rq, struct card_view *out)
{
    enum err err;

    *out = (struct card_view) { .rq = rq, .member = param(rq, "of") };
    err = out->member != NULL ? member_load(out) : own_load(out);
    if (err == ERR_NOT_FOUND && out->member != NULL)
        return &problem_card_family_gone;
    if (err == OK) {
        out->mirror = card_mirror_fresh(rq->ctx);
        err = card_find(rq->ctx, out->holder, &out->card);
    }
    out->has_card = err == OK;
    return err == OK || err == ERR_NOT_FOUND ? NULL : problem_of(err);
}

bool
card_view_is_good(const struct card_view *view)
{
    return view->mirror == NULL && view->has_card && view->card.state == CARD_ACTIVE;
}

bool
card_view_is_lost(const struct card_view *view)
{
    return view->has_card && card_loss_at(&view->card.row, view->rq->now) != CARD_NOT_LOST;
}

/* --- What is wrong with it --- */

/* By enum card_effective; of a card that is good only the first is said. */
static const struct card_saying {
    enum word state;
    const char *mood; /* a class of the style sheet */
    enum word trouble;
    enum word why;
} sayings[CARD_EFFECTIVES] = {
    [CARD_ACTIVE] = { WORD_card_state_active, "good", WORD_card_state_active, WORD_card_title },
    [CARD_SUSPENDED] = { WORD_card_state_suspended, "later", WORD_card_asleep,
                         WORD_card_asleep_why },
    [CARD_REVOKED] = { WORD_card_state_revoked, "wrong", WORD_card_revoked, WORD_card_revoked_why },
    [CARD_INACTIVE] = { WORD_card_state_inactive, "later", WORD_card_inactive,
                        WORD_card_inactive_why },
    [CARD_LAPSED] = { WORD_card_state_lapsed, "later", WORD_card_lapsed, WORD_card_lapsed_why },
    [CARD_CLOSED] = { WORD_card_state_revoked, "wrong", WORD_card_revoked, WORD_card_revoked_why },
};

static void
step_add(struct page *page, enum word step)
{
    page_word(page_row(page, "steps"), "step", step);
}

static void
trouble_say(struct page *page, const char *mood, enum word trouble, enum word why)
{
    page_text(page, "mood", mood);
    page_word(page, "trouble", trouble);
    page_word(page, "trouble_why", why);
}

const char *
card_day(struct request *rq, int64_t day)
{
    if (day == 0)
        return "";
    return arena_printf(rq->arena, "%04d-%02d-%02d", (int)(day / 10000), (int)(day / 100 % 100),
                        (int)(day % 100));
}

static void
lost_say(struct card_view *view)
{
    const struct stored_ecard *row = &view->card.row;
    struct page *page = view->page;

    page_flag(page, "lost", true);
    if (row->loss == CARD_LOSS_FORMAL) {
        trouble_say(page, "wrong", WORD_card_lost_final, WORD_card_lost_final_why);
        step_add(page, WORD_card_step_replace);
        return;
    }
    trouble_say(page, "later", WORD_card_lost, WORD_card_lost_why);
    if (row->loss_lapses_at != 0)
        page_text(page, "lost_until", card_day(view->rq, time_beijing_date(row->loss_lapses_at)));
    step_add(page, WORD_card_step_found);
    step_add(page, WORD_card_step_lost);
}

static void
state_say(struct card_view *view)
{
    const struct card_saying *saying = &sayings[view->card.state];

    page_word(view->page, "state", saying->state);
    page_text(view->page, "mood", saying->mood);
    if (view->card.state == CARD_ACTIVE)
        return;
    if (card_view_is_lost(view)) {
        lost_say(view);
        return;
    }
    trouble_say(view->page, saying->mood, saying->trouble, saying->why);
    if (view->card.state == CARD_REVOKED)
        step_add(view->page, WORD_card_step_replace);
}

/* A register that does not answer says nothing for the card, but a loss that was told to us stands. */
static void
stale_say(struct card_view *view)
{
    page_word(view->page, "state", WORD_card_state_stale);
    trouble_say(view->page, "later", WORD_card_stale, WORD_card_stale_why);
    if (card_view_is_lost(view))
        state_say(view);
}

/* --- She has none --- */

static enum err
physical_is_known(struct card_view *view, bool *out)
{
    struct physical_card_list list;
    struct digest holder = identity_digest(view->rq->ctx, view->person.identity_number);
    enum err err = store_physical_card_list(view->rq->ctx->store, view->rq->arena, &holder, &list);

    *out = false;
    for (size_t i = 0; err == OK && i < list.count; i++)
        *out = *out || list.at[i].state == PHYSICAL_NORMAL;
    return err;
}

static enum err
none_say(struct card_view *view)
{
    struct page *page = view->page;
    bool known = false;
    enum err err = view->member != NULL ? OK : physical_is_known(view, &known);

    if (err != OK)
        return err;
    trouble_say(page, "note", WORD_card_none,
                known ? WORD_card_none_known : WORD_card_none_unknown);
    if (view->member != NULL)
        trouble_say(page, "note", WORD_card_none_member, WORD_card_none_member_why);
    step_add(page, WORD_card_step_terminal);
    if (!known)
        step_add(page, WORD_card_step_bureau);
    return OK;
}

/* --- The face --- */

static const char *
region_text(const struct card_view *view)
{
    struct request *rq = view->rq;
    const char *region = view->card.row.region;

    return arena_printf(rq->arena, "%s %s", province_name(region, rq->language), region);
}

static void
face_fill(struct card_view *view)
{
    struct page *page = view->page;
    const struct stored_ecard *row = &view->card.row;

    page_flag(page, "face", true);
    page_text(page, "name", view->name);
    page_text(page, "region", region_text(view));
    page_word(page, "level", row->own_state == ECARD_L2 ? WORD_card_level_2 : WORD_card_level_1);
    page_text(page, "valid_to", card_day(view->rq, row->valid_to));
}

enum err
card_view_fill(struct card_view *view)
{
    if (view->mirror == &problem_card_not_offered) {
        trouble_say(view->page, "note", WORD_card_not_offered, WORD_card_not_offered_why);
        return OK;
    }
    if (view->mirror != NULL && view->mirror != &problem_card_register_stale)
        return ERR_UNAVAILABLE;
    if (!view->has_card)
        return none_say(view);
    face_fill(view);
    if (view->mirror != NULL)
        stale_say(view);
    else
        state_say(view);
    return OK;
}
