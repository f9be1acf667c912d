/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request and its answer inside the engine. Two may hold it: the connection from the request
 * line until the answer is sent, and a worker while it runs; the last one to let go frees it.
 */
#ifndef IDP_SERVER_ENGINE_EXCHANGE_H
#define IDP_SERVER_ENGINE_EXCHANGE_H

#include "idp/base/buf.h"
#include "idp/context/ctx.h"
#include "idp/server/engine/connections.h"
#include "idp/server/engine/gate.h"
#include "idp/server/engine/worker.h"

#define REQUEST_ARENA_LIMIT (1U << 20)

struct MHD_Connection;
struct engine;

/* WORKING is left by whoever is first: the worker to DONE, the clock to ABANDONED. The
 * winner resumes the connection. */
enum exchange_state {
    EXCHANGE_NEW,
    EXCHANGE_READING,
    EXCHANGE_WORKING,
    EXCHANGE_DONE,
    EXCHANGE_ABANDONED
};

struct exchange {
    struct exchange *next; /* in the free list */
    _Atomic int holders;
    _Atomic int state;
    struct engine *engine;
    struct MHD_Connection *mhd;
    struct connection *connection;
    int fd;             /* of the connection, for the worker */
    const char *target; /* raw; NULL when longer than the gate lets pass */
    struct gate_output head;
    struct buf body;
    size_t body_overrun; /* bytes of a chunked body thrown away because it is too large */
    bool counted;        /* in the engine's count of work under way */
    int64_t began_us;
    struct arena *arena;
    struct ctx ctx;
    struct request rq;
    struct job job;
    struct exchange *stand_in; /* makes the answer when a worker still uses this one */
};

/* From this thread's free list, all zero but its arena; held once. Unwinds without memory. */
struct exchange *exchange_new(void) __attribute__((returns_nonnull));
void exchange_hold(struct exchange *ex);
/* NULL is fine. */
void exchange_release(struct exchange *ex);

/* 16 random hexadecimal digits in the arena; drawn from `env` for many requests at once. */
const char *request_id_new(struct env *env, struct arena *arena);

#endif
