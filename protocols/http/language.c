/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/language.h"

#include <string.h>

#include "idp/base/text.h"
#include "protocols/http/cookies.h"

#define RANGES_MAX 16

static bool
language_of_list(const char *list, enum language *out)
{
    const char *word;
    size_t size;

    while ((word = text_next_word(&list, &size)) != NULL) {
        if (language_of_tag(word, size, out))
            return true;
    }
    return false;
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

static bool
language_of_header(const char *header, enum language *out)
{
    int best_weight = 0;

    for (int i = 0; i < RANGES_MAX && *header != '\0'; i++) {
        enum language found;
        size_t size;
        int weight;

        header += strspn(header, " \t,");
        size = strcspn(header, ",");
        weight = range_weight(header, size);
        if (weight > best_weight && language_of_tag(header, strcspn(header, " \t;,"), &found)) {
            *out = found;
            best_weight = weight;
        }
        header += size;
    }
    return best_weight > 0;
}

enum language
language_choose(struct request *rq)
{
    const char *locales = param(rq, "ui_locales");
    const char *cookie = rq->headers.cookie != NULL ? cookie_find(rq, "lang") : NULL;
    const char *header = rq->headers.accept_language;
    enum language found;

    if (locales != NULL && language_of_list(locales, &found))
        return found;
    if (cookie != NULL && language_of_tag(cookie, strlen(cookie), &found))
        return found;
    if (header != NULL && language_of_header(header, &found))
        return found;
    return LANGUAGE_ZH_CN;
}

const char *
language_carried(struct request *rq)
{
    if (param(rq, "ui_locales") == NULL)
        return "";
    return arena_printf(rq->arena, "&ui_locales=%s", languages[rq->language].tag);
}
