/* SPDX-License-Identifier: Apache-2.0 */
/* Whom an operator means. */
#ifndef IDP_PERSON_NAMED_H
#define IDP_PERSON_NAMED_H

#include "idp/context/ctx.h"

/*
 * The person with that id of ours ("p_…"), phone number or identity number, told apart by their
 * form. ERR_INVALID: it has none of these forms; ERR_NOT_FOUND.
 */
must_check enum err person_named(struct ctx *ctx, const char *name, const char **person_id);

#endif
