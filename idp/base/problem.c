/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/problem.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"

#define LABELS_BYTES 96

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

#define PROBLEMS (sizeof(all_problems) / sizeof(all_problems[0]) - 1)

const struct problem *
problem_find(const char *symbol, size_t size)
{
    for (const struct problem *const *problem = all_problems; *problem != NULL; problem++)
        if (strlen((*problem)->symbol) == size && strncmp((*problem)->symbol, symbol, size) == 0)
            return *problem;
    return NULL;
}

static unsigned series[PROBLEMS];

static void
series_name(void)
{
    char labels[LABELS_BYTES];

    for (size_t i = 0; i < PROBLEMS; i++) {
        snprintf(labels, sizeof(labels), "problem=\"%s\"", all_problems[i]->symbol);
        series[i] = metric_series(METRIC_PROBLEMS, labels);
    }
}

unsigned
problem_series(const struct problem *problem)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    size_t i = 0;

    pthread_once(&once, series_name);
    while (i + 1 < PROBLEMS && all_problems[i] != problem)
        i++;
    return series[i];
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
