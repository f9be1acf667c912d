/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/enrol/factor: the secret for her authenticator, which is hers once she has typed a code of it; or the
 * certificate of this connection. */
#include "idp/base/text.h"
#include "idp/staff/enrolment.h"
#include "keys/secret.h"
#include "protocols/endpoints.h"
#include "protocols/staff/signing.h"

/* As authenticators list it. */
#define ISSUER "Tongxing"

static struct staff_enrolment
enrolment_of(struct request *rq, const struct flow *flow)
{
    return (struct staff_enrolment) {
        .staff_id = signing_staff(rq, flow),
        .code = flow->tx.hint_sub,
        .is_first = flow->tx.asks_again != 0,
        .begun_at = flow->tx.created_at,
        .once = arena_printf(rq->arena, "%s %s", flow->tx.id, flow->cookie),
        .typed = param_typed(rq, "code"),
        .certificate = rq->client_certificate,
    };
}

/* Without password and code before: she begins with those. */
static bool
has_proven(const struct staff_enrolment *enrolment)
{
    return enrolment->staff_id != NULL && !text_is_empty(enrolment->code);
}

static void
secret_add(struct request *rq, const struct staff_enrolment *enrolment, struct page *page)
{
    struct totp_secret secret;

    staff_enrolment_secret(rq->ctx, enrolment, &secret);
    page_qr(page, totp_uri(rq->arena, &secret, ISSUER, enrolment->staff_id));
    page_text(page, "secret", totp_base32(rq->arena, &secret));
    secret_wipe(&secret, sizeof(secret));
}

static const struct problem *
show(struct request *rq, const struct flow *flow, const struct staff_enrolment *enrolment)
{
    struct page *page =
        signing_page(rq, flow, "staff_enrol_factor", WORD_staff_enrol_title, ENROL_FACTOR_PATH);

    page_text(page, "staff_id", enrolment->staff_id);
    page_flag(page, "has_certificate", rq->client_certificate != NULL);
    secret_add(rq, enrolment, page);
    return flow_answer(rq, flow, page, "code");
}

const struct problem *
endpoint_staff_enrol_factor(struct request *rq)
{
    struct flow flow;
    struct staff_enrolment enrolment;
    const struct problem *problem = signing_open(rq, &flow);

    if (problem != NULL)
        return problem;
    enrolment = enrolment_of(rq, &flow);
    return has_proven(&enrolment) ? show(rq, &flow, &enrolment) : flow_go(rq, &flow, ENROL_PATH);
}

const struct problem *
endpoint_staff_enrol_factor_submit(struct request *rq)
{
    struct flow flow;
    struct staff_enrolment enrolment;
    const struct problem *problem = signing_form_open(rq, &flow);

    if (problem != NULL)
        return problem;
    enrolment = enrolment_of(rq, &flow);
    if (!has_proven(&enrolment))
        return flow_go(rq, &flow, ENROL_PATH);
    if (param(rq, "certificate") != NULL)
        enrolment.typed = NULL;
    else if (text_is_empty(enrolment.typed))
        return flow_show_again(rq, &flow, ENROL_FACTOR_PATH, "code", &problem_staff_factor_missing);
    problem = staff_enrol(rq->ctx, &enrolment);
    if (problem == &problem_staff_code_wrong)
        return flow_show_again(rq, &flow, ENROL_PATH, "code", problem);
    if (problem != NULL)
        return flow_show_again(rq, &flow, ENROL_FACTOR_PATH, "code", problem);
    return signing_go_done(rq, &flow, "enrol");
}
