/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner will be told of her, line by line, on the page that asks whether it may (partial
 * told.html). */
#ifndef PROTOCOLS_FLOW_DISCLOSURE_H
#define PROTOCOLS_FLOW_DISCLOSURE_H

#include "idp/person/card.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "protocols/pages/page.h"

struct disclosure {
    struct person person;
    struct standing standing;
    struct card card; /* read for a scope that tells of it */
    bool has_card;
    bool card_unsure;        /* it would be good, but the card office has not been heard of */
    const char *card_number; /* masked; "": there is none to tell */
};

/* `scope` as granted. */
must_check enum err disclosure_load(struct ctx *ctx, const char *person_id, const char *scope,
                                    struct disclosure *out);

void disclosure_add(struct request *rq, struct page *page, const char *scope,
                    const struct disclosure *disclosure);

/* Whose account it is, masked. */
const char *disclosure_account(struct request *rq, const struct disclosure *disclosure);

#endif
