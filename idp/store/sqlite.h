/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the SQLite driver, lowest first: the file (sqlite_file.c), what runs on a connection
 * (sqlite_statement.c), who writes when (sqlite_batch.c), connections and databases (sqlite.c).
 */
#ifndef IDP_STORE_SQLITE_H
#define IDP_STORE_SQLITE_H

#include <pthread.h>
#include <sqlite3.h>

#include "idp/store/driver.h"
#include "idp/store/slots.h"

/* One thread at a time, so SQLite needs no mutex of its own. */
struct sqlite_connection {
    sqlite3 *handle;
    struct slots statements;
};

struct sqlite_store {
    struct store base;
    struct sqlite_connection reader; /* opened when first used; read-only */
    struct sqlite_store *next_reader;
    pthread_cond_t wake;
    struct sqlite_store *next; /* in the queue or among the members */
    bool woken;
    enum err outcome;
};

struct sqlite_list {
    struct sqlite_store *first;
    struct sqlite_store *last;
    size_t count;
};

struct sqlite_database {
    struct database base;
    char *path;
    int lock_fd;
    struct sqlite_connection writer; /* belongs to whoever has the turn */
    pthread_mutex_t mutex;           /* guards all below, and hands the writer over */
    struct sqlite_store *readers;    /* those whose reader is open */
    bool taken;
    struct sqlite_list queue;   /* waiting for their turn, in order */
    struct sqlite_list members; /* released into the open batch, waiting for its COMMIT */
};

static inline struct sqlite_database *
sqlite_database_of(struct store *st)
{
    return (struct sqlite_database *)st->db;
}

static inline struct sqlite_store *
sqlite_store_of(struct store *st)
{
    return (struct sqlite_store *)st;
}

/*
 * Makes the file with mode 0600 when it is missing. ERR_INVALID when others may read it or another
 * process has it. The lock is held until `lock_fd` is closed, which the caller does.
 */
must_check enum err sqlite_claim_file(const char *path, int *lock_fd);

/* Aborts the process when the code of SQLite's says that a write could not be synced. */
void sqlite_stop_if_unsynced(int code);

/* What has failed on the handle, logged unless it is a conflict. `sql` is ours and static; what
 * SQLite says names columns, never values. Aborts as above. */
enum err sqlite_failure(sqlite3 *handle, const char *sql);

/* Prepares, binds, steps and resets; aborts as above. */
must_check enum err connection_run(struct sqlite_connection *connection, const struct query *query);

/* Take the writer and open a savepoint; release it and wait until it is durable; undo it. */
must_check enum err batch_begin(struct store *st);
must_check enum err batch_commit(struct store *st);
void batch_rollback(struct store *st);

/* True while a batch is open: SQLite may roll back all of it by itself when the disk fails. */
bool batch_is_open(const struct sqlite_database *db);

#endif
