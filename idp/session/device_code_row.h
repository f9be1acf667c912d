/* SPDX-License-Identifier: Apache-2.0 */
/* The row of a device authorization (device_code.h): its name, and what was asked, sealed in it. */
#ifndef IDP_SESSION_DEVICE_CODE_ROW_H
#define IDP_SESSION_DEVICE_CODE_ROW_H

#include "idp/session/device_code.h"

struct digest device_code_row_id(struct ctx *ctx, const char *user_code);

must_check enum err device_code_row_pack(struct ctx *ctx, const struct device_request *request,
                                         const char **out);

/*
 * The row and what stands in it; request->partner is left as it is. ERR_NOT_FOUND also for one of
 * another kind, and for one whose request cannot be read (of a version that is gone).
 */
must_check enum err device_code_row_load(struct ctx *ctx, struct digest pending_id,
                                         struct device_request *request);

#endif
