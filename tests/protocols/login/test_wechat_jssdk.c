/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures for pages of ours inside WeChat. */
#include <string.h>

#include "idp/base/text.h"
#include "idp/connect/wechat_jssdk.h"
#include "idp/person/wechat_token.h"
#include "tests/sims/kit_wechat.h"
#include "tests/world_sims.h"

#define PAGE_OF(url) "/wechat/jssdk?url=" url

static void
a_page_of_ours_is_signed_with_the_ticket(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct wechat_page page = { .url = WORLD_ISSUER "/login?x=1", .at = ctx.now };

    world_get(w, PAGE_OF("https%3A%2F%2Fid.example%2Flogin%3Fx%3D1"));
    assert_refused(w, &problem_wechat_unavailable); /* nobody has fetched it yet */
    assert_int_equal(wechat_tokens_hold(&ctx), OK);
    world_get(w, PAGE_OF("https%3A%2F%2Fid.example%2Flogin%3Fx%3D1%23top"));
    assert_int_equal(w->answer.status, 200);
    page.nonce = world_json(w, "nonceStr");
    assert_string_equal(world_json(w, "appId"), SIM_OFFICIAL_APPID);
    assert_string_equal(world_json(w, "signature"),
                        wechat_page_signature(w->arena, SIM_TICKET, &page));
    assert_null(strstr(w->answer.body, SIM_TICKET)); /* CH-03 */
}

static void
a_page_of_another_is_not(void **state)
{
    static const char *const urls[] = { "", "https%3A%2F%2Fid.example.evil.test%2F",
                                        "https%3A%2F%2Fid.example%40evil.test%2F",
                                        "http%3A%2F%2Fid.example%2F", "javascript%3Ax" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        world_get(w, arena_printf(w->arena, PAGE_OF("%s"), urls[i]));
        assert_refused(w, &problem_wechat_page_foreign);
    }
}

static void
without_an_official_account_there_is_nothing_here(void **state)
{
    struct world *w = *state;

    w->settings.wechat.official_appid = "";
    world_get(w, PAGE_OF("https%3A%2F%2Fid.example%2F"));
    assert_refused(w, &problem_way_unavailable);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(a_page_of_ours_is_signed_with_the_ticket),
        world_sims_test(a_page_of_another_is_not),
        world_sims_test(without_an_official_account_there_is_nothing_here),
    };

    return world_sims_run(tests);
}
