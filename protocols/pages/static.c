/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/pages/static.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "idp/base/broken.h"
#include "idp/base/text.h"

#define A_YEAR "public, max-age=31536000, immutable"
#define URL_ROOM 80

static struct {
    pthread_once_t once;
    struct static_file css;
    struct static_file form_post;
    char css_url[URL_ROOM];
    char form_post_url[URL_ROOM];
} files = { .once = PTHREAD_ONCE_INIT };

/* FNV-1a: tells versions apart, guards nothing. */
static uint64_t
content_hash(struct bytes content)
{
    uint64_t hash = 0xcbf29ce484222325U;

    for (size_t i = 0; i < content.size; i++)
        hash = (hash ^ content.at[i]) * 0x100000001b3U;
    return hash;
}

static struct static_file
file_load(const char *name, const char *content_type, char url[static URL_ROOM])
{
    for (const struct embedded_file *file = page_files; file->name != NULL; file++) {
        struct bytes content = bytes_of(file->at, (size_t)(file->end - file->at));

        if (!text_eq(file->name, name))
            continue;
        snprintf(url, URL_ROOM, "/static/%s?v=%016" PRIx64, name, content_hash(content));
        return (struct static_file) { url, document_new(content_type, A_YEAR, false, content) };
    }
    broken("every static file that is served was built in");
}

static void
files_load(void)
{
    files.css = file_load("tongxing.css", "text/css; charset=utf-8", files.css_url);
    files.form_post =
        file_load("form_post.js", "text/javascript; charset=utf-8", files.form_post_url);
}

const struct static_file *
static_css(void)
{
    pthread_once(&files.once, files_load);
    return &files.css;
}

const struct static_file *
static_form_post(void)
{
    pthread_once(&files.once, files_load);
    return &files.form_post;
}

const struct problem *
endpoint_static_css(struct request *rq)
{
    return respond_document(rq, static_css()->document);
}

const struct problem *
endpoint_static_form_post(struct request *rq)
{
    return respond_document(rq, static_form_post()->document);
}
