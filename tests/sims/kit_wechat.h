/* SPDX-License-Identifier: Apache-2.0 */
/* A phone with WeChat on it, as pages: who has it, the official account, the mini program, and where
 * WeChat asks whether it may tell who she is. */
#ifndef TESTS_SIMS_KIT_WECHAT_H
#define TESTS_SIMS_KIT_WECHAT_H

#include "tests/sims/kit.h"

#define SIM_OFFICIAL_APPID "wx0000000000000001"
#define SIM_OPEN_APPID "wx0000000000000002"
#define SIM_MINI_APPID "wx0000000000000003"
#define SIM_SESSION_KEY "c2Vzc2lvbi1rZXktb2YtYQ=="
#define SIM_TICKET                                                                                 \
    "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"

struct wechat_phone {
    const char *hall;   /* where the official account's menu leads; "": it has none */
    const char *issuer; /* whom the mini program asks; "": it does nothing */
    const char *client_id;
    const char *client_secret;
};

const char *phone_nickname(struct arena *arena, const char *number);

void phone_handle(const struct wechat_phone *phone, const struct kit_request *request,
                  struct kit_answer *out);

#endif
