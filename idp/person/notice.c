/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/notice.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/connect/sms.h"
#include "idp/context/outbox.h"
#include "idp/context/trace.h"
#include "keys/seal.h"
#include "policies/message.h"

#define CONTEXT "notice.1"

/* The message is in Chinese, as its template at the gateway is. The first letter of the payload
 * names the row. */
static const struct {
    char letter;
    const char *what;
    enum sms_telling telling;
} notices[] = {
    [NOTICE_PASSWORD] = { 'p', "登录密码", SMS_TELLS_CHANGE },
    [NOTICE_PASSWORD_AND_PHONE] = { 'b', "登录密码和手机号", SMS_TELLS_CHANGE },
    [NOTICE_PROMPTS] = { 'a', "登录确认", SMS_TELLS_ALARM },
    [NOTICE_WECHAT] = { 'w', "微信登录绑定", SMS_TELLS_CHANGE },
    [NOTICE_CARD_MOVED] = { 'm', "电子社保卡所在手机", SMS_TELLS_CHANGE },
    [NOTICE_FAMILY] = { 'f', "亲情账户", SMS_TELLS_CHANGE },
    [NOTICE_CARD] = { 'c', "电子社保卡", SMS_TELLS_CHANGE },
    [NOTICE_CARD_LOST] = { 'l', "社保卡挂失状态", SMS_TELLS_CHANGE },
    [NOTICE_CARD_RELEASED] = { 'r', "社保卡解除挂失", SMS_TELLS_CHANGE },
    [NOTICE_CARD_UNLINKED] = { 'u', "电子社保卡关联渠道", SMS_TELLS_CHANGE },
    [NOTICE_CARD_PASSWORD] = { 's', "社保卡密码", SMS_TELLS_CHANGE },
    [NOTICE_CARD_PASSWORD_LOCKED] = { 'k', "社保卡密码锁定", SMS_TELLS_CHANGE },
    [NOTICE_ACT] = { 'd', "", SMS_TELLS_ACT },
    [NOTICE_NAME] = { 'n', "登记姓名", SMS_TELLS_CHANGE },
    [NOTICE_NUMBER] = { 'i', "登记的身份证号码", SMS_TELLS_CHANGE },
};

#define NOTICES (sizeof(notices) / sizeof(notices[0]))

/* An operator's command has settings and no gateway: a service sends what it puts. */
static bool
is_told(const struct ctx *ctx, enum sms_telling telling)
{
    const struct settings *settings = ctx->settings;

    if (ctx->services->sms != NULL)
        return sms_can_tell(ctx->services->sms, telling);
    return !text_is_empty(settings->sms.url) &&
           !text_is_empty(sms_template_telling(settings, telling));
}

/* The payload: a letter, the number, and for an act a line each for place and business. */
static enum err
put(struct ctx *ctx, const char *person_id, enum notice notice, const char *told)
{
    const char *plain = arena_printf(ctx->arena, "%c%s", notices[notice].letter, told);
    const char *payload;
    enum err err =
        seal_text(&ctx->keys->data, ctx->env, ctx->arena, CONTEXT, bytes_of_text(plain), &payload);

    if (err != OK)
        return err;
    return outbox_put(ctx, &(struct outbox_entry) {
                               .kind = OUTBOX_NOTICE, .person_id = person_id, .payload = payload });
}

enum err
notice_put(struct ctx *ctx, const char *person_id, const char *phone, enum notice notice)
{
    if (text_is_empty(phone) || !is_told(ctx, notices[notice].telling))
        return OK;
    return put(ctx, person_id, notice, phone);
}

enum err
notice_put_act(struct ctx *ctx, const char *person_id, const char *phone,
               const struct notice_act *act)
{
    if (text_is_empty(phone) || !is_told(ctx, SMS_TELLS_ACT))
        return OK;
    return put(ctx, person_id, NOTICE_ACT,
               arena_printf(ctx->arena, "%s\n%s\n%s", phone, message_name(ctx->arena, act->place),
                            message_name(ctx->arena, act->business)));
}

/* "2026-01-01 08:00" in Beijing. */
static const char *
time_told(struct arena *arena, unix_s at)
{
    const char *compact = time_beijing_compact(arena, at);

    return arena_printf(arena, "%.4s-%.2s-%.2s %.2s:%.2s", compact, compact + 4, compact + 6,
                        compact + 8, compact + 10);
}

/* ERR_INVALID: of a newer version. */
static enum err
notice_of(char letter, struct sms_notice *out)
{
    for (size_t i = 0; i < NOTICES; i++) {
        if (notices[i].letter == letter) {
            out->what = notices[i].what;
            out->telling = notices[i].telling;
            return OK;
        }
    }
    return ERR_INVALID;
}

/* Number, place and business; the latter two are there for an act alone. A template's variable wants a value. */
static void
told_read(struct ctx *ctx, const char *told, struct sms_notice *out)
{
    const char *sign = ctx->settings->sms.sign_name;
    size_t phone = strcspn(told, "\n");
    const char *place = told[phone] != '\0' ? told + phone + 1 : "";
    size_t end = strcspn(place, "\n");
    const char *business = place[end] != '\0' ? place + end + 1 : "";

    out->phone_e164 = arena_copy(ctx->arena, told, phone);
    out->place = end > 0 ? arena_copy(ctx->arena, place, end) : sign;
    if (out->telling == SMS_TELLS_ACT)
        out->what = *business != '\0' ? business : sign;
}

enum err
notice_tell(struct ctx *ctx, const struct stored_delivery *delivery, int *status)
{
    struct sms_notice notice = { .time = time_told(ctx->arena, delivery->created_at) };
    struct bytes plain;
    const char *text;
    enum err err;

    (void)status; /* the connector has told the log */
    if (!sms_can_tell(ctx->services->sms, SMS_TELLS_CHANGE) &&
        !sms_can_tell(ctx->services->sms, SMS_TELLS_ALARM) &&
        !sms_can_tell(ctx->services->sms, SMS_TELLS_ACT))
        return ERR_NOT_FOUND;
    err = seal_text_open(&ctx->keys->data, ctx->arena, CONTEXT, delivery->payload, &plain);
    if (err != OK)
        return err;
    text = arena_copy(ctx->arena, plain.at, plain.size);
    err = notice_of(text[0], &notice);
    if (err != OK)
        return err;
    if (!sms_can_tell(ctx->services->sms, notice.telling))
        return ERR_NOT_FOUND;
    told_read(ctx, text + 1, &notice);
    notice.traceparent = trace_onward(ctx);
    err = sms_send_notice(ctx->services->sms, ctx->arena, &notice, ctx->now);
    return err == ERR_UNKNOWN ? OK : err;
}
