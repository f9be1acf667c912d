/* SPDX-License-Identifier: Apache-2.0 */
/* What every simulator needs: arguments, an HTTP server on loopback and perhaps in the local
 * network, forms, and ways to misbehave. */
#ifndef TESTS_SIMS_KIT_H
#define TESTS_SIMS_KIT_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/arena.h"
#include "idp/base/buf.h"
#include "idp/base/bytes.h"

struct MHD_Connection;

struct kit_request {
    const char *method;
    const char *path;
    const char *query; /* as sent, without '?'; "" when there is none */
    struct bytes body; /* with a NUL behind */
    struct arena *arena;
    struct MHD_Connection *connection;
};

enum kit_manner {
    KIT_WHOLE,
    KIT_HALF, /* announces the whole body, sends half and hangs up */
    KIT_NEVER /* reads the request and keeps silent until the client goes */
};

struct kit_answer {
    unsigned status;
    const char *content_type;
    struct bytes body;    /* in the request's arena */
    const char *location; /* NULL: none; in the request's arena, like the next */
    const char *cookie;   /* the value of Set-Cookie; NULL: none */
    const char *policy;   /* of Content-Security-Policy; NULL: none */
    enum kit_manner manner;
    unsigned delay_ms;
};

struct sim_kit {
    const char *name;
    void *state;
    /* Runs on one thread for each connection: `state` needs a lock of its own. */
    void (*handle)(void *state, const struct kit_request *request, struct kit_answer *out);
};

/*
 * Serve on 127.0.0.1 (port 0: any free one), print "NAME ready PORT", and return on SIGTERM or
 * SIGINT. The value is main's to return. With --lan ADDRESS --certificate FILE --key FILE among the
 * arguments it speaks TLS there too, on the same port.
 */
int kit_serve(const struct sim_kit *kit, char **argv, int port);

/* Does the browser run on this machine? */
bool kit_is_local(const struct kit_request *request);

/* The value behind `name` ("--port"), or the fallback. */
const char *kit_argument(char **argv, const char *name, const char *fallback);
/* The same as a number; exits with a message when it is none. */
int kit_argument_int(char **argv, const char *name, int fallback);

const char *kit_header(const struct kit_request *request, const char *name);
const char *kit_cookie(const struct kit_request *request, const char *name);

/* The decoded value of the first pair of that name in a query or form; NULL when absent. */
const char *kit_form_value(struct arena *arena, const char *form, const char *name);

/* Percent-decoding with '+' for blanks, as forms have it. */
const char *kit_url_decoded(struct arena *arena, const char *text, size_t size);

void kit_answer_text(struct kit_answer *out, unsigned status, const char *content_type,
                     const char *text);
/* Text made harmless in HTML. */
void kit_html(struct buf *page, const char *text);

void kit_answer_json(struct kit_answer *out, unsigned status, const struct buf *json);

/* "on" sets, "off" clears, anything else (absent too) leaves it. */
void kit_switch(const char *value, bool *out);

#endif
