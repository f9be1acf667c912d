/* SPDX-License-Identifier: Apache-2.0 */
/* The two halves of the PostgreSQL driver: statements (postgres.c) and connections
 * (postgres_connection.c). */
#ifndef IDP_STORE_POSTGRES_H
#define IDP_STORE_POSTGRES_H

#include <libpq-fe.h>

#include "idp/store/driver.h"
#include "idp/store/slots.h"

struct postgres_database {
    struct database base;
    char *url;
};

struct postgres_store {
    struct store base;
    PGconn *connection;    /* NULL until used, and after it was lost */
    struct slots prepared; /* value not NULL: known to this connection */
    bool begun;            /* BEGIN was sent: it goes with the first statement */
};

/* What became of a statement, as far as it matters for going on. */
enum postgres_fate {
    FATE_DONE,
    FATE_REFUSED, /* the server said no: err tells why */
    FATE_NOT_RUN, /* nothing happened; on a new connection, or prepared again, it may work */
    FATE_UNKNOWN  /* the connection was lost: it may have happened or not */
};

/* ERR_INVALID when it is malformed. */
must_check enum err postgres_check_url(const char *url);

/* A new connection to a server that may be written to. ERR_UNAVAILABLE when there is none. */
must_check enum err postgres_dial(const char *url, PGconn **out);

/* The store's connection is there and has not been closed from the other side; else a new one. */
must_check enum err postgres_ready(struct postgres_store *st);

void postgres_hang_up(struct postgres_store *st);

/* ERR_INVALID unless texts are UTF-8 and what is committed is on the disk (OP-08). */
must_check enum err postgres_check_server(PGconn *connection);

#endif
