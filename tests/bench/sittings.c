/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a sitting costs: bytes of its rows, and how long it takes to look one up while ever more are live:
 * sittings [HOW MANY AT LAST], on the store that TONGXING_TEST_STORE names. One line of JSON for each size.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/staff/sitting.h"
#include "policies/staff_rules.h"
#include "tests/world.h"

#define AT_LAST 50000
#define LOOKS 4000
#define CHUNK 500

static const char secret[] = "dGhlIHNlY3JldCBvZiBhIHNpdHRpbmc";

struct sittings {
    struct world *w;
    struct arena *arena;
    int64_t made;
};

static const char *
name_of(struct sittings *all, const char *format, int64_t n)
{
    char text[32];

    snprintf(text, sizeof(text), "%010lld", (long long)n);
    return arena_printf(all->arena, "%s%s", format, text);
}

static void
one_make(struct sittings *all, int64_t n)
{
    struct world *w = all->w;
    struct digest digest = digest_of_text(secret);
    const char *counter_id = name_of(all, "k_", n);
    const char *staff_id = name_of(all, "s", n);
    const struct stored_session session = {
        .sid = arena_printf(all->arena, "s_%s", name_of(all, "aaaaaaaaaaaa", n)),
        .handle = digest,
        .subject = { SUBJECT_STAFF, staff_id },
        .channel = "counter",
        .amr = "pwd otp",
        .level = 3,
        .auth_time = w->now,
        .seen_at = w->now,
        .expires_at = w->now + STAFF_SHIFT_S,
    };
    const struct stored_sitting sitting = { session.sid, staff_id, counter_id,
                                            0,           w->now,   session.expires_at };
    const struct stored_counter counter = {
        .counter_id = counter_id,
        .place = "二楼 12 号窗口",
        .agency = "天河区社保局",
        .region = WORLD_REGION,
        .state = COUNTER_ENROLLED,
        .secret = digest_view(&digest),
        .sid = session.sid,
        .created_at = w->now,
        .enrolled_at = w->now,
    };
    const struct stored_staff staff = {
        .staff_id = staff_id,
        .person_key = digest_view(&digest),
        .name_sealed = digest_view(&digest),
        .roles = "counter",
        .agency = "天河区社保局",
        .region = WORLD_REGION,
        .state = STAFF_ACTIVE,
        .enrolled_at = w->now,
        .checked_at = w->now,
        .open_until = session.expires_at,
        .sid = session.sid,
        .created_at = w->now,
    };

    world_must(store_counter_insert(w->store, &counter), "no counter");
    world_must(store_staff_put(w->store, &staff), "no staff");
    world_must(store_session_insert(w->store, &session), "no session");
    world_must(store_sitting_insert(w->store, &sitting), "no sitting");
}

static void
make_until(struct sittings *all, int64_t count)
{
    while (all->made < count) {
        arena_reset(all->arena);
        world_must(store_begin(all->w->store), "no transaction");
        for (int i = 0; i < CHUNK && all->made < count; i++)
            one_make(all, all->made++);
        world_must(store_commit(all->w->store), "no commit");
    }
}

/* As the guard of each request does it. */
static void
look(struct sittings *all, int64_t n)
{
    struct ctx ctx;
    struct sitting found;
    struct sitting_shown shown;

    arena_reset(all->arena);
    ctx = ctx_new(&all->w->services, all->arena, all->w->store);
    shown = (struct sitting_shown) {
        arena_printf(all->arena, "%s%s", name_of(all, "k_", n), secret),
        arena_printf(all->arena, "s_%s%s", name_of(all, "aaaaaaaaaaaa", n), secret),
        NULL,
    };
    world_must(sitting_load(&ctx, &shown, &found), "no answer");
    if (!found.live)
        world_die("a sitting is not live");
}

static int
by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void
measure(struct sittings *all)
{
    static int64_t took[LOOKS];

    for (int i = 0; i < LOOKS && all->made > 0; i++) {
        int64_t began_us = mono_us();

        look(all, (i * INT64_C(7919)) % all->made);
        took[i] = mono_us() - began_us;
    }
    qsort(took, LOOKS, sizeof(took[0]), by_size);
    printf("{\"sittings\":%lld,\"look_up_us_median\":%lld,\"look_up_us_p99\":%lld",
           (long long)all->made, (long long)took[LOOKS / 2], (long long)took[LOOKS * 99 / 100]);
}

/* Tables and indexes of the four tables. */
static int64_t
stored_bytes(struct world *w, bool postgres)
{
    static const char in_postgres[] =
        "SELECT pg_total_relation_size('session') + pg_total_relation_size('sitting')"
        " + pg_total_relation_size('counter') + pg_total_relation_size('staff')";
    static const char in_sqlite[] =
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
    int64_t bytes = 0;
    const struct out outs[] = { out_int(&bytes), OUT_END };

    world_must(store_run(w->store, &(struct query) { .sql = postgres ? in_postgres : in_sqlite,
                                                     .outs = outs }),
               "no size");
    return bytes;
}

static void
run(struct world *w, int64_t at_last)
{
    static const int64_t shares[] = { 50, 10, 1 };
    const char *kind = getenv("TONGXING_TEST_STORE");
    bool postgres = kind != NULL && text_eq(kind, "postgres");
    struct sittings all = { .w = w, .arena = arena_new((size_t)16 << 20) };
    int64_t before = stored_bytes(w, postgres);

    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
        make_until(&all, at_last / shares[i]);
        measure(&all);
        printf(",\"bytes_each\":%lld,\"store\":\"%s\"}\n",
               (long long)((stored_bytes(w, postgres) - before) / (all.made > 0 ? all.made : 1)),
               postgres ? "postgres" : "sqlite");
        fflush(stdout);
    }
    arena_free(all.arena);
}

int
main(int argc, char **argv)
{
    void *world = NULL;

    if (world_group_setup(NULL) != 0 || world_setup(&world) != 0)
        world_die("no world");
    run(world, argc > 1 ? strtoll(argv[1], NULL, 10) : AT_LAST);
    world_teardown(&world);
    return world_group_teardown(NULL);
}
