/* SPDX-License-Identifier: Apache-2.0 */
/* GET /stopped: why a form of ours did nothing. Its address says it, sealed, so the page can be
 * reloaded, left by Back and read in another language. */
#include "protocols/flow/stopped.h"

#include <string.h>

#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/session.h"
#include "keys/seal.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/http/cookies.h"
#include "protocols/http/respond.h"
#include "protocols/pages/doors.h"
#include "protocols/routes.h"

#define CONTEXT "stopped.1"
#define PATH "/stopped"

struct told {
    const char *symbol;
    const char *request_id;
    const char *partner_id; /* "": none is to be named */
};

static const struct pack_field told_fields[] = {
    PACKED_TEXT(struct told, symbol),
    PACKED_TEXT(struct told, request_id),
    PACKED_TEXT(struct told, partner_id),
    PACKED_END,
};

/* --- The page --- */

static bool
is_logged_in(struct request *rq)
{
    struct session session;

    if (rq->ctx->store == NULL || session_load(rq->ctx, cookie_find(rq, "session"), &session) != OK)
        return false;
    return session.live;
}

/* She has come to a page whose time is over, and not done anything that is refused. */
static bool
is_out_of_time(const struct problem *problem)
{
    return problem == &problem_transaction_lost || problem == &problem_transaction_order;
}

static void
ways_on_add(struct request *rq, struct page *page, const struct problem *problem, bool logged_in)
{
    const struct partner *partner = rq->stop.partner;
    const char *door = partner != NULL ? door_back(rq, partner) : NULL;

    if (rq->stop.way_on != NULL && (partner != NULL || !logged_in) &&
        (is_out_of_time(problem) || problem == &problem_form_forged))
        page_text(page, "way_on", rq->stop.way_on);
    if (door == NULL)
        return;
    page_text(page, "door_back", door);
    page_text(page, "door_back_name", partner_name(partner, rq->language));
}

static struct page *
stopped_page(struct request *rq, const struct problem *problem)
{
    struct page *page = page_problem_new(rq, problem);
    bool logged_in = is_out_of_time(problem) && is_logged_in(rq);

    if (logged_in) {
        page_flag(page, "logged_in", true);
        page_word(page, "title", WORD_stopped_logged_in);
    }
    ways_on_add(rq, page, problem, logged_in);
    return page;
}

/* --- On the way to it --- */

static const char *
sealed_told(struct request *rq, const struct problem *problem)
{
    const struct partner *partner = rq->stop.partner;
    const struct told told = { problem->symbol, rq->ctx->request_id,
                               partner != NULL ? partner->profile.partner_id : "" };
    const char *sealed;
    enum err err = seal_text(
        &rq->ctx->keys->seal, rq->ctx->env, rq->arena, CONTEXT,
        pack(rq->arena, told_fields, rq->ctx->settings->upgrade.sealed_layout, &told), &sealed);

    return err == OK ? sealed : NULL;
}

/* With the flow that she can go on with, where the link takes it. NULL: nothing can be sealed now. */
static const char *
stopped_url(struct request *rq, const struct problem *problem)
{
    const char *told = sealed_told(rq, problem);
    const char *way_on = rq->stop.way_on;
    const char *at = way_on != NULL ? strchr(way_on, '=') + 1 : NULL;
    const char *url = told != NULL ? arena_printf(rq->arena, PATH "?tx=%s", told) : NULL;

    if (url == NULL || at == NULL ||
        strlen(url) + strlen(at) + strlen(rq->ctx->settings->server.issuer_path) + 64 >
            REQUEST_TARGET_MAX_BYTES)
        return url;
    return arena_printf(rq->arena, "%s&at=%s", url, at);
}

static bool
is_form_of_ours(const struct request *rq)
{
    return text_eq(rq->method, "POST") && (rq->route->guards & GUARD_SAME_ORIGIN) != 0;
}

void
stopped_refuse(struct request *rq, const struct problem *problem)
{
    const char *url = is_form_of_ours(rq) ? stopped_url(rq, problem) : NULL;
    struct page *page;

    if (url != NULL && problem->status < 500 && !problem_is_temporary(problem)) {
        respond_tells(rq, problem);
        respond_redirect(rq, url);
        return;
    }
    page = stopped_page(rq, problem);
    if (url != NULL)
        page_languages(page, PATH, strchr(url, '=') + 1);
    else
        page_languages_here(page);
    page_answer(rq, problem->status, page);
}

/* --- The way back from it --- */

/* What the address has sealed. One that cannot be read says no more than that its time is over. */
static const struct problem *
told_open(struct request *rq)
{
    const char *sealed = param(rq, "tx");
    struct bytes plain;
    const struct problem *problem;
    struct told told;

    if (sealed == NULL ||
        seal_text_open(&rq->ctx->keys->seal, rq->arena, CONTEXT, sealed, &plain) != OK ||
        unpack(rq->arena, told_fields, plain, &told) != OK)
        return &problem_transaction_lost;
    rq->ctx->request_id = told.request_id;
    rq->stop.partner = registry_find(rq->ctx->services->registry, told.partner_id);
    problem = problem_find(told.symbol, strlen(told.symbol));
    return problem != NULL ? problem : &problem_transaction_lost;
}

const struct problem *
endpoint_stopped(struct request *rq)
{
    const struct problem *problem = told_open(rq);
    struct page *page;

    rq->stop.way_on = flow_way_on(rq, param(rq, "at"));
    page = stopped_page(rq, problem);
    page_languages_here(page);
    return page_answer(rq, problem->status, page);
}
