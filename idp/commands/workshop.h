/* SPDX-License-Identifier: Apache-2.0 */
/* What a command works on, opened as far as it needs it, and closed in one place. */
#ifndef IDP_COMMANDS_WORKSHOP_H
#define IDP_COMMANDS_WORKSHOP_H

#include <sys/types.h>

#include "idp/context/ctx.h"
#include "keys/seal.h"

/* Each needs all before it. */
enum need {
    NEED_NOTHING,
    NEED_SETTINGS, /* the configuration file, read and checked */
    NEED_STORE,    /* whatever its schema; on SQLite nobody else may have it open */
    NEED_SCHEMA,   /* the store with the schema of this program */
    NEED_KEYS      /* key-encryption key, key ring and registry of partners */
};

struct workshop {
    const struct settings *settings; /* NULL: not read */
    struct services *services;
    struct store *store; /* NULL: not open */
    struct ctx ctx;
    struct key32 kek;

    enum need opened;
    struct settings own_settings;
    struct services own_services;
};

/*
 * `out` is zeroed or has been opened in part, stays where it is, and is closed with
 * workshop_close() whatever comes back: NULL, or a sentence that says what is missing. What is read
 * lives in the arena.
 */
const char *workshop_open(struct arena *arena, const char *config, enum need need,
                          struct workshop *out);

/* The workshop of a process that serves: all of it is open already, and stays so. */
void workshop_borrow(struct workshop *out, const struct ctx *ctx, const struct key32 *kek);

/* The audit trail says which user of the machine it was, where it has an address otherwise. */
void workshop_operator(struct workshop *shop, uid_t uid);

/* Also of one that was opened in part. Takes void, for hold_begin(). */
void workshop_close(void *workshop);

#endif
