/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <time.h>

#include "idp/base/broken.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/store/driver.h"

#define TRIES 5

struct arg
arg_text(const char *text)
{
    return (struct arg) { .kind = ARG_TEXT, .text = text };
}

struct arg
arg_int(int64_t number)
{
    return (struct arg) { .kind = ARG_INT, .number = number };
}

struct arg
arg_time(unix_s at)
{
    return arg_int(at);
}

struct arg
arg_bytes(struct bytes bytes)
{
    return (struct arg) { .kind = ARG_BYTES, .bytes = bytes };
}

struct arg
arg_digest(const struct digest *digest)
{
    return arg_bytes(bytes_of(digest->bytes, sizeof(digest->bytes)));
}

struct out
out_text(const char **to)
{
    return (struct out) { OUT_TEXT, to };
}

struct out
out_int(int64_t *to)
{
    return (struct out) { OUT_INT, to };
}

struct out
out_time(unix_s *to)
{
    return out_int(to);
}

struct out
out_bytes(struct bytes *to)
{
    return (struct out) { OUT_BYTES, to };
}

struct out
out_digest(struct digest *to)
{
    return (struct out) { OUT_DIGEST, to };
}

bool
query_reads(const struct query *query)
{
    return text_starts(query->sql, "SELECT ");
}

static void
give_text(const struct query *query, const char **to, struct bytes value)
{
    *to = value.at == NULL ? NULL : arena_copy(query->arena, value.at, value.size);
}

static void
give_bytes(const struct query *query, struct bytes *to, struct bytes value)
{
    *to = (struct bytes) { 0 };
    if (value.at != NULL)
        *to = bytes_of(arena_copy(query->arena, value.at, value.size), value.size);
}

static enum err
give_digest(struct digest *to, struct bytes value)
{
    if (value.size != sizeof(to->bytes)) {
        log_line(LOG_ERROR, "store.digest_size", log_int("size", (int64_t)value.size));
        return ERR_INTERNAL;
    }
    memcpy(to->bytes, value.at, sizeof(to->bytes));
    return OK;
}

enum err
query_give(const struct query *query, const struct out *out, struct bytes value)
{
    switch (out->kind) {
    case OUT_TEXT:
        give_text(query, out->to, value);
        return OK;
    case OUT_BYTES:
        give_bytes(query, out->to, value);
        return OK;
    case OUT_DIGEST:
        return give_digest(out->to, value);
    case OUT_INT:
    case OUT_STOP:
        break;
    }
    return ERR_INTERNAL;
}

enum err
query_row_done(const struct query *query)
{
    return query->each == NULL ? OK : query->each(query->ctx);
}

/* --- Databases and stores --- */

static const struct driver *
driver_of(const char *url)
{
    if (text_starts(url, "sqlite:"))
        return &sqlite_driver;
    return text_starts(url, "postgresql://") ? &postgres_driver : NULL;
}

bool
database_url_is_right(const char *url)
{
    const struct driver *driver = driver_of(url);

    return driver != NULL && driver->url_is_right(url);
}

enum err
database_open(const char *url, const struct database_bounds *bounds, struct database **out)
{
    const struct driver *driver = driver_of(url);

    if (driver != NULL)
        return driver->open(url, bounds, out);
    log_line(LOG_ERROR, "store.url", log_text("reason", "neither sqlite: nor postgresql://"));
    return ERR_INVALID;
}

void
database_cut(struct database *db)
{
    db->cut = true;
    db->driver->cut(db);
}

void
database_close(struct database *db)
{
    db->driver->close(db);
}

struct store *
store_open(struct database *db)
{
    return db->driver->connect(db);
}

void
store_close(struct store *st)
{
    if (st->in_transaction)
        store_rollback(st);
    st->db->driver->disconnect(st);
}

/* --- Transactions --- */

/* The store's own failures are counted; a conflict or an absent row is an answer. */
static enum err
counted(enum err err)
{
    if (err == ERR_UNAVAILABLE || err == ERR_UNKNOWN || err == ERR_INTERNAL)
        metric_add(METRIC_STORE_ERRORS, 1);
    return err;
}

enum err
store_begin(struct store *st)
{
    enum err err;

    if (st->in_transaction) {
        log_line(LOG_ERROR, "store.nested", log_text("reason", "transactions do not nest"));
        return ERR_INTERNAL;
    }
    st->failed = OK;
    st->serialization = false;
    if (st->db->cut)
        return ERR_UNAVAILABLE;
    err = counted(st->db->driver->begin(st));
    st->in_transaction = err == OK;
    return err;
}

static void
tell_follower(struct store *st, enum err outcome)
{
    struct store_follower *follower = st->follower;

    st->follower = NULL;
    if (follower != NULL)
        follower->ended(follower, outcome);
}

enum err
store_commit(struct store *st)
{
    enum err err = st->failed;

    if (!st->in_transaction)
        return ERR_INTERNAL;
    if (err != OK) {
        store_rollback(st);
        return err;
    }
    err = counted(st->db->driver->commit(st));
    st->in_transaction = false;
    tell_follower(st, err);
    if (err == OK)
        metric_add(METRIC_STORE_COMMITS, 1);
    return err;
}

void
store_rollback(struct store *st)
{
    if (!st->in_transaction)
        return;
    st->db->driver->rollback(st);
    st->in_transaction = false;
    tell_follower(st, ERR_REFUSED);
}

void
store_follow(struct store *st, struct store_follower *follower)
{
    if (!st->in_transaction || st->follower != NULL)
        broken("a transaction has one follower, and there must be one");
    st->follower = follower;
}

struct store_follower *
store_follower(const struct store *st)
{
    return st->follower;
}

bool
store_in_transaction(const struct store *st)
{
    return st->in_transaction;
}

/* 2, 4, 8, 16 ms, each up to twice as long, so that those who collided do not do so again. */
static void
pause_before(int try)
{
    int64_t us = (int64_t)1000 << try;
    int64_t spread = us + mono_us() % us;

    metric_add(METRIC_STORE_RETRIES, 1);
    nanosleep(&(struct timespec) { .tv_nsec = spread * 1000 }, NULL);
}

static void
transaction_release(void *st)
{
    store_rollback(st);
}

static enum err
change_once(struct store *st, enum err (*work)(struct store *st, void *ctx), void *ctx)
{
    enum err err = store_begin(st);
    struct held held;

    if (err != OK)
        return err;
    hold_begin(&held, transaction_release, st);
    err = work(st, ctx);
    hold_end(&held);
    if (err == OK)
        return store_commit(st);
    store_rollback(st);
    return err;
}

enum err
store_change(struct store *st, enum err (*work)(struct store *st, void *ctx), void *ctx)
{
    enum err err = change_once(st, work, ctx);

    for (int try = 1; try < TRIES && err != OK && st->serialization; try++) {
        pause_before(try);
        err = change_once(st, work, ctx);
    }
    return err;
}

/* --- Statements --- */

static enum err
run_alone(struct store *st, const struct query *query)
{
    enum err err = st->db->driver->run(st, query);

    for (int try = 1; try < TRIES && err != OK && st->serialization; try++) {
        pause_before(try);
        st->serialization = false;
        err = st->db->driver->run(st, query);
    }
    if (err == OK && !query_reads(query))
        metric_add(METRIC_STORE_COMMITS, 1);
    return err;
}

/* PostgreSQL takes nothing more after an error; so neither does SQLite, and what
 * works on one works on both. */
static enum err
run_inside(struct store *st, const struct query *query)
{
    enum err err;

    if (st->failed != OK)
        return st->failed;
    err = st->db->driver->run(st, query);
    if (err != OK && err != ERR_NOT_FOUND)
        st->failed = err;
    return err;
}

enum err
store_run(struct store *st, const struct query *query)
{
    metric_add(METRIC_STORE_STATEMENTS, 1);
    if (query->changed != NULL)
        *query->changed = 0;
    if (st->db->cut)
        return ERR_UNAVAILABLE;
    if (st->in_transaction)
        return counted(run_inside(st, query));
    st->serialization = false;
    return counted(run_alone(st, query));
}
