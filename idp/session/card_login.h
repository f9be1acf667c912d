/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in with a physical social-security card and its PIN, at a terminal, or showing them at the counter where a member of
 * staff sits: the card office says whether both are right. It ends in a proof, like every way.
 */
#ifndef IDP_SESSION_CARD_LOGIN_H
#define IDP_SESSION_CARD_LOGIN_H

#include "idp/base/problem.h"
#include "idp/connect/physical_card.h"
#include "idp/context/ask.h"
#include "idp/session/session.h"

/* A question under way. */
struct card_login {
    struct card_check check; /* its pin is ours, below */
    char pin[CARD_PIN_MAX + 1];
    const char *counted_as; /* the card, in the ledger of attempts */
    struct card_answer answer;
};

/*
 * `check` has the reading, judged; the terminal or counter is that of ctx. problem_card_expired, problem_card_wait_5
 * and the like: it is not to be asked. What is asked is counted first, for the card and for the
 * terminal.
 */
const struct problem *card_login_begin(struct ctx *ctx, const struct card_check *check,
                                       struct card_login *out);
extern const struct ask ask_card;

/*
 * NULL: the card is good and the PIN right, and the account is its holder's. Only a wrong PIN counts as
 * an attempt: no answer never does.
 */
const struct problem *card_login_end(struct ctx *ctx, struct card_login *login, struct proof *out);

#endif
