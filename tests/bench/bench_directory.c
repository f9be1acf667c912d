/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many members of staff sign in a second through the connector, beside what libldap alone does against the same server
 * in the same run: bench_directory [SECONDS of each figure], at the server that TONGXING_TEST_DIRECTORY names
 * (tests/ci/slapd.sh). One line of JSON for each number of threads.
 */
#include "tests/connect/directory_fixture.h"

#include "idp/base/env.h"

#define PEOPLE 1000
#define THREADS_MAX 16

/* One who asks, over and over, on connections of its own. */
struct bench_asker {
    struct directory_fixture *f;
    struct arena *arena;
    LDAP *service;
    LDAP *somebody;
    int next;
    int64_t done;
    void (*ask)(struct bench_asker *asker);
    int64_t until_us;
};

static void
insist(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static LDAP *
connected(struct directory_fixture *f)
{
    int version = LDAP_VERSION3;
    int hard = LDAP_OPT_X_TLS_HARD;
    int fresh = 0;
    LDAP *ld;

    insist(ldap_initialize(&ld, f->ldaps) == LDAP_SUCCESS, "no handle");
    ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, f->ca_file);
    ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &hard);
    ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &fresh);
    return ld;
}

static void
bound(LDAP *ld, const char *dn, const char *password)
{
    struct berval secret = { .bv_val = (char *)(uintptr_t)password, .bv_len = strlen(password) };

    insist(ldap_sasl_bind_s(ld, dn, LDAP_SASL_SIMPLE, &secret, NULL, NULL, NULL) == LDAP_SUCCESS,
           "a right password was refused");
}

static const char *
name_next(struct bench_asker *asker)
{
    asker->next = (asker->next + 7) % PEOPLE;
    return arena_printf(asker->arena, "bench.%d", asker->next);
}

static const char *
dn_of(struct bench_asker *asker, const char *name)
{
    return arena_printf(asker->arena, "uid=%s,ou=people," TREE, name);
}

/* --- What is measured --- */

static void
ask_ours(struct bench_asker *asker)
{
    struct directory_answer answer;

    directory_sign_in(asker->f->directory, asker->arena, name_next(asker), PASSWORD, &answer);
    insist(answer.outcome == DIRECTORY_OK, "a right password was refused");
}

static void
ask_bind(struct bench_asker *asker)
{
    bound(asker->somebody, dn_of(asker, name_next(asker)), PASSWORD);
}

static void
ask_search_and_bind(struct bench_asker *asker)
{
    const char *name = name_next(asker);
    LDAPMessage *found = NULL;
    char *dn;

    insist(ldap_search_ext_s(asker->service, TREE, LDAP_SCOPE_SUBTREE,
                             arena_printf(asker->arena, "(&(objectClass=person)(uid=%s))", name),
                             NULL, 0, NULL, NULL, NULL, 2, &found) == LDAP_SUCCESS,
           "no search");
    dn = ldap_get_dn(asker->service, ldap_first_entry(asker->service, found));
    bound(asker->somebody, dn, PASSWORD);
    ldap_memfree(dn);
    ldap_msgfree(found);
}

static void
ask_fresh_bind(struct bench_asker *asker)
{
    LDAP *ld = connected(asker->f);

    bound(ld, dn_of(asker, name_next(asker)), PASSWORD);
    ldap_unbind_ext(ld, NULL, NULL);
}

static void
ask_look(struct bench_asker *asker)
{
    const char *names[DIRECTORY_LOOK_MAX];
    struct directory_entry entries[DIRECTORY_LOOK_MAX];

    for (size_t i = 0; i < DIRECTORY_LOOK_MAX; i++)
        names[i] = name_next(asker);
    insist(directory_look(asker->f->directory, asker->arena, names, DIRECTORY_LOOK_MAX, entries) ==
                   OK &&
               entries[0].outcome == DIRECTORY_OK,
           "no look");
}

/* --- Measuring --- */

static void *
asker_run(void *state)
{
    struct bench_asker *asker = state;

    asker->ask(asker); /* connections are made off the clock */
    while (mono_us() < asker->until_us) {
        arena_reset(asker->arena);
        asker->ask(asker);
        asker->done++;
    }
    return NULL;
}

static double
rate(struct directory_fixture *f, void (*ask)(struct bench_asker *asker), int threads,
     int64_t seconds)
{
    struct bench_asker askers[THREADS_MAX];
    pthread_t ids[THREADS_MAX];
    int64_t started_us = mono_us();
    int64_t done = 0;

    for (int i = 0; i < threads; i++) {
        askers[i] = (struct bench_asker) { .f = f,
                                           .arena = arena_new(32 << 20),
                                           .service = connected(f),
                                           .somebody = connected(f),
                                           .next = i * 61,
                                           .ask = ask,
                                           .until_us = started_us + seconds * 1000000 };
        bound(askers[i].service, f->settings.directory.bind_dn,
              f->settings.directory.bind_password);
        insist(pthread_create(&ids[i], NULL, asker_run, &askers[i]) == 0, "no thread");
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        done += askers[i].done;
        arena_free(askers[i].arena);
        ldap_unbind_ext(askers[i].service, NULL, NULL);
        ldap_unbind_ext(askers[i].somebody, NULL, NULL);
    }
    return (double)done / ((double)(mono_us() - started_us) / 1e6);
}

static void
people_put(struct directory_fixture *f)
{
    struct directory_entry entry;
    const char *last = "bench.999";

    insist(directory_look(f->directory, f->arena, &last, 1, &entry) == OK, "no look");
    if (entry.outcome == DIRECTORY_OK)
        return;
    for (int i = 0; i < PEOPLE; i++)
        tree_put(f, arena_printf(f->arena, "bench.%d", i), NULL, NULL);
}

int
main(int argc, char **argv)
{
    int64_t seconds = argc > 1 ? strtol(argv[1], NULL, 10) : 2;
    static const int threads[] = { 1, 8 };
    void *state;
    struct directory_fixture *f;

    directory_setup(&state);
    f = state;
    f->settings.directory.max_in_flight = THREADS_MAX;
    directory_reopen(f);
    people_put(f);
    for (size_t i = 0; i < 2; i++) {
        double ours = rate(f, ask_ours, threads[i], seconds);
        double bind = rate(f, ask_bind, threads[i], seconds);
        double both = rate(f, ask_search_and_bind, threads[i], seconds);
        double fresh = rate(f, ask_fresh_bind, threads[i], seconds);
        double look = rate(f, ask_look, threads[i], seconds) * DIRECTORY_LOOK_MAX;

        printf(
            "{\"threads\": %d, \"sign_in\": %.0f, \"raw_bind\": %.0f, \"raw_search_and_bind\": %.0f, "
            "\"raw_connect_and_bind\": %.0f, \"to_bind\": %.2f, \"to_search_and_bind\": %.2f, \"looked_at\": %.0f}\n",
            threads[i], ours, bind, both, fresh, ours / bind, ours / both, look);
    }
    directory_teardown(&state);
    return 0;
}
