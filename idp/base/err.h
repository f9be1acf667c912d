/* SPDX-License-Identifier: Apache-2.0 */
/* How lower layers say no. What a client may be told is a struct problem
 * (problem.h), never one of these. */
#ifndef IDP_BASE_ERR_H
#define IDP_BASE_ERR_H

/* Zero is the only success, so a forgotten case fails closed. */
enum err {
    OK = 0,
    ERR_NOT_FOUND,   /* the thing asked for does not exist (or is not the caller's to see) */
    ERR_CONFLICT,    /* a primary key, a generation or a single use was lost to somebody else */
    ERR_INVALID,     /* the bytes given do not have the form they must have */
    ERR_EXPIRED,     /* right form, too late */
    ERR_FORGED,      /* a signature, seal or digest does not hold */
    ERR_FULL,        /* a bound on how many there may be is reached */
    ERR_BUSY,        /* a gate, bulkhead or breaker is closed: try again later */
    ERR_TOO_LARGE,   /* more than a piece of work may use (unwind.h) */
    ERR_REFUSED,     /* an outside service has answered, and says no */
    ERR_UNAVAILABLE, /* the store or an outside service does not answer */
    ERR_UNKNOWN,     /* it may have happened or not: re-read before deciding */
    ERR_INTERNAL     /* a bug or a broken machine */
};

#define must_check __attribute__((warn_unused_result))

/* A lower-case name for logs, e.g. "not_found". Static storage. */
const char *err_name(enum err err);

#endif
