/* SPDX-License-Identifier: Apache-2.0 */
/* What a driver is. Only the files of the drivers and query.c and migrate.c include this. */
#ifndef IDP_STORE_DRIVER_H
#define IDP_STORE_DRIVER_H

#include "idp/store/store.h"

/* The most $n that a statement has. */
#define ARGS_MAX 64

/*
 * query.c keeps the rules that both drivers share (no nesting, a failed statement dooms its
 * transaction, retries); a driver may rely on them. disconnect() is called outside transactions
 * only.
 */
struct driver {
    enum err (*open)(const char *url, const struct database_bounds *bounds, struct database **out);
    void (*close)(struct database *db);
    /* On any thread: waits under way end soon. query.c lets no new statement through. */
    void (*cut)(struct database *db);
    bool (*url_is_right)(const char *url);
    struct store *(*connect)(struct database *db);
    void (*disconnect)(struct store *st);
    enum err (*begin)(struct store *st);
    enum err (*commit)(struct store *st);
    void (*rollback)(struct store *st);
    enum err (*run)(struct store *st, const struct query *query);
    /* One statement of a migration, not prepared, inside a transaction. */
    enum err (*script)(struct store *st, const char *sql);
    enum err (*has_table)(struct store *st, const char *name, bool *out);
};

/* Drivers put these first in structs of their own. */
struct database {
    const struct driver *driver;
    struct database_bounds bounds;
    _Atomic(bool) cut;
};

struct store {
    struct database *db;
    bool in_transaction;
    enum err failed;    /* the error that doomed the transaction */
    bool serialization; /* the last ERR_CONFLICT may go away when all is run again */
    struct store_follower *follower;
};

extern const struct driver sqlite_driver;
extern const struct driver postgres_driver;

/* Only reads: anything else changes something, and is a transaction when it is outside one. */
bool query_reads(const struct query *query);

/* The value of one column into its place; `at` NULL is SQL NULL. Not for OUT_INT. */
must_check enum err query_give(const struct query *query, const struct out *out,
                               struct bytes value);

/* One row is in the outs: hand it on. */
must_check enum err query_row_done(const struct query *query);

#endif
