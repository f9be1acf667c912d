/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/card_link.h"
#include "tests/store_kit.h"

static struct stored_card_link
link_of(const char *channel, const char *sid)
{
    return (struct stored_card_link) { .person_id = "p_1",
                                       .channel = channel,
                                       .card_id = "c_1",
                                       .bound_key = "key",
                                       .sid = sid,
                                       .linked_at = 100 };
}

static void
a_channel_has_one_telephone_and_the_next_takes_its_place(void **state)
{
    struct kit *k = *state;
    struct stored_card_link first = link_of("app", "s_1");
    struct stored_card_link other = link_of("wechat", "s_2");
    struct stored_card_link second = link_of("app", "s_3");
    struct stored_card_link found;

    assert_int_equal(store_card_link_put(k->st, &first), OK);
    assert_int_equal(store_card_link_put(k->st, &other), OK);
    assert_int_equal(store_card_link_put(k->st, &second), OK);
    assert_int_equal(store_card_link_find(k->st, k->arena, "p_1", "app", &found), OK);
    assert_string_equal(found.sid, "s_3");
    assert_string_equal(found.card_id, "c_1");
    assert_string_equal(found.bound_key, "key");
    assert_int_equal(found.linked_at, 100);
    assert_int_equal(store_card_link_find(k->st, k->arena, "p_1", "wechat", &found), OK);
    assert_string_equal(found.sid, "s_2");
    assert_int_equal(store_card_link_find(k->st, k->arena, "p_2", "app", &found), ERR_NOT_FOUND);
}

static void
it_is_held_in_the_session_that_it_is_opened_in_alone(void **state)
{
    struct kit *k = *state;
    struct stored_card_link link = link_of("app", "s_1");

    assert_int_equal(store_card_link_hold(k->st, "p_1", "app", "s_1"), ERR_NOT_FOUND);
    assert_int_equal(store_card_link_put(k->st, &link), OK);
    assert_int_equal(store_card_link_hold(k->st, "p_1", "app", "s_1"), OK);
    assert_int_equal(store_card_link_hold(k->st, "p_1", "app", "s_2"), ERR_NOT_FOUND);
    assert_int_equal(store_card_link_hold(k->st, "p_1", "web", "s_1"), ERR_NOT_FOUND);
    assert_int_equal(store_card_link_hold(k->st, "p_2", "app", "s_1"), ERR_NOT_FOUND);
}

static void
what_is_deleted_is_gone_once(void **state)
{
    struct kit *k = *state;
    struct stored_card_link link = link_of("app", "s_1");
    struct stored_card_link found;

    assert_int_equal(store_card_link_put(k->st, &link), OK);
    assert_int_equal(store_card_link_delete(k->st, "p_1", "wechat"), ERR_NOT_FOUND);
    assert_int_equal(store_card_link_delete(k->st, "p_1", "app"), OK);
    assert_int_equal(store_card_link_delete(k->st, "p_1", "app"), ERR_NOT_FOUND);
    assert_int_equal(store_card_link_find(k->st, k->arena, "p_1", "app", &found), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_channel_has_one_telephone_and_the_next_takes_its_place),
        kit_test(it_is_held_in_the_session_that_it_is_opened_in_alone),
        kit_test(what_is_deleted_is_gone_once),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
