/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/documents.h"
#include "tests/protocols/http/kit.h"

static void
a_document_is_a_copy_with_a_number_of_its_own(void **state)
{
    char body[] = "body { }";
    const struct document *one =
        document_new("text/css", "public", false, bytes_of(body, sizeof(body) - 1));
    const struct document *two =
        document_new("text/css", "public", true, bytes_of(body, sizeof(body) - 1));

    (void)state;
    body[0] = 'x';
    assert_true(one->id != two->id);
    assert_memory_equal(one->body.at, "body { }", one->body.size);
    assert_string_equal(one->etag, two->etag);
    assert_false(one->open_to_scripts);
    assert_true(two->open_to_scripts);
}

static void
other_bytes_have_another_etag(void **state)
{
    const struct document *one = document_new("t", "c", false, bytes_of_text("1"));
    const struct document *two = document_new("t", "c", false, bytes_of_text("2"));

    (void)state;
    assert_string_not_equal(one->etag, two->etag);
}

static int
status_for(struct http_kit *kit, const struct document *document, const char *if_none_match)
{
    kit->rq.headers.if_none_match = if_none_match;
    assert_null(respond_document(&kit->rq, document));
    assert_ptr_equal(kit->rq.response.document, document);
    return kit->rq.response.status;
}

static void
who_has_it_already_is_told_so(void **state)
{
    struct http_kit *kit = *state;
    const struct document *document = document_new("t", "c", false, bytes_of_text("1"));

    assert_int_equal(status_for(kit, document, NULL), 200);
    assert_int_equal(status_for(kit, document, ""), 200);
    assert_int_equal(status_for(kit, document, "\"other\""), 200);
    assert_int_equal(status_for(kit, document, document->etag), 304);
    assert_int_equal(status_for(kit, document, "*"), 304);
    assert_int_equal(
        status_for(kit, document, arena_printf(kit->arena, "\"a\", W/%s ,", document->etag)), 304);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(a_document_is_a_copy_with_a_number_of_its_own),
        in_kit(other_bytes_have_another_etag),
        in_kit(who_has_it_already_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
