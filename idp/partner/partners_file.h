/* SPDX-License-Identifier: Apache-2.0 */
/* The partners file, read and judged as a whole before the store is looked at. */
#ifndef IDP_PARTNER_PARTNERS_FILE_H
#define IDP_PARTNER_PARTNERS_FILE_H

#include "idp/base/buf.h"
#include "idp/context/ctx.h"
#include "policies/partner_profile.h"

/* One element of the file, and what the store has of it: that is filled by whoever compares. */
struct wanted {
    struct partner_profile profile;
    const char *text;   /* the profile, canonical */
    const char *secret; /* "" when the file names none */
    bool secret_is_old; /* it named one, but was rotated by command since: taken as none */
    const struct stored_partner *stored; /* NULL: new */
    const struct stored_partner *kept;   /* whose secrets it may go on with: `stored`, or a row that
                                            was removed; NULL: none has any */
    unix_s since;                        /* of a new one */
};

struct partners_file {
    struct wanted *at;
    size_t count;
};

/* ERR_INVALID: `report` says what is wrong, in a line "! where: what", and the audit that there was
 * something. */
must_check enum err partners_file_read(struct ctx *ctx, struct bytes json, struct buf *report,
                                       struct partners_file *out);

#endif
