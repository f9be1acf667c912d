/* SPDX-License-Identifier: Apache-2.0 */
/* A request to render pages for, and every page with plausible values. */
#ifndef TESTS_PROTOCOLS_PAGES_KIT_H
#define TESTS_PROTOCOLS_PAGES_KIT_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "protocols/http/documents.h"
#include "protocols/http/respond.h"
#include "protocols/pages/page.h"
#include "protocols/pages/static.h"

#define EVIL "\"'><svg onload=alert(1)></title></script>&"
#define EVIL_ESCAPED "&quot;&#39;&gt;&lt;svg onload=alert(1)&gt;&lt;/title&gt;&lt;/script&gt;&amp;"

struct page_fixture {
    struct settings settings;
    struct services services;
    struct ctx ctx;
    struct request rq;
};

static inline int
fixture_start(void **state)
{
    struct page_fixture *f = calloc(1, sizeof(*f));

    f->settings.server.issuer = "https://id.example";
    f->settings.server.issuer_path = "";
    f->settings.server.issuer_is_https = true;
    f->services.registry = registry_new();
    f->ctx.settings = &f->settings;
    f->ctx.services = &f->services;
    f->ctx.arena = arena_new(1 << 20);
    f->ctx.request_id = "5f0c2a9be81d4e77";
    f->rq = (struct request) { .ctx = &f->ctx,
                               .arena = f->ctx.arena,
                               .method = "GET",
                               .path = "/login",
                               .language = LANGUAGE_ZH_CN };
    *state = f;
    return 0;
}

static inline int
fixture_end(void **state)
{
    struct page_fixture *f = *state;

    registry_free(f->services.registry);
    arena_free(f->ctx.arena);
    free(f);
    return 0;
}

/* A fresh answer; what was made before is gone. */
static inline struct request *
fixture_request(struct page_fixture *f, enum language language)
{
    arena_reset(f->ctx.arena);
    memset(&f->rq.response, 0, sizeof(f->rq.response));
    f->rq.language = language;
    return &f->rq;
}

static inline const char *
body_of(const struct request *rq)
{
    return (const char *)rq->response.body.at;
}

static inline const char *
header_of(const struct request *rq, const char *name)
{
    for (size_t i = 0; i < rq->response.header_count; i++) {
        if (text_eq(rq->response.headers[i].name, name))
            return rq->response.headers[i].value;
    }
    return "";
}

/* ---- every page with values ---- */

struct page_sample {
    const char *template;
    enum word title;
    const char *values; /* "name=value|name=value"; "name=@symbol" is a word, "list+" starts a row,
                           "-" ends it */
};

#define FORM "action=/login|tx=c2VhbGVk|csrf=Zm9ybQ|until=14:35|may_extend=1|"
#define STAFF_HERE "staff_name=李明|staff_agency=天河区社保局|staff_place=12 号窗口|"
#define PAPER                                                                                      \
    "papers+|value=idcard|label=居民身份证|checked=1|-|looks+|value=photo|label=照片相符|-|number=11010519491231002X|content=|"
#define DOORS                                                                                      \
    "doors+|id=door-1|name=网上办事大厅|url=https://hall.example/login|-|"                   \
    "doors+|id=door-2|name=市人民医院|url=https://hospital.example/|-|"
#define WAY_PASSWORD_LINK "ways+|name=password|label=@login_by_password|url=/login|-|"
#define WAY_SMS_LINK "ways+|name=sms|label=@login_by_sms|url=/login/sms|-|"
#define PARTNER "partner_name=网上办事大厅|cancel_action=/login/cancel|"

#define DEVICE_TOLD                                                                                \
    "data+|title=@scope_openid|explanation=@scope_openid_why|-|data+|title=@scope_profile|"        \
    "value=张*|explanation=@scope_profile_why|-|"

#define CARD_FACE                                                                                  \
    "face=1|mood=good|state=@card_state_active|name=张*|region=广东省 440100|"                 \
    "level=@card_level_1|valid_to=2031-05-01|"
#define CARD_PURPOSES                                                                              \
    "purposes+|name=show|url=/card|label=@card_for_show|this=1|-|"                                 \
    "purposes+|name=serve|url=/card?for=serve|label=@card_for_serve|-|"                            \
    "purposes+|name=login|url=/card?for=login|label=@card_for_login|-|"                            \
    "purposes+|name=pay|url=/card?for=pay|label=@card_for_pay|-|"
#define CARD_LINKS "links+|id=history-link|url=/card|label=@card_history_title|-"

static const struct page_sample samples[] = {
    { "login_password", WORD_login_title,
      FORM PARTNER
      "phone=13800138000|other_way=@login_by_sms|other_way_url=/login/sms|" WAY_SMS_LINK
      "recover_url=/recover|register_url=/register" },
    { "phone", WORD_login_sms_title,
      FORM PARTNER "login=1|form_id=login-sms-form|phone=|" WAY_PASSWORD_LINK
                   "register_url=/register" },
    { "code", WORD_login_sms_code_title,
      FORM PARTNER
      "login=1|form_id=login-sms-code-form|phone_masked=138****8000|wait_s=47|resend_action=/login/sms|change_url=/login/sms" },
    { "phone", WORD_register_phone_title,
      FORM PARTNER "register=1|form_id=register-phone-form|phone=|login_url=/login" },
    { "code", WORD_register_code_title,
      FORM PARTNER
      "register=1|form_id=register-code-form|phone_masked=138****8000|resend_action=/register|change_url=/register" },
    { "login_qr", WORD_login_qr_title,
      FORM PARTNER "waiting=1|code=Y29kZQ|qr_path=M4 4h7|qr_size=33|state=waiting|"
                   "status_url=/login/qr/status?tx=c2VhbGVk|same_url=/login/qr|"
                   "fresh_url=/login/qr|refresh_url=/login/qr|refresh_s=5|" WAY_PASSWORD_LINK },
    { "login_qr", WORD_login_qr_title,
      FORM PARTNER "scanned=1|code=Y29kZQ|fresh_url=/login/qr|" WAY_PASSWORD_LINK },
    { "login_qr", WORD_login_qr_title,
      FORM PARTNER "cancelled=1|code=Y29kZQ|fresh_url=/login/qr|" WAY_PASSWORD_LINK },
    { "login_qr", WORD_login_qr_title, FORM PARTNER "confirmed=1|code=Y29kZQ" },
    { "qr_confirm", WORD_qr_confirm_title,
      FORM "asks=1|far=1|person=张*|partner=网上办事大厅|browser=Chrome · Windows|"
           "network=@qr_network_other|shown_at=14:05|leave_url=/" },
    { "qr_confirm", WORD_qr_confirm_title, FORM "login_url=/login|leave_url=/" },
    { "qr_confirm", WORD_qr_confirm_title, FORM "done=1|leave_url=/" },
    { "qr_confirm", WORD_qr_confirm_title, FORM "cancelled=1|leave_url=/" },
    { "register_notice", WORD_register_notice_title,
      FORM PARTNER "notice_version=2026-01|agree_registration=|agree_bank=" },
    { "identity", WORD_register_identity_title,
      FORM PARTNER
      "register=1|form_id=register-identity-form|name=张三|identity_number=11010519491231002X|bank_card=6216261000000000018|"
      "bank_phone=13800138000" },
    { "identity", WORD_register_identity_title,
      FORM PARTNER
      "register=1|form_id=register-identity-form|notice=@bank_code_sent|ask_bank_code=1|login_url=/login|name=张三|"
      "identity_number=11010519491231002X|bank_card=6216261000000000018|"
      "bank_phone=13800138001" },
    { "code", WORD_register_code_title,
      FORM PARTNER
      "register=1|form_id=register-code-form|phone_masked=138****8000|login_url=/login|change_url=/register" },
    { "code", WORD_register_code_title,
      FORM PARTNER
      "register=1|form_id=register-code-form|phone_masked=138****8000|proven_action=/login/proven|change_url=/register" },
    { "code", WORD_login_sms_code_title,
      FORM PARTNER
      "login=1|form_id=login-sms-code-form|phone_masked=138****8000|register_url=/register|change_url=/login/sms" },
    { "register_password", WORD_register_password_title,
      FORM "level=@level_l2|phone=13800138000|phone_masked=138****8000|leave_url=/" },
    { "phone", WORD_recover_phone_title,
      FORM PARTNER "recover=1|form_id=recover-phone-form|phone=|login_url=/login" },
    { "code", WORD_register_code_title,
      FORM PARTNER
      "recover=1|form_id=recover-code-form|phone_masked=138****8000|resend_action=/recover|change_url=/recover" },
    { "identity", WORD_recover_identity_title,
      FORM PARTNER "recover=1|form_id=recover-identity-form|checks_left=2|name=张三|"
                   "identity_number=11010519491231002X|bank_card=6216261000000000018|"
                   "bank_phone=13800138000" },
    { "identity", WORD_recover_identity_title,
      FORM PARTNER "recover=1|form_id=recover-identity-form|register_url=/register|name=张三|"
                   "identity_number=11010519491231002X|bank_card=6216261000000000018|"
                   "bank_phone=13800138000" },
    { "recover_password", WORD_recover_password_title,
      FORM PARTNER "phone_before=138****8000|phone=13800138000|phone_masked=138****8000" },
    { "recover_password", WORD_recover_password_title,
      FORM PARTNER "phone_before=138****8000|moves=1|phone=13900139000|phone_masked=139****9000|"
                   "ask_take_over=1|take_over=" },
    { "consent", WORD_consent_title,
      FORM
      "partner_name=市人民医院|partner_host=hospital.example|notice=@registered_notice|another_person=张* "
      "138****8000|data+|title=@scope_openid|explanation=@scope_openid_why|-|data+"
      "|title=@scope_profile|value=张*|explanation=@scope_"
      "profile_why|-|"
      "data+|title=@scope_identity|value=110***********002X|explanation=@scope_identity_why|-|"
      "data+|title=@scope_phone|value=138****8000|explanation=@scope_phone_why|-|"
      "level=@level_l2|proof=@proof_bank_card|policy_uri=https://hospital.example/privacy|"
      "tos_uri=https://hospital.example/terms" },
    { "device", WORD_device_title, FORM "user_code=WDJB-MJHT|leave_url=/" },
    { "device_confirm", WORD_device_confirm_title,
      FORM
      "device_partner=社保自助机|place=市政务服务中心一楼大厅|asked_at=14:31|account=张* 138****8000|" DEVICE_TOLD
      "numbers+|number=17|-|numbers+|number=47|-|numbers+|number=83|-" },
    { "device_confirm", WORD_device_confirm_title,
      FORM "device_partner=客厅电视|elsewhere=1|asked_at=14:31|account=张* 138****8000|" DEVICE_TOLD
           "user_code=WDJB-MJHT" },
    { "device_done", WORD_device_done_title, "home_url=/" },
    { "device_done", WORD_device_refused_title, "refused=1|wrong_number=1|home_url=/" },
    { "home", WORD_home_title, FORM DOORS "login_url=/login|register_url=/register" },
    { "home", WORD_home_mine_title,
      FORM
      "logged_in=1|name=张三|level=@level_l2|proof=@proof_bank_card|"
      "proof_time=2026-01-01|phone_masked=138****8000|card_url=/card|password_url=/account/password|sessions_url=/account/sessions|history_url=/account/history|survival_until=2026-12-31|wechat_url=/account/wechat|logout_action=/logout" },
    { "account_password", WORD_account_password_title,
      FORM "phone=13800138000|phone_masked=138****8000|recover_url=/recover" },
    { "account_password", WORD_account_password_title,
      FORM "done=1|phone_masked=138****8000|home_url=/" },
    { "account_sessions", WORD_sessions_title,
      FORM
      "sessions+|number=1|channel=@channel_web|place=网上办事大厅|this=1|begun=2026-01-01 08:00|"
      "used=2026-01-01 08:05|level=@level_l2|partners=市人民医院|label=c2Vzc2lvbg|-|"
      "sessions+|number=2|channel=@channel_app|place=手机应用|carries_this=1|"
      "begun=2026-01-01 07:00|used=2026-01-01 08:00|level=@level_l2|label=YW5vdGhlcg|-|"
      "others=1|logout_action=/logout|logout_csrf=Zm9ybQ|everywhere=1|home_url=/" },
    { "staff_home", WORD_staff_title,
      FORM STAFF_HERE
      "places+|id=to-find|place_url=/staff/find|name=@staff_to_find|-|sign_out_action=/staff/sign-out" },
    { "staff_counters", WORD_staff_to_counters,
      FORM STAFF_HERE
      "place=3 号窗口|agency=天河区社保局|region=440106|code=12345-67890-12345|"
      "code_of=k_0123456789|counters+|number=1|"
      "counter_id=k_0123456789|place=12 号窗口|agency=天河区社保局|region=440106|"
      "state=@counter_state_enrolled|enrolled=2026-01-01 08:00|certificate=1|may=1|-|counters+|"
      "number=2|counter_id=k_1123456789|place=13 号窗口|agency=天河区社保局|region=440106|"
      "state=@counter_state_announced|code_until=2026-01-02 08:00|may=1|-|"
      "next_url=/staff/counters?page=YQ|all_url=/staff/counters|leave_url=/staff" },
    { "staff_people", WORD_staff_people_title,
      FORM STAFF_HERE
      "typed=wang|unused_url=/staff/people?page=YQ|all_url=/staff/people|code=12345-67890-abcde|"
      "code_of=wang|unused=1|people+|number=1|staff_id=wang|name=王芳|roles=窗口人员|"
      "agency=天河区社保局|region=440100|state=@staff_state_active|sits=1|"
      "factor=@staff_factor_none|code_until=2026-01-02 08:00|may_code=1|may_unlock=1|may_stop=1|-|"
      "people+|number=2|staff_id=chen.jing|name=陈静|roles=主管|agency=天河区社保局|region=440100|"
      "state=@staff_state_stopped|factor=@staff_factor_totp|seen=2026-01-01 08:00|may_start=1|-|"
      "next_url=/staff/people?page=YQ|leave_url=/staff" },
    { "staff_settings", WORD_staff_settings_title,
      STAFF_HERE
      "sections+|section=sms|settings+|key=url|value=https://sms.example.com/|set=1|help=Where.|-|"
      "settings+|key=access_key_secret|value=********|hidden=1|help=A secret.|-|-|leave_url=/staff" },
    { "staff_audit", WORD_staff_audit_title,
      FORM STAFF_HERE
      "concerned=p_AbCdEfGhIjKlMnOpQrStUv|actor=wang|counter=k_AbCdEfGhIjKlMnOpQrStUv|event=staff.|"
      "since=2026-01-01|up_to=2026-01-31|events+|event=staff.deny|-|records+|at=2026-01-01 08:00:00|"
      "event=staff.deny|refusal=1|reason=self|concerned=p_AbCdEfGhIjKlMnOpQrStUv|actor=wang|"
      "counter=k_AbCdEfGhIjKlMnOpQrStUv|-|records+|at=2026-01-01 07:59:00|event=person.seen|"
      "reason=来访人查询待遇|concerned=p_AbCdEfGhIjKlMnOpQrStUv|actor=wang|"
      "counter=k_AbCdEfGhIjKlMnOpQrStUv|-|looked_to=2026-01-01 07:00:00|"
      "next_url=/staff/audit?page=YQ|export_url=/staff/audit/export?page=YQ|leave_url=/staff" },
    { "account_reset", WORD_reset_page_title,
      FORM "ask=1|phone=13800138000|done=1|home_url=/|login_url=/login" },
    { "staff_sign_in", WORD_staff_sign_in_title,
      FORM STAFF_HERE
      "at_counter=1|counter_place=12 号窗口|holds_until=2026-12-31|staff_name_typed=li|enrol_url=/staff/enrol|password_url=/staff/password|home_url=/staff" },
    { "staff_password", WORD_staff_password_title,
      FORM "staff_name_typed=li|again_url=/staff/sign-in" },
    { "staff_enrol", WORD_staff_enrol_title,
      FORM "is_first=1|staff_name_typed=li|again_url=/staff/sign-in" },
    { "staff_enrol_factor", WORD_staff_enrol_title,
      FORM "has_certificate=1|secret=JBSWY3DPEHPK3PXP" },
    { "staff_approvals", WORD_proposals_title,
      FORM STAFF_HERE
      "approved=1|refused=1|proposals+|ref=cmVm|kind=姓名|citizen=张*|proposer=li|place=12 号窗口|"
      "proposed=08:00|-|find_url=/staff/find|staff_url=/staff" },
    { "staff_approval", WORD_proposal_title,
      FORM STAFF_HERE
      "kind=姓名|citizen=张*|value=张三丰|business=pension.change|reason=工单|proposer=li|place=12 号窗口|"
      "proposed=08:00|until_time=20:00|list_url=/staff/approvals" },
    { "staff_correct", WORD_correct_title,
      FORM STAFF_HERE PAPER
      "done=1|kind_name=1|kind_number=1|name=张三|reason=工单|proposals+|kind=姓名|what=姓名|value=张三丰|"
      "approved=1|refused=1|used=1|waits=1|-|person_url=/staff/person" },
    { "staff_proof", WORD_proof_title, FORM STAFF_HERE PAPER "person_url=/staff/person" },
    { "staff_register", WORD_newcomer_title,
      FORM STAFF_HERE PAPER
      "offered=1|name=张三|phone=13800138000|agreed=1|find_url=/staff/find|staff_url=/staff" },
    { "staff_reset", WORD_reset_title,
      FORM STAFF_HERE
      "offered=1|phone_masked=138****8000|sent=1|confirmed=1|holds=1|proof_url=/staff/proof|person_url=/staff/person" },
    { "staff_lock", WORD_staff_lock_title, FORM STAFF_HERE "lock_action=" },
    { "staff_lock", WORD_staff_lock_title, FORM STAFF_HERE "certificate=1" },
    { "staff_counter", WORD_counter_title, FORM "staff_url=/staff" },
    { "staff_counter", WORD_counter_title,
      FORM "staff_url=/staff|counter_id=k_0123456789|place=12 号窗口|agency=天河区社保局" },
    { "staff_find", WORD_staff_find_title,
      FORM "staff_name=李明|staff_agency=天河区社保局|staff_place=12 号窗口|find=13800138000|"
           "scan_url=/staff/scan|staff_url=/staff" },
    { "staff_scan", WORD_staff_scan_title,
      FORM "staff_name=李明|staff_agency=天河区社保局|staff_place=12 号窗口|find_url=/staff/find|"
           "staff_url=/staff" },
    { "staff_person", WORD_staff_person_title,
      FORM
      "staff_name=李明|staff_agency=天河区社保局|staff_place=12 号窗口|present=1|name=张*|"
      "identity_number=1101**********002X|phone=138****8000|account=@staff_account_active|"
      "card=@card_state_active|region=广东省 440100|level=@level_l2|proof=@proof_bank_card|"
      "proof_time=2026-01-01|act_url=/staff/act|proof_url=/staff/proof|survival_url=/staff/survival|reset_url=/staff/reset|correct_url=/staff/correct|unmask_action=/staff/person/unmask|reason=工单|"
      "loss_action=/staff/person/loss|find_url=/staff/find|scan_url=/staff/scan|"
      "staff_url=/staff" },
    { "staff_person", WORD_staff_person_title,
      FORM "staff_name=李明|staff_agency=天河区社保局|staff_place=12 号窗口|self=1|unmasked=1|"
           "name=张三|identity_number=11010519491231002X|account=@staff_account_closed|"
           "card=@staff_card_none|level=@level_l0|find_url=/staff/find|staff_url=/staff" },
    { "staff_act", WORD_staff_acting_title,
      FORM
      "staff_name=李明|staff_agency=天河区社保局|staff_place=12 号窗口|name=张*|"
      "businesses+|number=1|value=window pension.query|business=养老金查询|partner=窗口业务系统|"
      "first=1|checked=1|-|businesses+|number=2|value=window pension.change|"
      "business=养老金变更|partner=窗口业务系统|second=1|-|reason=工单|"
      "person_url=/staff/person" },
    { "staff_act", WORD_staff_acting_title,
      FORM "staff_name=李明|staff_agency=天河区社保局|staff_place=12 号窗口|name=张*|"
           "person_url=/staff/person" },
    { "staff_act_begun", WORD_staff_acting_begun,
      FORM "staff_name=李明|staff_agency=天河区社保局|staff_place=12 号窗口|partner=窗口业务系统|"
           "partner_url=https://window.example/begin?acting=YQ|person_url=/staff/person|"
           "find_url=/staff/find|scan_url=/staff/scan|staff_url=/staff" },
    { "staff_act_begun", WORD_staff_acting_begun,
      FORM "staff_name=李明|staff_agency=天河区社保局|staff_place=12 号窗口|handle=aGFuZGxl|"
           "person_url=/staff/person|staff_url=/staff" },
    { "account_history", WORD_history_title,
      "acts+|what=@staff_act_acted|agency=天河区社保局|place=12 号窗口|at=2026-01-01 08:00|"
      "staff=李** (***01)|business=市人民医院 B01|reason=工单 4711|-|"
      "acts+|what=@staff_act_found|agency=天河区社保局|at=2026-01-01 07:59|staff=** (***01)|-|"
      "older_url=/account/history|card_history_url=/card/history|home_url=/" },
    { "account_history", WORD_history_title, "notice=@begun_anew|home_url=/" },
    { "card_family", WORD_family_title,
      FORM
      "asks+|ref=YXNr|who=张*|phone=138****8000|kinship=@family_elder|asked=2026-01-01|-|"
      "members+|ref=b25l|who=李*英|phone=138****8001|kinship=@family_elder|since=2026-01-01|card_url=/card/family|-|"
      "members+|ref=dHdv|kinship=@family_spouse|asked=2026-01-01|-|"
      "showers+|ref=dGhyZWU|who=王*|phone=138****8002|kinship=@family_child|since=2026-01-01|-|"
      "kinships+|value=elder|label=@family_elder|left=3|checked=1|-|"
      "kinships+|value=spouse|label=@family_spouse|-|offered=1|again=1|name=张三|identity_number=11010519491231002X" },
    { "card_family", WORD_family_title, FORM "home_url=/" },
    { "approvals", WORD_approvals_title,
      FORM
      "reload_url=/approvals|home_url=/|asker=12333 热线|which=d2hpY2g|binding_message=7291|channel=@channel_telephone|"
      "asked_at=08:05|person=张* 138****8000|until=08:15|more=2|data+|title=@scope_openid|"
      "explanation=@scope_openid_why|-" },
    { "approve", WORD_approvals_title,
      FORM "asker=12333 热线|binding_message=7291|channel=@channel_message|asked_at=08:05|"
           "person=张*|approved=1|refused=1|home_url=/|login_url=/login|here=1" },
    { "wechat_bind", WORD_wechat_bind_title,
      FORM PARTNER "nickname=海边的风|" WAY_PASSWORD_LINK WAY_SMS_LINK "register_url=/register" },
    { "wechat_bind", WORD_wechat_bind_title,
      FORM PARTNER "doubtful=1|" WAY_PASSWORD_LINK WAY_SMS_LINK },
    { "wechat_confirm", WORD_wechat_confirm_title,
      FORM
      "name_masked=张*|phone_masked=138****8000|nickname=海边的风|place=@wechat_place_official|"
      "doubtful=1" },
    { "wechat_number", WORD_wechat_number_title, FORM PARTNER "number=12" },
    { "wechat_done", WORD_wechat_mini_title, FORM "done=1" },
    { "wechat_done", WORD_wechat_mini_title, FORM "leave_url=/" },
    { "account_wechat", WORD_account_wechat_title,
      FORM "phone_masked=138****8000|since=2026-01-01|again=1|leave_url=/" },
    { "account_wechat", WORD_account_wechat_title, FORM "phone_masked=138****8000|home_url=/" },
    { "card", WORD_card_title,
      FORM CARD_FACE
      "eye_action=/card|form=Zm9ybQ|for=show|" CARD_PURPOSES
      "code=1|code_text=eyJhbGciOiJFUzI1NiJ9.e30.c2ln|how=@card_show_how|qr_path=M4 4h7|qr_size=77|life_s=60|fresh_s=50|"
      "code_until=14:35:20|anew_url=/card?turn=1|fresh_url=/card|refresh_url=/card|"
      "refresh_s=50|loss_url=/card|soon=1|renew_url=/card|" CARD_LINKS },
    { "card", WORD_card_title,
      FORM CARD_FACE "hide_url=/card|" CARD_PURPOSES "rests=1|fresh_url=/card|loss_url=/card" },
    { "card", WORD_card_title,
      FORM CARD_FACE "eye_action=/card|form=Zm9ybQ|for=pay|" CARD_PURPOSES
                     "password_action=/card|how=@card_pay_how|password_url=/card|loss_url=/card" },
    { "card", WORD_card_title,
      FORM CARD_FACE
      "trouble=@card_lost|trouble_why=@card_lost_why|lost=1|lost_until=2026-01-08|steps+|"
      "step=@card_step_found|-|steps+|step=@card_step_lost|-|loss_url=/card" },
    { "card", WORD_card_title,
      FORM "mood=note|trouble=@card_none|trouble_why=@card_none_known|steps+|"
           "step=@card_step_terminal|-|again_url=/card|family_url=/card|home_url=/" },
    { "card", WORD_card_title, FORM "mood=note|trouble=@card_weak|login_url=/card?act=login" },
    { "card", WORD_card_title, FORM CARD_FACE "pay_url=/card|lapsed=1|renew_url=/card" },
    { "card_loss", WORD_card_loss_title,
      FORM "lapses=2026-01-08 08:00|may_release=1|password_url=/card" },
    { "card_loss", WORD_card_loss_title, FORM "lapses=1|formal=1|stopped=1|needs_level=1" },
    { "card_loss", WORD_card_loss_title, FORM "days=7" },
    { "card_lost", WORD_card_lost_title, FORM "ask=1|phone=13800138000" },
    { "card_lost", WORD_card_lost_title, FORM "sent_to=138****8000|done=1|confirm=1|home_url=/" },
    { "card_password", WORD_card_password_title, FORM "may_set=1|ask_old=1|pay_url=/card" },
    { "card_password", WORD_card_password_title,
      FORM "notice=@begun_anew|needs_proof=1|pay_url=/card" },
    { "card_password", WORD_card_password_title, FORM "notice=@begun_anew|done=1|home_url=/" },
    { "card_pay", WORD_card_pay_title,
      FORM
      "asks=1|bank_card=6216261000000000018|bank_phone=13800138000|ask_bank_code=1|home_url=/" },
    { "card_pay", WORD_card_pay_title,
      FORM "notice=@begun_anew|active=1|checked=1|password_url=/card" },
    { "card_keep", WORD_card_keep_title,
      FORM "notice=@begun_anew|card_url=/card|home_url=/|leave_url=" },
    { "card_keep", WORD_card_keep_title,
      FORM "face=1|again=1|valid_to=2026-01-31|soon=1|linked=2026-01-01|card_url=/card" },
    { "card_keep", WORD_card_keep_title, FORM "face=1|valid_to=2035-01-01|card_url=/card" },
    { "card_history", WORD_card_history_title,
      FORM
      "uses+|purpose=@card_for_show|partner=市人民医院|at=2026-01-01 08:05|place=一楼大厅|"
      "family=李*|-|older_url=/card?before=x|staff_url=/account/history|loss_url=/card|card_url=/card" },
    { "card_history", WORD_card_history_title,
      FORM "notice=@begun_anew|loss_url=/card|card_url=/card" },
    { "logout_confirm", WORD_logout_title, FORM "partner_name=网上办事大厅" },
    { "signed_out", WORD_signed_out_title,
      FORM "leads_on=1|return_name=网上办事大厅|return_url=https://hall.example/bye|home_url=/|"
           "frames+|url=/logout/frame?tx=x|name=市人民医院|-" },
    { "signed_out", WORD_signed_out_title,
      FORM "partners+|name=网上办事大厅|-|partners+|name=市人民医院|-|"
           "more=3|return_name=网上办事大厅|return_url=https://hall.example/bye" },
    { "login_password", WORD_login_title,
      FORM "reauth=1|phone=13800138000|" WAY_SMS_LINK "recover_url=/recover" },
    { "code", WORD_login_sms_code_title,
      FORM
      "login=1|form_id=login-sms-code-form|notice=@code_sent_again|phone_masked=138****8000|wait_s=47|resend_action=/login/sms|change_url=/"
      "login/sms" },
    { "error", WORD_error_title,
      "home_url=/|symbol=client_unknown|request_id=5f0c2a9be81d4e77|sentence="
      "把您带到这里的应用没有在本平台登记。" },
    { "error", WORD_stopped_logged_in,
      DOORS "home_url=/|logged_in=1|symbol=transaction_lost|request_id=5f0c2a9be81d4e77|"
            "door_back=https://hall.example/|door_back_name=网上办事大厅|"
            "way_on=/oauth2/authorize/resume?tx=x|sentence="
            "这个页面已经用过、已过期，或在别的浏览器中打开。请从这里继续。" },
    { "live", WORD_live_title,
      "wall=1|at=14:35|node=01234567|version=0.1.0|refresh_url=/live?pause=1|paused=1|collecting=1|"
      "alarms+|sentence=@live_alarm_queue|-|tiles+|id=logins|label=@live_logins|value=41|"
      "points=290,46 300,2|peak=41|-|tiles+|id=sessions|label=@live_sessions|value=–|"
      "remark=@live_elsewhere|-|channels+|label=@channel_app|minute=41|sum=60|points=290,46 300,2|-|"
      "reasons+|symbol=login_failed|sentence=手机号或密码不正确。|minute=2|sum=7|-|"
      "queues+|id=workers|label=@live_workers|value=0|points=290,46 300,46|-|"
      "connectors+|id=bank|label=@live_bank|mood=well|state=@live_works|answers=7 / 0|average=96 ms|-|"
      "ends+|id=tls|label=@live_tls|mood=bad|days=9|-|ends+|id=bank|label=@live_bank_certificate|"
      "mood=|hours=9|-|ends+|id=keys|label=@live_keys|over=1|-|leases+|work=keys|here=01234567|-|"
      "leases+|work=sweep|holder=abcdefab|-|events+|time=14:35:02|event=login|mood=well|reason=|"
      "partner=网上办事大厅|channel=web|request=5f0c2a9be81d4e77|-" },
    { "form_post", WORD_form_post_title,
      "action=https://hall.example/cb|partner_name=网上办事大厅|fields+|name=code|value=abc|-|"
      "fields+|name=state|value=xyz|-" },
};

#define SAMPLE_COUNT (sizeof(samples) / sizeof(*samples))

static inline void
sample_word(struct page *page, const char *name, const char *symbol)
{
    enum word found;

    if (word_find(symbol, strlen(symbol), &found) != OK)
        abort();
    page_word(page, name, found);
}

/* The page of a sample; `override` replaces each value when it is not NULL. */
static inline struct page *
sample_page(struct request *rq, const struct page_sample *sample, const char *override)
{
    struct page *page = page_new(rq, sample->template, sample->title);
    struct page *at = page;
    char *rest = arena_text(rq->arena, sample->values);
    char *pair;

    page_languages(page, "/login", NULL);
    while ((pair = strsep(&rest, "|")) != NULL) {
        char *value = strchr(pair, '=');

        if (text_eq(pair, "-")) {
            at = page;
        } else if (text_ends(pair, "+")) {
            at = page_row(page, arena_copy(rq->arena, pair, strlen(pair) - 1));
        } else if (value != NULL) {
            *value++ = '\0';
            if (override != NULL)
                page_text(at, pair, override);
            else if (*value == '@')
                sample_word(at, pair, value + 1);
            else
                page_text(at, pair, value);
        }
    }
    return page;
}

static inline bool
has_sheet_of_its_own(const struct page_sample *sample)
{
    return text_eq(sample->template, "live") || strstr(sample->values, "staff_name=") != NULL;
}

#endif
