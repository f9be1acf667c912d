/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has lost her password or her phone proves herself as at her registration, and by nothing
 * less: the number she uses now, name, identity number, bank card, the number kept at the bank
 * (docs/adr/0028). What changes then is renewal.h.
 */
#ifndef IDP_SESSION_RECOVERY_H
#define IDP_SESSION_RECOVERY_H

#include "idp/person/registration.h"

/* What is to be asked of the bank (ask_bank), unless out->answered. The same for whoever asks, with
 * an account or without. */
const struct problem *recovery_begin(struct ctx *ctx, const struct applicant *applicant,
                                     struct bank_asking *out);

/*
 * With the bank's answer: whose account it is. Only who has proven all of it is told
 * problem_recovery_no_account or problem_account_stopped.
 */
const struct problem *recovery_end(struct ctx *ctx, const struct applicant *applicant,
                                   struct bank_asking *asking, const char **person_id);

/* The same once the bank has said yes, under the order `order_id`: to a registration, say. */
const struct problem *recovery_find(struct ctx *ctx, const struct applicant *applicant,
                                    const char *order_id, const char **person_id);

#endif
