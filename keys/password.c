/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/password.h"

#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"

#define OPERATIONS 2
#define MEMORY_BYTES 19922944 /* 19 MiB */
#define NICE 10
#define SLICE_NS 100000000
#define CHEAP_QUEUE 1024
#define PEPPERED_SIZE sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_ORIGINAL)

/* One caller's wish, on its stack until done. */
struct job {
    struct job *next;
    const char *phc; /* to verify against; NULL: hash */
    char peppered[PEPPERED_SIZE];
    char hashed[crypto_pwhash_STRBYTES];
    enum err err;
    bool done;
    pthread_cond_t changed;
};

/* The first version of the kernel's struct sched_attr, whose header does not go together with
 * glibc's. */
struct scheduling {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime_ns;
    uint64_t deadline_ns;
    uint64_t period_ns;
};

struct password_gate {
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct job *first; /* not yet taken up */
    struct job **last;
    size_t inside; /* callers that have not got their answer */
    size_t room;
    bool stopping;
    unsigned long long operations;
    size_t memory_bytes;
    char nobody[crypto_pwhash_STRBYTES]; /* what an unknown person is checked against */
    unsigned thread_count;
    pthread_t threads[];
};

static enum err
hash_into(const struct password_gate *gate, const char *peppered, char out[crypto_pwhash_STRBYTES])
{
    if (crypto_pwhash_str_alg(out, peppered, strlen(peppered), gate->operations, gate->memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return ERR_INTERNAL;
    return OK;
}

static void
run(const struct password_gate *gate, struct job *job)
{
    metric_add(METRIC_HASH_RUNS, 1);
    if (job->phc == NULL)
        job->err = hash_into(gate, job->peppered, job->hashed);
    else if (crypto_pwhash_str_verify(job->phc, job->peppered, strlen(job->peppered)) == 0)
        job->err = OK;
    else
        job->err = ERR_FORGED;
}

/* The oldest job, or NULL when the gate closes. The lock is held. */
static struct job *
next_job(struct password_gate *gate)
{
    struct job *job;

    while (gate->first == NULL && !gate->stopping)
        pthread_cond_wait(&gate->work, &gate->lock);
    job = gate->first;
    if (job == NULL)
        return NULL;
    gate->first = job->next;
    if (gate->first == NULL)
        gate->last = &gate->first;
    return job;
}

/*
 * Hashing yields to those who answer requests. On Linux nice is the thread's own; and who has a
 * longer slice is interrupted by whoever wakes with a shorter one (from 6.12 on; older kernels take
 * nice alone), so that a request does not wait for the end of a tick. Refusal is harmless.
 */
static void
yield_to_requests(void)
{
    const struct scheduling wish = {
        .size = sizeof(wish),
        .policy = SCHED_OTHER,
        .nice = NICE,
        .runtime_ns = SLICE_NS,
    };

    (void)syscall(SYS_sched_setattr, 0, &wish, 0);
}

static void *
work(void *state)
{
    struct password_gate *gate = state;
    struct job *job;

    yield_to_requests();
    pthread_mutex_lock(&gate->lock);
    while ((job = next_job(gate)) != NULL) {
        pthread_mutex_unlock(&gate->lock);
        run(gate, job);
        pthread_mutex_lock(&gate->lock);
        job->done = true;
        pthread_cond_signal(&job->changed);
    }
    pthread_mutex_unlock(&gate->lock);
    return NULL;
}

/*
 * Of salt and output zero: no password is known to give it. libsodium must find in it a hash of our
 * very cost, or an unknown person would be known by how fast she is refused.
 */
static enum err
put_nobody(struct password_gate *gate)
{
    snprintf(gate->nobody, sizeof(gate->nobody),
             "$argon2id$v=19$m=%zu,t=%llu,p=1$AAAAAAAAAAAAAAAAAAAAAA"
             "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
             gate->memory_bytes / 1024, gate->operations);
    if (crypto_pwhash_str_needs_rehash(gate->nobody, gate->operations, gate->memory_bytes) != 0)
        return ERR_INTERNAL;
    return OK;
}

static enum err
start_threads(struct password_gate *gate, unsigned slots)
{
    while (gate->thread_count < slots) {
        if (pthread_create(&gate->threads[gate->thread_count], NULL, work, gate) != 0)
            return ERR_UNAVAILABLE;
        gate->thread_count++;
    }
    return OK;
}

struct cost {
    unsigned long long operations;
    size_t memory_bytes;
};

static enum err
gate_new(unsigned slots, unsigned queue, struct cost cost, struct password_gate **out)
{
    struct password_gate *gate = calloc(1, sizeof(*gate) + slots * sizeof(gate->threads[0]));
    enum err err;

    if (gate == NULL)
        return ERR_UNAVAILABLE;
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->work, NULL);
    gate->last = &gate->first;
    gate->room = (size_t)slots + queue;
    gate->operations = cost.operations;
    gate->memory_bytes = cost.memory_bytes;
    err = sodium_init() >= 0 ? put_nobody(gate) : ERR_INTERNAL;
    if (err == OK)
        err = start_threads(gate, slots);
    if (err != OK) {
        password_gate_free(gate);
        return err;
    }
    *out = gate;
    return OK;
}

enum err
password_gate_new(unsigned slots, unsigned queue, struct password_gate **out)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (slots == 0)
        slots = cores > 0 ? (unsigned)cores : 1;
    return gate_new(slots, queue, (struct cost) { OPERATIONS, MEMORY_BYTES }, out);
}

enum err
password_gate_new_cheap(struct password_gate **out)
{
    static const struct cost least = { crypto_pwhash_argon2id_OPSLIMIT_MIN,
                                       crypto_pwhash_argon2id_MEMLIMIT_MIN };

    return gate_new(1, CHEAP_QUEUE, least, out);
}

void
password_gate_free(struct password_gate *gate)
{
    if (gate == NULL)
        return;
    pthread_mutex_lock(&gate->lock);
    gate->stopping = true;
    pthread_cond_broadcast(&gate->work);
    pthread_mutex_unlock(&gate->lock);
    for (unsigned i = 0; i < gate->thread_count; i++)
        pthread_join(gate->threads[i], NULL);
    pthread_cond_destroy(&gate->work);
    pthread_mutex_destroy(&gate->lock);
    free(gate);
}

static enum err
enter(struct password_gate *gate, struct job *job)
{
    if (gate->inside >= gate->room) {
        metric_add(METRIC_HASH_REFUSALS, 1);
        return ERR_BUSY;
    }
    gate->inside++;
    *gate->last = job;
    gate->last = &job->next;
    pthread_cond_signal(&gate->work);
    while (!job->done)
        pthread_cond_wait(&job->changed, &gate->lock);
    gate->inside--;
    return job->err;
}

static enum err
through_gate(struct password_gate *gate, struct job *job)
{
    enum err err;

    pthread_cond_init(&job->changed, NULL);
    pthread_mutex_lock(&gate->lock);
    err = enter(gate, job);
    pthread_mutex_unlock(&gate->lock);
    pthread_cond_destroy(&job->changed);
    return err;
}

/* Fixed size and no NUL whatever the password is, and useless without the pepper. */
static void
put_pepper(struct job *job, const struct key32 *pepper, const char *password)
{
    struct digest digest = digest_keyed(pepper, bytes_of_text(password));

    sodium_bin2base64(job->peppered, sizeof(job->peppered), digest.bytes, sizeof(digest.bytes),
                      sodium_base64_VARIANT_ORIGINAL);
    secret_wipe(&digest, sizeof(digest));
}

enum err
password_hash(struct password_gate *gate, struct arena *arena, const struct key32 *pepper,
              const char *password, const char **out)
{
    struct job job = { 0 };
    enum err err;

    put_pepper(&job, pepper, password);
    err = through_gate(gate, &job);
    if (err == OK)
        *out = arena_text(arena, job.hashed);
    secret_wipe(&job, sizeof(job));
    return err;
}

static bool
is_argon2id(const char *phc)
{
    return phc != NULL && text_starts(phc, crypto_pwhash_argon2id_STRPREFIX) &&
           strnlen(phc, crypto_pwhash_STRBYTES) < crypto_pwhash_STRBYTES;
}

enum err
password_verify(struct password_gate *gate, const struct key32 *pepper, const char *phc,
                const char *password)
{
    bool known = is_argon2id(phc);
    struct job job = { .phc = known ? phc : gate->nobody };
    enum err err;

    put_pepper(&job, pepper, password);
    err = through_gate(gate, &job);
    secret_wipe(&job, sizeof(job));
    return err == OK && !known ? ERR_FORGED : err;
}

bool
password_needs_rehash(const char *phc)
{
    return !is_argon2id(phc) || crypto_pwhash_str_needs_rehash(phc, OPERATIONS, MEMORY_BYTES) != 0;
}
