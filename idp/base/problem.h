/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that a client can be told went wrong. The texts are fixed, so nothing of a request is ever
 * reflected; the list is problem.def. A function that may refuse returns a problem, NULL means
 * carry on.
 */
#ifndef IDP_BASE_PROBLEM_H
#define IDP_BASE_PROBLEM_H

#include <stddef.h>

#include "idp/base/err.h"
#include "idp/base/language.h"

struct problem {
    const char *symbol; /* stable name, shown to operators and used as the id of an error page */
    int status;         /* HTTP status */
    const char *code;   /* RFC error code of JSON and redirect answers */
    const char *sentences[LANGUAGE_COUNT]; /* the English one is also error_description */
    const char *advice; /* what to do about it, for those who read English documents */
};

#define PROBLEM(symbol, ...) extern const struct problem problem_##symbol;
#include "idp/base/problem.def"
#undef PROBLEM

/* Every problem, ended by NULL: for the generated reference and its test. */
extern const struct problem *const all_problems[];

/* The one of that symbol, which need not end behind `size`; NULL for a name that there is none of. */
const struct problem *problem_find(const char *symbol, size_t size);

/* The series of METRIC_PROBLEMS that counts it (metrics.h). */
unsigned problem_series(const struct problem *problem);

/* The public sentence. Static storage. */
const char *problem_text(const struct problem *problem, enum language language);

/* What an inner failure is called outside: temporarily_unavailable for BUSY, UNAVAILABLE and
 * UNKNOWN, else server_error. */
const struct problem *problem_of(enum err err);

/* True for the 503 that tells the client to try again (Retry-After is sent with it). */
_Bool problem_is_temporary(const struct problem *problem);

#endif
