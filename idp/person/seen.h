/* SPDX-License-Identifier: Apache-2.0 */
/* An operator is shown a person's data whole: never without a word why, which the audit trail keeps. */
#ifndef IDP_PERSON_SEEN_H
#define IDP_PERSON_SEEN_H

#include "idp/person/vault.h"

/*
 * NULL, or why the operator's word may not stand in the audit trail, which holds no personal data:
 * it is too short or too long, or says her name, or digits as of a phone or identity number.
 */
const char *seen_reason_check(struct arena *arena, const struct person *person, const char *reason);

/* The record, in a transaction of its own: without it nothing is shown. */
must_check enum err person_seen(struct ctx *ctx, const char *person_id, const char *reason);

#endif
