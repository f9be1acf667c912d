/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the PostgreSQL driver: statements (postgres.c), connections (postgres_connection.c)
 * and waiting for the server (postgres_wait.c). */
#ifndef IDP_STORE_POSTGRES_H
#define IDP_STORE_POSTGRES_H

#include <libpq-fe.h>

#include "idp/store/driver.h"
#include "idp/store/slots.h"

struct postgres_database {
    struct database base;
    char *url;
    int cut_fd; /* an eventfd: readable once the database has been cut */
};

struct postgres_store {
    struct store base;
    PGconn *connection;    /* NULL until used, and after it was lost */
    struct slots prepared; /* value not NULL: known to this connection */
    bool begun;            /* BEGIN was sent: it goes with the first statement */
    bool over;             /* the last statement was waited for too long, or cut */
    int64_t deadline_us;   /* mono_us(); of the statement under way */
};

/* What became of a statement, as far as it matters for going on. */
enum postgres_fate {
    FATE_DONE,
    FATE_REFUSED, /* the server said no: err tells why */
    FATE_NOT_RUN, /* nothing happened; on a new connection, or prepared again, it may work */
    FATE_UNKNOWN  /* the connection was lost: it may have happened or not */
};

bool postgres_url_is_right(const char *url);
/* The same; ERR_INVALID when it is not, which is logged. */
must_check enum err postgres_check_url(const char *url);

/* The store's connection is there and has not been closed from the other side; else a new one.
 * ERR_UNAVAILABLE when there is no server that may be written to. */
must_check enum err postgres_ready(struct postgres_store *st);

void postgres_hang_up(struct postgres_store *st);

/* What the result says of the statement. *err is set when it is FATE_REFUSED; a lost
 * connection is hung up, and logged. */
enum postgres_fate postgres_fate_of(struct postgres_store *st, const PGresult *result,
                                    const char *sql, enum err *err);

/* ERR_INVALID unless texts are UTF-8 and what is committed is on the disk (OP-08). */
must_check enum err postgres_check_server(struct postgres_store *st);

/* --- Waiting: never beyond a moment known before, never once the database has been cut --- */

/* False when the socket is not ready for `events` (of poll) by then. */
bool postgres_wait(const struct postgres_database *db, PGconn *connection, short events,
                   int64_t deadline_us);

/* The statements from here on have the time of one together. */
void postgres_clock_start(struct postgres_store *st);

/* As PQgetResult(). When the time is over the store is `over` and its connection of no more use. */
PGresult *postgres_result(struct postgres_store *st);

/* The result of one statement; what follows up to its end is thrown away.
 * NULL when there is none. */
PGresult *postgres_result_whole(struct postgres_store *st);

/* As PQexec(), with a clock of its own: of the several results the last,
 * or the first that failed. */
PGresult *postgres_exec(struct postgres_store *st, const char *sql);
/* The same without an end; a cut ends it. */
PGresult *postgres_exec_unhurried(struct postgres_store *st, const char *sql);

#endif
