/* SPDX-License-Identifier: Apache-2.0 */
/* GET /staff: who sits at which counter, and where her work is. */
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/routes.h"
#include "protocols/staff/staff_page.h"

/* In the order of a working day. Who may see a page is what its route says. */
static const struct {
    const char *path;
    enum word word;
} places[] = {
    { "/staff/scan", WORD_staff_to_scan },         { "/staff/find", WORD_staff_to_find },
    { "/staff/register", WORD_staff_to_register }, { "/staff/approvals", WORD_staff_to_approvals },
    { "/staff/people", WORD_staff_to_people },     { "/staff/counters", WORD_staff_to_counters },
    { "/staff/settings", WORD_staff_to_settings }, { "/staff/audit", WORD_staff_to_audit },
};

static bool
may_go(struct request *rq, const char *path)
{
    const char *allow;
    const struct route *route = route_find(staff_routes, rq->arena, "GET", path, &allow);

    return route != NULL && staff_may(rq->staff->staff.roles, route_verb(route));
}

static void
places_tell(struct request *rq, struct page *page)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        struct page *row;

        if (!may_go(rq, places[i].path))
            continue;
        row = page_row(page, "places");
        page_text(row, "id", arena_printf(rq->arena, "to-%s", places[i].path + 7));
        page_text(row, "place_url", places[i].path);
        page_word(row, "name", places[i].word);
    }
}

const struct problem *
endpoint_staff_home(struct request *rq)
{
    struct flow flow;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, &flow);
    enum err err;

    if (problem != NULL)
        return problem;
    err = staff_page_seal(rq, &flow);
    if (err == OK)
        err = staff_page(rq, &flow, "staff_home", WORD_staff_title, "/staff", &page);
    if (err != OK)
        return problem_of(err);
    places_tell(rq, page);
    return flow_answer(rq, &flow, page, NULL);
}
