/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fresh, migrated, empty database for tests, on the store that TONGXING_TEST_STORE names: sqlite
 * in a temporary folder, or postgres in a schema of its own on the server that
 * TONGXING_TEST_POSTGRES names. One at a time. What goes wrong here ends the program with a
 * message.
 */
#ifndef TESTS_STORE_KIT_H
#define TESTS_STORE_KIT_H

#include <stddef.h>

#include "idp/store/store.h"

#define KIT_BOUNDS ((struct database_bounds) { .statement_s = 5, .connect_s = 3 })

struct database *kit_database_open(void);
/* The same without tables. */
struct database *kit_database_open_empty(void);
/* Empties all tables, and sets the epochs to 0. */
void kit_database_reset(void);
/* Closes the database and removes what it left behind. */
void kit_database_close(void);

/* The open database's URL, and whether it is SQLite; NULL and false when none is open. */
const char *kit_url(void);
bool kit_is_sqlite(void);
/* Forgets the database, which the test has closed itself, and opens the same once more. */
struct database *kit_database_reopen(void);

/* --- For tests of the store itself --- */

struct kit {
    struct database *db;
    struct store *st;
    struct arena *arena;
};

/* cmocka: the database lives as long as the group; a test finds it empty, with a store
 * and an arena of its own. */
int kit_group_setup(void **state);
int kit_group_teardown(void **state);
int kit_setup(void **state);
int kit_teardown(void **state);

#define kit_test(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

/* A digest that is different for every number. */
struct digest kit_digest(int number);
/* Marks that digest as spent. */
enum err kit_spend(struct store *st, int number);
/* A statement without arguments and rows. */
enum err kit_run(struct store *st, const char *sql);

/* PostgreSQL: the process that serves this connection, and the end of one; by then it has reached
 * the other side of the connection. */
int64_t kit_backend_of(struct store *st);
void kit_backend_end(struct database *db, int64_t pid);

#define KIT_THREADS_MAX 64

/* What one of many threads does with a store of its own. */
typedef enum err kit_runner(struct store *st, int thread, void *ctx);

/* Runs it in so many threads at once; outcomes[i] is what thread i returned. */
void kit_race(struct database *db, int threads, kit_runner *run, void *ctx,
              enum err outcomes[static KIT_THREADS_MAX]);
/* How many of the first `threads` outcomes are `err`. */
int kit_count(const enum err *outcomes, int threads, enum err err);

#endif
