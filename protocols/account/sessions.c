/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /account/sessions: everywhere a person is logged in, on every channel; she ends one of
 * them, or all others. All at once end by POST /logout. */
#include "idp/session/sessions.h"

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/tables/grant.h"
#include "idp/tables/terminal.h"
#include "policies/channel.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/own_page.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/cookies.h"
#include "protocols/http/respond.h"
#include "protocols/pages/standing.h"

#define PATH "/account/sessions"

static enum word
channel_word(const char *name)
{
    static const enum word words[CHANNELS] = {
#define CHANNEL(symbol, ...) [CHANNEL_##symbol] = WORD_channel_##symbol,
#include "policies/channel.def"
#undef CHANNEL
    };

    for (size_t i = 0; i < CHANNELS; i++) {
        if (text_eq(channels[i].name, name))
            return words[i];
    }
    return WORD_channel_web;
}

/* Where she went from it. */
static enum err
partners_add(struct request *rq, struct page *page, const char *sid)
{
    const struct grant_after after = { "", rq->now };
    struct grant_list list;
    struct buf names = buf_new(rq->arena, 128);
    enum err err = store_grant_list_partners(rq->ctx->store, rq->arena, sid, &after, &list);

    for (size_t i = 0; err == OK && i < list.count; i++) {
        const struct partner *partner =
            registry_find(rq->ctx->services->registry, list.at[i].partner_id);

        if (partner == NULL)
            continue;
        if (names.size > 0)
            buf_text(&names, word(rq->language, WORD_between_names));
        buf_text(&names, partner_name(partner, rq->language));
    }
    if (err == OK && names.size > 0)
        page_text(page, "partners", names.at);
    return err;
}

/* The terminal's place and agency, the partner's name, or ours. */
static enum err
place_of(struct request *rq, const struct stored_session *row, const char **out)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, row->partner_id);
    struct stored_terminal terminal;
    enum err err = ERR_NOT_FOUND;

    *out = partner != NULL ? partner_name(partner, rq->language)
                           : word(rq->language, WORD_service_name);
    if (!text_is_empty(row->terminal_id))
        err = store_terminal_load(rq->ctx->store, rq->arena, row->terminal_id, &terminal);
    if (err == OK)
        *out = arena_printf(rq->arena, "%s %s", terminal.agency, terminal.place);
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
row_add(struct request *rq, struct page *page, const struct session_rows *rows, size_t i)
{
    const struct stored_session *row = &rows->at[i];
    const char *own = rq->session->row.sid;
    struct page *shown = page_row(page, "sessions");
    int level = channel_level(row->channel, (int)row->level, rq->now - row->auth_time);
    const char *place;
    enum err err = place_of(rq, row, &place);

    if (err != OK)
        return err;
    page_text(shown, "number", arena_printf(rq->arena, "%zu", i + 1));
    page_word(shown, "channel", channel_word(row->channel));
    page_text(shown, "place", place);
    page_text(shown, "begun", time_beijing_minute(rq->arena, row->auth_time));
    page_text(shown, "used", time_beijing_minute(rq->arena, row->seen_at));
    page_word(shown, "level", level_word(level));
    if (text_eq(row->sid, own))
        page_flag(shown, "this", true);
    else
        page_text(shown, "label", session_label(rq->ctx, row->sid));
    page_flag(shown, "carries_this",
              !text_eq(row->sid, own) && session_hangs_on(rows, own, row->sid));
    return partners_add(rq, shown, row->sid);
}

static const struct problem *
show(struct request *rq, struct flow *flow)
{
    const char *person_id = rq->session->row.subject.id;
    struct session_rows rows;
    struct page *page;
    enum err err = sessions_list(rq->ctx, person_id, &rows);

    if (err == OK)
        err = own_page_seal(rq, flow);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "account_sessions", WORD_sessions_title, PATH);
    for (size_t i = 0; err == OK && i < rows.count; i++)
        err = row_add(rq, page, &rows, i);
    if (err != OK)
        return problem_of(err);
    page_flag(page, "others", rows.count > 1);
    if (param(rq, "ended") != NULL)
        page_word(page, "notice", WORD_sessions_ended);
    page_text(page, "logout_action", "/logout");
    page_text(page, "logout_csrf", session_csrf(rq->ctx, cookie_find(rq, "session")));
    return flow_answer(rq, flow, page, NULL);
}

static bool
is_for_this(const struct flow *flow)
{
    return text_eq(flow->tx.purpose, PURPOSE_SESSIONS);
}

const struct problem *
endpoint_account_sessions(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = own_page_open(rq, PURPOSE_SESSIONS, &flow);

    return problem != NULL ? problem : show(rq, &flow);
}

static enum err
end_chosen(struct request *rq)
{
    const struct stored_session *own = &rq->session->row;
    const char *chosen = param(rq, "end");

    if (text_eq(chosen, "others"))
        return sessions_end_others(rq->ctx, own, "list");
    if (chosen == NULL)
        return OK;
    return sessions_end_labelled(rq->ctx, own->subject.id, chosen, "list");
}

const struct problem *
endpoint_account_sessions_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);
    enum err err;

    if (problem != NULL)
        return problem;
    if (!is_for_this(&flow))
        return &problem_transaction_order;
    if (!rq->session->live)
        return flow_go(rq, &flow, "/login");
    if (!text_eq(flow.tx.shown_to, rq->session->row.subject.id))
        return flow_show_again(rq, &flow, PATH, NULL, &problem_another_person);
    err = end_chosen(rq);
    if (err != OK)
        return problem_of(err);
    return respond_redirect(rq, arena_printf(rq->arena, "%s&ended=1", flow_url(rq, &flow, PATH)));
}
