/* SPDX-License-Identifier: Apache-2.0 */
/* Showing a card: what must hold before a code is issued, on whatever channel (docs/adr/0051). */
#ifndef IDP_CARD_SHOW_H
#define IDP_CARD_SHOW_H

#include "idp/base/problem.h"
#include "idp/person/card.h"
#include "idp/tables/session.h"
#include "policies/card_purpose.h"

struct card_showing {
    const struct card *card;              /* as it stands now: card_find() */
    const struct stored_session *session; /* live; of who shows it */
    enum card_purpose purpose;
    bool in_app;         /* on the telephone that the card is opened on (idp/card/link.h) */
    bool password_given; /* the card password, a moment ago */
};

struct card_shown {
    const char *code;
    int64_t expires_in;
};

/* The card is in order, so that something may be done with it: NULL, or why not. Its mirror is fresh. */
const struct problem *card_usable(struct ctx *ctx, const struct card *card);

/* Such a refusal is counted and audited; one that names no reason of the card's is not. */
void card_refused(struct ctx *ctx, const struct stored_session *session,
                  const struct problem *problem);

/* A code for it, or why there is none. Nothing is stored. Outside a transaction. */
const struct problem *card_code_show(struct ctx *ctx, const struct card_showing *showing,
                                     struct card_shown *out);

#endif
