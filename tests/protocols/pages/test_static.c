/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protocols/routes.h"
#include "tests/protocols/pages/kit.h"

static void
each_file_is_kept_by_browsers_and_named_by_its_content(void **state)
{
    struct page_fixture *f = *state;

    for (const struct static_file *file = static_files(); file->name != NULL; file++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);
        const char *address;

        rq->path = arena_printf(rq->arena, "/static/%s", file->name);
        assert_null(endpoint_static(rq));
        assert_ptr_equal(rq->response.document, file->document);
        assert_string_equal(file->document->content_type, file->content_type);
        assert_string_equal(file->document->cache_control, "public, max-age=31536000, immutable");
        address = arena_printf(rq->arena, "%s?v=", rq->path);
        assert_true(text_starts(file->url, address));
        assert_int_equal(strlen(file->url), strlen(address) + 16);
    }
}

static void
each_file_has_a_route(void **state)
{
    struct page_fixture *f = *state;

    for (const struct static_file *file = static_files(); file->name != NULL; file++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);
        const char *path = arena_printf(rq->arena, "/static/%s", file->name);
        const struct route *table = text_eq(file->name, "wall.css")    ? admin_routes
                                    : text_eq(file->name, "staff.css") ? staff_routes
                                                                       : public_routes;
        const char *allow;
        const struct route *route = route_find(table, rq->arena, "GET", path, &allow);

        assert_true(route != NULL && route->endpoint == endpoint_static);
    }
}

/* A template is built in beside them and is no answer. */
static void
what_is_not_in_the_table_is_not_served(void **state)
{
    static const char *const paths[] = { "/static/layout.html", "/static/", "/static/tongxing.cs",
                                         "/static/tongxing.css/" };
    struct page_fixture *f = *state;

    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);

        rq->path = paths[i];
        assert_ptr_equal(endpoint_static(rq), &problem_not_found);
        assert_null(rq->response.document);
    }
}

/* attacks AZ-32 */
static void
the_style_sheet_loads_nothing(void **state)
{
    static const char *const sheets[] = { "tongxing.css", "staff.css", "wall.css" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const char *css = (const char *)static_find(sheets[i])->document->body.at;

        assert_null(strstr(css, "url("));
        assert_null(strstr(css, "@import"));
        assert_null(strstr(css, "http"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_is_kept_by_browsers_and_named_by_its_content),
        cmocka_unit_test(each_file_has_a_route),
        cmocka_unit_test(what_is_not_in_the_table_is_not_served),
        cmocka_unit_test(the_style_sheet_loads_nothing),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
