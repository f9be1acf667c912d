/* SPDX-License-Identifier: Apache-2.0 */
/* Where the browser stands before the forms that WeChat brings (form_kit.h). */
#ifndef TESTS_FLOWS_FORM_WECHAT_KIT_H
#define TESTS_FLOWS_FORM_WECHAT_KIT_H

#include "tests/protocols/account/kit.h"
#include "tests/protocols/login/wechat_kit.h"

static inline struct journey
at_wechat_number(struct world *w)
{
    struct journey j = { .w = w };

    mini_asks(w, once(w, "ok-1"), "");
    world_get(w, bind_page(w));
    world_follow(w);
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_wechat_confirm(struct world *w)
{
    struct journey j = { .w = w };

    official_login(w, "ok-1");
    log_in_to_bind(w, 0);
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_account_wechat(struct world *w)
{
    struct journey j = { .w = w };

    bind_official(w, "ok-1", 0);
    world_open(w, "/account/wechat");
    journey_arrive(&j);
    return j;
}

/* Rows of the table of forms. */
/* clang-format off */
#define WECHAT_PRESSES                                                                                          \
    { "/login/wechat/number", "number=x", at_wechat_number, NULL, false, "number=12", "value=\"12\"" },         \
    { "/login/wechat/confirm", "decision=bind", at_wechat_confirm, NULL, .is_first = false },                   \
    { "/login/wechat/confirm", "decision=skip", at_wechat_confirm, NULL, .is_first = false },                   \
    { "/account/wechat", "", at_account_wechat, NULL, .is_first = false }
/* clang-format on */

#endif
