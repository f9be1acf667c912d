/* SPDX-License-Identifier: Apache-2.0 */
/* The one telephone of a channel on which a person's card is opened. */
#ifndef IDP_TABLES_CARD_LINK_H
#define IDP_TABLES_CARD_LINK_H

#include "idp/store/store.h"

struct stored_card_link {
    const char *person_id;
    const char *channel;   /* policies/channel.h */
    const char *card_id;   /* of the card that she opened there */
    const char *bound_key; /* thumbprint of the telephone's key */
    const char *sid;       /* of the app's session */
    unix_s linked_at;
};

/* In place of the one there is, if any. */
must_check enum err store_card_link_put(struct store *st, const struct stored_card_link *link);

must_check enum err store_card_link_find(struct store *st, struct arena *arena,
                                         const char *person_id, const char *channel,
                                         struct stored_card_link *out);

/* In a transaction: it is opened in that session, and not elsewhere before this one ends; whoever opens
 * it elsewhere waits, or has been waited for. ERR_NOT_FOUND: it is not, or not any more. */
must_check enum err store_card_link_hold(struct store *st, const char *person_id,
                                         const char *channel, const char *sid);

/* ERR_NOT_FOUND when it is opened nowhere. */
must_check enum err store_card_link_delete(struct store *st, const char *person_id,
                                           const char *channel);

#endif
