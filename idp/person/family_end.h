/* SPDX-License-Identifier: Apache-2.0 */
/* How family cards end (docs/adr/0054), and who is told of any change of them. */
#ifndef IDP_PERSON_FAMILY_END_H
#define IDP_PERSON_FAMILY_END_H

#include "idp/context/ctx.h"
#include "idp/tables/card_family.h"

/* In the caller's transaction: the audit record of what became of the link. `word` is the reason, `more` an operator's
 * own words; "" or NULL: none. */
must_check enum err family_audit(struct ctx *ctx, const struct stored_card_family *link,
                                 const char *word, const char *more);

/* In the caller's transaction: she is told by a message. OK also for who has no account, or whose data does not
 * open. */
must_check enum err family_tell(struct ctx *ctx, const char *person_id);

/* In the caller's transaction: it ends now. ERR_NOT_FOUND: it has. */
must_check enum err family_end_link(struct ctx *ctx, const struct stored_card_family *link,
                                    const char *word, const char *more);

/* In the caller's transaction: all of hers on both sides, whose account ends. The others are told. */
must_check enum err family_end_all(struct ctx *ctx, const char *person_id, const char *word);

#endif
