/* SPDX-License-Identifier: Apache-2.0 */
/* The name of a member of staff as the directory has it: sealed for her row, and opened. */
#ifndef IDP_PERSON_STAFF_NAME_H
#define IDP_PERSON_STAFF_NAME_H

#include "idp/context/ctx.h"
#include "idp/tables/staff.h"

must_check enum err staff_name_seal(struct ctx *ctx, const char *staff_id, const char *name,
                                    struct bytes *out);

/* ERR_FORGED when it was tampered with (logged). */
must_check enum err staff_name_open(struct ctx *ctx, const struct stored_staff *staff,
                                    const char **out);

#endif
