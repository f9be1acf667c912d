/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/prompts.h"

#include "idp/audit/audit.h"
#include "idp/person/attempts.h"

static const struct problem *
take(struct ctx *ctx, const char *counted_as, bool *first)
{
    bool allowed;
    enum err err = attempt_take(ctx, ATTEMPT_PROMPT, counted_as, &allowed);

    *first = false;
    if (err == OK && !allowed)
        err = attempt_take(ctx, ATTEMPT_PROMPT_TOLD, counted_as, first);
    if (err != OK)
        return problem_of(err);
    return allowed ? NULL : &problem_prompts_too_many;
}

const struct problem *
prompt_take(struct ctx *ctx, const char *person_id, bool *first)
{
    const struct problem *problem = take(ctx, person_id, first);

    if (*first)
        audit_note(ctx, &(struct audit_record) { .event = AUDIT_PROMPT_BOMB,
                                                 .subject = subject_person(person_id),
                                                 .partner_id = ctx->partner_id });
    return problem;
}

const struct problem *
prompt_take_of_nobody(struct ctx *ctx, const char *counted_as)
{
    bool first;

    return take(ctx, counted_as, &first);
}

void
prompt_give_back(struct ctx *ctx, const char *person_id)
{
    attempts_give_back(ctx, &(struct attempt_line) { .kind = ATTEMPT_PROMPT, .subject = person_id },
                       1);
}
