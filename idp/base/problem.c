/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/problem.h"

#include <string.h>

#include <stddef.h>

#include "idp/base/log.h"

#define PROBLEM(symbol, status, code, en, zh, advice)                                              \
    const struct problem problem_##symbol = {                                                      \
        #symbol, status, code, { [LANGUAGE_ZH_CN] = (zh), [LANGUAGE_EN] = (en) }, advice           \
    };
#include "idp/base/problem.def"
#undef PROBLEM

const struct problem *const all_problems[] = {
#define PROBLEM(symbol, ...) &problem_##symbol,
#include "idp/base/problem.def"
#undef PROBLEM
    NULL,
};

const struct problem *
problem_find(const char *symbol, size_t size)
{
    for (const struct problem *const *problem = all_problems; *problem != NULL; problem++)
        if (strlen((*problem)->symbol) == size && strncmp((*problem)->symbol, symbol, size) == 0)
            return *problem;
    return NULL;
}

const char *
problem_text(const struct problem *problem, enum language language)
{
    return problem->sentences[language];
}

const struct problem *
problem_of(enum err err)
{
    switch (err) {
    case OK:
        return NULL;
    case ERR_TOO_LARGE:
        return &problem_too_much;
    case ERR_FULL:
        return &problem_limit_reached;
    case ERR_BUSY:
    case ERR_UNAVAILABLE:
    case ERR_UNKNOWN:
        return &problem_try_again;
    default:
        log_line(LOG_ERROR, "internal", log_text("error", err_name(err)));
        return &problem_internal;
    }
}

_Bool
problem_is_temporary(const struct problem *problem)
{
    return problem->status == 503 || problem->status == 429;
}
