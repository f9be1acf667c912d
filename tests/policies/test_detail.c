/* SPDX-License-Identifier: Apache-2.0 */
/* Wishes for parts of what there is to tell: a table of them over one tree. */
#include "tests/policies/kit.h"

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "policies/detail.h"

#define NOW 1000

/*
 * {"verification":{"trust_framework":"f","level":"l2","time":1970-01-01T00:10:00Z,
 *   "evidence":[{"type":"record","check":[{"method":"a","id":"1"},{"method":"b","id":"2"}]}]},
 *  "claims":{"name":"n","number":"7"}}; number is told by name only.
 */
static struct detail *
tree(struct arena *arena)
{
    struct detail *root = detail_new(arena, DETAIL_OBJECT, NULL);
    struct detail *verification = detail_add(arena, root, DETAIL_OBJECT, "verification");
    struct detail *claims = detail_add(arena, root, DETAIL_OBJECT, "claims");
    struct detail *evidence;
    struct detail *checks;

    verification->flags = DETAIL_BRIEF;
    detail_add_text(arena, verification, "trust_framework", "f");
    verification->last->flags = DETAIL_ALWAYS;
    detail_add_text(arena, verification, "level", "l2");
    detail_add_text(arena, verification, "nothing", "");
    detail_add_time(arena, verification, "time", 600);
    evidence = detail_add(arena, verification, DETAIL_LIST, "evidence");
    evidence = detail_add(arena, evidence, DETAIL_OBJECT, NULL);
    detail_add_text(arena, evidence, "type", "record");
    evidence->last->flags = DETAIL_ALWAYS;
    checks = detail_add(arena, evidence, DETAIL_LIST, "check");
    for (int i = 0; i < 2; i++) {
        struct detail *check = detail_add(arena, checks, DETAIL_OBJECT, NULL);

        detail_add_text(arena, check, "method", i == 0 ? "a" : "b");
        check->last->flags = DETAIL_ALWAYS;
        detail_add_text(arena, check, "id", i == 0 ? "1" : "2");
    }
    claims->flags = DETAIL_ALWAYS | DETAIL_SINGLY;
    detail_add_text(arena, claims, "name", "n");
    detail_add_text(arena, claims, "number", "7");
    claims->last->flags = DETAIL_BY_NAME;
    return root;
}

#define CHECK_A "{\"method\":\"a\",\"id\":\"1\"}"
#define CHECK_B "{\"method\":\"b\",\"id\":\"2\"}"
#define TOLD(verification, claims) "{\"verification\":{" verification "},\"claims\":{" claims "}}"
#define EVERYTHING                                                                                 \
    TOLD("\"trust_framework\":\"f\",\"level\":\"l2\",\"time\":\"1970-01-01T00:10:00Z\","           \
         "\"evidence\":[{\"type\":\"record\",\"check\":[" CHECK_A "," CHECK_B "]}]",               \
         "\"name\":\"n\"")
#define FRAMEWORK "\"trust_framework\":\"f\""
#define NAME "\"name\":\"n\""

static const struct {
    const char *wish;
    const char *told; /* NULL: does not fit */
} cases[] = {
    { "{}", TOLD(FRAMEWORK, NAME) },
    { "{\"claims\":{\"name\":null}}", TOLD(FRAMEWORK, NAME) },
    { "{\"claims\":null,\"verification\":null}", EVERYTHING },
    { "{\"claims\":{\"number\":null}}", TOLD(FRAMEWORK, "\"number\":\"7\"") },
    { "{\"claims\":{\"number\":{},\"name\":{\"essential\":true}}}",
      TOLD(FRAMEWORK, NAME ",\"number\":\"7\"") },
    /* Of claims one that is another is left out, and so is one that we do not have. */
    { "{\"claims\":{\"name\":{\"value\":\"n\"}}}", TOLD(FRAMEWORK, NAME) },
    { "{\"claims\":{\"name\":{\"value\":\"m\"}}}", TOLD(FRAMEWORK, "") },
    { "{\"claims\":{\"name\":{\"value\":7}}}", TOLD(FRAMEWORK, "") },
    { "{\"claims\":{\"name\":{\"values\":[\"m\",\"n\"]},\"number\":{\"values\":[]}}}",
      TOLD(FRAMEWORK, NAME) },
    { "{\"claims\":{\"name\":{\"value\":\"n\",\"values\":[\"m\"]}}}", TOLD(FRAMEWORK, "") },
    { "{\"claims\":{\"other\":{\"value\":\"x\"},\"name\":null}}", TOLD(FRAMEWORK, NAME) },
    { "{\"claims\":{\"name\":\"n\"}}", TOLD(FRAMEWORK, "") },
    /* Of the verification nothing is told at all. */
    { "{\"verification\":{\"trust_framework\":{\"value\":\"f\"}}}", TOLD(FRAMEWORK, NAME) },
    { "{\"verification\":{\"trust_framework\":{\"value\":\"g\"}}}", NULL },
    { "{\"verification\":{\"trust_framework\":{\"values\":[\"g\",\"h\"]}}}", NULL },
    { "{\"verification\":{\"trust_framework\":null,\"level\":null}}",
      TOLD(FRAMEWORK ",\"level\":\"l2\"", NAME) },
    { "{\"verification\":{\"level\":{\"value\":\"l3\"}}}", NULL },
    { "{\"verification\":{\"level\":{\"values\":[\"l2\",\"l3\"]}}}",
      TOLD(FRAMEWORK ",\"level\":\"l2\"", NAME) },
    { "{\"verification\":{\"time\":{\"max_age\":400}}}",
      TOLD(FRAMEWORK ",\"time\":\"1970-01-01T00:10:00Z\"", NAME) },
    { "{\"verification\":{\"time\":{\"max_age\":400.5,\"essential\":true}}}",
      TOLD(FRAMEWORK ",\"time\":\"1970-01-01T00:10:00Z\"", NAME) },
    { "{\"verification\":{\"time\":{\"max_age\":399}}}", NULL },
    { "{\"verification\":{\"time\":{\"max_age\":-1}}}", NULL },
    { "{\"verification\":{\"time\":{\"max_age\":\"400\"}}}", NULL },
    { "{\"verification\":{\"time\":{\"value\":\"1970-01-01T00:10:00Z\"}}}",
      TOLD(FRAMEWORK ",\"time\":\"1970-01-01T00:10:00Z\"", NAME) },
    { "{\"verification\":{\"level\":true}}", NULL },
    { "{\"verification\":[]}", NULL },
    /* What we do not have is passed over, unless something depends on it. */
    { "{\"verification\":{\"nothing\":null,\"more\":{\"deep\":[{\"x\":null}]}}}",
      TOLD(FRAMEWORK, NAME) },
    { "{\"verification\":{\"nothing\":{\"value\":\"\"}}}", NULL },
    { "{\"verification\":{\"more\":{\"deep\":[{\"x\":{\"value\":\"y\"}}]}}}", NULL },
    { "{\"verification\":{\"more\":{\"max_age\":1}}}", NULL },
    /* Wishes for a list: one of them is enough. */
    { "{\"verification\":{\"evidence\":null}}",
      TOLD(FRAMEWORK ",\"evidence\":[{\"type\":\"record\",\"check\":[" CHECK_A "," CHECK_B "]}]",
           NAME) },
    { "{\"verification\":{\"evidence\":[{\"type\":{\"value\":\"record\"}}]}}",
      TOLD(FRAMEWORK ",\"evidence\":[{\"type\":\"record\"}]", NAME) },
    { "{\"verification\":{\"evidence\":[{\"type\":{\"value\":\"document\"}}]}}", NULL },
    { "{\"verification\":{\"evidence\":[{\"type\":{\"value\":\"document\"}},"
      "{\"type\":{\"value\":\"record\"}}]}}",
      TOLD(FRAMEWORK ",\"evidence\":[{\"type\":\"record\"}]", NAME) },
    { "{\"verification\":{\"evidence\":[]}}", NULL },
    { "{\"verification\":{\"evidence\":{\"type\":null}}}",
      TOLD(FRAMEWORK ",\"evidence\":[{\"type\":\"record\"}]", NAME) },
    { "{\"verification\":{\"evidence\":[{\"check\":[{\"method\":{\"value\":\"b\"}}]}]}}",
      TOLD(FRAMEWORK ",\"evidence\":[{\"type\":\"record\",\"check\":[{\"method\":\"b\"}]}]",
           NAME) },
    { "{\"verification\":{\"evidence\":[{\"check\":[{\"id\":null}]}]}}",
      TOLD(FRAMEWORK ",\"evidence\":[{\"type\":\"record\",\"check\":[" CHECK_A "," CHECK_B "]}]",
           NAME) },
    { "{\"verification\":{\"evidence\":[{\"check\":[{\"method\":{\"value\":\"c\"}}]}]}}", NULL },
    { "{\"verification\":{\"evidence\":[{\"check\":[null]}]}}",
      TOLD(FRAMEWORK ",\"evidence\":[{\"type\":\"record\",\"check\":[" CHECK_A "," CHECK_B "]}]",
           NAME) },
};

static void
s24_a_wish_is_answered_with_what_it_names_or_not_at_all(void **state)
{
    const struct detail *all = tree(*state);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const json_t *wish = json_read(*state, bytes_of_text(cases[i].wish));
        struct buf out = buf_new(*state, 512);

        assert_non_null(wish);
        if (detail_fits(all, wish, NOW) != (cases[i].told != NULL))
            fail_msg("%s", cases[i].wish);
        if (cases[i].told == NULL)
            continue;
        detail_emit(all, wish, NOW, &out);
        assert_string_equal(out.at, cases[i].told);
    }
}

static void
without_a_wish_everything_is_told_but_what_is_told_by_name(void **state)
{
    struct buf out = buf_new(*state, 512);

    assert_true(detail_fits(tree(*state), NULL, NOW));
    detail_emit(tree(*state), NULL, NOW, &out);
    assert_string_equal(out.at, EVERYTHING);
}

static void
a_truth_is_compared_as_one(void **state)
{
    static const struct {
        const char *wish;
        bool fits;
    } truths[] = {
        { "{\"value\":true}", true },      { "{\"value\":false}", false },
        { "{\"value\":\"true\"}", false }, { "{\"values\":[false,true]}", true },
        { "{\"essential\":true}", true },
    };
    struct detail *yes = detail_new(*state, DETAIL_BOOL, "verified");
    struct buf out = buf_new(*state, 32);

    yes->yes = true;
    for (size_t i = 0; i < COUNT_OF(truths); i++)
        assert_int_equal(detail_fits(yes, json_read(*state, bytes_of_text(truths[i].wish)), NOW),
                         truths[i].fits);
    emit_object(&out, NULL);
    detail_emit(yes, NULL, NOW, &out);
    emit_object_end(&out);
    assert_string_equal(out.at, "{\"verified\":true}");
}

static void
a_number_is_compared_as_one(void **state)
{
    static const struct {
        const char *wish;
        bool fits;
    } numbers[] = {
        { "{\"value\":2}", true },        { "{\"value\":1}", false },
        { "{\"value\":\"2\"}", false },   { "{\"value\":2.0}", false },
        { "{\"values\":[1,2]}", true },   { "{\"values\":[true,\"2\"]}", false },
        { "{\"essential\":true}", true },
    };
    struct detail *object = detail_new(*state, DETAIL_OBJECT, NULL);
    struct buf out = buf_new(*state, 32);

    detail_add_number(*state, object, "level", 2);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        assert_int_equal(
            detail_fits(object->last, json_read(*state, bytes_of_text(numbers[i].wish)), NOW),
            numbers[i].fits);
    detail_emit(object, NULL, NOW, &out);
    assert_string_equal(out.at, "{\"level\":2}");
}

static void
an_object_is_no_value(void **state)
{
    const struct detail *all = tree(*state);
    static const struct {
        const char *wish;
        bool fits;
    } wishes[] = { { "{\"essential\":true}", true },
                   { "{\"value\":\"n\"}", false },
                   { "{\"values\":[\"n\"]}", false } };

    for (size_t i = 0; i < COUNT_OF(wishes); i++)
        assert_int_equal(detail_fits(all, json_read(*state, bytes_of_text(wishes[i].wish)), NOW),
                         wishes[i].fits);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(s24_a_wish_is_answered_with_what_it_names_or_not_at_all),
        WITH_ARENA(without_a_wish_everything_is_told_but_what_is_told_by_name),
        WITH_ARENA(a_truth_is_compared_as_one),
        WITH_ARENA(a_number_is_compared_as_one),
        WITH_ARENA(an_object_is_no_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
