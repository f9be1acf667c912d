/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/language.h"

#include <string.h>
#include <strings.h>

#include "idp/base/text.h"
#include "protocols/http/cookies.h"

#define RANGES_MAX 16

/* A tag's primary subtag decides: zh-Hant and zh are served zh-CN, en-GB is served en. */
static const char *
language_of_tag(const char *tag, size_t size)
{
    if (size < 2 || (size > 2 && tag[2] != '-'))
        return NULL;
    if (strncasecmp(tag, "zh", 2) == 0)
        return "zh-CN";
    return strncasecmp(tag, "en", 2) == 0 ? "en" : NULL;
}

static const char *
language_of_list(const char *list)
{
    const char *found = NULL;
    const char *word;
    size_t size;

    while (found == NULL && (word = text_next_word(&list, &size)) != NULL)
        found = language_of_tag(word, size);
    return found;
}

/* q=0.8 as thousandths; 1000 without one, 0 when it cannot be read. */
static int
range_weight(const char *range, size_t size)
{
    const char *q = memmem(range, size, "q=", 2);
    const char *end = range + size;
    int weight = 0;
    int scale = 1000;

    if (q == NULL)
        return 1000;
    for (q += 2; q < end && scale > 0; q++) {
        if (*q == '.')
            continue;
        if (*q < '0' || *q > '9')
            break;
        weight += (*q - '0') * scale;
        scale /= 10;
    }
    return weight;
}

static const char *
language_of_header(const char *header)
{
    const char *best = NULL;
    int best_weight = 0;

    for (int i = 0; i < RANGES_MAX && *header != '\0'; i++) {
        size_t size;
        const char *found;

        header += strspn(header, " \t,");
        size = strcspn(header, ",");
        found = language_of_tag(header, strcspn(header, " \t;,"));
        if (found != NULL && range_weight(header, size) > best_weight) {
            best = found;
            best_weight = range_weight(header, size);
        }
        header += size;
    }
    return best;
}

const char *
language_choose(struct request *rq)
{
    const char *locales = param(rq, "ui_locales");
    const char *cookie = rq->headers.cookie != NULL ? cookie_find(rq, "lang") : NULL;
    const char *found = NULL;

    if (locales != NULL)
        found = language_of_list(locales);
    if (found == NULL && cookie != NULL)
        found = language_of_tag(cookie, strlen(cookie));
    if (found == NULL && rq->headers.accept_language != NULL)
        found = language_of_header(rq->headers.accept_language);
    return found != NULL ? found : "zh-CN";
}
