/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/purpose.h"

#include <stddef.h>
#include <string.h>

#include "idp/base/text.h"

static const struct purpose purposes[] = {
    { PURPOSE_OWN, "/", false, false },
    { PURPOSE_PASSWORD, "/account/password", true, false },
    { PURPOSE_WECHAT, "/account/wechat", true, false },
    { PURPOSE_MINI, "/login/wechat/mini", true, false },
    { PURPOSE_SESSIONS, "/account/sessions", true, false },
    { PURPOSE_HISTORY, "/account/history", true, false },
    { PURPOSE_FAMILY, "/card/family", true, false },
    { PURPOSE_QR, "/q", true, false },
    { PURPOSE_CARD, "/card", false, false },
    { PURPOSE_CARD_KEEP, "/card/keep", true, false },
    { PURPOSE_CARD_LOSS, "/card/loss", true, false },
    { PURPOSE_CARD_PASSWORD, "/card/password", true, false },
    { PURPOSE_CARD_PAY, "/card/pay", true, false },
    { PURPOSE_CARD_LOST, "/card/lost", false, false },
    { PURPOSE_RESET, "/account/reset", false, false },
    { PURPOSE_APPROVAL, "/approvals", false, false },
    { PURPOSE_AUTHORIZE, "/oauth2/authorize/resume", true, true },
    { PURPOSE_DEVICE, "/device/confirm", true, false },
    { PURPOSE_STAFF, "/staff", true, false },
    { PURPOSE_STAFF_PEOPLE, "/staff/people", true, false },
    { PURPOSE_STAFF_SETTINGS, "/staff/settings", true, false },
    { PURPOSE_STAFF_AUDIT, "/staff/audit", true, false },
    { PURPOSE_STAFF_COUNTERS, "/staff/counters", true, false },
    { PURPOSE_COUNTER, "/staff/counter", true, false },
    { PURPOSE_STAFF_ENTER, "/staff/enter/resume", true, true },
    { PURPOSE_STAFF_SIGN_IN, "/staff/sign-in", true, false },
};

/* A page that begins a flow without "tx" (flow_begin_own); the longer ones first. */
static const char *const own_pages[] = { "/login/sms",
                                         "/login/qr",
                                         "/register",
                                         "/recover",
                                         "/account/password",
                                         "/account/history",
                                         "/account/sessions",
                                         "/account/wechat",
                                         "/card/family",
                                         "/card/lost",
                                         "/card/loss",
                                         "/card/password",
                                         "/card/pay",
                                         "/device",
                                         "/staff/counters",
                                         "/staff/counter",
                                         "/staff/people",
                                         "/staff/settings",
                                         "/staff/audit",
                                         "/staff/sign-in",
                                         "/staff/factor",
                                         "/staff/password",
                                         "/staff/enrol",
                                         "/staff/bootstrap",
                                         "/staff" };

const char *
purpose_own_page(const char *path)
{
    for (size_t i = 0; i < sizeof(own_pages) / sizeof(own_pages[0]); i++) {
        size_t size = strlen(own_pages[i]);

        if (strncmp(path, own_pages[i], size) == 0 && (path[size] == '\0' || path[size] == '/'))
            return own_pages[i];
    }
    return "/login";
}

const struct purpose *
purpose_find(const char *name)
{
    for (size_t i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++) {
        if (text_eq(purposes[i].name, name))
            return &purposes[i];
    }
    return NULL;
}
