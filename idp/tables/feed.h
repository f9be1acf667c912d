/* SPDX-License-Identifier: Apache-2.0 */
/* How far what we mirror of others has come: the table `feed`, a row for each. */
#ifndef IDP_TABLES_FEED_H
#define IDP_TABLES_FEED_H

#include "idp/store/store.h"

struct stored_feed {
    const char *name;
    int64_t position; /* up to it all is known here */
    unix_s as_of;     /* at that time nothing else was known there; 0: never yet */
    unix_s pulled_at; /* when we asked for it; 0: never yet */
};

/* ERR_NOT_FOUND: nothing was ever taken. `name` lives on in `out`. */
must_check enum err store_feed_find(struct store *st, const char *name, struct stored_feed *out);

/* From that position to the row's, which may be the same; 0 where there is no row yet. ERR_CONFLICT: it stands
 * elsewhere, for somebody else has moved it. */
must_check enum err store_feed_move(struct store *st, const struct stored_feed *feed, int64_t from);

#endif
