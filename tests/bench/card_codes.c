/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many card codes a second one core issues and accepts, beside one signature and one commit:
 * card_codes [SECONDS of each figure], on the store that TONGXING_TEST_STORE names. One line of JSON.
 * With --sample: codes by both algorithms and the keys to check them by, for judges that are not ours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "idp/base/text.h"
#include "idp/card/code.h"
#include "idp/card/scan.h"
#include "idp/card/show.h"
#include "idp/context/change.h"
#include "idp/partner/registry.h"
#include "idp/person/card.h"
#include "idp/tables/spent.h"
#include "keys/jws.h"
#include "tests/world.h"

#define ARENA_BYTES ((size_t)4 << 20)
#define CHUNK 20
#define READY 500
#define PURPOSES 5
#define ROWS (PURPOSES + 2)

struct bench {
    struct world *w;
    struct arena *arena; /* of one piece of work */
    struct keyring *ring;
    struct stored_session session;
    const char *person_id;
    const char *code; /* as issued last, in an arena of its own */
    int64_t number;
    struct partner scanner;
    char ready[READY][CARD_CODE_MAX_BYTES + 1];
};

static void
insist(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* Keys of both algorithms; the world's own are of one. */
static void
keys_make(struct bench *bench)
{
    static const struct key32 kek = { { 3 } };
    struct key_row *rows = arena_alloc(bench->w->arena, ROWS * sizeof(*rows));

    for (size_t i = 0; i < ROWS; i++) {
        bool signs = i >= PURPOSES;
        enum jws_alg alg = !signs ? JWS_NONE : i == PURPOSES ? JWS_ES256 : JWS_SM2;
        enum key_purpose purpose = signs ? KEY_SIGN : (enum key_purpose)(KEY_SEAL + (int)i);

        insist(key_row_new(&kek, env_machine(), bench->w->arena, purpose, alg, &rows[i]) == OK,
               "no key");
        rows[i].state = KEY_SIGNING;
    }
    insist(keyring_open(&kek, rows, ROWS, &bench->ring) == OK, "no key ring");
    bench->w->services.keys = bench->ring;
}

static struct ctx
ctx_of(struct bench *bench)
{
    arena_reset(bench->arena);
    return ctx_new(&bench->w->services, bench->arena, bench->w->store);
}

/* By the machine's clock and random source, as the server has them. */
static void
bench_begin(struct bench *bench, struct world *w)
{
    struct ctx ctx;
    struct session session;
    struct proof proof;
    static const struct session nobody;
    const char *cookie;

    *bench = (struct bench) { .w = w, .arena = arena_new(ARENA_BYTES) };
    keys_make(bench);
    w->env = *env_machine();
    w->services.env = &w->env;
    bench->person_id = world_person(w, 0);
    world_card(w, 0);
    proof = (struct proof) { .person_id = bench->person_id, .amr = "sms" };
    ctx = world_ctx(w);
    insist(session_begin(&ctx, &nobody, &proof, &session, &cookie) == OK, "no session");
    bench->session = session.row;
    bench->session.sid = arena_text(w->arena, session.row.sid);
    bench->session.subject.id = arena_text(w->arena, session.row.subject.id);
    bench->session.channel = "web";
    bench->scanner = *registry_find(w->services.registry, "webhall");
    bench->scanner.profile.card_purposes = "show";
}

/* --- What is measured --- */

/* All that an endpoint does but HTTP and the session's look-up. */
static void
show(struct bench *bench)
{
    struct ctx ctx = ctx_of(bench);
    struct card_shown shown;
    struct card card;

    insist(card_find(&ctx, bench->person_id, &card) == OK, "no card");
    insist(card_code_show(&ctx,
                          &(struct card_showing) { .card = &card,
                                                   .session = &bench->session,
                                                   .purpose = CARD_PURPOSE_show },
                          &shown) == NULL,
           "no code");
}

static void
open_code(struct bench *bench)
{
    struct ctx ctx = ctx_of(bench);
    struct card_code code;

    insist(card_code_open(&ctx, bench->code, &code) == OK, "a good code was refused");
}

/* Codes lie ready: each is good once. They are issued in between, off the clock. */
static void
codes_fill(struct bench *bench)
{
    for (size_t i = 0; i < READY; i++) {
        struct ctx ctx = ctx_of(bench);
        const char *code;
        struct card card;

        insist(card_find(&ctx, bench->person_id, &card) == OK &&
                   card_code_issue(&ctx,
                                   &(struct card_code_order) { card.row.card_id, bench->session.sid,
                                                               CARD_PURPOSE_show },
                                   &code) == OK &&
                   strlen(code) <= CARD_CODE_MAX_BYTES,
               "no code");
        memcpy(bench->ready[i], code, strlen(code) + 1);
    }
}

/* All that a scan does but HTTP and the scanner's authentication: it is spent, and recorded. */
static void
scan(struct bench *bench, const char *code)
{
    struct ctx ctx = ctx_of(bench);
    struct card_scan_order order = { .code = code,
                                     .partner = &bench->scanner,
                                     .purpose = CARD_PURPOSE_show };
    struct card_scan out;

    ctx.partner_id = "webhall";
    insist(card_scan(&ctx, &order, &out) == NULL, "a good code was not accepted");
}

static void
sign(struct bench *bench)
{
    struct ctx ctx = ctx_of(bench);
    const struct signing_key *key =
        keyring_signer(ctx.keys, jws_alg_of(ctx.settings->card.code_alg));
    struct buf out = buf_new(ctx.arena, 512);

    insist(jws_sign(key, "card", bytes_of_text("{\"jti\":\"AAAAAAAAAAAAAAAA\"}"), &out) == OK,
           "no signature");
}

static enum err
spend(struct ctx *ctx, void *state)
{
    struct bench *bench = state;
    struct digest id = digest_of(bytes_of(&bench->number, sizeof(bench->number)));

    bench->number++;
    return store_spent_insert(ctx->store, &id, "", ctx->now + 60);
}

static void
commit(struct bench *bench)
{
    struct ctx ctx = ctx_of(bench);

    insist(change(&ctx, spend, bench) == OK, "no commit");
}

/* How often a second, and microseconds of this process' own time for each, whatever else the machine
 * does. */
static void
tell(const char *name, int64_t done, int64_t took_us, int64_t cpu)
{
    printf("\"%s\":{\"rate\":%.0f,\"cpu\":%.0f}", name, (double)done * 1e6 / (double)took_us,
           (double)cpu / (double)done);
}

static int64_t
cpu_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
measure_one(struct bench *bench, const char *name, void (*work)(struct bench *bench),
            int64_t seconds)
{
    int64_t began;
    int64_t cpu;
    int64_t done = 0;

    work(bench); /* what is made at first use is made */
    world_feed(bench->w, 0);
    began = mono_us();
    cpu = cpu_us();
    while (mono_us() - began < seconds * 1000000)
        for (int i = 0; i < CHUNK; i++, done++)
            work(bench);
    tell(name, done, mono_us() - began, cpu_us() - cpu);
}

static void
measure_scans(struct bench *bench, int64_t seconds)
{
    int64_t took = 0;
    int64_t cpu = 0;
    int64_t done = 0;

    while (took < seconds * 1000000) {
        int64_t began;
        int64_t cpu_then;

        world_feed(bench->w, 0);
        codes_fill(bench);
        began = mono_us();
        cpu_then = cpu_us();
        for (size_t i = 0; i < READY; i++, done++)
            scan(bench, bench->ready[i]);
        took += mono_us() - began;
        cpu += cpu_us() - cpu_then;
    }
    tell("scan", done, took, cpu);
}

static void
code_keep(struct bench *bench, const char *alg)
{
    struct ctx ctx = ctx_of(bench);
    struct card card;
    struct card_shown shown;

    bench->w->settings.card.code_alg = alg;
    world_feed(bench->w, 0);
    insist(card_find(&ctx, bench->person_id, &card) == OK &&
               card_code_show(&ctx,
                              &(struct card_showing) { .card = &card,
                                                       .session = &bench->session,
                                                       .purpose = CARD_PURPOSE_show },
                              &shown) == NULL,
           "no code");
    bench->code = arena_text(bench->w->arena, shown.code);
}

static void
measure(struct bench *bench, const char *alg, int64_t seconds)
{
    code_keep(bench, alg);
    printf("\"%s\":{\"bytes\":%zu,", alg, strlen(bench->code));
    measure_one(bench, "sign", sign, seconds);
    printf(",");
    measure_one(bench, "show", show, seconds);
    printf(",");
    code_keep(bench, alg);
    measure_one(bench, "open", open_code, seconds);
    printf(",");
    measure_scans(bench, seconds);
    printf("},");
}

static void
sample(struct bench *bench)
{
    const char *es256;

    code_keep(bench, "ES256");
    es256 = bench->code;
    code_keep(bench, "SGD_SM3_SM2");
    printf("{\"ES256\":\"%s\",\"SGD_SM3_SM2\":\"%s\",\"jwks\":%s}\n", es256, bench->code,
           bench->ring->card_jwks);
}

int
main(int argc, char **argv)
{
    int64_t seconds = argc > 1 && !text_eq(argv[1], "--sample") ? strtol(argv[1], NULL, 10) : 1;
    static struct bench bench;
    void *world = NULL;

    insist(world_group_setup(&world) == 0 && world_setup(&world) == 0, "no world");
    bench_begin(&bench, world);
    if (argc > 1 && text_eq(argv[1], "--sample")) {
        sample(&bench);
    } else {
        printf("{");
        measure(&bench, "ES256", seconds);
        measure(&bench, "SGD_SM3_SM2", seconds);
        measure_one(&bench, "commit", commit, seconds);
        printf("}\n");
    }
    world_teardown(&world);
    keyring_free(bench.ring);
    arena_free(bench.arena);
    return world_group_teardown(&world);
}
