/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions at terminals, where the next person stands behind this one: they end when she goes, when
 * nobody goes on for a while, when another begins, and with the terminal itself. Partners are told of
 * each end like of any other.
 */
#ifndef IDP_SESSION_TERMINAL_SESSION_H
#define IDP_SESSION_TERMINAL_SESSION_H

#include "idp/context/ctx.h"

/* Why they end; also words of the audit trail. */
#define TERMINAL_ENDED_IDLE "idle"
#define TERMINAL_ENDED_LEFT "terminal"
#define TERMINAL_ENDED_NEXT "next"
#define TERMINAL_ENDED_RETIRED "retired"

/* All that is open at a terminal; *ended of them, added. */
must_check enum err terminal_sessions_end(struct ctx *ctx, const char *terminal_id,
                                          const char *reason, int64_t *ended);

/* The same but the one that has just begun. */
must_check enum err terminal_sessions_end_but(struct ctx *ctx, const char *terminal_id,
                                              const char *but);

/* ERR_NOT_FOUND: there is none; ERR_CONFLICT: it is retired already, and what was open still ends. */
must_check enum err terminal_retire(struct ctx *ctx, const char *terminal_id, int64_t *ended);

/* One round of the job: ends those that nobody uses and those whose time is over. *again: there are
 * more. */
must_check enum err terminal_sessions_sweep(struct ctx *ctx, bool *again);

#endif
