/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/protocols/pages/kit.h"

static void
the_style_sheet_is_kept_by_browsers_and_named_by_its_content(void **state)
{
    struct fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    const struct document *document;

    assert_null(endpoint_static_css(rq));

    document = rq->response.document;
    assert_ptr_equal(document, static_css()->document);
    assert_string_equal(document->content_type, "text/css; charset=utf-8");
    assert_string_equal(document->cache_control, "public, max-age=31536000, immutable");
    assert_true(text_starts(static_css()->url, "/static/tongxing.css?v="));
    assert_int_equal(strlen(static_css()->url), strlen("/static/tongxing.css?v=") + 16);
}

static void
the_script_of_form_post_is_a_file_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);

    assert_null(endpoint_static_form_post(rq));

    assert_ptr_equal(rq->response.document, static_form_post()->document);
    assert_string_equal(rq->response.document->content_type, "text/javascript; charset=utf-8");
    assert_true(text_starts(static_form_post()->url, "/static/form_post.js?v="));
}

/* attacks AZ-32 */
static void
the_style_sheet_loads_nothing(void **state)
{
    const char *css = (const char *)static_css()->document->body.at;

    (void)state;
    assert_null(strstr(css, "url("));
    assert_null(strstr(css, "@import"));
    assert_null(strstr(css, "http"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_style_sheet_is_kept_by_browsers_and_named_by_its_content),
        cmocka_unit_test(the_script_of_form_post_is_a_file_of_its_own),
        cmocka_unit_test(the_style_sheet_loads_nothing),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
