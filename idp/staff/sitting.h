/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sitting: a member of staff at a counter, from signing in until its end (docs/adr/0056). It is a session of hers, which
 * is good at that one counter: its browser shows the counter's secret beside hers, and the counter's certificate where it
 * has one.
 */
#ifndef IDP_STAFF_SITTING_H
#define IDP_STAFF_SITTING_H

#include "idp/partner/setup_code.h"
#include "idp/person/staff_name.h"
#include "idp/session/session.h"
#include "idp/tables/counter.h"
#include "idp/tables/sitting.h"
#include "idp/tables/staff.h"

/* Before the secret, in the counter's cookie. */
#define COUNTER_ID_SIZE SETUP_ID_SIZE

/* What a browser shows; NULL: nothing. */
struct sitting_shown {
    const char *counter; /* cookie `counter`: the counter's id and its secret */
    const char *staff;   /* cookie `staff`: as that of any session */
    const char *certificate;
};

struct sitting {
    bool at_counter; /* the browser is that of an enrolled counter, which is `counter` */
    bool live;  /* and somebody has signed in there, and may go on; the counter may be locked */
    bool moved; /* it shows a sitting of another counter */
    struct stored_counter counter;
    struct stored_sitting row;
    struct session session;
    struct stored_staff staff;
};

/* ERR_UNAVAILABLE only when the store says nothing: what is not good is "not live". */
must_check enum err sitting_load(struct ctx *ctx, const struct sitting_shown *shown,
                                 struct sitting *out);

bool sitting_is_locked(const struct sitting *sitting);

#endif
