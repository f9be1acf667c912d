/* SPDX-License-Identifier: Apache-2.0 */
/* Forms that work once: what a person agreed to is recorded with the first sending. */
#ifndef IDP_PERSON_FORM_H
#define IDP_PERSON_FORM_H

#include "idp/context/ctx.h"

/*
 * Within the change that the form makes. ERR_CONFLICT when it was sent before: nothing of that
 * change may stand then. `form` is a keyed digest of what the page sealed; it is remembered as long
 * as the form can still be sent (life.transaction_s).
 */
must_check enum err form_spend(struct ctx *ctx, const struct digest *form);

#endif
