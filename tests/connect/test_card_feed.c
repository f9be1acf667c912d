/* SPDX-License-Identifier: Apache-2.0 */
/* The feed as the simulator tells it, in each of its manners; a page is whole and in its place, or
 * nothing of it is taken. */
#include "tests/connect/card_fixture.h"

#include "idp/base/text.h"
#include "idp/connect/card_feed.h"
#include "policies/card_state.h"

static enum err
pulled(struct card_fixture *f, int64_t position, struct card_feed_page *out)
{
    const struct card_feed_ask ask = { .position = position, .now = NOW };

    return card_feed_pull(f->wire, f->arena, &ask, out);
}

static enum err
pulled_under(struct card_fixture *f, const char *form, int64_t position, struct card_feed_page *out)
{
    (void)card_control(f, form);
    return pulled(f, position, out);
}

/* How far the simulator's feed has come. */
static int64_t
head(struct card_fixture *f)
{
    return json_integer_value(json_object_get(card_control(f, NULL), "changes"));
}

static void
the_feed_is_read_from_a_position_on_to_its_end(void **state)
{
    struct card_fixture *f = *state;
    int64_t last = head(f);
    struct card_feed_page page;

    assert_int_equal(pulled(f, 0, &page), OK);
    assert_int_equal(page.position, last);
    assert_int_equal(page.count, last);
    assert_int_equal(page.as_of, NOW);
    assert_false(page.more);
    assert_int_equal(page.at[0].position, 1);
    assert_string_equal(page.at[0].region, "330500");
    assert_string_equal(page.at[0].card_no, "X00000019");
    assert_string_equal(page.at[0].identity_number, "11010519491231002X");
    assert_int_equal(page.at[0].state, PHYSICAL_NORMAL);
    assert_int_equal(page.at[0].valid_from, 20200101);
    assert_int_equal(page.at[0].valid_to, 20991231);
    assert_int_equal(page.at[1].state, PHYSICAL_LOST);
    assert_int_equal(pulled(f, last, &page), OK);
    assert_int_equal(page.count, 0);
    assert_int_equal(page.position, last);
    assert_int_equal(
        pulled_under(f, "card_no=X00000019&state=provisional&lapses_at=1767830400", last, &page),
        OK);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.at[0].state, PHYSICAL_PROVISIONAL);
    assert_int_equal(page.at[0].lapses_at, 1767830400);
}

static void
a_long_feed_comes_in_pages_that_join(void **state)
{
    struct card_fixture *f = *state;
    struct card_feed_page page;
    int64_t position = head(f);
    int64_t got = 0;
    int pages = 0;

    (void)card_control(f, "card_no=X00000060&state=normal&times=450");
    do {
        assert_int_equal(pulled(f, position, &page), OK);
        assert_in_range(page.count, 1, CARD_FEED_PAGE);
        position = page.position;
        got += (int64_t)page.count;
        pages++;
    } while (page.more);
    assert_int_equal(got, 450);
    assert_int_equal(pages, 3);
}

static void
what_comes_twice_or_backwards_is_taken_where_nothing_is_missing(void **state)
{
    struct card_fixture *f = *state;
    int64_t last = head(f);
    struct card_feed_page page;

    assert_int_equal(
        pulled_under(f, "card_no=X00000060&state=normal&times=3&feed=shuffled", last, &page), OK);
    assert_int_equal(page.position, last + 3);
    assert_int_equal(page.count, 4); /* one of them twice; the one from before not at all */
    assert_int_equal(page.at[0].position, last + 3);
    assert_int_equal(page.at[3].position, last + 1);
}

static void
qr_19_what_cannot_be_believed_is_refused_with_an_alarm_and_silence_without(void **state)
{
    static const struct {
        const char *form;
        enum err err;
        bool alarm;
    } cases[] = {
        { "feed=forged", ERR_FORGED, true }, { "feed=replayed", ERR_FORGED, true },
        { "feed=big", ERR_INVALID, true },   { "feed=gap", ERR_INVALID, true },
        { "feed=back", ERR_INVALID, true },  { "feed=hang", ERR_UNKNOWN, false },
        { "feed=cut", ERR_UNKNOWN, false },  { "feed=down", ERR_UNKNOWN, false },
        { "feed=later", ERR_BUSY, false },
    };
    struct card_fixture *f = *state;
    struct card_feed_page page;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t alarms = metric_read(METRIC_CARD_ALARMS);

        assert_int_equal(pulled_under(f, cases[i].form, 1, &page), cases[i].err);
        assert_int_equal(metric_read(METRIC_CARD_ALARMS) - alarms, cases[i].alarm);
    }
    assert_int_equal(pulled_under(f, "feed=ok", 1, &page), OK);
}

static void
its_time_is_told_as_it_is(void **state)
{
    struct card_fixture *f = *state;
    struct card_feed_page page;

    assert_int_equal(pulled_under(f, "feed=stale", 1, &page), OK);
    assert_true(page.as_of < NOW);
    assert_int_equal(pulled_under(f, "feed=ahead", 1, &page), OK);
    assert_true(page.as_of > NOW);
}

#define CHANGE(position, more)                                                                     \
    "{\"position\":" position ",\"region\":\"330500\",\"card_no\":\"X00000019\","                  \
    "\"identity_number\":\"11010519491231002X\",\"state\":\"1\",\"valid_from\":\"20200101\","      \
    "\"valid_to\":\"20300101\"" more "}"
#define PAGE(position, changes)                                                                    \
    "{\"position\":" position ",\"as_of\":1767225600,\"more\":false,\"changes\":[" changes "]}"

static void
each_fault_of_a_page_has_its_name(void **state)
{
    static const struct {
        const char *json;
        const char *fault;
    } cases[] = {
        { PAGE("9", CHANGE("8", "") "," CHANGE("9", "")), NULL },
        { PAGE("8", CHANGE("8", ",\"lapses_at\":0") "," CHANGE("3", "")), NULL },
        { PAGE("7", ""), NULL },
        { PAGE("6", ""), "back" },
        { PAGE("-1", ""), "back" },
        { PAGE("9", CHANGE("9", "")), "gap" },
        { PAGE("8", CHANGE("8", "") "," CHANGE("9", "")), "position" },
        { PAGE("208", CHANGE("8", "")), "gap" },
        { PAGE("9223372036854775807", CHANGE("8", "")), "gap" },
        { PAGE("8", CHANGE("8", ",\"lapses_at\":5")), "lapses_at" },
        { PAGE("8", CHANGE("8", ",\"name\":\"x\"")), "member" },
        { PAGE("8", CHANGE("\"8\"", "")), "position" },
        { PAGE("8", "1"), "member" },
        { "{\"position\":7,\"as_of\":1,\"more\":true,\"changes\":[]}", "more" },
        { "{\"position\":7,\"as_of\":1,\"changes\":[]}", "form" },
        { "{\"position\":7,\"as_of\":-1,\"more\":false,\"changes\":[]}", "form" },
        { "{\"position\":7,\"as_of\":1,\"more\":false,\"changes\":{}}", "form" },
        { "[]", "form" },
    };
    struct card_fixture *f = *state;
    const struct card_feed_ask ask = { .position = 7, .now = NOW };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const json_t *told = json_read(f->arena, bytes_of_text(cases[i].json));
        struct card_feed_page page;
        const char *fault = card_feed_page_read(f->arena, told, &ask, &page);

        if (!text_eq(fault, cases[i].fault))
            fail_msg("%s: %s", cases[i].json, fault);
    }
}

static struct card_loss_message
a_loss(const char *message_id, const char *kind)
{
    return (struct card_loss_message) { .message_id = message_id,
                                        .region = "440507",
                                        .card_no = "X00000060",
                                        .kind = kind,
                                        .at = NOW,
                                        .lapses_at = NOW + 604800 };
}

static enum err
told(struct card_fixture *f, const char *form, const struct card_loss_message *message)
{
    if (form != NULL)
        (void)card_control(f, form);
    return card_loss_tell(f->wire, f->arena, message, NOW);
}

static void
a_loss_that_is_told_comes_back_by_the_feed_and_is_one_however_often_it_is_told(void **state)
{
    struct card_fixture *f = *state;
    const struct card_loss_message loss = a_loss("d_1", "provisional");
    const struct card_loss_message release = a_loss("d_2", "release");
    const struct card_loss_message formal = a_loss("d_3", "formal");
    int64_t last = head(f);
    struct card_feed_page page;

    assert_int_equal(told(f, "loss=cut", &loss), ERR_UNKNOWN); /* it was heard all the same */
    assert_int_equal(told(f, "loss=ok", &loss), OK);
    assert_int_equal(told(f, NULL, &release), OK);
    assert_int_equal(told(f, NULL, &formal), OK);
    assert_int_equal(pulled(f, last, &page), OK);
    assert_int_equal(page.count, 3);
    assert_int_equal(page.at[0].state, PHYSICAL_PROVISIONAL);
    assert_int_equal(page.at[0].lapses_at, loss.lapses_at);
    assert_int_equal(page.at[1].state, PHYSICAL_NORMAL);
    assert_int_equal(page.at[2].state, PHYSICAL_LOST);
}

static void
a_bureau_that_does_not_take_a_loss_says_no_or_nothing(void **state)
{
    struct card_fixture *f = *state;
    struct card_loss_message loss = a_loss("d_4", "formal");

    assert_int_equal(told(f, "loss=refused", &loss), ERR_REFUSED);
    assert_int_equal(told(f, "loss=later", &loss), ERR_BUSY);
    assert_int_equal(told(f, "loss=down", &loss), ERR_UNKNOWN);
    assert_int_equal(told(f, "loss=forged", &loss), ERR_FORGED);
    loss.message_id = "d_5";
    loss.card_no = "X99999999";
    assert_int_equal(told(f, "loss=ok", &loss), ERR_REFUSED);
}

CARD_GROUP_SETUP

int
main(void)
{
    const struct CMUnitTest tests[] = {
        card_test(the_feed_is_read_from_a_position_on_to_its_end),
        card_test(a_long_feed_comes_in_pages_that_join),
        card_test(what_comes_twice_or_backwards_is_taken_where_nothing_is_missing),
        card_test(qr_19_what_cannot_be_believed_is_refused_with_an_alarm_and_silence_without),
        card_test(its_time_is_told_as_it_is),
        card_test(each_fault_of_a_page_has_its_name),
        card_test(a_loss_that_is_told_comes_back_by_the_feed_and_is_one_however_often_it_is_told),
        card_test(a_bureau_that_does_not_take_a_loss_says_no_or_nothing),
    };

    return cmocka_run_group_tests(tests, card_group_setup, card_group_teardown);
}
