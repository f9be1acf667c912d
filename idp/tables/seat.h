/* SPDX-License-Identifier: Apache-2.0 */
/* Who sits where: of a member of staff and of a counter one sitting each is the one that counts. */
#ifndef IDP_TABLES_SEAT_H
#define IDP_TABLES_SEAT_H

#include "idp/store/store.h"

struct staff_seat {
    const char *sid;
    const char *staff_id;
    const char *staff_before; /* the sid that her row named until now; "": none */
    const char *counter_id;
    const char *counter_before; /* the same of the counter */
    unix_s until;
};

/*
 * In a transaction: this sitting takes the place of the two before. Of any number of callers that read the same one gets OK,
 * the rest ERR_CONFLICT, and so does who comes to a counter that is retired or for somebody who is stopped.
 */
must_check enum err store_seat_take(struct store *st, const struct staff_seat *seat, unix_s now);

/* In a transaction: it counts no more. ERR_NOT_FOUND when another has taken its place at her side. */
must_check enum err store_seat_leave(struct store *st, const struct staff_seat *seat);

#endif
