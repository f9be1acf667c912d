/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /register/notice: what is checked and kept, and two separate
 * consents (PIPL art. 17, 23, 29). */
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/person/phone_holder.h"
#include "idp/person/registration.h"
#include "keys/handle.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"

/* Changed with every change of the notice's words: consents point to its digest. */
#define NOTICE_VERSION "2026-11"

static bool
is_ticked(const struct request *rq, const char *name)
{
    return !text_is_empty(param_typed(rq, name));
}

/* Another account has the number, and has not proven it for long: she says that it is hers now. */
static const struct problem *
holder_check(struct request *rq, const struct flow *flow, bool *has_holder)
{
    struct phone_holder holder;
    const char *person_id = registration_person_id(rq->ctx, flow->tx.id, flow->tx.phone);
    enum err err = phone_holder_find(rq->ctx, person_id, flow->tx.phone, &holder);

    *has_holder = err == OK && holder.person_id != NULL;
    return problem_of(err);
}

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    struct page *page =
        flow_page(rq, flow, "register_notice", WORD_register_notice_title, "/register/notice");
    bool registration = is_ticked(rq, "agree_registration");
    bool bank = is_ticked(rq, "agree_bank");
    bool has_holder;
    const struct problem *problem = holder_check(rq, flow, &has_holder);

    if (problem != NULL)
        return problem;
    page_flag(page, "ask_take_over", has_holder);
    page_flag(page, "take_over", is_ticked(rq, "take_over"));
    page_text(page, "notice_version", NOTICE_VERSION);
    page_flag(page, "agree_registration", registration);
    page_flag(page, "agree_bank", bank);
    return flow_answer(rq, flow, page, registration ? "agree_bank" : "agree_registration");
}

const struct problem *
endpoint_register_notice(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    return transaction_has_come_to(&flow.tx, ENROLMENT_PHONE_PROVEN) ? show(rq, &flow)
                                                                     : &problem_transaction_order;
}

/* The words as shown, in the language they were read in. */
static struct digest
notice_digest(enum language language)
{
    static const enum word words[] = { WORD_notice_full_1,      WORD_notice_full_2,
                                       WORD_notice_full_3,      WORD_notice_full_4,
                                       WORD_notice_full_5,      WORD_notice_full_6,
                                       WORD_agree_registration, WORD_agree_bank };
    static const struct key32 no_key;
    struct digest digest = digest_of_text(NOTICE_VERSION);

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct digest next = digest_of_text(word(language, words[i]));

        digest =
            digest_keyed(&no_key, bytes_of((struct digest[]) { digest, next }, 2 * sizeof(digest)));
    }
    return digest;
}

const struct problem *
endpoint_register_notice_submit(struct request *rq)
{
    struct flow flow;
    struct digest text;
    struct digest form;
    bool has_holder;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (!transaction_has_come_to(&flow.tx, ENROLMENT_PHONE_PROVEN))
        return &problem_transaction_order;
    if (!is_ticked(rq, "agree_registration") || !is_ticked(rq, "agree_bank"))
        return flow_show_again(rq, &flow, "/register/notice", NULL, &problem_consent_missing);
    problem = holder_check(rq, &flow, &has_holder);
    if (problem != NULL)
        return problem;
    if (has_holder && !is_ticked(rq, "take_over"))
        return flow_show_again(rq, &flow, "/register/notice", "take_over",
                               &problem_phone_take_over);
    flow.tx.person_id = registration_person_id(rq->ctx, flow.tx.id, flow.tx.phone);
    text = notice_digest(rq->language);
    form = flow_form_digest(rq);
    problem = registration_consent(rq->ctx, flow.tx.person_id, &text, &form);
    if (problem != NULL)
        return problem;
    flow.tx.enrolment = ENROLMENT_CONSENTED;
    metric_add(METRIC_REGISTRATION_NOTICE, 1);
    problem = flow_reseal(rq, &flow);
    return problem != NULL ? problem : flow_go(rq, &flow, "/register/identity");
}
