/* SPDX-License-Identifier: Apache-2.0 */
/* GET /card/history: each time a person's card was scanned: when, by whom, where, what for, and who showed it for her. */
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/person/vault.h"
#include "idp/session/session.h"
#include "idp/tables/card_use.h"
#include "idp/tables/terminal.h"
#include "policies/name.h"
#include "protocols/card/view.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

#define PATH "/card/history"

/* Of a terminal that is gone nothing more is known. */
static enum err
place_add(struct request *rq, struct page *row, const char *terminal_id)
{
    struct stored_terminal terminal;
    enum err err;

    if (text_is_empty(terminal_id))
        return OK;
    err = store_terminal_load(rq->ctx->store, rq->arena, terminal_id, &terminal);
    if (err == OK)
        page_text(row, "place", arena_printf(rq->arena, "%s %s", terminal.agency, terminal.place));
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
relative_add(struct request *rq, struct page *row, const char *person_id)
{
    struct person relative;
    enum err err;

    if (text_is_empty(person_id) || text_eq(person_id, rq->session->row.subject.id))
        return OK;
    err = person_load(rq->ctx, person_id, &relative);
    if (err == OK)
        page_text(row, "family", name_masked(rq->arena, relative.name));
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
use_add(struct request *rq, struct page *page, const struct stored_card_use *use)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, use->partner_id);
    struct page *row = page_row(page, "uses");
    enum err err = place_add(rq, row, use->terminal_id);

    page_word(row, "purpose", card_purpose_word(card_purpose_named(use->purpose)));
    page_text(row, "at", time_beijing_minute(rq->arena, use->at));
    if (partner != NULL)
        page_text(row, "partner", partner_name(partner, rq->language));
    else if (text_is_empty(use->partner_id))
        page_word(row, "partner", WORD_card_history_counter);
    else
        page_word(row, "partner", WORD_card_history_gone);
    return err == OK ? relative_add(rq, row, use->shown_by) : err;
}

static enum err
uses_add(struct request *rq, struct page *page)
{
    struct stored_card_use_list list;
    int64_t before = TIME_NEVER;
    enum err err;

    if (param(rq, "before") != NULL &&
        text_to_int(param(rq, "before"), 0, TIME_NEVER, &before) != OK)
        before = TIME_NEVER;
    err =
        store_card_use_list(rq->ctx->store, rq->arena, rq->session->row.subject.id, before, &list);
    for (size_t i = 0; err == OK && i < list.count; i++)
        err = use_add(rq, page, &list.at[i]);
    if (err == OK && list.count == CARD_USE_PAGE)
        page_text(
            page, "older_url",
            arena_printf(rq->arena, PATH "?before=%lld", (long long)list.at[list.count - 1].at));
    return err;
}

const struct problem *
endpoint_card_history(struct request *rq)
{
    struct page *page;
    enum err err;

    if (!rq->session->live || rq->session->row.level < CARD_VIEW_LEVEL)
        return respond_redirect(rq, "/card"); /* which says how she gets on */
    page = page_new(rq, "card_history", WORD_card_history_title);
    err = uses_add(rq, page);
    if (err != OK)
        return problem_of(err);
    page_text(page, "loss_url", "/card/loss");
    if (!text_is_empty(rq->ctx->settings->staff.url))
        page_text(page, "staff_url", "/account/history");
    page_text(page, "card_url", "/card");
    page_languages_here(page);
    return page_answer(rq, 200, page);
}
