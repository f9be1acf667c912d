/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /consent: what a partner wants to know, and the person's word
 * (OpenID Connect Core, 3.1.2.4). */
#include "idp/partner/consent.h"
#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "policies/web_origin.h"
#include "protocols/endpoints.h"
#include "protocols/flow/disclosure.h"
#include "protocols/flow/flow.h"

static bool
is_another_persons(const struct flow *flow, const char *person_id)
{
    return !text_is_empty(flow->tx.shown_to) && !text_eq(flow->tx.shown_to, person_id);
}

/* Where her data goes, in letters that no name can imitate; to decline is one of the two answers. */
static void
about_partner(struct request *rq, const struct flow *flow, struct page *page)
{
    page_text(page, "partner_host", web_origin_host(rq->arena, flow->tx.returns_to));
    page_text(page, "cancel_action", "");
}

/* Every time it is shown its form is a new one, for the person there is now. */
static const struct problem *
show(struct request *rq, struct flow *flow)
{
    const char *person_id = rq->session->row.subject.id;
    bool another = is_another_persons(flow, person_id);
    struct page *page;
    struct disclosure disclosure;
    enum err err = disclosure_load(rq->ctx, person_id, flow->tx.scope, &disclosure);

    flow->tx.shown_to = person_id;
    if (err == OK)
        err = transaction_seal(rq->ctx, &flow->tx, &flow->sealed);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "consent", WORD_consent_title, "/consent");
    if (another) /* who is logged in now must see that it is about her */
        page_text(page, "another_person", disclosure_account(rq, &disclosure));
    disclosure_add(rq, page, flow->tx.scope, &disclosure);
    about_partner(rq, flow, page);
    if (!another && flow->tx.enrolment == ENROLMENT_REGISTERED)
        page_word(page, "notice", WORD_registered_notice);
    page_text(page, "policy_uri", flow->partner->profile.policy_uri);
    page_text(page, "tos_uri", flow->partner->profile.tos_uri);
    return page_answer(rq, 200, page);
}

/* Both the page and its form need something to ask for, and a person who is logged in, in this
 * browser. */
static const struct problem *
check_order(const struct request *rq, const struct flow *flow)
{
    return text_is_empty(flow->tx.scope) || !rq->session->live ? &problem_transaction_order : NULL;
}

const struct problem *
endpoint_consent(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem == NULL)
        problem = check_order(rq, &flow);
    return problem != NULL ? problem : show(rq, &flow);
}

static const struct problem *
deny(struct request *rq, struct flow *flow)
{
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_CONSENT_DENIED,
                                                 .subject = rq->session->row.subject,
                                                 .partner_id = flow->partner->profile.partner_id });
    return flow_refuse(rq, flow, "consent");
}

/* Only what stands in the sealed request counts; a scope or client put into the form is
 * not looked at, but noted. */
static void
note_extra_input(struct request *rq)
{
    if (param(rq, "scope") != NULL || param(rq, "client_id") != NULL)
        audit_note(rq->ctx,
                   &(struct audit_record) { .event = AUDIT_CONSENT_REJECTED, .reason = "extra" });
}

/* Somebody else saw this page: it says nothing of who is logged in now. */
static const struct problem *
show_anew(struct request *rq, const struct flow *flow)
{
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_CONSENT_REJECTED,
                                                 .reason = "another_person",
                                                 .subject = rq->session->row.subject,
                                                 .partner_id = flow->partner->profile.partner_id });
    return flow_go(rq, flow, "/consent");
}

const struct problem *
endpoint_consent_submit(struct request *rq)
{
    struct flow flow;
    struct digest form;
    const char *person_id = rq->session->row.subject.id;
    const struct problem *problem = flow_open_form(rq, &flow);
    enum err err;

    if (problem == NULL)
        problem = check_order(rq, &flow);
    if (problem != NULL)
        return problem;
    note_extra_input(rq);
    if (!text_eq(flow.tx.shown_to, person_id))
        return show_anew(rq, &flow);
    if (!text_eq(param(rq, "decision"), "allow"))
        return deny(rq, &flow);
    form = flow_form_digest(rq);
    err = consent_give(rq->ctx, flow.partner, person_id, flow.tx.scope, &form);
    if (err != OK)
        return problem_of(err);
    flow.tx.agreed_by = person_id;
    return flow_finish(rq, &flow);
}
