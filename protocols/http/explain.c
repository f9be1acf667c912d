/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/explain.h"

#include "idp/base/text.h"

/* clang-format off */
const struct explanation all_explanations[] = {
#define EXPLAIN(symbol, refusal, sentence) { &problem_##symbol, refusal, sentence },
#include "protocols/http/explain.def"
#undef EXPLAIN
    { NULL, NULL, NULL },
};
/* clang-format on */

const char *
explain_problem(const struct request *rq, const struct problem *problem)
{
    const char *refusal = rq->ctx->refusal != NULL ? rq->ctx->refusal : "";

    if (!rq->ctx->settings->errors.explain)
        return problem_text(problem, LANGUAGE_EN);
    for (const struct explanation *at = all_explanations; at->sentence != NULL; at++) {
        if (at->problem == problem && text_eq(at->refusal, refusal))
            return at->sentence;
    }
    return arena_printf(rq->arena, "%s Sandbox: %s", problem_text(problem, LANGUAGE_EN),
                        problem->advice);
}
