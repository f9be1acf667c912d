/* SPDX-License-Identifier: Apache-2.0 */
/* The world with its tables cut into partitions, and each of its statements explained by PostgreSQL
 * just before it runs. */
#ifndef TESTS_FLOWS_PARTITION_KIT_H
#define TESTS_FLOWS_PARTITION_KIT_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/store/driver.h"
#include "tests/store_kit.h"
#include "tests/world_sims.h"

#define PARTITIONS 8
#define STATEMENTS_MAX 256
#define EXPLAIN "EXPLAIN (FORMAT JSON) "

/* Every table and the column by whose hash it is cut. */
static const struct {
    const char *table;
    const char *column;
} cuts[] = {
    { "acting", "acting_id" },
    { "attempt", "digest" },
    { "audit", "audit_id" },
    { "audit_checkpoint", "run" },
    { "bank_card", "digest" },
    { "bank_order", "subject" },
    { "card_family", "person_id" },
    { "card_link", "person_id" },
    { "card_use", "person_id" },
    { "consent", "person_id" },
    { "counter", "counter_id" },
    { "credential", "person_id" },
    { "device_secret", "sid" },
    { "ecard", "person_id" },
    { "ecard_past", "person_id" },
    { "epoch", "name" },
    { "evidence", "person_id" },
    { "external_identity", "person_id" },
    { "feed", "name" },
    { "held_token", "name" },
    { "key_row", "key_id" },
    { "lease", "name" },
    { "logout_delivery", "delivery_id" },
    { "one_time_code", "code_id" },
    { "outbox", "delivery_id" },
    { "partner", "partner_id" },
    { "partner_grant", "grant_id" },
    { "pending", "pending_id" },
    { "person", "person_id" },
    { "person_credential", "person_id" },
    { "person_key", "digest" },
    { "revocation", "seq" },
    { "revoked", "bucket" },
    { "physical_card", "holder" },
    { "session", "sid" },
    { "sitting", "sid" },
    { "spent", "id" },
    { "staff", "staff_id" },
    { "staff_act", "person_id" },
    { "staff_proposal", "proposal_id" },
    { "survival", "person_id" },
    { "terminal", "terminal_id" },
};

#define TABLES (sizeof(cuts) / sizeof(cuts[0]))

struct statement {
    const char *sql;
    char *explain;
    size_t read; /* partitions of one table, at most */
};

static struct {
    struct driver driver; /* PostgreSQL's, with our run */
    struct database *database;
    struct store *store;
    struct statement statements[STATEMENTS_MAX];
    size_t count;
    bool touched[TABLES];
} spy;

/* --- Cutting --- */

static inline void
cut(struct store *st, const char *table, const char *column)
{
    char sql[1024];

    snprintf(sql, sizeof(sql),
             "CREATE TABLE cut (LIKE %s INCLUDING ALL) PARTITION BY HASH (%s);"
             " DO $$ BEGIN FOR i IN 0..%d LOOP EXECUTE format('CREATE TABLE %s_h%%s PARTITION OF"
             " cut FOR VALUES WITH (MODULUS %d, REMAINDER %%s)', i, i); END LOOP; END $$;"
             " INSERT INTO cut SELECT * FROM %s; DROP TABLE %s; ALTER TABLE cut RENAME TO %s",
             table, column, PARTITIONS - 1, table, PARTITIONS, table, table, table);
    if (st->db->driver->script(st, sql) != OK) {
        fprintf(stderr, "%s cannot be cut by %s: is the column in its key?\n", table, column);
        exit(1);
    }
}

static inline enum err
cut_all(struct store *st, void *ctx)
{
    (void)ctx;
    for (size_t i = 0; i < TABLES; i++)
        cut(st, cuts[i].table, cuts[i].column);
    return OK;
}

static inline int
group_setup(void **state)
{
    int failed = world_group_setup_with_sims(state);

    if (kit_is_sqlite())
        print_message("SQLite has no partitions\n");
    if (failed != 0 || kit_is_sqlite())
        return failed;
    world_must(database_open(kit_url(), &KIT_BOUNDS, &spy.database), "no second database");
    spy.store = store_open(spy.database);
    world_must(store_change(spy.store, cut_all, NULL), "the tables are not cut");
    return 0;
}

static inline int
group_teardown(void **state)
{
    if (spy.store != NULL) {
        store_close(spy.store);
        database_close(spy.database);
    }
    for (size_t i = 0; i < spy.count; i++)
        free(spy.statements[i].explain);
    return world_group_teardown_with_sims(state);
}

/* --- Looking --- */

static inline struct statement *
statement_of(const char *sql)
{
    struct statement *new = &spy.statements[spy.count];

    for (size_t i = 0; i < spy.count; i++) {
        if (spy.statements[i].sql == sql)
            return &spy.statements[i];
    }
    if (spy.count == STATEMENTS_MAX ||
        asprintf(&new->explain, EXPLAIN "%s", sql) < (int)sizeof(EXPLAIN))
        world_die("no room for one more statement");
    new->sql = sql;
    spy.count++;
    return new;
}

/* `name`, up to its quote, is a table or one of its partitions. */
static inline void
note_relation(const char *name, bool read[TABLES][PARTITIONS])
{
    for (size_t i = 0; i < TABLES; i++) {
        size_t size = strlen(cuts[i].table);
        const char *end = name + size;

        if (strncmp(name, cuts[i].table, size) != 0)
            continue;
        if (*end == '"')
            spy.touched[i] = true;
        else if (text_starts(end, "_h") && isdigit((unsigned char)end[2]))
            read[i][end[2] - '0'] = spy.touched[i] = true;
    }
}

/* Of the table of which most are read. What an INSERT writes is one row in one partition, and the
 * plan names the table. */
static inline size_t
partitions_of(const char *plan)
{
    static const char mark[] = "\"Relation Name\": \"";
    bool read[TABLES][PARTITIONS] = { 0 };
    size_t most = 0;

    for (const char *at = strstr(plan, mark); at != NULL; at = strstr(at, mark)) {
        at += strlen(mark);
        note_relation(at, read);
    }
    for (size_t i = 0; i < TABLES; i++) {
        size_t count = 0;

        for (size_t n = 0; n < PARTITIONS; n++)
            count += read[i][n];
        most = count > most ? count : most;
    }
    return most;
}

static inline void
explain(const struct query *query)
{
    struct statement *statement = statement_of(query->sql);
    struct arena *arena = arena_new((size_t)1 << 20);
    const char *plan = NULL;
    const struct out outs[] = { out_text(&plan), OUT_END };
    size_t read;

    world_must(store_run(spy.store, &(struct query) { .sql = statement->explain,
                                                      .args = query->args,
                                                      .outs = outs,
                                                      .arena = arena }),
               query->sql);
    read = partitions_of(plan);
    statement->read = read > statement->read ? read : statement->read;
    arena_free(arena);
}

static inline enum err
run_explained(struct store *st, const struct query *query)
{
    explain(query);
    return postgres_driver.run(st, query);
}

/* The test's world, with every statement of it looked at from now on. */
static inline struct world *
watched(void **state)
{
    struct world *w = *state;

    if (kit_is_sqlite())
        skip();
    spy.driver = postgres_driver;
    spy.driver.run = run_explained;
    w->services.database->driver = &spy.driver;
    return w;
}

#endif
