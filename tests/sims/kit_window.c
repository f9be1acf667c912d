/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_window.h"

#include <jansson.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "tests/sims/kit_provider.h"
#include "tests/sims/kit_token.h"

static const char *
text_kept(struct arena *arena, const json_t *object, const char *name)
{
    const char *text = claim_string(object, name);

    return *text != '\0' ? arena_text(arena, text) : NULL;
}

void
window_scan(struct arena *arena, const struct partner_site *partner, const char *code,
            struct window_scan *out)
{
    struct buf form = buf_new(arena, 2048);
    struct sim_call call = { .url = arena_printf(arena, "%s/card/codes/verify", partner->issuer) };
    json_t *answer;
    long status;

    buf_text(&form, "code=");
    buf_url(&form, code);
    partner_proves(arena, partner, &form, &call);
    call.form = form.at;
    answer = call_json_any(arena, &call, &status);
    *out = (struct window_scan) { .refused = status != 200 ? "unreachable" : NULL };
    if (status == 200) {
        long long level = (long long)json_integer_value(json_object_get(answer, "level"));

        out->name = text_kept(arena, answer, "name_masked");
        out->region = text_kept(arena, answer, "region");
        out->state = text_kept(arena, answer, "state");
        out->level = arena_printf(arena, "%lld", level);
    } else if (answer != NULL) {
        out->refused = text_kept(arena, answer, "error");
    }
    json_decref(answer);
}

const char *
window_line(struct arena *arena, const struct window_scan *scan)
{
    struct buf line = buf_new(arena, 256);

    emit_object(&line, NULL);
    emit_text_if(&line, "name", scan->name);
    emit_text_if(&line, "region", scan->region);
    emit_text_if(&line, "state", scan->state);
    emit_text_if(&line, "level", scan->level);
    emit_text_if(&line, "refused", scan->refused);
    emit_object_end(&line);
    return line.at;
}

void
window_read(struct arena *arena, const char *line, struct window_scan *out)
{
    json_t *object = line != NULL ? json_loads(line, 0, NULL) : NULL;

    out->name = text_kept(arena, object, "name");
    out->region = text_kept(arena, object, "region");
    out->state = text_kept(arena, object, "state");
    out->level = text_kept(arena, object, "level");
    out->refused = text_kept(arena, object, "refused");
    json_decref(object);
}

static void
put_accepted(struct site_page *page, const struct window_scan *scan)
{
    static const struct words name = { { "姓名", "Name" } };
    static const struct words region = { { "发卡地区", "Issued in" } };
    static const struct words state = { { "卡状态", "State" } };
    static const struct words level = { { "级别", "Level" } };

    site_put(page, "<section class=\"card\" id=\"scanned\" role=\"status\"><h2>");
    site_words(page, "扫码成功", "The card is good");
    site_put(page, "</h2><dl>");
    site_fact(page, "card-name", &name, scan->name);
    site_fact(page, "card-state", &state, site_card_state(page->language, scan->state));
    site_fact(page, "card-region", &region, scan->region);
    site_fact(page, "card-level", &level, scan->level);
    site_put(page, "</dl><p class=\"why\">");
    site_words(page, "姓名已脱敏。这个码已经用过，再扫无效。",
               "The name is masked. The code is spent, and no scan takes it again.");
    site_put(page, "</p></section>");
}

/* By the provider's error code. */
static const struct {
    const char *code;
    struct words words;
} refusals[] = {
    { "card_code_not_good",
      { { "该二维码无效：已经扫过、已过一分钟，或社保卡不能使用。请持卡人出示新的二维码。",
          "This code is not good: it was scanned before, its minute is over, or the card cannot be used. "
          "Ask for a new one." } } },
    { "invalid_request",
      { { "这不是电子社保卡二维码，请重新扫描。", "This is no card code. Please scan again." } } },
    { "access_denied",
      { { "该二维码是为其他用途出示的。", "This code was shown for another purpose." } } },
    { "", { { "暂时无法核验，请稍后再试。", "It cannot be checked now. Please try again." } } },
};

static void
put_refused(struct site_page *page, const char *code)
{
    size_t i = 0;

    while (*refusals[i].code != '\0' && !text_eq(refusals[i].code, code))
        i++;
    site_put(page, "<p class=\"note\" id=\"refused\" role=\"alert\">");
    site_words(page, refusals[i].words.in[LANGUAGE_ZH_CN], refusals[i].words.in[LANGUAGE_EN]);
    site_put(page, "</p>");
}

void
page_window(const struct partner_site *partner, enum language language,
            const struct window_scan *scan, struct buf *out)
{
    struct site_page page = site_begin(partner, language, out);

    site_heading(&page, "window", "挂号窗口：扫码", "The desk: scan a card");
    if (scan->refused != NULL)
        put_refused(&page, scan->refused);
    else if (scan->name != NULL)
        put_accepted(&page, scan);
    site_put(&page,
             "<form class=\"card\" id=\"window-form\" method=\"post\" action=\"/window\"><p><label "
             "for=\"code\">");
    site_words(&page, "持卡人出示的二维码", "The code that the card holder shows");
    site_put(&page,
             "</label></p><p><textarea id=\"code\" name=\"code\" rows=\"4\" maxlength=\"1024\" "
             "required autocomplete=\"off\" spellcheck=\"false\"></textarea></p><button "
             "id=\"scan\" type=\"submit\">");
    site_words(&page, "扫码核验", "Scan it");
    site_put(&page, "</button><p class=\"why\">");
    site_words(
        &page, "扫码枪会把码的内容输入到框中；演示时从“我的社保卡”页的“码的内容”处复制。",
        "A scanner types the code's text here; in the demo, copy it from the page of the card, under \"The code as text\".");
    site_put(&page, "</p></form><p><a id=\"home\" href=\"/\">");
    site_words(&page, "回首页", "To the first page");
    site_put(&page, "</a></p>");
    site_end(&page);
}
