/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every list that is read from the store, with none, one, as many as are read at a time, one more,
 * and 10,000 rows of the largest size there is, in a request's arena: it is bounded, and the
 * request lives.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/unwind.h"
#include "idp/server/engine/exchange.h"
#include "idp/tables/evidence.h"
#include "idp/tables/grant.h"
#include "idp/tables/key.h"
#include "idp/tables/outbox.h"
#include "idp/tables/partner.h"
#include "idp/tables/revocation.h"
#include "idp/tables/session.h"
#include "tests/store_kit.h"

#define NOW 1000
#define MANY 10000
#define DELIVERIES 100
#define LONG_TEXT 4096

/* What is put into every row, besides its number. */
struct row {
    char id[32];
    char text[LONG_TEXT + 1];
    struct digest digest;
};

struct list {
    const char *name;
    size_t bound;
    size_t text_size;   /* the longest that such a row really has */
    const char *insert; /* $1 id, $2 number, $3 text, $4 digest */
    enum err (*read)(struct store *st, struct arena *arena, size_t *count);
};

static enum err
read_sessions(struct store *st, struct arena *arena, size_t *count)
{
    struct sid_list list = { 0 };
    enum err err = store_session_list(
        st, arena, &(struct sessions_of) { "p1", "", TIME_NEVER, NOW, NULL }, &list);

    *count = list.count;
    return err;
}

static enum err
read_grants_of_session(struct store *st, struct arena *arena, size_t *count)
{
    struct grant_list list = { 0 };
    enum err err = store_grant_list_of_session(st, arena, "s1", NOW, &list);

    *count = list.count;
    return err;
}

static enum err
read_grants_of_person(struct store *st, struct arena *arena, size_t *count)
{
    struct grant_list list = { 0 };
    enum err err =
        store_grant_list_of_person(st, arena, &(struct grants_of) { "p1", TIME_NEVER, NOW }, &list);

    *count = list.count;
    return err;
}

static enum err
read_grants(struct store *st, struct arena *arena, size_t *count)
{
    struct grant_list list = { 0 };
    enum err err = store_grant_list(st, arena, "", &list);

    *count = list.count;
    return err;
}

static enum err
read_partners_of_session(struct store *st, struct arena *arena, size_t *count)
{
    struct grant_list list = { 0 };
    enum err err =
        store_grant_list_partners(st, arena, "s1", &(struct grant_after) { "", NOW }, &list);

    *count = list.count;
    return err;
}

static enum err
read_evidence(struct store *st, struct arena *arena, size_t *count)
{
    struct evidence_list list = { 0 };
    enum err err = store_evidence_list(st, arena, "p1", &list);

    *count = list.count;
    return err;
}

static enum err
read_partners(struct store *st, struct arena *arena, size_t *count)
{
    struct stored_partner_list list = { 0 };
    enum err err = store_partner_list(st, arena, "", &list);

    *count = list.count;
    return err;
}

static enum err
read_keys(struct store *st, struct arena *arena, size_t *count)
{
    struct key_list list = { 0 };
    enum err err = store_key_list(st, arena, &list);

    *count = list.count;
    return err;
}

static enum err
read_revocations(struct store *st, struct arena *arena, size_t *count)
{
    struct revocation_list list = { 0 };
    enum err err = store_revocation_list(st, arena, -1, NOW, &list);

    *count = list.count;
    return err;
}

static enum err
read_revoked(struct store *st, struct arena *arena, size_t *count)
{
    struct revoked_list list = { 0 };
    enum err err = store_revoked_list(st, arena, &(struct revoked_after) { 1, 0, "", NOW }, &list);

    *count = list.count;
    return err;
}

static enum err
read_deliveries(struct store *st, struct arena *arena, size_t *count)
{
    const struct delivery_claim claim = {
        .kind = "logout", .now = NOW, .lease_s = 30, .max = DELIVERIES
    };
    struct delivery_list list = { 0 };
    enum err err = store_delivery_claim(st, arena, &claim, &list);

    *count = list.count;
    return err;
}

#define GRANT                                                                                      \
    "INSERT INTO partner_grant (grant_id, person_id, partner_id, sid, scope, claims, acr, amr, "   \
    "auth_time, offline, generation, rotated_at, created_at, expires_at, ended_at) VALUES ($1, "   \
    "'p1', $1, 's1', 'openid', $3, '', '', 0, 0 * $2, 1, 0, $2, 99999, 0)"

static const struct list lists[] = {
    { "sessions of a person", SESSION_PAGE, 64,
      "INSERT INTO session (sid, handle, person_id, channel, amr, level, auth_time, seen_at, "
      "expires_at, ended_at) VALUES ($1, $4, 'p1', 'web', $3, 2, $2, 0, 99999, 0)",
      read_sessions },
    { "grants of a session", GRANT_PAGE, LONG_TEXT, GRANT, read_grants_of_session },
    { "grants of a person", GRANT_PAGE, LONG_TEXT, GRANT, read_grants_of_person },
    { "all grants", GRANT_PAGE, LONG_TEXT, GRANT, read_grants },
    { "partners of a session", GRANT_PAGE, LONG_TEXT, GRANT, read_partners_of_session },
    { "evidence of a person", EVIDENCE_MAX, 256,
      "INSERT INTO evidence (person_id, evidence_id, kind, source, reference, detail, proven_at, "
      "expires_at, withdrawn_at) VALUES ('p1', $1, 1, 's', $3, '', $2, 0, 0)",
      read_evidence },
    { "partners", PARTNER_PAGE, LONG_TEXT,
      "INSERT INTO partner (partner_id, profile, secret_digest, updated_at) VALUES ($1, $3, $4, "
      "$2)",
      read_partners },
    { "keys", KEY_ROWS_MAX, 1,
      "INSERT INTO key_row (key_id, purpose, alg, state, serial, wrapped, created_at, next_at) "
      "VALUES ($1, 2, 'ES256', 1, $2, $4, $2, 0)",
      read_keys },
    { "revoked", REVOCATION_PAGE, 1,
      "INSERT INTO revoked (bucket, at, revoked_id, target, until) VALUES (1, $2, $1, $1, "
      "99999 + 0 * LENGTH($3))",
      read_revoked },
    { "revocations", REVOCATION_PAGE, 1,
      "INSERT INTO revocation (seq, target, until) VALUES ($2, $1, 99999 + 0 * LENGTH($3))",
      read_revocations },
    { "deliveries", DELIVERIES, 256,
      "INSERT INTO outbox (delivery_id, kind, partner_id, person_id, sid, payload, tries, "
      "next_at, done_at, outcome, created_at) VALUES ($1, 'logout', $3, 'p1', 's1', '', 0, 0, 0, "
      "'', $2)",
      read_deliveries },
};

struct filling {
    const struct list *list;
    size_t from;
    size_t to;
    struct row row;
};

static enum err
fill(struct store *st, void *state)
{
    struct filling *filling = state;
    struct row *row = &filling->row;
    enum err err = OK;

    for (size_t i = filling->from; err == OK && i < filling->to; i++) {
        struct arg args[] = { arg_text(row->id), arg_int((int64_t)i), arg_text(row->text),
                              arg_digest(&row->digest), ARG_END };

        if (strstr(filling->list->insert, "$4") == NULL)
            args[3] = ARG_END;
        snprintf(row->id, sizeof(row->id), "row%05zu", i);
        err = store_run(st, &(struct query) { .sql = filling->list->insert, .args = args });
    }
    return err;
}

struct reading {
    struct kit *kit;
    const struct list *list;
    struct arena *arena;
    enum err err;
    size_t count;
};

static void
read_list(void *state)
{
    struct reading *reading = state;

    reading->err = reading->list->read(reading->kit->st, reading->arena, &reading->count);
}

static void
read_with(struct kit *k, const struct list *list, size_t rows)
{
    struct reading reading = { .kit = k, .list = list, .arena = arena_new(REQUEST_ARENA_LIMIT) };

    reading.err = ERR_INTERNAL;
    if (unwind_run(read_list, &reading) != OK || reading.err != OK)
        fail_msg("%s: of %zu rows it does not end well", list->name, rows);
    if (reading.count != (rows < list->bound ? rows : list->bound))
        fail_msg("%s: %zu read of %zu", list->name, reading.count, rows);
    arena_free(reading.arena);
}

/* What is claimed is not claimed again: deliveries are looked at once, with none. */
static void
read_growing(struct kit *k, const struct list *list)
{
    const size_t rows[] = { 0, 1, list->bound, list->bound + 1, MANY };
    size_t steps = list->read == read_deliveries ? 1 : sizeof(rows) / sizeof(rows[0]);
    struct filling filling = { .list = list, .row.digest = kit_digest(1) };

    memset(filling.row.text, 'x', list->text_size);
    for (size_t i = 0; i < steps; i++) {
        filling.from = filling.to;
        filling.to = rows[i];
        if (store_change(k->st, fill, &filling) != OK)
            fail_msg("%s: no %zu rows", list->name, rows[i]);
        read_with(k, list, rows[i]);
    }
}

static void
every_list_is_bounded_however_many_rows_there_are(void **state)
{
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        read_growing(*state, &lists[i]);
        kit_database_reset();
    }
}

static void
of_many_deliveries_a_bounded_number_is_claimed(void **state)
{
    struct kit *k = *state;
    const struct list *list = &lists[sizeof(lists) / sizeof(lists[0]) - 1];
    struct filling filling = { .list = list, .to = MANY };

    memset(filling.row.text, 'x', list->text_size);
    assert_int_equal(store_change(k->st, fill, &filling), OK);
    read_with(k, list, MANY);
    read_with(k, list, MANY);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(every_list_is_bounded_however_many_rows_there_are),
        kit_test(of_many_deliveries_a_bounded_number_is_claimed),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
