/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/prompts.h"

#include "idp/audit/audit.h"
#include "idp/person/attempts.h"

const struct problem *
prompt_take(struct ctx *ctx, const char *person_id, bool *first)
{
    bool allowed;
    enum err err = attempt_take(ctx, ATTEMPT_PROMPT, person_id, &allowed);

    *first = false;
    if (err != OK)
        return problem_of(err);
    if (allowed)
        return NULL;
    err = attempt_take(ctx, ATTEMPT_PROMPT_TOLD, person_id, first);
    if (err != OK)
        return problem_of(err);
    if (*first)
        audit_note(ctx, &(struct audit_record) { .event = AUDIT_PROMPT_BOMB,
                                                 .subject = subject_person(person_id),
                                                 .partner_id = ctx->partner_id });
    return &problem_prompts_too_many;
}

void
prompt_give_back(struct ctx *ctx, const char *person_id)
{
    attempts_give_back(ctx, &(struct attempt_line) { .kind = ATTEMPT_PROMPT, .subject = person_id },
                       1);
}
