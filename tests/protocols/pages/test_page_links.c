/* SPDX-License-Identifier: Apache-2.0 */
/* Where pages lead to, under an issuer with a path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protocols/routes.h"
#include "tests/protocols/pages/kit.h"

#define BASE "/auth"

/* What the attribute says, cut at the query; NULL when there is no further one. */
static const char *
attribute_next(struct arena *arena, const char **at, const char *attribute)
{
    const char *found = strstr(*at, attribute);

    if (found == NULL)
        return NULL;
    found += strlen(attribute);
    *at = found;
    return arena_copy(arena, found, strcspn(found, "?\""));
}

/* Of one of the two listeners that have pages. */
static bool
is_route(struct request *rq, const char *method, const char *path)
{
    const char *allow;

    return route_find(public_routes, rq->arena, method, path, &allow) != NULL ||
           route_find(staff_routes, rq->arena, method, path, &allow) != NULL;
}

/* Every path of ours stands under the base and is a route of that method. Returns how many. */
static size_t
links_check(struct request *rq, const char *attribute, const char *method)
{
    const char *at = body_of(rq);
    const char *link;
    size_t count = 0;

    while ((link = attribute_next(rq->arena, &at, attribute)) != NULL) {
        if (*link != '/')
            continue;
        if (!text_starts(link, BASE "/") || !is_route(rq, method, link + strlen(BASE)))
            fail_msg("%s%s", attribute, link);
        count++;
    }
    return count;
}

static void
s9_every_link_and_action_of_every_page_is_under_the_issuers_path(void **state)
{
    struct page_fixture *f = *state;

    f->settings.server.issuer_path = BASE;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);
        struct page *page = sample_page(rq, &samples[i], NULL);

        if (text_eq(samples[i].template, "live"))
            continue; /* on the admin listener: tests/protocols/admin/test_live.c */
        page_answer(rq, 200, page);
        assert_true(links_check(rq, " href=\"", "GET") >= 2); /* style sheet, language */
        links_check(rq, " src=\"", "GET");
        links_check(rq, " action=\"", "POST");
        assert_null(strstr(body_of(rq), BASE BASE));
    }
    f->settings.server.issuer_path = "";
}

static void
s9_what_leads_elsewhere_stays_as_it_is(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    struct page *page = page_new(rq, "signed_out", WORD_signed_out_title);

    f->settings.server.issuer_path = BASE;
    page_text(page, "return_url", "https://hall.example/bye");
    page_answer(rq, 200, page);
    assert_non_null(strstr(body_of(rq), "href=\"https://hall.example/bye\""));
    rq = fixture_request(f, LANGUAGE_EN);
    page = page_new(rq, "signed_out", WORD_signed_out_title);
    page_text(page, "return_url", "//hall.example/bye");
    page_answer(rq, 200, page);
    assert_non_null(strstr(body_of(rq), "id=\"return\" href=\"#\""));
    f->settings.server.issuer_path = "";
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(s9_every_link_and_action_of_every_page_is_under_the_issuers_path),
        cmocka_unit_test(s9_what_leads_elsewhere_stays_as_it_is),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
