/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the wire fuzzer is made of: a whole server in this process (wire_world.c), a client that
 * judges its answers (wire_client.c), and changes to requests (wire_mutate.c).
 *
 * An input is one or more requests as they go over the wire, with marks in it:
 *   {{next}}      the next request of the same connection begins here
 *   {{len}}       the size of this request's body
 *   {{cut}}       what stands before is sent first, and a little later the rest
 *   {{close}}     after all is sent, the client leaves without waiting
 *   {{NAME}}      a live value: a cookie, a sealed transaction, a code, a token (wire_world.c)
 * What stands between braces and is none of these is sent as it is.
 */
#ifndef TESTS_FUZZ_WIRE_H
#define TESTS_FUZZ_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"

/* --- The server (wire_world.c) --- */

/* First call: simulators, store, server. Each call: the same world again, with
 * live values that are fresh. */
void wire_renew(void);

/* The client's end of a new connection, which seems to come from an address made of `from`. */
int wire_connect(uint32_t from);

/* No request is with a worker, and the thread that reads from connections sleeps. */
bool wire_is_idle(void);

/* Ends server, store and simulators. */
void wire_end(void);

/* The value, of several the next; NULL when nothing is called so. */
const char *wire_live(const char *name, size_t size);

/* The name of live value number i, NULL behind the last. */
const char *wire_live_name(size_t i);

/* --- Marks (wire_text.c) --- */

#define WIRE_PIECES_MAX 16

struct wire_script {
    struct bytes pieces[WIRE_PIECES_MAX]; /* each sent at once */
    size_t count;
    bool closes;
};

struct wire_script wire_expand(struct arena *arena, struct bytes input);

/* --- The client (wire_client.c) --- */

/* Sends it and reads all answers; a finding ends the program with words. Closes fd. */
void wire_talk(int fd, const struct wire_script *script);

/* Figures of this run so far, on standard error. */
void wire_report(void);

#endif
