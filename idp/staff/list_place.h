/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a list of the staff pages is of, and where it goes on. It stands in the page's address, sealed for that list and one
 * sitting: nobody makes or changes one, and what somebody is looked for by stands in no address.
 */
#ifndef IDP_STAFF_LIST_PLACE_H
#define IDP_STAFF_LIST_PLACE_H

#include "idp/context/ctx.h"

/* Texts are "" for any. Each list reads of it what it knows. */
struct list_place {
    const char *after; /* id of the last row that was shown; "": from the beginning */
    unix_s before;     /* and its time, of a list that begins with the newest; 0: from now on */
    const char *only;  /* whom it concerns */
    const char *actor; /* a member of staff */
    const char *counter_id;
    const char *event; /* of the audit trail, or the beginning of its name */
    unix_s since;
    unix_s until;
    const char *told; /* a code that was made a moment ago, and for whom or what */
    const char *told_of;
    unix_s told_until; /* it is shown no longer than that */
};

/* A text of LIST_PLACE_MAX_BYTES at most, when no text inside is over 128 bytes. */
#define LIST_PLACE_MAX_BYTES 2048

/* `list` is a short word of ours. */
must_check enum err list_place_seal(struct ctx *ctx, const char *list, const char *sid,
                                    const struct list_place *place, const char **out);

/* NULL for `text`: the whole list from its beginning. ERR_FORGED: not sealed for this list and sitting. */
must_check enum err list_place_open(struct ctx *ctx, const char *list, const char *sid,
                                    const char *text, struct list_place *out);

#endif
