/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Group commit without a thread of its own. Writers take turns on the one writing connection. Each
 * is a savepoint in an open transaction, the batch; who finds others waiting leaves the COMMIT to
 * them and waits for its outcome, so one fsync serves all. Nobody is answered before it. A
 * transaction sees what the batch has done before it; should the COMMIT fail, all of them fail.
 */
#include "idp/base/log.h"
#include "idp/store/sqlite.h"

#define BATCH_MAX 64

static const char sql_begin[] = "BEGIN IMMEDIATE";
static const char sql_commit[] = "COMMIT";
static const char sql_rollback[] = "ROLLBACK";
static const char sql_savepoint[] = "SAVEPOINT member";
static const char sql_release[] = "RELEASE member";
static const char sql_undo[] = "ROLLBACK TO member";

static void
append(struct sqlite_list *list, struct sqlite_store *st)
{
    st->next = NULL;
    if (list->count++ == 0)
        list->first = st;
    else
        list->last->next = st;
    list->last = st;
}

static struct sqlite_store *
take_first(struct sqlite_list *list)
{
    struct sqlite_store *first = list->first;

    list->first = first->next;
    list->count--;
    return first;
}

/* With the mutex held. */
static void
wait_for_wake(struct sqlite_database *db, struct sqlite_store *st)
{
    while (!st->woken)
        pthread_cond_wait(&st->wake, &db->mutex);
}

static void
wake(struct sqlite_store *st)
{
    st->woken = true;
    pthread_cond_signal(&st->wake);
}

static void
take_turn(struct sqlite_database *db, struct sqlite_store *st)
{
    pthread_mutex_lock(&db->mutex);
    if (db->taken) {
        st->woken = false;
        append(&db->queue, st);
        wait_for_wake(db, st);
    }
    db->taken = true;
    pthread_mutex_unlock(&db->mutex);
}

/* With the mutex held. First come, first served. */
static void
give_turn(struct sqlite_database *db)
{
    if (db->queue.count > 0)
        wake(take_first(&db->queue));
    else
        db->taken = false;
}

static enum err
command(struct sqlite_database *db, const char *sql)
{
    return connection_run(&db->writer, &(struct query) { .sql = sql });
}

bool
batch_is_open(const struct sqlite_database *db)
{
    return sqlite3_get_autocommit(db->writer.handle) == 0;
}

/* Undoes all of the batch, for a member that can be undone in no other way. A
 * ROLLBACK cannot fail for good. */
static void
abandon(struct sqlite_database *db)
{
    if (batch_is_open(db) && command(db, sql_rollback) != OK)
        log_line(LOG_ERROR, "store.sqlite_rollback", log_text("path", db->path));
}

static enum err
commit_batch(struct sqlite_database *db)
{
    if (batch_is_open(db) && command(db, sql_commit) == OK)
        return OK;
    abandon(db);
    return ERR_UNAVAILABLE;
}

static void
tell_members(struct sqlite_database *db, enum err outcome)
{
    while (db->members.count > 0) {
        struct sqlite_store *member = take_first(&db->members);

        member->outcome = outcome;
        wake(member);
    }
}

/* Leaves the COMMIT to the next in the queue when there is one. False when it is
 * this writer's own business. */
static bool
pass_on(struct sqlite_database *db)
{
    if (db->queue.count == 0 || db->members.count >= BATCH_MAX || !batch_is_open(db))
        return false;
    give_turn(db);
    return true;
}

/* The end of a turn; `joined` when the writer has seen or changed the batch: it goes on
 * when the outcome is known. */
static enum err
leave(struct sqlite_database *db, struct sqlite_store *st, bool joined)
{
    enum err outcome = OK;

    pthread_mutex_lock(&db->mutex);
    st->woken = false;
    if (joined)
        append(&db->members, st);
    if (!pass_on(db)) {
        pthread_mutex_unlock(&db->mutex);
        outcome = commit_batch(db);
        pthread_mutex_lock(&db->mutex);
        tell_members(db, outcome);
        give_turn(db);
    } else if (joined) {
        wait_for_wake(db, st);
    }
    if (joined)
        outcome = st->outcome;
    pthread_mutex_unlock(&db->mutex);
    return outcome;
}

enum err
batch_begin(struct store *st)
{
    struct sqlite_database *db = sqlite_database_of(st);
    enum err err = OK;

    take_turn(db, sqlite_store_of(st));
    if (!batch_is_open(db))
        err = command(db, sql_begin);
    if (err == OK)
        err = command(db, sql_savepoint);
    if (err == OK)
        return OK;
    (void)leave(db, sqlite_store_of(st), false);
    return ERR_UNAVAILABLE;
}

enum err
batch_commit(struct store *st)
{
    struct sqlite_database *db = sqlite_database_of(st);

    if (batch_is_open(db) && command(db, sql_release) == OK)
        return leave(db, sqlite_store_of(st), true);
    batch_rollback(st);
    return ERR_UNAVAILABLE;
}

/* Who was refused because of a row of the batch waits too, or it would not
 * find that row by reading. */
void
batch_rollback(struct store *st)
{
    struct sqlite_database *db = sqlite_database_of(st);

    if (!batch_is_open(db) || command(db, sql_undo) != OK || command(db, sql_release) != OK)
        abandon(db);
    (void)leave(db, sqlite_store_of(st), batch_is_open(db));
}
