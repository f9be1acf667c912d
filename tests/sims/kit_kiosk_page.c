/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_kiosk_page.h"

#include <string.h>

#include "idp/base/qr.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"

#define LEFT_SOON_S 30

static const char style[] =
    "*{box-sizing:border-box}html{font-size:125%}"
    "body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:#f3f6f9;"
    "color:#16212c;line-height:1.45;"
    "font-family:system-ui,\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif}"
    "header{display:flex;align-items:center;gap:1rem;padding:1rem 2rem;background:#0b3d66;"
    "color:#fff;border-bottom:6px solid #c8a24a}header svg{flex:none;width:3.2rem;height:3.2rem}"
    "header b{display:block;font-size:1.6rem;line-height:1.2}header span{font-size:1rem}"
    "header div:last-child{margin-left:auto;text-align:right;font-size:.95rem}"
    "main{flex:1;display:flex;flex-direction:column;justify-content:center;width:100%;"
    "max-width:62rem;margin:0 auto;padding:1.5rem 2rem}"
    "h1{margin:0 0 1.2rem;font-size:2.1rem;line-height:1.25;text-align:center}"
    "small{display:block;font-size:1rem;font-weight:400;color:#425466}"
    ".doors{display:grid;grid-template-columns:1fr 1fr;gap:1.5rem}form{margin:0}"
    "button{width:100%;min-height:5rem;padding:1rem 1.2rem;border:3px solid #0b3d66;"
    "border-radius:.9rem;background:#fff;color:#0b3d66;font:inherit;font-size:1.35rem;"
    "font-weight:700;cursor:pointer}button small{color:inherit;margin-top:.15rem}"
    "button.main{background:#0b3d66;color:#fff}button:active{transform:scale(.99)}"
    ":focus-visible{outline:5px solid #c8a24a;outline-offset:3px}"
    ".door{min-height:15rem;display:flex;flex-direction:column;align-items:center;"
    "justify-content:center;gap:.6rem}.door svg{width:5rem;height:5rem}"
    ".panel{padding:1.5rem;border:1px solid #d3dde6;border-radius:.9rem;background:#fff}"
    ".phone{display:grid;grid-template-columns:auto 1fr;gap:2rem;align-items:center}"
    ".phone svg{width:17rem;height:17rem;background:#fff}.phone p{margin:0 0 .9rem}"
    ".code{font-size:2.2rem;font-weight:700;letter-spacing:.12em;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}.match{font-size:3rem;font-weight:700;color:#0b3d66}"
    ".below{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:1rem;"
    "margin-top:1.5rem}.below form:only-child{grid-column:1/-1;width:100%;max-width:26rem;"
    "margin:0 auto}"
    ".cards{display:grid;grid-template-columns:1fr 1fr;gap:1rem}"
    ".dots{min-height:3.2rem;margin:0 auto 1rem;text-align:center;font-size:2.2rem;"
    "letter-spacing:.4rem;color:#0b3d66}"
    ".keys{display:grid;grid-template-columns:repeat(3,1fr);gap:.7rem;max-width:26rem;"
    "margin:0 auto}.keys button{min-height:4rem;padding:.3rem;font-size:1.7rem}"
    ".keys button small{font-size:.8rem}"
    "dl{margin:0}dl>div{display:flex;justify-content:space-between;gap:1rem;padding:.7rem 0;"
    "border-bottom:1px solid #d3dde6}dl>div:last-child{border:0}dt{color:#425466}"
    "dd{margin:0;font-weight:700;text-align:right}"
    ".left{margin:1.2rem 0 0;text-align:center;font-size:1.15rem;color:#425466}"
    ".left.soon{color:#8f1d22;font-weight:700}"
    "footer{padding:.8rem 2rem;border-top:1px solid #d3dde6;background:#fff;font-size:.95rem;"
    "color:#425466;text-align:center}"
    "@media(max-width:52rem){html{font-size:112%}.doors,.cards,.phone{grid-template-columns:1fr}"
    ".door{min-height:9rem}header{flex-wrap:wrap}header div:last-child{margin-left:0;"
    "text-align:left}.phone{justify-items:center;text-align:center}}";

static const char phone_icon[] =
    "<svg viewBox=\"0 0 32 32\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" "
    "aria-hidden=\"true\"><rect x=\"9\" y=\"2\" width=\"14\" height=\"28\" rx=\"2.5\"/>"
    "<path d=\"M12 9h3v3h-3zm5 0h3v3h-3zm-5 5h3v3h-3zm5 0h3v3h-3zM14.5 26h3\"/></svg>";
static const char card_icon[] =
    "<svg viewBox=\"0 0 32 32\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" "
    "aria-hidden=\"true\"><rect x=\"2\" y=\"7\" width=\"28\" height=\"18\" rx=\"2.5\"/>"
    "<rect x=\"6\" y=\"12\" width=\"6\" height=\"5\" rx=\"1\"/><path d=\"M16 13h10M16 17h6\"/></svg>";
static const char emblem[] =
    "<svg viewBox=\"0 0 32 32\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.2\" "
    "aria-hidden=\"true\"><path d=\"M16 3 4 9v8c0 7 5 11 12 13 7-2 12-6 12-13V9z\"/>"
    "<path d=\"m10 16 4 4 8-8\"/></svg>";

struct kiosk_view {
    const struct kiosk_machine *kiosk;
    struct buf *out;
};

static void
put(const struct kiosk_view *view, const char *html)
{
    buf_text(view->out, html);
}

static void
put_text(const struct kiosk_view *view, const char *text)
{
    kit_html(view->out, text);
}

static void
put_both(const struct kiosk_view *view, const char *chinese, const char *english)
{
    put_text(view, chinese);
    put(view, "<small lang=\"en\">");
    put_text(view, english);
    put(view, "</small>");
}

static void
put_title(const struct kiosk_view *view, const char *id, const char *chinese, const char *english)
{
    put(view, arena_printf(view->out->arena, "<h1 id=\"%s\">", id));
    put_both(view, chinese, english);
    put(view, "</h1>");
}

/* A button that is a form of its own. */
struct kiosk_button {
    const char *id;
    const char *action;
    const char *chinese;
    const char *english;
    bool main;
};

static void
put_button(const struct kiosk_view *view, const struct kiosk_button *button)
{
    put(view,
        arena_printf(view->out->arena, "<form method=\"post\" action=\"%s\"><button id=\"%s\"%s>",
                     button->action, button->id, button->main ? " class=\"main\"" : ""));
    put_both(view, button->chinese, button->english);
    put(view, "</button></form>");
}

static const struct kiosk_button to_home = { "home", "/home", "返回", "Back", false };

/* --- The screens --- */

static void
door_put(const struct kiosk_view *view, const char *icon, const struct kiosk_button *button)
{
    put(view, arena_printf(view->out->arena,
                           "<form method=\"post\" action=\"%s\"><button class=\"door\" id=\"%s\">",
                           button->action, button->id));
    put(view, icon);
    put(view, "<span>");
    put_both(view, button->chinese, button->english);
    put(view, "</span></button></form>");
}

static void
home_put(const struct kiosk_view *view)
{
    put_title(view, "welcome", "请选择登录方式", "How would you like to log in?");
    put(view, "<div class=\"doors\">");
    door_put(
        view, phone_icon,
        &(struct kiosk_button) { "phone", "/phone", "手机扫码", "Scan with your phone", false });
    door_put(view, card_icon,
             &(struct kiosk_button) { "card", "/card", "社保卡和密码", "Card and PIN", false });
    put(view, "</div>");
}

static void
qr_put(const struct kiosk_view *view, const char *text)
{
    struct qr qr = qr_draw(view->out->arena, text);

    put(view, arena_printf(view->out->arena,
                           "<svg id=\"qr\" role=\"img\" aria-label=\"二维码 QR code\" "
                           "viewBox=\"0 -0.5 %d %d\" shape-rendering=\"crispEdges\">"
                           "<path stroke=\"#000\" d=\"",
                           qr.size, qr.size));
    put(view, qr.path);
    put(view, "\"/></svg>");
}

static void
phone_put(const struct kiosk_view *view)
{
    const struct kiosk_machine *kiosk = view->kiosk;

    put_title(view, "scan", "请用手机扫描二维码", "Scan this code with your phone");
    put(view, "<div class=\"panel phone\">");
    qr_put(view, kiosk->address_complete);
    put(view, "<div><p>");
    put_both(view, "不能扫码？在手机浏览器打开", "Cannot scan? Open this address on your phone");
    put(view, "<b id=\"address\">");
    put_text(view, kiosk->address);
    put(view, "</b></p><p>");
    put_both(view, "并输入代码", "and type this code");
    put(view, "<span class=\"code\" id=\"user-code\">");
    put_text(view, kiosk->user_code);
    put(view, "</span></p>");
    if (*kiosk->match_number != '\0') {
        put(view, "<p>");
        put_both(view, "手机上请选择数字", "On your phone, choose the number");
        put(view, "<span class=\"match\" id=\"match\">");
        put_text(view, kiosk->match_number);
        put(view, "</span></p>");
    }
    put(view, "</div></div><div class=\"below\">");
    put_button(view, &to_home);
    put(view, arena_printf(view->out->arena,
                           "</div><p class=\"left\">%lld 秒内有效 "
                           "<span lang=\"en\">good for %lld s</span></p>",
                           (long long)kiosk_left_s(kiosk), (long long)kiosk_left_s(kiosk)));
}

static void
card_put(const struct kiosk_view *view)
{
    put_title(view, "insert", "请插入社保卡", "Please insert your social security card");
    put(view, "<div class=\"cards\">");
    for (size_t i = 0; i < KIOSK_CARDS; i++) {
        const struct kiosk_card *card = &kiosk_cards[i];

        put(view, arena_printf(view->out->arena,
                               "<form method=\"post\" action=\"/insert\"><input type=\"hidden\" "
                               "name=\"card\" value=\"%d\"><button id=\"card-%d\">",
                               (int)i, (int)i));
        put_text(view, arena_printf(view->out->arena, "演示卡 %s：%s", card->name, card->note_zh));
        put(view, "<small lang=\"en\">");
        put_text(view, arena_printf(view->out->arena, "Demo card: %s", card->note_en));
        put(view, "</small></button></form>");
    }
    put(view, "</div><div class=\"below\">");
    put_button(view, &to_home);
    put(view, "</div>");
}

static void
key_put(const struct kiosk_view *view, const char *key, const char *label)
{
    put(view, arena_printf(view->out->arena,
                           "<button name=\"key\" value=\"%s\" id=\"key-%s\"%s>%s"
                           "</button>",
                           key, key, text_eq(key, "ok") ? " class=\"main\"" : "", label));
}

static void
pin_put(const struct kiosk_view *view)
{
    static const char *const digits[] = { "1", "2", "3", "4", "5", "6", "7", "8", "9" };

    put_title(view, "pin", "请输入社保卡密码", "Enter the PIN of the card");
    put(view, "<div class=\"dots\" id=\"dots\" aria-label=\"已输入位数 digits entered\">");
    for (size_t i = 0; i < strlen(view->kiosk->pin); i++)
        put(view, "●");
    put(view, "</div><form class=\"keys\" method=\"post\" action=\"/key\">");
    for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++)
        key_put(view, digits[i], digits[i]);
    key_put(view, "back", "←<small>删除 delete</small>");
    key_put(view, "0", "0");
    key_put(view, "ok", "确认<small>OK</small>");
    put(view, "</form><div class=\"below\">");
    put_button(view, &(struct kiosk_button) { "eject", "/home", "取消，退卡",
                                              "Cancel, return my card", false });
    put(view, "</div>");
}

static void
fact_put(const struct kiosk_view *view, const char *id, const char *label, const char *value)
{
    put(view, "<div><dt>");
    put_text(view, label);
    put(view, arena_printf(view->out->arena, "</dt><dd id=\"%s\">", id));
    put_text(view, value);
    put(view, "</dd></div>");
}

/* RFC 8176, in words. */
static void
factors_put(const struct kiosk_view *view)
{
    static const struct {
        const char *name;
        const char *words;
    } factors[] = {
        { "sc", "社保卡 card" },        { "pin", "密码 PIN" },     { "pwd", "密码 password" },
        { "sms", "短信 text message" }, { "hwk", "安全密钥 key" }, { "face", "人脸 face" },
    };
    const char *between = "";

    put(view, "<div><dt>登录方式 Logged in by</dt><dd id=\"factors\">");
    for (size_t i = 0; i < sizeof(factors) / sizeof(factors[0]); i++) {
        if (!text_list_has(view->kiosk->factors, factors[i].name))
            continue;
        put(view, between);
        put_text(view, factors[i].words);
        between = " + ";
    }
    put(view, "</dd></div>");
}

/* Her electronic card is had by the physical one alone. */
static void
issue_put(const struct kiosk_view *view)
{
    const char *issued = view->kiosk->issued;

    if (!view->kiosk->by_card)
        return;
    if (text_eq(issued, "yes")) {
        put(view, "<p class=\"panel\" id=\"issued\" role=\"status\">");
        put_both(view, "电子社保卡已领取，可在手机上打开“我的社保卡”出示。",
                 "You have an electronic card now. Open it on your telephone.");
        put(view, "</p>");
        return;
    }
    if (*issued != '\0') {
        put(view,
            arena_printf(view->out->arena,
                         "<p class=\"panel\" id=\"not-issued\" data-error=\"%s\" role=\"alert\">",
                         issued));
        put_both(view, "暂时不能领取电子社保卡，请到服务窗口办理。",
                 "No electronic card can be issued. Please come to a service window.");
        put(view, "</p>");
    }
    put(view, "<div class=\"below\">");
    put_button(view, &(struct kiosk_button) { "issue", "/issue", "领取电子社保卡",
                                              "Get the electronic card", false });
    put(view, "</div>");
}

static void
in_put(const struct kiosk_view *view)
{
    const struct kiosk_machine *kiosk = view->kiosk;
    struct arena *arena = view->out->arena;
    int64_t left_s = kiosk_left_s(kiosk);

    put_title(view, "greeting", arena_printf(arena, "%s，您好", kiosk->name),
              arena_printf(arena, "Welcome, %s", kiosk->name));
    put(view, "<div class=\"panel\"><dl>");
    fact_put(view, "name", "姓名 Name", kiosk->name);
    fact_put(view, "level", "本次登录等级 Level of this login", kiosk->level);
    factors_put(view);
    put(view, "</dl></div>");
    issue_put(view);
    put(view, "<div class=\"below\">");
    put_button(view,
               &(struct kiosk_button) { "stay", "/stay", "继续办理", "I need more time", false });
    put_button(view, &(struct kiosk_button) { "leave", "/leave",
                                              kiosk->by_card ? "办完了，取卡" : "办完了，退出",
                                              "I am finished", true });
    put(view, arena_printf(arena, "</div><p class=\"left%s\" id=\"left\">",
                           left_s < LEFT_SOON_S ? " soon" : ""));
    put_both(view, arena_printf(arena, "无人操作时，%lld 秒后自动退出。", (long long)left_s),
             arena_printf(arena, "Unless you press something, you are logged out in %lld seconds.",
                          (long long)left_s));
    put(view, "</p>");
}

static void
bye_put(const struct kiosk_view *view)
{
    put_title(view, "bye", view->kiosk->by_card ? "已退出，请取走您的社保卡" : "已退出",
              view->kiosk->by_card ? "You are logged out. Please take your card."
                                   : "You are logged out.");
}

/* By the provider's error code, or one of ours. */
static const struct kiosk_trouble {
    const char *code;
    const char *chinese;
    const char *english;
} troubles[] = {
    { "card_pin_wrong", "密码不正确，请重新插卡再试",
      "The PIN is not right. Insert the card and try again." },
    { "card_pin_malformed", "请输入 4 至 16 位密码", "Enter 4 to 16 digits." },
    { "card_pin_locked", "该卡密码已锁定，请到服务窗口解锁",
      "The PIN of this card is locked. Please come to a service window." },
    { "card_stopped", "该卡已挂失、未启用或已注销，请到服务窗口办理",
      "This card is reported lost, not enabled or cancelled. Please come to a service window." },
    { "card_expired", "该卡已过有效期，请到服务窗口换发",
      "This card has expired. Please have it renewed at a service window." },
    { "card_unknown", "查不到该卡信息，请到服务窗口办理",
      "The card office does not know this card. Please come to a service window." },
    { "card_wait", "密码输错次数过多，请稍后再试，或用手机登录",
      "Too many wrong PINs. Please wait a while, or log in by phone." },
    { "card_not_registered", "您还没有注册账号，请用手机在网上注册，或到服务窗口办理",
      "You have no account yet. Please register by phone, or at a service window." },
    { "access_denied", "本次登录未通过", "The login was not allowed." },
    { "expired_token", "等待时间已过，请重新开始", "It took too long. Please begin anew." },
    { "invalid_client", "本机已停用，请使用其他终端", "This terminal is out of service." },
    { "", "暂时无法登录，请稍后再试，或到服务窗口办理",
      "Logging in is not possible right now. Please try again, or come to a service window." },
};

static void
wrong_put(const struct kiosk_view *view)
{
    const struct kiosk_trouble *trouble = troubles;

    while (*trouble->code != '\0' && !text_eq(trouble->code, view->kiosk->trouble))
        trouble++;
    put_title(view, "trouble", trouble->chinese, trouble->english);
    put(view, "<div class=\"below\">");
    put_button(view, &(struct kiosk_button) { "home", "/home", "重新开始", "Begin anew", true });
    put(view, "</div>");
}

static const struct {
    void (*put)(const struct kiosk_view *view);
    int again_s; /* the page is asked for again; 0: it waits for a press */
} screens[] = {
    [KIOSK_HOME] = { home_put, 0 },    [KIOSK_PHONE] = { phone_put, 2 },
    [KIOSK_CARD] = { card_put, 15 },   [KIOSK_PIN] = { pin_put, 30 },
    [KIOSK_IN] = { in_put, 3 },        [KIOSK_BYE] = { bye_put, 3 },
    [KIOSK_WRONG] = { wrong_put, 10 },
};

void
kiosk_page(const struct kiosk_machine *kiosk, struct buf *out)
{
    const struct kiosk_view view = { kiosk, out };

    put(&view, "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
               "<link rel=\"icon\" href=\"data:,\"><title>自助服务终端</title>");
    if (screens[kiosk->screen].again_s > 0)
        put(&view, arena_printf(out->arena, "<meta http-equiv=\"refresh\" content=\"%d;url=/\">",
                                screens[kiosk->screen].again_s));
    put(&view, "<style>");
    put(&view, style);
    put(&view, "</style></head><body><header>");
    put(&view, emblem);
    put(&view, "<div><b>自助服务终端</b><span lang=\"en\">Self-service terminal</span></div><div>");
    put_text(&view, kiosk->agency);
    put(&view, "<br>");
    put_text(&view, kiosk->place);
    put(&view, "</div></header><main>");
    screens[kiosk->screen].put(&view);
    put(&view,
        "</main><footer>人社服务热线 12333 · 请勿让他人看到您的密码 "
        "<span lang=\"en\">Let nobody see your PIN</span> · 演示 demo</footer></body></html>");
}
