/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of the staff pages, as a browser goes through them. */
#ifndef TESTS_PROTOCOLS_STAFF_LIST_KIT_H
#define TESTS_PROTOCOLS_STAFF_LIST_KIT_H

#include "tests/protocols/account/kit.h"

static inline bool
says(struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

/* Where the link of that id leads. */
static inline const char *
link_of(struct world *w, const char *id)
{
    const char *at = strstr(w->answer.body, arena_printf(w->arena, "id=\"%s\" href=\"", id));
    char *link;
    char *amp;

    assert_non_null(at);
    at = strstr(at, "href=\"") + 6;
    link = arena_copy(w->arena, at, strcspn(at, "\""));
    while ((amp = strstr(link, "&amp;")) != NULL)
        memmove(amp + 1, amp + 5, strlen(amp + 5) + 1);
    return link;
}

/* The sealed place in that link. */
static inline const char *
place_of_link(struct world *w, const char *id)
{
    const char *link = link_of(w, id);
    const char *at = strstr(link, "page=");

    assert_non_null(at);
    return arena_copy(w->arena, at + 5, strcspn(at + 5, "&"));
}

static inline struct journey
list_open(struct world *w, const char *page)
{
    struct journey j = { .w = w };

    world_open(w, page);
    assert_int_equal(w->answer.status, 200);
    journey_arrive(&j);
    return j;
}

#endif
