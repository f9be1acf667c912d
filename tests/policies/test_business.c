/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "policies/business.h"

#define PENSION                                                                                    \
    "{\"code\":\"pension.query\",\"name\":\"养老金查询\",\"scope\":\"openid realname\","      \
    "\"roles\":[\"counter\",\"supervisor\"]}"
#define OTHER(member)                                                                              \
    "{\"code\":\"a\",\"name\":\"甲\",\"scope\":\"openid\",\"roles\":[\"counter\"]," member "}"
#define LONG_CODE "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char *
complaint_of(struct arena *arena, const char *json, struct business_list *out)
{
    const char *complaint = business_list_read(arena, json_read(arena, bytes_of_text(json)), out);

    return complaint != NULL ? complaint : "";
}

static void
what_a_partner_says_of_a_business_is_read(void **state)
{
    struct business_list list;
    const struct business *business;

    assert_string_equal(complaint_of(*state, "[" PENSION "," OTHER("\"second\":true") "]", &list),
                        "");
    assert_int_equal(list.count, 2);
    business = business_find(&list, "pension.query");
    assert_non_null(business);
    assert_string_equal(business->name_zh, "养老金查询");
    assert_string_equal(business->name_en, "养老金查询");
    assert_string_equal(business->scope, "openid realname");
    assert_string_equal(business->roles, "counter supervisor");
    assert_false(business->second);
    assert_true(business_find(&list, "a")->second);
    assert_null(business_find(&list, "b"));
    assert_null(business_find(&list, NULL));
}

static void
what_is_written_reads_back_the_same(void **state)
{
    struct business_list list;
    struct buf once = buf_new(*state, 256);
    struct buf twice = buf_new(*state, 256);
    struct buf none = buf_new(*state, 16);

    assert_string_equal(
        complaint_of(*state, "[" OTHER("\"name#en\":\"A\",\"second\":true") "," PENSION "]", &list),
        "");
    emit_object(&once, NULL);
    business_list_write(&once, "b", &list);
    emit_object_end(&once);
    assert_null(business_list_read(*state, json_object_get(json_read(*state, buf_view(&once)), "b"),
                                   &list));
    emit_object(&twice, NULL);
    business_list_write(&twice, "b", &list);
    emit_object_end(&twice);
    assert_string_equal(once.at, twice.at);
    list.count = 0;
    business_list_write(&none, "b", &list);
    assert_int_equal(none.size, 0);
}

static void
what_would_do_nothing_is_refused_by_name(void **state)
{
    static const struct {
        const char *json;
        const char *start;
    } bad[] = {
        { "{}", "must be an array" },
        { "[]", "must be an array" },
        { "[1]", "entry 1: code must be" },
        { "[" PENSION "," PENSION "]", "entry 2: code pension.query stands twice" },
        { "[" OTHER("\"colour\":1") "]", "entry 1: colour: there is no such member" },
        { "[{\"code\":\"A\"}]", "entry 1: code must be" },
        { "[{\"code\":\"\"}]", "entry 1: code must be" },
        { "[{\"code\":\"" LONG_CODE "\"}]", "entry 1: code must be" },
        { "[{\"code\":\"a\"}]", "entry 1: name must be" },
        { "[{\"code\":\"a\",\"name\":\"\"}]", "entry 1: name must be" },
        { "[{\"code\":\"a\",\"name\":\"a\\nb\"}]", "entry 1: name must be" },
        { "[{\"code\":\"a\",\"name\":\"x\",\"name#en\":1}]", "entry 1: name#en must be" },
        { "[{\"code\":\"a\",\"name\":\"x\"}]", "entry 1: scope must be words" },
        { "[{\"code\":\"a\",\"name\":\"x\",\"scope\":\"everything\"}]", "entry 1: scope must be" },
        { "[{\"code\":\"a\",\"name\":\"x\",\"scope\":\"phone\"}]",
          "entry 1: scope must have openid" },
        { "[{\"code\":\"a\",\"name\":\"x\",\"scope\":\"openid offline_access\"}]",
          "entry 1: scope must have none of" },
        { "[{\"code\":\"a\",\"name\":\"x\",\"scope\":\"openid\"}]", "entry 1: roles must be" },
        { "[{\"code\":\"a\",\"name\":\"x\",\"scope\":\"openid\",\"roles\":[]}]",
          "entry 1: roles must be" },
        { "[{\"code\":\"a\",\"name\":\"x\",\"scope\":\"openid\",\"roles\":[\"king\"]}]",
          "entry 1: roles must be" },
        { "[{\"code\":\"a\",\"name\":\"x\",\"scope\":\"openid\",\"roles\":[\"audit_admin\"]}]",
          "entry 1: roles must be" },
        { "[" OTHER("\"second\":1") "]", "entry 1: second must be" },
    };
    struct business_list list;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *complaint = complaint_of(*state, bad[i].json, &list);

        if (!text_starts(complaint, bad[i].start))
            assert_string_equal(complaint, bad[i].start);
    }
}

static void
there_may_be_sixty_four_and_no_more(void **state)
{
    struct business_list list;
    struct buf json = buf_new(*state, 8192);

    buf_char(&json, '[');
    for (int i = 0; i < BUSINESSES_MAX + 1; i++) {
        buf_text(&json, arena_printf(*state,
                                     "%s{\"code\":\"b%d\",\"name\":\"x\",\"scope\":\"openid\","
                                     "\"roles\":[\"counter\"]}",
                                     i > 0 ? "," : "", i));
        if (i == BUSINESSES_MAX - 1)
            assert_string_equal(complaint_of(*state, arena_printf(*state, "%s]", json.at), &list),
                                "");
    }
    buf_char(&json, ']');
    assert_string_equal(complaint_of(*state, json.at, &list), "has more than 64 entries");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(what_a_partner_says_of_a_business_is_read),
        WITH_ARENA(what_is_written_reads_back_the_same),
        WITH_ARENA(what_would_do_nothing_is_refused_by_name),
        WITH_ARENA(there_may_be_sixty_four_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
