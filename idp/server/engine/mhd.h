/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP engine: libmicrohttpd's epoll threads in front, workers behind. Requests of INLINE
 * routes are answered where they are read; all others are suspended, run on a worker and resumed.
 */
#ifndef IDP_SERVER_ENGINE_MHD_H
#define IDP_SERVER_ENGINE_MHD_H

#include <stdbool.h>

#include "idp/base/metrics.h"
#include "idp/context/ask.h"
#include "protocols/routes.h"

#define WORKER_QUEUE_LIMIT 1024

struct certificate;
struct engine;

/* Who asks somebody, at how many a time, and how many wait for a place. */
struct lane_size {
    size_t threads; /* 0: no route of this engine asks there */
    size_t queue_limit;
};

/* Texts and what is pointed to must outlive the engine. */
struct engine_config {
    struct services *services;
    const struct route *routes;
    const char *listen; /* "127.0.0.1:9080 [::1]:9080" (listen.h) */
    const char *hosts;  /* those it answers to, separated by spaces (own_host.h); NULL: any */
    int64_t epoll_threads;
    int64_t workers;
    size_t queue_limit;
    struct lane_size lanes[LANE_COUNT];
    const char *tls_certificate_file; /* PEM; empty: plain http */
    const char *tls_key_file;
    enum metric certificate_ends; /* what tells until when that certificate is good */
    const char *client_ca_file;   /* PEM (client_certificate.h); NULL or empty: none is asked for */
    const char
        *networks; /* whose requests are let in (policies/network.h); NULL or empty: everybody's */
    bool direct;   /* no proxy stands before it: X-Forwarded-For is not believed */
};

/* ERR_INVALID, ERR_UNAVAILABLE: the address or the TLS files; the reason is logged. */
must_check enum err engine_start(const struct engine_config *config, struct engine **out);

/* For engine_show_certificate(), which takes it. ERR_INVALID: the reason is logged. */
must_check enum err engine_read_certificate(const char *certificate_file, const char *key_file,
                                            struct certificate **out);

/* Shown from the next handshake on, of an engine that was started with TLS; connections that stand
 * keep theirs. */
void engine_show_certificate(struct engine *engine, struct certificate *certificate);

/* Of the first address. */
uint16_t engine_port(const struct engine *engine);

/*
 * No new connections; those that stand are told to close behind their next answer. Returns when no
 * work is under way, at the latest at until_us (mono_us()) or once *hurry is set (NULL: never): the
 * rest is then answered 503.
 */
void engine_drain(struct engine *engine, int64_t until_us, const _Atomic(bool) *hurry);

/* After engine_drain(). Waits for workers that are still inside a call (cut what they wait for:
 * services_cut) and frees all. */
void engine_stop(struct engine *engine);

#endif
