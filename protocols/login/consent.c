/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /consent: what a partner wants to know, and the person's word
 * (OpenID Connect Core, 3.1.2.4). */
#include "idp/partner/consent.h"
#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "policies/claim_rule.h"
#include "policies/identity_number.h"
#include "policies/name.h"
#include "policies/phone.h"
#include "policies/web_origin.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/http/cookies.h"
#include "protocols/pages/standing.h"

/* One line of the page for each fact that is told; how her identity was proven has one of its own. */
static const struct {
    enum fact fact;
    enum word title;
    enum word why;
} lines[] = {
    { FACT_ID, WORD_scope_openid, WORD_scope_openid_why },
    { FACT_NAME, WORD_scope_profile, WORD_scope_profile_why },
    { FACT_PHONE, WORD_scope_phone, WORD_scope_phone_why },
    { FACT_IDENTITY_NUMBER, WORD_scope_identity, WORD_scope_identity_why },
    { FACT_OFFLINE, WORD_scope_offline, WORD_scope_offline_why },
    { FACT_QR, WORD_scope_qr, WORD_scope_qr_why },
};

static const char *
value_of(struct request *rq, enum fact fact, const struct person *person)
{
    switch (fact) {
    case FACT_NAME:
        return name_masked(rq->arena, person->name);
    case FACT_PHONE:
        return phone_masked(rq->arena, person->phone);
    case FACT_IDENTITY_NUMBER:
        return identity_number_masked(rq->arena, person->identity_number);
    default:
        return "";
    }
}

static void
data_add(struct request *rq, struct page *page, unsigned facts, const struct person *person)
{
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct page *row;

        if ((facts & lines[i].fact) == 0)
            continue;
        row = page_row(page, "data");
        page_word(row, "title", lines[i].title);
        page_word(row, "explanation", lines[i].why);
        page_text(row, "value", value_of(rq, lines[i].fact, person));
    }
}

/* Somebody else stood here before: who is logged in now must see that it is about her. */
static void
person_add(struct request *rq, struct page *page, const struct person *person)
{
    page_text(page, "another_person",
              arena_printf(rq->arena, "%s %s", name_masked(rq->arena, person->name),
                           phone_masked(rq->arena, person->phone)));
}

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
    unsigned facts = facts_told(flow->tx.scope);
    struct page *page;
    struct person person;
    struct standing standing;
    enum err err = person_load(rq->ctx, person_id, &person);

    if (err == OK)
        err = evidence_standing(rq->ctx, person_id, &standing);
    flow->tx.shown_to = person_id;
    if (err == OK)
        err = transaction_seal(rq->ctx, &flow->tx, &flow->sealed);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "consent", WORD_consent_title, "/consent");
    if (another)
        person_add(rq, page, &person);
    data_add(rq, page, facts, &person);
    if ((facts & FACT_STANDING) != 0)
        page_standing(page, rq->arena, &standing);
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
