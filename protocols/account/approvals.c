/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /approvals: what partners have asked for over another line, one after another, and the
 * person's word on it. Who is not logged in does so first.
 */
#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/session/backchannel_answer.h"
#include "keys/seal.h"
#include "keys/secret.h"
#include "protocols/account/approval_page.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/cookies.h"
#include "protocols/http/guards.h"
#include "protocols/http/respond.h"

#define PATH "/approvals"
#define CONTEXT "approval.form.1"

/* What a form of this page is about, sealed into it. */
struct approval_form {
    const char *pending; /* the row's id */
    const char *shown_to;
};

static const struct pack_field fields[] = { PACKED_TEXT(struct approval_form, pending),
                                            PACKED_TEXT(struct approval_form, shown_to),
                                            PACKED_END };

/* --- The page --- */

static enum err
form_seal(struct request *rq, const struct stored_pending *row, const char **out)
{
    struct ctx *ctx = rq->ctx;
    const struct approval_form form = {
        base64url_encode(rq->arena, digest_view(&row->pending_id)),
        rq->session->row.subject.id,
    };

    return seal_text(&ctx->keys->seal, ctx->env, rq->arena, CONTEXT,
                     pack(rq->arena, fields, ctx->settings->upgrade.sealed_layout, &form), out);
}

/* The newest of those that can be answered; `more` counts the others. False: there is none. */
static bool
choose(struct request *rq, const struct pending_list *list, struct approval_view *out, size_t *more)
{
    bool found = false;

    *more = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct approval_view view;

        if (list->at[i].kind != PENDING_CIBA || !approval_view_make(rq, &list->at[i], &view))
            continue;
        if (found)
            ++*more;
        else
            *out = view;
        found = true;
    }
    return found;
}

static const struct problem *
question_add(struct request *rq, struct page *page, const struct approval_view *view, size_t more)
{
    struct disclosure disclosure;
    const char *sealed;
    enum err err =
        disclosure_load(rq->ctx, rq->session->row.subject.id, view->asked.scope, &disclosure);

    if (err == OK)
        err = form_seal(rq, view->row, &sealed);
    if (err != OK)
        return problem_of(err);
    approval_page_fill(rq, page, view, &disclosure);
    disclosure_add(rq, page, view->asked.scope, &disclosure);
    page_text(page, "action", PATH);
    page_text(page, "which", sealed);
    page_text(page, "csrf", session_csrf(rq->ctx, cookie_find(rq, "session")));
    if (more > 0)
        page_text(page, "more", arena_printf(rq->arena, "%zu", more));
    return NULL;
}

static void
done_add(struct request *rq, struct page *page)
{
    const char *done = param(rq, "done");

    if (text_eq(done, "approved"))
        page_word(page, "notice", WORD_approval_approved);
    else if (text_eq(done, "refused"))
        page_word(page, "notice", WORD_approval_refused);
    else if (text_eq(done, "over"))
        page_word(page, "notice", WORD_approval_over);
}

static const struct problem *
show(struct request *rq)
{
    struct page *page = page_new(rq, "approvals", WORD_approvals_title);
    const struct problem *problem = NULL;
    struct approval_view view;
    struct pending_list list;
    size_t more;
    enum err err =
        store_pending_list(rq->ctx->store, rq->arena, rq->session->row.subject.id, rq->now, &list);

    if (err != OK)
        return problem_of(err);
    page_add_script(page);
    if (choose(rq, &list, &view, &more))
        problem = question_add(rq, page, &view, more);
    if (problem != NULL)
        return problem;
    done_add(rq, page);
    page_text(page, "reload_url", PATH);
    page_text(page, "home_url", "/");
    page_languages(page, PATH, NULL);
    return page_answer(rq, 200, page);
}

static const struct problem *
log_in_first(struct request *rq)
{
    struct flow flow = { .tx.purpose = PURPOSE_APPROVAL };
    const struct problem *problem = flow_begin(rq, &flow);

    return problem != NULL ? problem : flow_go(rq, &flow, "/login");
}

const struct problem *
endpoint_approvals(struct request *rq)
{
    return rq->session->live ? show(rq) : log_in_first(rq);
}

/* --- Her word --- */

static const struct problem *
refused(struct request *rq, const char *reason, const struct problem *problem)
{
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_APPROVAL_REJECTED,
                                                 .reason = reason,
                                                 .subject = rq->session->row.subject });
    return problem;
}

static enum err
form_open(struct request *rq, struct approval_form *form, struct digest *pending_id)
{
    const char *sealed = param(rq, "which");
    struct bytes plain;
    enum err err = sealed == NULL
                       ? ERR_FORGED
                       : seal_text_open(&rq->ctx->keys->seal, rq->arena, CONTEXT, sealed, &plain);

    if (err == OK)
        err = unpack(rq->arena, fields, plain, form);
    if (err == OK)
        err = base64url_decode(rq->arena, form->pending, strlen(form->pending), &plain);
    if (err == OK && plain.size != sizeof(pending_id->bytes))
        err = ERR_FORGED;
    if (err == OK)
        memcpy(pending_id->bytes, plain.at, sizeof(pending_id->bytes));
    return err;
}

static const struct problem *
go(struct request *rq, const char *done)
{
    return respond_redirect(rq, arena_printf(rq->arena, PATH "?done=%s", done));
}

/* Pressed twice, it is what it was the first time. */
static const char *
stands_as(struct request *rq, const struct digest *pending_id)
{
    struct stored_pending row;

    if (store_pending_load(rq->ctx->store, rq->arena, pending_id, &row) != OK ||
        !text_eq(row.person_id, rq->session->row.subject.id))
        return "over";
    if (row.state == PENDING_APPROVED || row.state == PENDING_TAKEN)
        return "approved";
    return row.state == PENDING_REFUSED ? "refused" : "over";
}

/* She agrees to what the partner wants to know, by the same press. */
static enum err
decide(struct request *rq, const struct approval_view *view, bool allow)
{
    const struct backchannel_word word = { view->row, &view->asked, rq->session->row.subject.id,
                                           rq->session->row.sid };
    enum err err;

    partner_enter(rq->ctx, view->partner);
    if (!allow)
        return backchannel_refuse(rq->ctx, &word);
    err = consent_give(rq->ctx, view->partner, word.person_id, view->asked.scope, NULL);
    return err == OK ? backchannel_approve(rq->ctx, &word) : err;
}

static const struct problem *
answered(struct request *rq, const struct digest *pending_id)
{
    bool allow = text_eq(param(rq, "decision"), "allow");
    struct approval_view view;
    struct stored_pending row;
    enum err err = store_pending_load(rq->ctx->store, rq->arena, pending_id, &row);

    if (err == ERR_NOT_FOUND ||
        (err == OK && (row.kind != PENDING_CIBA || row.state > PENDING_SEEN ||
                       !approval_view_make(rq, &row, &view))))
        return go(rq, stands_as(rq, pending_id));
    if (err == OK)
        err = decide(rq, &view, allow);
    if (err == ERR_NOT_FOUND)
        return go(rq, stands_as(rq, pending_id));
    return err == OK ? go(rq, allow ? "approved" : "refused") : problem_of(err);
}

const struct problem *
endpoint_approvals_submit(struct request *rq)
{
    struct approval_form form;
    struct digest pending_id;

    if (!rq->session->live)
        return respond_redirect(rq, PATH);
    if (!session_form_holds(rq))
        return refused(rq, "csrf", &problem_form_forged);
    if (form_open(rq, &form, &pending_id) != OK)
        return &problem_transaction_lost;
    if (!text_eq(form.shown_to, rq->session->row.subject.id)) {
        refused(rq, "another_person", NULL);
        return respond_redirect(rq, PATH);
    }
    return answered(rq, &pending_id);
}
