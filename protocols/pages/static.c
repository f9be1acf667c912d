/* SPDX-License-Identifier: Apache-2.0 */
/* GET /static/NAME: what browsers load beside a page, each file prepared once. */
#include "protocols/pages/static.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/broken.h"
#include "idp/base/text.h"

#define A_YEAR "public, max-age=31536000, immutable"
#define FOLDER "/static/"

static struct static_file files[] = {
    { .name = "tongxing.css", .content_type = "text/css; charset=utf-8", .value = "css_url" },
    { .name = "staff.css", .content_type = "text/css; charset=utf-8", .value = "staff_css_url" },
    { .name = "wall.css", .content_type = "text/css; charset=utf-8", .value = "wall_css_url" },
    { .name = "form_post.js",
      .content_type = "text/javascript; charset=utf-8",
      .value = "form_post_url" },
    { .name = "page.js",
      .content_type = "text/javascript; charset=utf-8",
      .value = "page_script_url" },
    { .name = "check_session.js",
      .content_type = "text/javascript; charset=utf-8",
      .value = "check_session_url" },
    { 0 },
};

/* FNV-1a: tells versions apart, guards nothing. */
static uint64_t
content_hash(struct bytes content)
{
    uint64_t hash = 0xcbf29ce484222325U;

    for (size_t i = 0; i < content.size; i++)
        hash = (hash ^ content.at[i]) * 0x100000001b3U;
    return hash;
}

static struct bytes
content_load(const char *name)
{
    for (const struct embedded_file *file = page_files; file->name != NULL; file++) {
        if (text_eq(file->name, name))
            return bytes_of(file->at, (size_t)(file->end - file->at));
    }
    broken("every static file that is served was built in");
}

static void
files_load(void)
{
    for (struct static_file *file = files; file->name != NULL; file++) {
        struct bytes content = content_load(file->name);

        snprintf(file->url, sizeof(file->url), FOLDER "%s?v=%016" PRIx64, file->name,
                 content_hash(content));
        file->document = document_new(file->content_type, A_YEAR, false, content);
    }
}

const struct static_file *
static_files(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, files_load);
    return files;
}

const struct static_file *
static_find(const char *name)
{
    for (const struct static_file *file = static_files(); file->name != NULL; file++) {
        if (text_eq(file->name, name))
            return file;
    }
    return NULL;
}

const struct problem *
endpoint_static(struct request *rq)
{
    const struct static_file *file = static_find(rq->path + strlen(FOLDER));

    return file != NULL ? respond_document(rq, file->document) : &problem_not_found;
}
