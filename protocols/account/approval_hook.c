/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /tests/approve: a conformance suite answers in the person's place, where tests.approval_hook is on. The official one
 * posts nothing and says all in the query.
 */
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/session/backchannel_answer.h"
#include "idp/session/backchannel_id.h"
#include "protocols/account/approval_page.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

static enum err
decide(struct request *rq, const struct approval_view *view)
{
    const struct backchannel_word word = { view->row, &view->asked, view->row->person_id, "" };
    enum err err;

    log_line(LOG_WARN, "tests.approval_hook", log_text("partner", view->row->partner_id),
             log_text("person", view->row->person_id));
    if (!text_eq(params_find(&rq->query, "action"), "allow"))
        return backchannel_refuse(rq->ctx, &word);
    err = consent_give(rq->ctx, view->partner, word.person_id, view->asked.scope, NULL);
    return err == OK ? backchannel_approve(rq->ctx, &word) : err;
}

const struct problem *
endpoint_approval_hook(struct request *rq)
{
    const char *auth_req_id = params_find(&rq->query, "auth_req_id");
    struct digest pending_id;
    struct approval_view view;
    struct stored_pending row;
    struct person person;
    const char *secret;
    enum err err;

    if (!rq->ctx->settings->tests.approval_hook || auth_req_id == NULL ||
        auth_req_id_open(rq->ctx, auth_req_id, &pending_id, &secret) != OK)
        return &problem_not_found;
    err = store_pending_load(rq->ctx->store, rq->arena, &pending_id, &row);
    if (err == OK)
        err = person_load(rq->ctx, row.person_id, &person); /* nobody is nobody here too */
    if (err == OK)
        err = approval_view_make(rq, &row, &view) ? decide(rq, &view) : ERR_NOT_FOUND;
    if (err == ERR_NOT_FOUND)
        return &problem_not_found;
    return err == OK ? respond_empty(rq, 200) : problem_of(err);
}
