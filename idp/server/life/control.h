/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators' door: a unix socket of mode 0600 by which a command runs in the process that
 * serves, on its store and with its keys. It takes one call at a time, and only from the user it
 * runs as and from root. What travels: control_wire.h.
 */
#ifndef IDP_SERVER_LIFE_CONTROL_H
#define IDP_SERVER_LIFE_CONTROL_H

#include <sys/types.h>

#include "idp/base/bytes.h"
#include "idp/base/settings.h"
#include "idp/context/ctx.h"
#include "keys/seal.h"

#define CONTROL_WORDS_MAX 32
#define CONTROL_FILE_MAX ((size_t)4 << 20)

struct control_call {
    /* What was asked. */
    struct ctx *ctx; /* with a store and an arena of this call */
    const struct key32 *kek;
    uid_t uid;                      /* who asks, as the kernel says */
    char *words[CONTROL_WORDS_MAX]; /* the command line, without the program's name */
    size_t count;
    struct bytes file; /* what the word that names a file stands for; empty: none */
    const char *again; /* where the call before has ended; NULL: this is the first */

    /* What is answered. */
    struct bytes said;
    const char *goes_on;  /* it is to be asked again, from here; NULL: all is said */
    const char *why;      /* for standard error; NULL: nothing */
    const char *progress; /* the same, of one that goes on */
    int status;           /* the exit status */
};

/* Fills in the answer; it may leave the work early (idp/base/unwind.h). */
typedef void control_answer(struct control_call *call);

/*
 * Where the door is, by the settings: server.control_socket, or beside the SQLite file, since
 * nobody else can open that while the service runs. "": there is none; so too when the file's path
 * leaves no room for it in an address (107 bytes).
 */
const char *control_path(struct arena *arena, const struct settings *settings);

struct control_door;

/* *out is NULL when the settings have no door. What is given must outlive it. The reason of an
 * error is logged. */
must_check enum err control_start(struct services *services, const struct key32 *kek,
                                  control_answer *answer, struct control_door **out);

/* The call under way comes to its end. May be NULL. */
void control_stop(struct control_door *control);

#endif
