/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/pages/doors.h"

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

static bool
has_door(const struct partner *partner)
{
    return !text_is_empty(partner->profile.initiate_login_uri) ||
           !text_is_empty(partner->profile.client_uri);
}

struct door_list {
    struct named_door at[DOORS_MAX];
    size_t count;
};

/* By name; when there are more than fit, the last ones are left out. */
static void
door_insert(struct door_list *list, const struct named_door *door)
{
    size_t at = list->count;

    while (at > 0 && strcmp(door->name, list->at[at - 1].name) < 0)
        at--;
    if (at == DOORS_MAX)
        return;
    list->count += list->count < DOORS_MAX;
    memmove(&list->at[at + 1], &list->at[at], (list->count - at - 1) * sizeof(*door));
    list->at[at] = *door;
}

/* There may be thousands of partners, and whatever is not found shows this page: it takes neither
 * memory nor a sort of them all. */
void
page_doors(struct request *rq, struct page *page)
{
    const struct partner *const *all = registry_all(rq->ctx->services->registry);
    struct door_list doors = { .count = 0 };

    for (; *all != NULL; all++)
        if (has_door(*all))
            door_insert(&doors, &(struct named_door) { partner_name(*all, rq->language), *all });
    for (size_t i = 0; i < doors.count; i++) {
        struct page *row = page_row(page, "doors");

        page_text(row, "name", doors.at[i].name);
        page_text(row, "url", door_of(rq, doors.at[i].partner));
        page_text(row, "id", arena_printf(rq->arena, "door-%zu", i + 1));
    }
}
