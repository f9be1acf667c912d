/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The database: two drivers behind one vtable. SQL is written once, parameters numbered $n, in the
 * subset that SQLite and PostgreSQL-wire engines share (rules: docs/adr/0003). Time is a bound
 * value, ids are made by us.
 */
#ifndef IDP_STORE_STORE_H
#define IDP_STORE_STORE_H

#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "idp/base/err.h"

struct database; /* shared by all threads */
struct store;    /* one thread's way into it */

/* How long a server is waited for: for a statement with all its rows, and for a connection to each
 * host of the URL. SQLite has no server. */
struct database_bounds {
    int64_t statement_s;
    int64_t connect_s;
};

/* Does it have the form of one? Nothing is opened. */
bool database_url_is_right(const char *url);

/*
 * `url`: "sqlite:PATH" or "postgresql://…" (libpq URI; "?options" allowed). Nothing is created but
 * a missing SQLite file (mode 0600). ERR_UNAVAILABLE when it cannot be reached, ERR_INVALID when it
 * is unfit: wrong encoding, fsync or synchronous_commit off, file readable by others, a second
 * process on the SQLite file. The reason is logged.
 */
must_check enum err database_open(const char *url, const struct database_bounds *bounds,
                                  struct database **out);

/*
 * On any thread, for an end that cannot be waited for: no statement starts any more, and what is
 * waited for ends soon with ERR_UNAVAILABLE (a COMMIT with ERR_UNKNOWN). It stays so.
 */
void database_cut(struct database *db);

/* Every store of it must be closed before. */
void database_close(struct database *db);

/* A thread's own store; connections open when first used. Never shared between threads. */
struct store *store_open(struct database *db) __attribute__((returns_nonnull));
void store_close(struct store *st);

/* --- Transactions --- */

/*
 * A statement outside a transaction is one by itself. Transactions do not nest. On SQLite
 * store_begin() waits for its turn to write and keeps all other writers waiting until the end, so
 * nothing slow belongs inside. store_commit() returns once the change is durable: ERR_CONFLICT
 * (serialization: nothing happened, may be run again), ERR_UNAVAILABLE (nothing happened),
 * ERR_UNKNOWN (the connection was lost at COMMIT: re-read before deciding).
 */
must_check enum err store_begin(struct store *st);
must_check enum err store_commit(struct store *st);
void store_rollback(struct store *st);
bool store_in_transaction(const struct store *st);

/*
 * What in memory goes with the transaction that is under way, which has one at most. It is told once
 * how that ended, and leaves by that: OK: the change is durable; ERR_UNKNOWN: nobody knows; anything
 * else: nothing of it is left.
 */
struct store_follower {
    void (*ended)(struct store_follower *self, enum err outcome);
};
void store_follow(struct store *st, struct store_follower *follower);
struct store_follower *store_follower(const struct store *st); /* NULL: nobody yet */

/*
 * Begin, work(), commit; on a serialization conflict all of it again, up to 5 times with growing
 * pauses. When work() returns an error it is rolled back and that error returned (ERR_CONFLICT of a
 * statement in work() is not retried). The usual way to change anything: work() must be repeatable
 * and touch nothing but the store and its own ctx.
 */
must_check enum err store_change(struct store *st, enum err (*work)(struct store *st, void *ctx),
                                 void *ctx);

/* --- Statements --- */

enum arg_kind {
    ARG_STOP,
    ARG_TEXT,
    ARG_INT,
    ARG_BYTES
};

struct arg {
    enum arg_kind kind;
    const char *text; /* NULL is SQL NULL */
    int64_t number;
    struct bytes bytes; /* at NULL is SQL NULL */
};

struct arg arg_text(const char *text);
struct arg arg_int(int64_t number);
struct arg arg_time(unix_s at);
struct arg arg_bytes(struct bytes bytes);
struct arg arg_digest(const struct digest *digest); /* must live until the statement has run */
#define ARG_END ((struct arg) { 0 })

enum out_kind {
    OUT_STOP,
    OUT_TEXT,
    OUT_INT,
    OUT_BYTES,
    OUT_DIGEST
};

/* Where a column goes, in the order of the SELECT or RETURNING list. */
struct out {
    enum out_kind kind;
    void *to;
};

struct out out_text(const char **to); /* SQL NULL gives NULL */
struct out out_int(int64_t *to);      /* SQL NULL gives 0 */
struct out out_time(unix_s *to);
struct out out_bytes(struct bytes *to);   /* SQL NULL gives size 0 */
struct out out_digest(struct digest *to); /* not 32 bytes: ERR_INTERNAL */
#define OUT_END ((struct out) { 0 })

/*
 * One statement. `sql` must have static storage: it is prepared once per connection under its
 * address.
 * - no outs: OK when it ran (also when it changed no row); ERR_CONFLICT when a primary or unique
 * key was taken.
 * - outs, no each: the first row; ERR_NOT_FOUND when there is none.
 * - outs and each: each(ctx) after every row has been put into outs; its first error stops the
 * reading. Texts and bytes read are copied into `arena`. each() must not use the store.
 *
 * An error (but ERR_NOT_FOUND) inside a transaction dooms it: further statements and the commit
 * return that error, and nothing is left of it. ERR_UNKNOWN outside one: the connection was lost
 * while something was being changed.
 */
struct query {
    const char *sql;
    const struct arg *args;
    const struct out *outs;
    struct arena *arena;
    enum err (*each)(void *ctx);
    void *ctx;
    int64_t *changed; /* when not NULL: rows inserted, updated or deleted */
};

must_check enum err store_run(struct store *st, const struct query *query);

#endif
