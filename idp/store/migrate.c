/* SPDX-License-Identifier: Apache-2.0 */
/* Numbered, embedded migrations. What is applied stands in schema_migration with a checksum of its
 * text, and in schema_mark whether it only adds (docs/adr/0015). */
#include "idp/store/migrate.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "idp/base/embedded.h"
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/store/driver.h"
#include "idp/store/rows.h"

#define ARENA_LIMIT ((size_t)4 << 20)
#define LEASE_S 60
#define WAIT_S (2 * LEASE_S)
#define WAIT_TRIES 1200
#define WAIT_NS 100000000
#define ADDITIVE_LINE "-- additive\n"

extern const struct embedded_file schema_files[];

struct applied {
    int64_t version;
    const char *name;
    const char *checksum;
};

/* What is applied, and who asks. */
struct migration {
    struct store *st;
    struct env *env;
    struct arena *arena;
    const char *holder;
    struct applied *applied;
    size_t applied_count;
};

static size_t
count_files(void)
{
    size_t count = 0;

    while (schema_files[count].name != NULL)
        count++;
    return count;
}

static int64_t
version_of(const struct embedded_file *file)
{
    return strtoll(file->name, NULL, 10);
}

static const char *
checksum_of(struct arena *arena, const struct embedded_file *file)
{
    uint8_t sum[32];

    if (EVP_Digest(file->at, (size_t)(file->end - file->at), sum, NULL, EVP_sha256(), NULL) != 1)
        unwind(ERR_UNAVAILABLE); /* fails for want of memory only */
    return hex_encode(arena, bytes_of(sum, sizeof(sum)));
}

/* --- Statements of a file --- */

/* Past blank and comment lines. */
static const char *
skip_comments(const char *at, const char *end)
{
    while (at < end) {
        if (strchr(" \t\r\n", *at) != NULL)
            at++;
        else if (end - at >= 2 && at[0] == '-' && at[1] == '-')
            while (at < end && *at != '\n')
                at++;
        else
            break;
    }
    return at;
}

/* A statement ends with ';' at the end of a line. Moves *at behind it; NULL
 * when there is none left. */
static const char *
next_statement(struct arena *arena, const char **at, const char *end)
{
    const char *start = skip_comments(*at, end);
    const char *stop = start;

    if (start == end)
        return NULL;
    while (stop < end && !(*stop == ';' && (stop + 1 == end || stop[1] == '\n')))
        stop++;
    *at = stop < end ? stop + 1 : end;
    return arena_copy(arena, start, (size_t)(stop - start));
}

/* --- What is applied --- */

static enum err
read_applied(struct migration *m)
{
    static const char sql[] =
        "SELECT version, name, checksum FROM schema_migration ORDER BY version LIMIT $1";
    /* One that this program does not know is enough to see that there are such. */
    const struct arg args[] = { arg_int((int64_t)count_files() + 1), ARG_END };
    struct applied row;
    struct rows rows = rows_of(m->arena, &row, sizeof(row));
    const struct out outs[] = { out_int(&row.version), out_text(&row.name), out_text(&row.checksum),
                                OUT_END };
    bool exists = false;
    enum err err = m->st->db->driver->has_table(m->st, "schema_migration", &exists);

    if (err == OK && exists)
        err = rows_read(m->st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);
    m->applied = rows.at;
    m->applied_count = rows.count;
    return err;
}

/* Applied migrations are the first ones of ours, word for word. */
static enum err
check_known(const struct migration *m, const char **why)
{
    size_t known = count_files();

    for (size_t i = 0; i < m->applied_count && i < known; i++) {
        const struct applied *applied = &m->applied[i];

        if (applied->version == version_of(&schema_files[i]) &&
            text_eq(applied->checksum, checksum_of(m->arena, &schema_files[i])))
            continue;
        *why = arena_printf(m->arena,
                            "the schema is not this program's: %s was applied, where it has %s"
                            " of another text",
                            applied->name, schema_files[i].name);
        return ERR_INVALID;
    }
    return OK;
}

/* Behind all of ours: the last one that does more than add, or else the last one. */
static enum err
check_newer(const struct migration *m, const char **why)
{
    static const char sql[] =
        "SELECT m.name, COALESCE(k.additive, 0), COALESCE(k.program, '(unknown)')"
        " FROM schema_migration m LEFT JOIN schema_mark k ON k.version = m.version"
        " WHERE m.version > $1 ORDER BY COALESCE(k.additive, 0), m.version DESC LIMIT 1";
    const struct arg args[] = { arg_int(version_of(&schema_files[count_files() - 1])), ARG_END };
    const char *name;
    const char *program;
    int64_t additive = 0;
    const struct out outs[] = { out_text(&name), out_int(&additive), out_text(&program), OUT_END };
    enum err err = store_run(
        m->st, &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = m->arena });

    if (err != OK)
        return err;
    *why = arena_printf(m->arena,
                        additive != 0 ? "the schema is newer than this program and only adds to"
                                        " what it knows (%s, of version %s)"
                                      : "the schema is newer than this program (%s):"
                                        " run version %s or newer",
                        name, program);
    return additive != 0 ? OK : ERR_INVALID;
}

/* ERR_INVALID with *why. OK with *why when newer programs have added something, else NULL. */
static enum err
load_applied(struct migration *m, const char **why)
{
    enum err err = read_applied(m);

    *why = NULL;
    if (err == OK)
        err = check_known(m, why);
    return err == OK && m->applied_count > count_files() ? check_newer(m, why) : err;
}

/* --- The lease --- */

/* The marks have a table of their own: programs of before write schema_migration too, and do not
 * know them. */
static enum err
create_tables(struct store *st, void *ctx)
{
    static const char *const statements[] = {
        "CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT PRIMARY KEY,"
        " name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS schema_mark (version BIGINT PRIMARY KEY,"
        " additive BIGINT NOT NULL, program TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS schema_lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL,"
        " until BIGINT NOT NULL)",
    };
    enum err err = OK;

    (void)ctx;
    for (size_t i = 0; err == OK && i < sizeof(statements) / sizeof(statements[0]); i++)
        err = st->db->driver->script(st, statements[i]);
    return err;
}

static enum err
make_lease(struct store *st)
{
    static const char sql[] =
        "INSERT INTO schema_lease (name, holder, until) SELECT 'migrate', '', 0"
        " WHERE NOT EXISTS (SELECT 1 FROM schema_lease)";
    bool migrations = false;
    bool marks = false;
    enum err err = st->db->driver->has_table(st, "schema_migration", &migrations);

    if (err == OK)
        err = st->db->driver->has_table(st, "schema_mark", &marks);
    if (err == OK && !(migrations && marks))
        err = store_change(st, create_tables, NULL);
    if (err != OK)
        return err;
    return store_run(st, &(struct query) { .sql = sql });
}

static enum err
take_lease_once(struct migration *m)
{
    static const char sql[] = "UPDATE schema_lease SET holder = $1, until = $2"
                              " WHERE name = 'migrate' AND until <= $3";
    unix_s now = env_now(m->env);
    const struct arg args[] = { arg_text(m->holder), arg_time(now + LEASE_S), arg_time(now),
                                ARG_END };
    enum err err = make_lease(m->st);

    return err == OK ? change_one(m->st, sql, args, ERR_CONFLICT) : err;
}

/* Two nodes that start at once create the tables at once too, and one of them is refused:
 * all of it is tried again. */
static enum err
take_lease(struct migration *m)
{
    unix_s deadline = env_now(m->env) + WAIT_S;
    enum err err = take_lease_once(m);

    for (int i = 0; i < WAIT_TRIES && err == ERR_CONFLICT && env_now(m->env) < deadline; i++) {
        nanosleep(&(struct timespec) { .tv_nsec = WAIT_NS }, NULL);
        err = take_lease_once(m);
    }
    return err == ERR_CONFLICT ? ERR_BUSY : err;
}

/* Inside the migration's transaction: who has lost the lease changes nothing. */
static enum err
renew_lease(struct migration *m)
{
    static const char sql[] = "UPDATE schema_lease SET until = $2"
                              " WHERE name = 'migrate' AND holder = $1";
    const struct arg args[] = { arg_text(m->holder), arg_time(env_now(m->env) + LEASE_S), ARG_END };

    return change_one(m->st, sql, args, ERR_BUSY);
}

static void
end_lease(struct migration *m)
{
    static const char sql[] = "UPDATE schema_lease SET holder = '', until = 0"
                              " WHERE name = 'migrate' AND holder = $1";
    const struct arg args[] = { arg_text(m->holder), ARG_END };

    if (store_run(m->st, &(struct query) { .sql = sql, .args = args }) != OK)
        log_line(LOG_WARN, "store.lease_left", log_int("seconds", LEASE_S));
}

/* --- Applying --- */

static enum err
run_file(struct migration *m, const struct embedded_file *file)
{
    const char *at = file->at;
    const char *sql;
    enum err err = OK;

    while (err == OK && (sql = next_statement(m->arena, &at, file->end)) != NULL)
        err = m->st->db->driver->script(m->st, sql);
    return err;
}

static enum err
note_file(struct migration *m, const struct embedded_file *file)
{
    static const char sql[] = "INSERT INTO schema_migration (version, name, checksum, applied_at)"
                              " VALUES ($1, $2, $3, $4)";
    const struct arg args[] = { arg_int(version_of(file)), arg_text(file->name),
                                arg_text(checksum_of(m->arena, file)), arg_time(env_now(m->env)),
                                ARG_END };

    return store_run(m->st, &(struct query) { .sql = sql, .args = args });
}

static bool
is_additive(const struct embedded_file *file)
{
    size_t size = strlen(ADDITIVE_LINE);

    return (size_t)(file->end - file->at) >= size && memcmp(file->at, ADDITIVE_LINE, size) == 0;
}

static enum err
mark_file(struct migration *m, const struct embedded_file *file)
{
    static const char sql[] =
        "INSERT INTO schema_mark (version, additive, program) VALUES ($1, $2, $3)";
    const struct arg args[] = { arg_int(version_of(file)), arg_int(is_additive(file)),
                                arg_text(TONGXING_VERSION), ARG_END };

    return store_run(m->st, &(struct query) { .sql = sql, .args = args });
}

struct step {
    struct migration *m;
    const struct embedded_file *file;
};

static enum err
apply(struct store *st, void *ctx)
{
    struct step *step = ctx;
    enum err err = renew_lease(step->m);

    (void)st;
    if (err == OK)
        err = note_file(step->m, step->file);
    if (err == OK)
        err = mark_file(step->m, step->file);
    return err == OK ? run_file(step->m, step->file) : err;
}

static enum err
apply_missing(struct migration *m)
{
    const char *why;
    enum err err = load_applied(m, &why);
    size_t known = count_files();

    for (size_t i = m->applied_count; err == OK && i < known; i++) {
        err = store_change(m->st, apply, &(struct step) { m, &schema_files[i] });
        log_line(LOG_INFO, "store.migrated", log_text("migration", schema_files[i].name),
                 log_text("outcome", err == OK ? "ok" : err_name(err)));
    }
    return err;
}

static enum err
migrate_as_holder(struct migration *m)
{
    uint8_t id[16];
    enum err err = env_random(m->env, id, sizeof(id));

    if (err != OK)
        return err;
    m->holder = hex_encode(m->arena, bytes_of(id, sizeof(id)));
    err = take_lease(m);
    if (err != OK)
        return err;
    err = apply_missing(m);
    end_lease(m);
    return err;
}

enum err
store_migrate(struct store *st, struct env *env)
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct migration m = { .st = st, .env = env, .arena = arena };
    const char *why;
    enum err err = load_applied(&m, &why);

    if (err == OK && m.applied_count < count_files())
        err = migrate_as_holder(&m);
    arena_free(arena);
    return err;
}

/* --- Looking --- */

static void
describe(struct arena *arena, const struct embedded_file *file, struct buf *out)
{
    const char *at = file->at;
    long long statements = 0;

    while (next_statement(arena, &at, file->end) != NULL)
        statements++;
    buf_text(out, file->name);
    buf_text(out, ": ");
    buf_int(out, statements);
    buf_text(out, " statements\n");
}

enum err
store_migrate_plan(struct store *st, struct buf *out, int64_t *pending)
{
    struct migration m = { .st = st, .arena = out->arena };
    const char *why;
    enum err err = load_applied(&m, &why);
    size_t known = count_files();

    *pending = 0;
    for (size_t i = m.applied_count; err == OK && i < known; i++) {
        describe(out->arena, &schema_files[i], out);
        (*pending)++;
    }
    if (err == OK && *pending == 0 && why == NULL)
        why = "the schema is up to date";
    if (why != NULL)
        buf_text(out, arena_printf(out->arena, "%s\n", why));
    return err;
}

enum err
store_schema_check(struct store *st, struct arena *arena, const char **why)
{
    struct migration m = { .st = st, .arena = arena };
    enum err err = load_applied(&m, why);

    if (err != OK || m.applied_count >= count_files())
        return err;
    *why = arena_printf(arena, "the schema lacks %s: run tongxing migrate",
                        schema_files[m.applied_count].name);
    return ERR_INVALID;
}
