/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/store/slots.h"

static char texts[500];
static int ended;

static void
count_end(void *value)
{
    assert_non_null(value);
    ended++;
}

static void
a_value_is_found_by_the_address_of_its_text(void **state)
{
    struct slots slots = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof(texts); i++) {
        void **place = slots_find(&slots, &texts[i]);

        assert_null(*place);
        *place = &texts[i];
    }
    for (size_t i = 0; i < sizeof(texts); i++)
        assert_ptr_equal(*slots_find(&slots, &texts[i]), &texts[i]);
    slots_clear(&slots, NULL);
}

static void
clearing_ends_every_value_once_and_forgets_it(void **state)
{
    struct slots slots = { 0 };

    (void)state;
    for (size_t i = 0; i < 100; i++)
        *slots_find(&slots, &texts[i]) = &texts[i];
    (void)slots_find(&slots, &texts[100]);

    ended = 0;
    slots_clear(&slots, count_end);
    assert_int_equal(ended, 100);
    assert_null(*slots_find(&slots, &texts[0]));
    slots_clear(&slots, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_found_by_the_address_of_its_text),
        cmocka_unit_test(clearing_ends_every_value_once_and_forgets_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
