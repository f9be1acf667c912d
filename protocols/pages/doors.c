/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/pages/doors.h"

#include <stdlib.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"

static const char *
initiate_login(struct request *rq, const char *uri)
{
    struct buf link = buf_new(rq->arena, 256);

    buf_text(&link, uri);
    buf_text(&link, strchr(uri, '?') != NULL ? "&iss=" : "?iss=");
    buf_url(&link, rq->ctx->settings->server.issuer);
    return link.at;
}

const char *
door_of(struct request *rq, const struct partner *partner)
{
    const struct partner_profile *profile = &partner->profile;

    if (!text_is_empty(profile->initiate_login_uri))
        return initiate_login(rq, profile->initiate_login_uri);
    return text_is_empty(profile->client_uri) ? NULL : profile->client_uri;
}

/* Its start page. The address that takes the answers would call it a mistake to be visited. */
static const char *
site_of(struct request *rq, const char *uri)
{
    const char *host = strstr(uri, "://") + 3;

    return arena_printf(rq->arena, "%.*s/", (int)(host - uri + (ptrdiff_t)strcspn(host, "/?")),
                        uri);
}

const char *
door_back(struct request *rq, const struct partner *partner)
{
    const struct partner_profile *profile = &partner->profile;
    const char *door = door_of(rq, partner);

    if (door != NULL || profile->native || profile->redirect_uris.count == 0)
        return door;
    return site_of(rq, profile->redirect_uris.at[0]);
}

struct named_door {
    const char *name;
    const struct partner *partner;
};

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const struct named_door *)a)->name, ((const struct named_door *)b)->name);
}

static bool
has_door(const struct partner *partner)
{
    return !text_is_empty(partner->profile.initiate_login_uri) ||
           !text_is_empty(partner->profile.client_uri);
}

/* Those of `all` that have a door, into `out`, which has room for all. */
static size_t
doors_find(enum language language, const struct partner *const *all, struct named_door *out)
{
    size_t count = 0;

    for (; *all != NULL; all++)
        if (has_door(*all))
            out[count++] = (struct named_door) { partner_name(*all, language), *all };
    qsort(out, count, sizeof(*out), by_name);
    return count;
}

void
page_doors(struct request *rq, struct page *page)
{
    const struct partner *const *all = registry_all(rq->ctx->services->registry);
    struct named_door *doors;
    size_t count = 0;

    while (all[count] != NULL)
        count++;
    doors = arena_alloc(rq->arena, (count + 1) * sizeof(*doors));
    count = doors_find(rq->language, all, doors);
    for (size_t i = 0; i < count && i < DOORS_MAX; i++) {
        struct page *row = page_row(page, "doors");

        page_text(row, "name", doors[i].name);
        page_text(row, "url", door_of(rq, doors[i].partner));
        page_text(row, "id", arena_printf(rq->arena, "door-%zu", i + 1));
    }
}
