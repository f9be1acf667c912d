/* SPDX-License-Identifier: Apache-2.0 */
/* The files of protocols/pages/files/: templates, and what browsers load beside a page. */
#ifndef PROTOCOLS_PAGES_STATIC_H
#define PROTOCOLS_PAGES_STATIC_H

#include "idp/base/embedded.h"
#include "protocols/http/documents.h"

extern const struct embedded_file page_files[];

/* A file that browsers may keep for a year: another content has another address. */
struct static_file {
    const char *url; /* "/static/name?v=hash" */
    const struct document *document;
};

/* Made once per process. */
const struct static_file *static_css(void);
const struct static_file *static_form_post(void);

/* GET /static/tongxing.css and GET /static/form_post.js */
const struct problem *endpoint_static_css(struct request *rq);
const struct problem *endpoint_static_form_post(struct request *rq);

#endif
