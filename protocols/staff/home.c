/* SPDX-License-Identifier: Apache-2.0 */
/* GET /staff: who sits at which counter, and where her work is. */
#include "policies/staff_rules.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/staff/staff_page.h"

/* In the order of a working day, with what the page's route does (protocols/routes.c). */
static const struct {
    const char *path;
    enum staff_verb verb;
    enum word word;
} places[] = {
    { "/staff/scan", STAFF_VERB_scan, WORD_staff_to_scan },
    { "/staff/find", STAFF_VERB_find, WORD_staff_to_find },
    { "/staff/register", STAFF_VERB_register, WORD_staff_to_register },
    { "/staff/approvals", STAFF_VERB_approve, WORD_staff_to_approvals },
    { "/staff/people", STAFF_VERB_enrol_staff, WORD_staff_to_people },
    { "/staff/counters", STAFF_VERB_manage_counters, WORD_staff_to_counters },
    { "/staff/settings", STAFF_VERB_see_settings, WORD_staff_to_settings },
    { "/staff/audit", STAFF_VERB_read_audit, WORD_staff_to_audit },
};

static void
places_tell(struct request *rq, struct page *page)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        struct page *row;

        if (!staff_may(rq->staff->staff.roles, places[i].verb))
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
    err = staff_page(rq, &flow, "staff_home", WORD_staff_title, "/staff", &page);
    if (err != OK)
        return problem_of(err);
    places_tell(rq, page);
    return flow_answer(rq, &flow, page, NULL);
}
