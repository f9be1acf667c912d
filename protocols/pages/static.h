/* SPDX-License-Identifier: Apache-2.0 */
/* The files of protocols/pages/: templates and their partials, and what browsers load beside a
 * page. */
#ifndef PROTOCOLS_PAGES_STATIC_H
#define PROTOCOLS_PAGES_STATIC_H

#include "idp/base/embedded.h"
#include "protocols/http/documents.h"

#define STATIC_URL_ROOM 80

extern const struct embedded_file page_files[];
extern const struct embedded_file page_partials[];

/* A file that browsers may keep for a year: another content has another address. */
struct static_file {
    const char *name; /* in page_files, and behind "/static/" */
    const char *content_type;
    const char *value;         /* of every template: the address */
    char url[STATIC_URL_ROOM]; /* "/static/name?v=hash" */
    const struct document *document;
};

/* All of them, ended by a NULL name. Made once per process. */
const struct static_file *static_files(void);

/* NULL when there is none of that name. */
const struct static_file *static_find(const char *name);

/* GET /static/NAME */
const struct problem *endpoint_static(struct request *rq);

#endif
