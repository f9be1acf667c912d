/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_partner.h"

#include <jansson.h>
#include <string.h>

#include "idp/base/text.h"
#include "tests/sims/kit_acting.h"

/* What makes the two partners two. */
struct theme {
    const char *colours; /* CSS variables */
    const char *emblem;  /* SVG inside a box of 32 by 32 */
    struct words line;
    struct words title;
    struct words lead;
    struct words services[3];
    struct words details[3];
};

static const struct theme hall = {
    .colours = "--main:#8f1d22;--dark:#6f1418;--ground:#faf6f0;--pale:#eadfd2;--soft:#5d4f47;"
               "--top:#8f1d22;--on-top:#fff;--edge:#d9a441;--round:.25rem",
    .emblem =
        "<path d=\"M16 3 3 10v3h26v-3zM6 15v9m6.6-9v9m6.8-9v9M26 15v9M3 28h26\" fill=\"none\" "
        "stroke=\"currentColor\" stroke-width=\"2.4\"/>",
    .line = { { "人社业务，网上就办", "Social security services, online" } },
    .title = { { "办理社保业务", "Social security, without the queue" } },
    .lead = { { "登录后可查询本人参保情况，在线办理业务，不必到窗口。",
                "Log in to see your insurance records and to get things done without a visit." } },
    .services = { { { "参保查询", "Insurance records" } },
                  { { "待遇资格认证", "Proof of entitlement" } },
                  { { "就业登记", "Employment registration" } } },
    .details = { { { "缴费年限和个人账户", "Years paid and personal account" } },
                 { { "养老金领取人每年一次", "Once a year for pensioners" } },
                 { { "灵活就业人员也可办理", "For the self-employed too" } } },
};

static const struct theme hospital = {
    .colours = "--main:#0a5f57;--dark:#07463f;--ground:#f2f9f8;--pale:#cfe4e1;--soft:#43595a;"
               "--top:#fff;--on-top:#0a5f57;--edge:#0a5f57;--round:1rem",
    .emblem = "<path d=\"M12 4h8v8h8v8h-8v8h-8v-8H4v-8h8z\" fill=\"currentColor\"/>",
    .line = { { "预约、缴费、查报告", "Appointments, payments, results" } },
    .title = { { "看病少排队", "Less waiting, more care" } },
    .lead = { { "登录后可预约挂号，用医保结算，在线查看检查报告。",
                "Log in to book an appointment, "
                "to pay with your insurance and to read your results." } },
    .services = { { { "预约挂号", "Appointments" } },
                  { { "医保结算", "Insurance payment" } },
                  { { "检查报告", "Results" } } },
    .details = { { { "提前七天放号", "Open seven days ahead" } },
                 { { "门诊和住院费用", "Outpatient and inpatient fees" } },
                 { { "出结果即可查看", "As soon as they are there" } } },
};

static const char style[] =
    "*{box-sizing:border-box}html{font-size:112.5%}"
    "body{margin:0;min-height:100vh;display:flex;flex-direction:column;"
    "background:var(--ground);color:#1a1f24;line-height:1.6;overflow-wrap:anywhere;"
    "font-family:system-ui,-apple-system,\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK "
    "SC\",sans-serif}"
    ".wrap{width:100%;max-width:44rem;margin:0 auto;padding:0 min(1.25rem,5vw)}"
    ".top{background:var(--top);color:var(--on-top);border-bottom:4px solid var(--edge)}"
    ".top .wrap{display:flex;align-items:center;gap:.75rem;min-height:4.5rem;"
    "padding-top:.6rem;padding-bottom:.6rem}.top svg{flex:none;width:2.25rem;height:2.25rem}"
    ".brand{flex:1;line-height:1.3}.brand b{display:block;font-size:1.2rem}"
    ".brand span{font-size:.88rem}"
    ".top a{flex:none;display:flex;align-items:center;min-height:2.75rem;padding:0 .8rem;"
    "border:1px solid;border-radius:var(--round);color:inherit;text-decoration:none;"
    "font-size:.92rem}"
    "main{flex:1;padding-top:1.75rem!important;padding-bottom:2rem!important}"
    "h1{margin:0 0 .5rem;font-size:1.65rem;line-height:1.3}"
    "h2{margin:0 0 .4rem;font-size:1.1rem}p{margin:0 0 1rem}"
    ".lead,.why,dt,footer{color:var(--soft)}.why,dt,footer{font-size:.92rem}"
    ".card{margin:0 0 1.25rem;padding:1.25rem;border:1px solid var(--pale);"
    "border-radius:var(--round);background:#fff}.card>:last-child{margin-bottom:0}"
    ".card>.why{margin:.9rem 0 0}main a:not(.main){color:var(--main)}"
    ".main,button{display:block;width:100%;min-height:3.4rem;padding:.75rem 1rem;"
    "border:2px solid var(--main);border-radius:var(--round);background:var(--main);"
    "color:#fff;font:inherit;font-size:1.2rem;font-weight:700;text-align:center;"
    "text-decoration:none;cursor:pointer}.main:hover{background:var(--dark)}"
    "button{background:#fff;color:var(--main);font-size:1.05rem}"
    "button:hover{background:var(--ground)}"
    ":focus-visible{outline:3px solid #1a1f24;outline-offset:3px}"
    ".services{display:grid;gap:.75rem;margin:0 0 1.25rem;padding:0;list-style:none}"
    ".services li{padding:.85rem 1rem;border:1px solid var(--pale);"
    "border-left:5px solid var(--edge);border-radius:.25rem;background:#fff}"
    ".services b{display:block}dl{margin:0}"
    "dl>div{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;"
    "padding:.55rem 0;border-bottom:1px solid var(--pale)}dl>div:last-child{border:0}"
    "dd{margin:0;font-weight:700}dd.code{font:.85rem/1.6 ui-monospace,Consolas,monospace}"
    ".note{margin:0 0 1.25rem;padding:.85rem 1rem;border-left:5px solid var(--main);"
    "background:#fff}footer{border-top:1px solid var(--pale);background:#fff}"
    "footer p{margin:.9rem 0}footer a{color:var(--main)}"
    "textarea{width:100%;padding:.5rem;border:1px solid var(--soft);"
    "border-radius:var(--round);font:.85rem/1.5 ui-monospace,Consolas,monospace}"
    "@media(min-width:40rem){.services{grid-template-columns:1fr 1fr 1fr}h1{font-size:2rem}"
    ".card{padding:1.75rem}}";

void
site_put(struct site_page *page, const char *html)
{
    buf_text(page->out, html);
}

void
site_words(struct site_page *page, const char *chinese, const char *english)
{
    kit_html(page->out, page->language == LANGUAGE_ZH_CN ? chinese : english);
}

static void
put_name(struct site_page *page)
{
    site_words(page, page->partner->name_zh, page->partner->name_en);
}

struct site_page
site_begin(const struct partner_site *partner, enum language language, struct buf *out)
{
    struct site_page page = { partner, partner->is_hospital ? &hospital : &hall, language, out };

    site_put(&page, "<!doctype html><html lang=\"");
    site_put(&page, languages[language].tag);
    site_put(&page, "\"><head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                    "<link rel=\"icon\" href=\"data:,\"><title>");
    put_name(&page);
    site_put(&page, "</title><style>:root{");
    site_put(&page, page.theme->colours);
    site_put(&page, "}");
    site_put(&page, style);
    site_put(&page, "</style></head><body><header class=\"top\"><div class=\"wrap\">"
                    "<svg viewBox=\"0 0 32 32\" aria-hidden=\"true\">");
    site_put(&page, page.theme->emblem);
    site_put(&page, "</svg><div class=\"brand\"><b>");
    put_name(&page);
    site_put(&page, "</b><span>");
    site_words(&page, page.theme->line.in[LANGUAGE_ZH_CN], page.theme->line.in[LANGUAGE_EN]);
    site_put(&page, "</span></div>");
    site_put(&page, language == LANGUAGE_ZH_CN
                        ? "<a id=\"language\" lang=\"en\" href=\"/language?to=en\">English</a>"
                        : "<a id=\"language\" lang=\"zh-CN\" href=\"/language?to=zh\">中文</a>");
    site_put(&page, "</div></header><main class=\"wrap\">");
    return page;
}

void
site_end(struct site_page *page)
{
    site_put(page, "</main><footer><div class=\"wrap\"><p>");
    site_words(page, "演示用的接入应用，登录由通行提供：",
               "A partner made for the demo. Login by Tongxing: ");
    site_put(page, "<a id=\"provider\" href=\"");
    kit_html(page->out, page->partner->issuer);
    site_put(page, "/\">");
    site_words(page, "我的通行账号", "my Tongxing account");
    site_put(page, "</a></p></div></footer></body></html>");
}

void
site_heading(struct site_page *page, const char *id, const char *chinese, const char *english)
{
    site_put(page, arena_printf(page->out->arena, "<h1 id=\"%s\">", id));
    site_words(page, chinese, english);
    site_put(page, "</h1>");
}

static void
put_login(struct site_page *page)
{
    site_put(page, "<div class=\"card\"><a class=\"main\" id=\"login\" href=\"/login\">");
    site_words(page, "登录", "Log in");
    site_put(page, "</a><p class=\"why\">");
    site_words(
        page, "用通行账号登录。已在别处登录的，不必再输密码。",
        "With your Tongxing account. If you are logged in elsewhere, no password is asked again.");
    site_put(page, "</p></div>");
}

/* Where cards are scanned: at the partner that has a key for it. */
static void
put_window(struct site_page *page)
{
    if (page->partner->key == NULL)
        return;
    site_put(page, "<p><a id=\"to-window\" href=\"/window\">");
    site_words(page, "挂号窗口：扫电子社保卡", "The desk: scan an electronic card");
    site_put(page, "</a></p>");
}

static void
put_services(struct site_page *page)
{
    site_put(page, "<ul class=\"services\">");
    for (size_t i = 0; i < 3; i++) {
        const struct words *service = &page->theme->services[i];
        const struct words *detail = &page->theme->details[i];

        site_put(page, "<li><b>");
        site_words(page, service->in[LANGUAGE_ZH_CN], service->in[LANGUAGE_EN]);
        site_put(page, "</b><span class=\"why\">");
        site_words(page, detail->in[LANGUAGE_ZH_CN], detail->in[LANGUAGE_EN]);
        site_put(page, "</span></li>");
    }
    site_put(page, "</ul>");
}

static void
put_farewell(struct site_page *page, const char *farewell)
{
    if (farewell == NULL)
        return;
    site_put(page, "<p class=\"note\" id=\"farewell\" role=\"status\">");
    if (text_eq(farewell, "here"))
        site_words(page, "您已退出本应用和其他所有应用。",
                   "You are logged out, here and everywhere.");
    else
        site_words(page, "您已在别处退出登录，这里也随之退出。",
                   "You logged out elsewhere, so you are logged out here too.");
    site_put(page, "</p>");
}

void
page_welcome(const struct partner_site *partner, enum language language, const struct visit *visit,
             struct buf *out)
{
    struct site_page page = site_begin(partner, language, out);

    put_farewell(&page, visit->texts[VISIT_FAREWELL]);
    site_heading(&page, "welcome", page.theme->title.in[LANGUAGE_ZH_CN],
                 page.theme->title.in[LANGUAGE_EN]);
    site_put(&page, "<p class=\"lead\">");
    site_words(&page, page.theme->lead.in[LANGUAGE_ZH_CN], page.theme->lead.in[LANGUAGE_EN]);
    site_put(&page, "</p>");
    put_login(&page);
    put_services(&page);
    put_window(&page);
    site_end(&page);
}

void
site_fact(struct site_page *page, const char *id, const struct words *label, const char *value)
{
    bool is_code = text_eq(id, "sub");

    if (text_is_empty(value))
        return;
    site_put(page, "<div><dt>");
    site_words(page, label->in[LANGUAGE_ZH_CN], label->in[LANGUAGE_EN]);
    site_put(page, arena_printf(page->out->arena, "</dt><dd id=\"%s\"%s>", id,
                                is_code ? " class=\"code\"" : ""));
    kit_html(page->out, value);
    site_put(page, "</dd></div>");
}

/* "l2" in words; "" for anything unknown. */
static const char *
level_shown(const struct site_page *page, const char *level)
{
    static const struct words levels[] = {
        { { "L0 · 未核实", "L0 · Not confirmed" } },
        { { "L1 · 已验证手机号", "L1 · Phone number confirmed" } },
        { { "L2 · 已实名核验", "L2 · Real name confirmed" } },
        { { "L3 · 已当面或人脸核验", "L3 · Confirmed in person or by face" } },
    };
    bool known = level != NULL && level[0] == 'l' && level[1] >= '0' && level[1] <= '3';

    return known ? levels[level[1] - '0'].in[page->language] : "";
}

/* What OpenID Identity Assurance calls the kind of record. */
static const char *
proof_shown(const struct site_page *page, const char *record)
{
    static const struct words bank_card = { { "银行卡核验", "Bank card check" } };

    return text_eq(record, "bank_account") ? bank_card.in[page->language] : record;
}

static void
put_identity(struct site_page *page, const struct visit *visit)
{
    static const struct words name = { { "姓名", "Name" } };
    static const struct words level = { { "实名级别", "Identity level" } };
    static const struct words how = { { "核验方式", "Confirmed by means of" } };
    static const struct words by = { { "核验机构", "Confirmed by" } };
    static const struct words at = { { "核验时间（北京时间）", "Confirmed at (Beijing time)" } };
    static const struct words login = { { "本次登录时间", "Logged in at" } };
    static const struct words login_level = { { "本次登录级别", "Level of this login" } };
    static const struct words sub = { { "您在本应用的编号", "Your number at this partner" } };

    site_put(page, "<section class=\"card\"><h2>");
    site_words(page, "您的身份", "Who you are");
    site_put(page, "</h2><dl>");
    site_fact(page, "name", &name, visit->texts[VISIT_NAME]);
    site_fact(page, "level", &level, level_shown(page, visit->texts[VISIT_LEVEL]));
    site_fact(page, "proven-how", &how, proof_shown(page, visit->texts[VISIT_PROVEN_HOW]));
    site_fact(page, "proven-by", &by, visit->texts[VISIT_PROVEN_BY]);
    site_fact(page, "proven-at", &at, visit->texts[VISIT_PROVEN_AT]);
    site_fact(page, "login-time", &login, visit->texts[VISIT_LOGIN_TIME]);
    site_fact(page, "login-level", &login_level, visit->texts[VISIT_LOGIN_LEVEL]);
    site_fact(page, "sub", &sub, visit->texts[VISIT_SUB]);
    site_put(page, "</dl></section>");
}

static const struct words *
claim_label(const char *claim)
{
    static const struct {
        const char *claim;
        struct words label;
    } labels[] = {
        { "name", { { "姓名", "Name" } } },
        { "phone_number", { { "手机号", "Phone number" } } },
        { "phone_number_verified", { { "手机号已验证", "Phone number confirmed" } } },
        { "identity_number", { { "身份证号", "Identity number" } } },
        { "identity_level", { { "实名级别", "Identity level" } } },
        { "verified_claims", { { "实名核验记录", "Record of the identity check" } } },
        { "card", { { "电子社保卡", "Electronic social-security card" } } },
    };

    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (text_eq(labels[i].claim, claim))
            return &labels[i].label;
    }
    return NULL;
}

const char *
site_card_state(enum language language, const char *state)
{
    static const struct {
        const char *state;
        struct words words;
    } states[] = {
        { "active", { { "正常", "good" } } },
        { "suspended", { { "已停用（挂失或锁定）", "suspended: lost or locked" } } },
        { "revoked", { { "已作废", "void" } } },
        { "inactive", { { "未启用", "not enabled" } } },
        { "expired", { { "已过期", "expired" } } },
    };

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (text_eq(states[i].state, state))
            return states[i].words.in[language];
    }
    return language == LANGUAGE_ZH_CN ? "暂时无法核实" : "cannot be checked now";
}

static const char *
card_shown(const struct site_page *page, const json_t *card)
{
    const char *state = json_string_value(json_object_get(card, "state"));
    const char *region = json_string_value(json_object_get(card, "region"));
    long long level = (long long)json_integer_value(json_object_get(card, "level"));

    return arena_printf(page->out->arena, "%s · L%lld · %s", site_card_state(page->language, state),
                        level, region != NULL ? region : "");
}

static const char *
claim_shown(const struct site_page *page, const char *claim, const json_t *value)
{
    bool in_chinese = page->language == LANGUAGE_ZH_CN;

    if (text_eq(claim, "identity_level"))
        return level_shown(page, json_string_value(value));
    if (text_eq(claim, "card"))
        return card_shown(page, value);
    if (json_is_true(value) || json_is_object(value))
        return in_chinese ? "是" : "yes";
    if (json_is_false(value))
        return in_chinese ? "否" : "no";
    return json_string_value(value);
}

static void
put_received(struct site_page *page, const struct visit *visit)
{
    json_t *received = json_loads(visit->texts[VISIT_RECEIVED], 0, NULL);
    const char *claim;
    json_t *value;

    site_put(page, "<section class=\"card\"><h2>");
    site_words(page, "本应用收到的资料", "What this partner received");
    site_put(page, "</h2><dl id=\"received\">");
    json_object_foreach(received, claim, value)
    {
        const struct words *label = claim_label(claim);

        if (label != NULL)
            site_fact(page, arena_printf(page->out->arena, "claim-%s", claim), label,
                      claim_shown(page, claim, value));
    }
    site_put(page, "</dl><p class=\"why\">");
    site_words(page, "只有您同意过的资料，没有别的。",
               "Only what you agreed to, and nothing else.");
    site_put(page, "</p></section>");
    json_decref(received);
}

static void
put_logout(struct site_page *page, const struct visit *visit)
{
    site_put(page, "<form class=\"card\" id=\"logout-form\" method=\"post\" action=\"/logout\">"
                   "<input type=\"hidden\" name=\"csrf\" value=\"");
    kit_html(page->out, visit->texts[VISIT_CSRF]);
    site_put(page, "\"><button id=\"logout\" type=\"submit\">");
    site_words(page, "退出本应用和其他所有应用", "Log out here and everywhere");
    site_put(page, "</button></form>");
}

void
page_person(const struct partner_site *partner, enum language language, const struct visit *visit,
            struct buf *out)
{
    struct site_page page = site_begin(partner, language, out);
    const char *name = visit->texts[VISIT_NAME] != NULL ? visit->texts[VISIT_NAME] : "";

    site_heading(&page, "greeting", arena_printf(out->arena, "%s，您好", name),
                 arena_printf(out->arena, "Welcome, %s", name));
    site_put(&page, "<p class=\"lead\">");
    site_words(&page, "您已登录，可以办理本人业务。",
               "You are logged in and can use the services below.");
    site_put(&page, "</p>");
    put_acting(&page, visit->texts[VISIT_ACTING]);
    put_identity(&page, visit);
    put_received(&page, visit);
    put_services(&page);
    put_window(&page);
    put_logout(&page, visit);
    site_end(&page);
}

void
page_trouble(const struct partner_site *partner, enum language language, enum trouble trouble,
             struct buf *out)
{
    static const struct words sentences[] = {
        [TROUBLE_DENIED] = { { "您没有同意提供资料，所以没有登录。",
                               "You did not agree to share your data, "
                               "so you are not logged in." } },
        [TROUBLE_STALE] = { { "这次登录已过期，请重新登录。",
                              "This login is out of date. Please log in again." } },
        [TROUBLE_LOGIN] = { { "登录没有成功，请重试。",
                              "The login did not succeed. Please try again." } },
        [TROUBLE_PROVIDER] = { { "登录服务暂时无法访问，请稍后再试。",
                                 "The login service cannot be reached. Please try again later." } },
        [TROUBLE_NO_SUCH_PAGE] = { { "没有这个页面。", "There is no such page." } },
    };
    struct site_page page = site_begin(partner, language, out);

    site_heading(&page, "trouble", sentences[trouble].in[LANGUAGE_ZH_CN],
                 sentences[trouble].in[LANGUAGE_EN]);
    if (trouble != TROUBLE_NO_SUCH_PAGE)
        put_login(&page);
    site_put(&page, "<p><a href=\"/\" id=\"home\">");
    site_words(&page, "回首页", "To the first page");
    site_put(&page, "</a></p>");
    site_end(&page);
}
