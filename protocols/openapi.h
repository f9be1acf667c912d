/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What partners call, as an OpenAPI 3.1 document: addresses, parameters with their bounds, guards and
 * refusals come from the tables of routes, fields and problems; what each endpoint answers and refuses
 * by itself stands in openapi.def.
 */
#ifndef PROTOCOLS_OPENAPI_H
#define PROTOCOLS_OPENAPI_H

#include "idp/base/buf.h"
#include "idp/base/problem.h"

/* One answer that is no refusal. */
struct told_answer {
    int status; /* 0 ends a list */
    const char *what;
    const char *media;  /* NULL: no body */
    const char *schema; /* of the components; NULL: text */
};

#define TOLD_MAX 4
#define REFUSALS_MAX 80

struct operation {
    const char *method;
    const char *path;
    const char *name;
    const char *summary;
    const char *read_on;  /* the specification */
    const char *required; /* parameters that must be there; of a JSON body, all its members */
    struct told_answer told[TOLD_MAX];
    const struct problem *refusals[REFUSALS_MAX];   /* besides those of guards and fields */
    const struct problem *redirected[REFUSALS_MAX]; /* told to the partner in the redirect */
};

/* Ended by a NULL method. */
extern const struct operation operations[];

void openapi_write(struct buf *out);

#endif
