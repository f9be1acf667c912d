/* SPDX-License-Identifier: Apache-2.0 */
/* What every page of a login or registration starts and ends with: the
 * transaction, its form, the way on. */
#ifndef PROTOCOLS_FLOW_FLOW_H
#define PROTOCOLS_FLOW_FLOW_H

#include "idp/session/session.h"
#include "idp/session/transaction.h"
#include "protocols/flow/mistake.h"
#include "protocols/http/request.h"
#include "protocols/pages/page.h"

struct flow {
    struct transaction tx;
    const char *sealed;            /* as it came, or as resealed */
    const char *cookie;            /* the transaction's binder */
    const struct partner *partner; /* NULL: our own pages */
    struct mistakes mistakes;      /* of the form that this page shows again */
    bool has_expired;              /* flow_open_expired() only */
};

/*
 * The transaction of this request ("tx" of the form or query), bound to this browser.
 * problem_transaction_lost otherwise. One that has expired is answered by a redirect to where the same
 * request begins anew (docs/adr/0029): problem_answered.
 */
const struct problem *flow_open(struct request *rq, struct flow *out);

/* The same for who comes back without "tx" in the address: what was kept of the flow elsewhere. */
const struct problem *flow_open_kept(struct request *rq, const char *sealed, struct flow *out);

/* The same for whoever begins it anew: flow_anew(). */
const struct problem *flow_open_expired(struct request *rq, struct flow *out);

/* Where a flow goes on that is this browser's and has not expired, for a page that is none of its own;
 * NULL: nowhere. `sealed` may be NULL. */
const char *flow_way_on(struct request *rq, const char *sealed);

/* A flow of the same browser in place of one that has expired: nothing of it stands but its name and
 * its language. It is for flow_begin(), once flow->tx says what it is for. */
struct flow flow_anew(struct request *rq, const struct flow *expired);

/* A transaction around flow->tx, which says what it is for (purpose.h). */
const struct problem *flow_begin(struct request *rq, struct flow *flow);

/*
 * A flow of our own begins at a page that came without "tx": 303 to the same page with it. Its
 * address then names the flow, so Back and reload come to this flow and begin no other.
 */
const struct problem *flow_begin_own(struct request *rq);

/*
 * The same for a form that was posted: its CSRF token too. problem_form_forged. The button that asks
 * for more time is answered here, as is a form that has expired: the page comes again with what was
 * typed, secrets excepted.
 */
const struct problem *flow_open_form(struct request *rq, struct flow *out);

/* tx was changed: seal it again. */
const struct problem *flow_reseal(struct request *rq, struct flow *flow);

/* Names the form that flow_open_form() took, for what one form does once (idp/person/form.h). */
struct digest flow_form_digest(const struct request *rq);

/*
 * The form that was sent is not right: 303 to the page that shows it again, at `path`, which finds
 * in flow->mistakes what is told there, and its entries by param_typed().
 */
const struct problem *flow_show_again(struct request *rq, const struct flow *flow, const char *path,
                                      const char *field, const struct problem *told);

/* The same for all that is wrong with it. */
const struct problem *flow_show_mistakes(struct request *rq, const struct flow *flow,
                                         const char *path, const struct mistakes *mistakes);

/* 303 to one of our pages, with the transaction. */
const struct problem *flow_go(struct request *rq, const struct flow *flow, const char *path);

/* The same to a page that asks for a code just sent; `again`: it says that this is another one. */
const struct problem *flow_go_to_code(struct request *rq, const struct flow *flow, const char *path,
                                      bool again);

/*
 * The pages are done: the outcome is sealed, and whoever began the flow reads it (purpose.h).
 * `refusal` is the word for what the person refused.
 */
const struct problem *flow_finish(struct request *rq, struct flow *flow);
const struct problem *flow_refuse(struct request *rq, struct flow *flow, const char *refusal);

/* A session of the proof, and its cookie; the flow goes on where the caller says. */
const struct problem *flow_renew_session(struct request *rq, struct flow *flow,
                                         const struct proof *proof);

/* The same, and the flow is done; or first she is asked about what waits to be bound (binding.h). */
const struct problem *flow_log_in(struct request *rq, struct flow *flow, const struct proof *proof);

/* A page of this flow: partner's name, tx, csrf and the links to the other languages are set;
 * `action` is where it posts. */
struct page *flow_page(struct request *rq, const struct flow *flow, const char *template,
                       enum word title, const char *action);

/* Answers with the page and the mistakes of its form, each beside its own field, or beside `field`
 * (may be NULL) when it names none; and with the status of the first. */
const struct problem *flow_answer(struct request *rq, const struct flow *flow, struct page *page,
                                  const char *field);

/* An address of ours with the transaction: "/register?tx=…". */
const char *flow_url(struct request *rq, const struct flow *flow, const char *path);

#endif
