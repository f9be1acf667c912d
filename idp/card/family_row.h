/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of family.h share: a link's row, judged and named. */
#ifndef IDP_CARD_FAMILY_ROW_H
#define IDP_CARD_FAMILY_ROW_H

#include "idp/context/ctx.h"
#include "idp/tables/card_family.h"
#include "policies/family.h"

/* The id of who was asked for and has no account begins so. */
#define FAMILY_NOBODY "u_"

#define FAMILY_REF_BYTES 16

struct family_member {
    bool is_active; /* her account is not stopped */
    enum family_standing standing;
};

/* ERR_NOT_FOUND: there is no such person (any more). */
must_check enum err family_judge(struct ctx *ctx, const struct stored_card_family *link,
                                 struct family_member *out);

/* Names the link on pages. */
const char *family_ref(struct ctx *ctx, const struct stored_card_family *link);

/* In the caller's transaction. */
must_check enum err family_tell_both(struct ctx *ctx, const struct stored_card_family *link);

#endif
