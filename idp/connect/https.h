/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only way out: HTTP calls to others, with a deadline, a size cap and a guard against inner
 * addresses.
 */
#ifndef IDP_CONNECT_HTTPS_H
#define IDP_CONNECT_HTTPS_H

#include <stdbool.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/buf.h"
#include "idp/base/bytes.h"
#include "idp/base/err.h"
#include "idp/base/settings.h"

struct https;

/* Who named the address decides where a call may go. Zero is the strict one. */
enum https_trust {
    TRUST_PARTNER, /* https to public addresses only, judged on the address that is connected to */
    TRUST_CONFIGURED /* the operator wrote it into the configuration: anywhere, plain http too */
};

struct https_request {
    const char *method; /* "GET" or "POST" */
    const char *url;
    enum https_trust trust;
    const char *content_type; /* of the body; NULL without one */
    struct bytes body;
    const char *traceparent;    /* NULL: none */
    const char *const *headers; /* lines "Name: value" ended by NULL; NULL for none */
    int64_t deadline_s;         /* for the whole call */
    size_t max_answer_bytes;
};

struct https_answer {
    int status;
    const char *content_type; /* "" when there is none */
    struct bytes body;        /* in the arena, with a NUL behind */
};

/*
 * With outbound.allow_loopback a partner's address may also be on this machine, and then plain
 * http. NULL when libcurl cannot start. `settings` must outlive it. Free it on the thread that ends
 * last.
 */
struct https *https_new(const struct settings *settings);
void https_free(struct https *https);

/* On any thread: calls under way end within a second or so as if their time were over, and none
 * starts any more. It stays so. */
void https_cut(struct https *https);

/*
 * One call on this thread's kept connection. Redirects are answers like any other, never followed.
 * ERR_UNAVAILABLE: nothing was sent (no connection, or the guard refused); ERR_UNKNOWN: sent, but
 * no whole answer came before the deadline; ERR_INVALID: the answer is larger than allowed.
 */
must_check enum err https_call(struct https *https, struct arena *arena,
                               const struct https_request *request, struct https_answer *out);

/* Adds name=value to a query or a form body, percent-encoded. */
void https_form_put(struct buf *out, const char *name, const char *value);

/*
 * Host and, where the address names one, port, as a call's Host header will have them (for
 * signatures that cover it). The caller frees it; NULL for what is no address.
 */
char *https_host_header(const char *url);

#endif
