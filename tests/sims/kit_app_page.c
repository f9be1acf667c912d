/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_app_page.h"

#include "idp/base/text.h"
#include "tests/sims/kit.h"

#define BEIJING_S 28800

static const char style[] =
    "*{box-sizing:border-box}body{margin:0;background:#dfe6ec;color:#16212c;line-height:1.5;"
    "font-family:system-ui,\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif}"
    ".phone{max-width:26rem;min-height:100vh;margin:0 auto;background:#f3f6f9}"
    "header{padding:1rem 1.1rem;background:#0b3d66;color:#fff;border-bottom:4px solid #c8a24a}"
    "h1{margin:0;font-size:1.2rem}main{padding:1rem 1.1rem}"
    "small{display:block;font-size:.85rem;font-weight:400;color:#425466}header small{color:#d5e2ec}"
    "section{margin:0 0 1rem;padding:1rem;border:1px solid #d3dde6;border-radius:.9rem;"
    "background:#fff}h2{margin:0 0 .6rem;font-size:1.1rem}form{margin:0 0 .6rem}"
    "button{width:100%;min-height:3.2rem;padding:.5rem .8rem;border:2px solid #0b3d66;"
    "border-radius:.7rem;background:#fff;color:#0b3d66;font:inherit;font-weight:700;cursor:pointer}"
    "button.main{background:#0b3d66;color:#fff}button small{color:inherit}"
    ":focus-visible{outline:4px solid #c8a24a;outline-offset:2px}"
    "dl{margin:0 0 .8rem}dl>div{display:flex;justify-content:space-between;gap:1rem;"
    "padding:.35rem 0;border-bottom:1px solid #e3eaf0}dt{color:#425466}dd{margin:0;"
    "font-weight:700;text-align:right}.news{margin:0 0 1rem;padding:.8rem 1rem;"
    "border-left:5px solid #1d7a4c;background:#eaf6ef}.news.wrong{border-color:#8f1d22;"
    "background:#fbecec}textarea{width:100%;min-height:4.5rem;margin:.3rem 0 .5rem;padding:.5rem;"
    "border:2px solid #90a4b5;border-radius:.5rem;font:inherit;font-size:.9rem}"
    "footer{padding:0 1.1rem 1.5rem;font-size:.85rem;color:#425466}";

static const struct {
    const char *zh;
    const char *en;
    bool wrong;
} news[] = {
    [APP_RAISED] = { "已重新验证身份", "You have proven yourself once more.", false },
    [APP_SHARED] = { "第二个应用已登录，没有出现任何页面",
                     "The second app is in, and no page was shown.", false },
    [APP_SHARE_ASK] = { "您还没有同意第二个应用，请通过浏览器同意一次",
                        "You have not agreed to the second app yet: once, in the browser.", false },
    [APP_SHARE_OVER] = { "没有可共用的登录，请先登录第一个应用",
                         "There is no login to share. Log in to the first app first.", true },
    [APP_PAGE_REFUSED] = { "网页没有打开", "The page did not open.", true },
    [APP_DENIED] = { "您取消了登录", "You cancelled.", true },
    [APP_FAILED] = { "没有完成", "That did not work.", true },
    [APP_SCAN_DONE] = { "已确认，那台电脑正在登录", "Confirmed: that browser is being let in.",
                        false },
    [APP_SCAN_REFUSED] = { "没有确认", "Nothing was confirmed.", true },
    [APP_BYE] = { "已在所有应用中退出", "You are out of all apps.", false },
};

static void
news_put(struct buf *out, const struct handset *phone)
{
    if (phone->news == APP_NOTHING || phone->news == APP_SCAN_ASK)
        return;
    buf_text(out, news[phone->news].wrong ? "<p class=\"news wrong\" id=\"news\" role=\"alert\">"
                                          : "<p class=\"news\" id=\"news\" role=\"status\">");
    buf_text(out, news[phone->news].zh);
    buf_text(out, "<small>");
    buf_text(out, news[phone->news].en);
    if (phone->error[0] != '\0') {
        buf_text(out, " <code>");
        kit_html(out, phone->error);
        buf_text(out, "</code>");
    }
    buf_text(out, "</small></p>");
}

static void
button_put(struct buf *out, const char *path, const char *zh, const char *en)
{
    buf_text(out, arena_printf(out->arena,
                               "<form method=\"post\" action=\"%s\"><button id=\"go-%s\"%s>%s"
                               "<small>%s</small></button></form>",
                               path, path + 1, text_eq(path, "/login") ? " class=\"main\"" : "", zh,
                               en));
}

static void
line_put(struct buf *out, const char *id, const char *title, const char *value)
{
    buf_text(out, arena_printf(out->arena, "<div><dt>%s</dt><dd id=\"%s\">", title, id));
    kit_html(out, value);
    buf_text(out, "</dd></div>");
}

static void
person_put(struct buf *out, const struct phone_app *app, const char *prefix)
{
    char *at = time_rfc3339(out->arena, app->login_at + BEIJING_S);

    at[10] = ' ';
    at[16] = '\0';
    buf_text(out, "<dl>");
    line_put(out, arena_printf(out->arena, "%s-name", prefix), "姓名 name", app->name);
    line_put(out, arena_printf(out->arena, "%s-level", prefix), "登录等级 level",
             arena_printf(out->arena, "L%s", app->level));
    line_put(out, arena_printf(out->arena, "%s-at", prefix), "登录时间 since", at);
    buf_text(out, "</dl>");
}

static void
scan_put(struct buf *out, const struct handset *phone)
{
    if (!text_list_has(phone->apps[APP_HALL].scope, "qr_login"))
        return;
    if (phone->news == APP_SCAN_ASK) {
        buf_text(
            out,
            "<p id=\"scan-question\">让这台电脑以您的身份登录吗？<small>Let this browser in as "
            "you?</small></p><dl>");
        line_put(out, "scan-partner", "应用 application", phone->scanned_partner);
        line_put(out, "scan-browser", "浏览器 browser", phone->scanned_browser);
        buf_text(out, "</dl>");
        button_put(out, "/confirm", "是我本人，允许登录", "Yes, let it in");
        button_put(out, "/cancel", "不是，取消", "No");
        return;
    }
    buf_text(
        out,
        "<form method=\"post\" action=\"/scan\"><label for=\"text\">扫一扫：粘贴电脑上二维码的内容"
        "<small>Scan: paste what the code on a computer says</small></label>"
        "<textarea id=\"text\" name=\"text\"></textarea>"
        "<button id=\"go-scan\">扫描<small>Scan</small></button></form>");
}

static void
hall_put(struct buf *out, const struct handset *phone)
{
    const struct phone_app *app = &phone->apps[APP_HALL];

    buf_text(out, "<section><h2>掌上大厅<small>First app: the hall in your pocket</small></h2>");
    if (!app->is_in) {
        button_put(out, "/login", "登录", "Log in, in the system's browser");
    } else {
        person_put(out, app, "hall");
        button_put(out, "/open", "在应用内打开网上大厅",
                   "Open the web hall inside the app: a ticket, no login");
        button_put(out, "/raise", "办理重要业务前再次验证", "Prove yourself once more (step-up)");
        scan_put(out, phone);
        button_put(out, "/logout", "退出登录", "Log out of everything");
    }
    buf_text(out, "</section>");
}

static void
card_put(struct buf *out, const struct handset *phone)
{
    const struct phone_app *app = &phone->apps[APP_CARD];

    buf_text(out, "<section><h2>社保卡应用<small>Second app of the same provider</small></h2>");
    if (app->is_in)
        person_put(out, app, "card");
    else if (phone->news == APP_SHARE_ASK)
        button_put(out, "/agree", "通过浏览器同意", "Agree in the browser, once");
    else
        button_put(out, "/share", "打开", "Open: it uses the first app's login, without a page");
    buf_text(out, "</section>");
}

void
phone_page(const struct handset *phone, struct buf *out)
{
    buf_text(out, "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta "
                  "name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                  "<title>手机</title><style>");
    buf_text(out, style);
    buf_text(out,
             "</style><div class=\"phone\"><header><h1>演示手机<small>A telephone with two apps"
             "</small></h1></header><main>");
    news_put(out, phone);
    hall_put(out, phone);
    card_put(out, phone);
    buf_text(
        out,
        "</main><footer>应用的密钥在本程序中，令牌绑定该密钥；本浏览器同时充当系统浏览器和应用内的网页视图。"
        "<small>The apps' keys are in this program and their tokens bound to them. This browser is "
        "the phone's browser and the apps' web view at once.</small></footer></div></html>");
}
