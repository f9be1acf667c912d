/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Self-service terminals: kiosks of a partner of channel terminal (docs/adr/0043). An operator
 * announces one; whoever sets it up types a code of one day, once, and the terminal shows a key of its
 * own; from then on it says by that key who it is, in its partner's name.
 */
#ifndef IDP_PARTNER_TERMINAL_H
#define IDP_PARTNER_TERMINAL_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/partner/setup_code.h"
#include "idp/tables/terminal.h"

#define TERMINAL_CHANNEL "terminal"

/*
 * ERR_NOT_FOUND: no such partner; ERR_REFUSED: its channel is another; ERR_INVALID: place or agency is
 * empty, too long, or has a control character.
 */
must_check enum err terminal_add(struct ctx *ctx, const struct stored_terminal *wanted,
                                 struct setup_code *out);

/* A code in place of the one before: the key that the terminal has goes on until another is enrolled.
 * ERR_NOT_FOUND when it is retired or there is none. */
must_check enum err terminal_code_renew(struct ctx *ctx, const char *terminal_id,
                                        struct setup_code *out);

/* What a terminal sends that is set up. */
struct terminal_enrolment {
    const char *code;      /* as typed; NULL: none */
    const char *jwk;       /* NULL: none */
    const char *proof_key; /* thumbprint of the DPoP proof's; NULL: no proof */
};

/*
 * The code is used up, and the key is the terminal's. problem_terminal_code_invalid also for a retired
 * one; problem_terminal_guesses_full when too many wrong ones came from this network.
 */
const struct problem *terminal_enrol(struct ctx *ctx, const struct terminal_enrolment *enrolment,
                                     struct stored_terminal *out);

/* One that is enrolled, of that partner. ERR_NOT_FOUND for all others, and for those of a partner that
 * had the same id before (ADR 0013). */
must_check enum err terminal_find(struct ctx *ctx, const struct partner *partner,
                                  const char *terminal_id, struct stored_terminal *out);

/* For a page that says where somebody is about to be logged in. Also of one that is retired. */
must_check enum err terminal_describe(struct ctx *ctx, const char *terminal_id, const char **place,
                                      const char **agency);

const char *terminal_state_name(enum terminal_state state);

#endif
