/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /: tells whoever comes without a partner what this service is, and a person who is logged in
 * what we know of her.
 */
#include "idp/base/text.h"
#include "idp/connect/physical_card.h"
#include "idp/connect/sms.h"
#include "idp/connect/wechat.h"
#include "idp/person/vault.h"
#include "idp/session/session.h"
#include "idp/tables/survival.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/http/cookies.h"
#include "protocols/pages/doors.h"
#include "protocols/pages/standing.h"

/* Until when her pension goes on without being seen again, where that was ever confirmed here. */
static enum err
survival_add(struct request *rq, struct page *page, const char *person_id)
{
    struct stored_survival last;
    enum err err = store_survival_last(rq->ctx->store, rq->arena, person_id, &last);
    int32_t date;

    if (err != OK || rq->now >= last.until)
        return err == ERR_NOT_FOUND ? OK : err;
    date = time_beijing_date(last.until - 1);
    page_text(
        page, "survival_until",
        arena_printf(rq->arena, "%04d-%02d-%02d", date / 10000, date / 100 % 100, date % 100));
    return OK;
}

static const struct problem *
mine_add(struct request *rq, struct page *page, const struct session *session)
{
    struct person person;
    struct standing standing;
    enum err err = person_load(rq->ctx, session->row.subject.id, &person);

    if (err == OK)
        err = evidence_standing(rq->ctx, session->row.subject.id, &standing);
    if (err == OK)
        err = survival_add(rq, page, session->row.subject.id);
    if (err != OK)
        return problem_of(err);
    page_flag(page, "logged_in", true);
    page_text(page, "name", person.name);
    page_text(page, "phone_masked", phone_masked(rq->arena, person.phone));
    page_standing(page, rq->arena, &standing);
    if (card_bureau_is_configured(rq->ctx->services->card_bureau))
        page_text(page, "card_url", "/card");
    page_text(page, "password_url", "/account/password");
    if (wechat_is_in_use(rq->ctx->services->wechat))
        page_text(page, "wechat_url", "/account/wechat");
    page_text(page, "sessions_url", "/account/sessions");
    if (!text_is_empty(rq->ctx->settings->staff.url))
        page_text(page, "history_url", "/account/history");
    if (param(rq, "registered") != NULL) /* a moment ago, without a partner */
        page_word(page, "notice", WORD_registered_notice);
    page_text(page, "logout_action", "/logout");
    page_text(page, "csrf", session_csrf(rq->ctx, cookie_find(rq, "session")));
    return NULL;
}

const struct problem *
endpoint_home(struct request *rq)
{
    struct page *page = page_new(rq, "home", WORD_home_title);
    const struct problem *problem = NULL;

    if (rq->session->live)
        problem = mine_add(rq, page, rq->session);
    if (problem != NULL)
        return problem;
    page_text(page, "login_url", "/login");
    if (sms_is_configured(rq->ctx->services->sms)) /* who registers is sent a code */
        page_text(page, "register_url", "/register");
    page_doors(rq, page);
    page_languages(page, "/", NULL);
    return page_answer(rq, 200, page);
}
