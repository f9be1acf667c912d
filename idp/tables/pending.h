/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is asked for in one place and allowed in another: one short row, whatever the protocol. It
 * goes OPEN → SEEN → APPROVED → TAKEN, or to REFUSED; each step is one statement, so that of any
 * number of callers on any number of nodes one takes it.
 */
#ifndef IDP_TABLES_PENDING_H
#define IDP_TABLES_PENDING_H

#include "idp/store/store.h"

/* Stored. */
enum pending_kind {
    PENDING_DEVICE = 1, /* a device authorization (RFC 8628) */
    PENDING_CIBA,       /* a request over another line (OpenID Connect CIBA) */
    PENDING_QR,         /* a browser that shows a code for an app to scan */
    PENDING_MESSAGE     /* a link or an answer by text message */
};

/* Stored. */
enum pending_state {
    PENDING_OPEN,
    PENDING_SEEN,     /* by person_id, who has decided nothing */
    PENDING_APPROVED, /* by person_id in the session sid */
    PENDING_REFUSED,
    PENDING_TAKEN /* the asking side has what it asked for */
};

struct stored_pending {
    struct digest pending_id; /* keyed, of what names it to whoever allows it */
    int64_t kind;             /* enum pending_kind */
    struct digest waiter;     /* of the secret that the asking side holds */
    const char *partner_id;   /* whom it is for */
    const char *terminal_id;  /* "": none */
    const char *person_id;    /* "": nobody yet */
    const char *request;      /* what is asked, in the form of its kind */
    int64_t state;            /* enum pending_state */
    const char *sid;          /* "": not approved */
    int64_t interval_s;       /* between two questions of the asking side */
    unix_s created_at;
    unix_s expires_at;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_pending_insert(struct store *st, const struct stored_pending *pending);

/* One that has expired too, until it is swept. */
must_check enum err store_pending_load(struct store *st, struct arena *arena,
                                       const struct digest *pending_id, struct stored_pending *out);

/* Who takes a step, and when. */
struct pending_step {
    struct digest pending_id;
    const char *person_id;
    const char *sid; /* for store_pending_approve() */
    unix_s now;
};

/*
 * The person's steps. One that is another's (person_id), over, or not in a state for the step gives
 * ERR_NOT_FOUND. Seeing it is for one that is open, or seen by her already; approving and refusing
 * for one that is hers or nobody's, and each only once.
 */
must_check enum err store_pending_see(struct store *st, const struct pending_step *step);
must_check enum err store_pending_approve(struct store *st, const struct pending_step *step);
must_check enum err store_pending_refuse(struct store *st, const struct pending_step *step);

/* The asking side's: of one that is approved, by who holds the waiter's secret. Exactly one caller
 * gets OK, the others ERR_NOT_FOUND. */
must_check enum err store_pending_take(struct store *st, const struct digest *pending_id,
                                       const struct digest *waiter, unix_s now);

/* It was presented by somebody it is not for, or taken back: nobody gets anything any more. */
must_check enum err store_pending_burn(struct store *st, const struct digest *pending_id);

/* From now on it may be asked for only every interval_s. */
must_check enum err store_pending_slow(struct store *st, const struct digest *pending_id,
                                       int64_t interval_s);

struct pending_list {
    struct stored_pending *at;
    size_t count;
};

/* So many are listed at most. */
#define PENDING_PAGE 20

/* What waits for her to decide, newest first. */
must_check enum err store_pending_list(struct store *st, struct arena *arena, const char *person_id,
                                       unix_s now, struct pending_list *out);

#endif
