/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many questions to allow something a person is asked at once, whoever asks and over which
 * channel: somebody who is asked again and again says yes in the end (attacks XD-20).
 */
#ifndef IDP_SESSION_PROMPTS_H
#define IDP_SESSION_PROMPTS_H

#include <stdbool.h>

#include "idp/base/problem.h"
#include "idp/context/ctx.h"

/*
 * Counts one before she is asked: limits.prompts within five minutes, of which those that she has allowed do
 * not count. problem_prompts_too_many: she is not to be asked. *first is true for the first of these
 * within the five minutes, which is audited: whoever has a way to tell her does it then. Not inside a
 * transaction.
 */
const struct problem *prompt_take(struct ctx *ctx, const char *person_id, bool *first);

/* The same for somebody whom we do not know, so that whoever asks does not learn it: of a number or a
 * name that `counted_as` stands for. Nothing is audited. */
const struct problem *prompt_take_of_nobody(struct ctx *ctx, const char *counted_as);

/* She has allowed it, or was not asked after all. What she refused goes on counting: else whoever asks
 * could do so for ever. */
void prompt_give_back(struct ctx *ctx, const char *person_id);

#endif
