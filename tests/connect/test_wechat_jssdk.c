/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/connect/wechat_jssdk.h"
#include "tests/sims/kit_wechat.h"

#define SIGNATURE "0f9de62fce790f9a083d5c99e95740ceb90c27ed"

/* WeChat's own example; what stands behind a # is not signed. */
static void
the_official_vector_is_signed_as_wechat_signs_it(void **state)
{
    struct arena *arena = arena_new(1 << 16);
    struct wechat_page page = { "http://mp.weixin.qq.com?params=value", "Wm3WZYTPz0wzccnW",
                                1414587457 };

    (void)state;
    assert_string_equal(wechat_page_signature(arena, SIM_TICKET, &page), SIGNATURE);
    page.url = "http://mp.weixin.qq.com?params=value#top";
    assert_string_equal(wechat_page_signature(arena, SIM_TICKET, &page), SIGNATURE);
    page.url = "http://mp.weixin.qq.com?params=another";
    assert_string_not_equal(wechat_page_signature(arena, SIM_TICKET, &page), SIGNATURE);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_official_vector_is_signed_as_wechat_signs_it),
    };

    return cmocka_run_group_tests_name("wechat_jssdk", tests, NULL, NULL);
}
