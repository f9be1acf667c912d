/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/routes.h"

#include <string.h>

#include "idp/base/text.h"
#include "protocols/endpoints.h"
#include "protocols/fields.h"

/* What browsers post must come from a page of ours. */
#define FORM (GUARD_PARAMETERS | GUARD_FORM_BODY | GUARD_SAME_ORIGIN)
#define API (GUARD_PARAMETERS | GUARD_FORM_BODY)

/* clang-format off */
const struct route public_routes[] = {
    /* Documents. */
    { "GET", "/.well-known/openid-configuration", endpoint_discovery, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_ANY },
    { "GET", "/.well-known/oauth-authorization-server", endpoint_discovery, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_ANY },
    { "GET", "/oauth2/jwks", endpoint_jwks, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_ANY },
    { "GET", "/static/tongxing.css", endpoint_static, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/static/form_post.js", endpoint_static, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/static/check_session.js", endpoint_static, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/static/page.js", endpoint_static, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },

    /* OAuth 2.0 and OpenID Connect. The authorization endpoint looks at repeats and bounds itself: its answer depends on which. */
    { "GET", "/oauth2/authorize", endpoint_authorize, RUN_ON_WORKER, REFUSE_PAGE, 0, fields_authorize, CORS_NONE },
    { "POST", "/oauth2/authorize", endpoint_authorize, RUN_ON_WORKER, REFUSE_PAGE, GUARD_FORM_BODY, fields_authorize, CORS_NONE },
    { "GET", "/oauth2/authorize/resume", endpoint_authorize_resume, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/oauth2/token", endpoint_token, RUN_INLINE_FIRST, REFUSE_OAUTH, API | GUARD_PARTNER, fields_token, CORS_PARTNER },
    { "POST", "/oauth2/device_authorization", endpoint_device_authorization, RUN_ON_WORKER, REFUSE_OAUTH, API | GUARD_PARTNER, fields_device_authorization, CORS_PARTNER },
    { "POST", "/oauth2/bc-authorize", endpoint_bc_authorize, RUN_ON_WORKER, REFUSE_OAUTH, API | GUARD_PARTNER, fields_bc_authorize, CORS_NONE },
    { "POST", "/oauth2/introspect", endpoint_introspect, RUN_INLINE_FIRST, REFUSE_OAUTH, API | GUARD_PARTNER, fields_token_named, CORS_NONE },
    { "POST", "/oauth2/revoke", endpoint_revoke, RUN_ON_WORKER, REFUSE_OAUTH, API | GUARD_PARTNER, fields_token_named, CORS_PARTNER },
    { "POST", "/terminal/enrol", endpoint_terminal_enrol, RUN_ON_WORKER, REFUSE_OAUTH, API, fields_terminal_enrol, CORS_NONE },
    { "POST", "/terminal/session/end", endpoint_terminal_end, RUN_ON_WORKER, REFUSE_OAUTH, API | GUARD_PARTNER, fields_terminal_end, CORS_NONE },
    { "POST", "/card/codes/verify", endpoint_card_verify, RUN_ON_WORKER, REFUSE_OAUTH, API | GUARD_NO_PERSON | GUARD_PARTNER, fields_card_verify, CORS_NONE },
    { "POST", "/card/codes/batch", endpoint_card_batch, RUN_ON_WORKER, REFUSE_OAUTH, API | GUARD_NO_PERSON | GUARD_PARTNER, fields_card_batch, CORS_NONE },
    { "GET", "/oidc/userinfo", endpoint_userinfo, RUN_INLINE_FIRST, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_BEARER, fields_userinfo, CORS_PARTNER },
    { "POST", "/oidc/userinfo", endpoint_userinfo, RUN_INLINE_FIRST, REFUSE_BEARER, API | GUARD_BEARER, fields_userinfo, CORS_PARTNER },
    { "GET", "/oidc/logout", endpoint_end_session, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_end_session, CORS_NONE },
    { "POST", "/oidc/logout", endpoint_end_session, RUN_ON_WORKER, REFUSE_PAGE, API | GUARD_SESSION, fields_end_session, CORS_NONE },
    { "GET", "/oidc/session", endpoint_check_session, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },

    /* Why a form did nothing, and how she gets on. */
    { "GET", "/stopped", endpoint_stopped, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_stopped, CORS_NONE },

    /* Logging in and out. */
    { "GET", "/", endpoint_home, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_home, CORS_NONE },
    { "GET", "/login", endpoint_login, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/login", endpoint_login_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_login, CORS_NONE },
    { "POST", "/login/cancel", endpoint_login_cancel, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_cancel, CORS_NONE },
    { "GET", "/login/sms", endpoint_login_sms, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/login/sms", endpoint_login_sms_send, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_phone, CORS_NONE },
    { "POST", "/login/proven", endpoint_login_proven, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_cancel, CORS_NONE },
    { "GET", "/login/sms/code", endpoint_login_sms_code, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step_code, CORS_NONE },
    { "POST", "/login/sms/code", endpoint_login_sms_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_code, CORS_NONE },
    { "GET", "/login/qr", endpoint_login_qr, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_login_qr, CORS_NONE },
    { "POST", "/login/qr", endpoint_login_qr_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_login_qr, CORS_NONE },
    { "GET", "/login/qr/status", endpoint_login_qr_status, RUN_ON_WORKER, REFUSE_TEXT, GUARD_PARAMETERS, fields_login_qr, CORS_NONE },
    { "GET", "/consent", endpoint_consent, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_step, CORS_NONE },
    { "POST", "/consent", endpoint_consent_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_consent, CORS_NONE },
    { "GET", "/device", endpoint_device, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_device, CORS_NONE },
    { "POST", "/device", endpoint_device_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_device_code, CORS_NONE },
    { "GET", "/device/confirm", endpoint_device_confirm, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_step, CORS_NONE },
    { "POST", "/device/confirm", endpoint_device_decide, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_device_decide, CORS_NONE },
    { "GET", "/device/done", endpoint_device_done, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "GET", "/logout", endpoint_signed_out, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_step, CORS_NONE },
    { "GET", "/logout/frame", endpoint_logout_frame, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/logout", endpoint_end_session_confirm, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_logout, CORS_NONE },

    /* Opened by an app in its web view. */
    { "GET", "/ticket", endpoint_ticket, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_ticket, CORS_NONE },
    /* The telephone that scans the code of a browser: by its app, or by its own browser. */
    { "POST", "/qr/scan", endpoint_qr_scan, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    { "POST", "/qr/confirm", endpoint_qr_confirm, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    { "POST", "/qr/cancel", endpoint_qr_cancel, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    /* The card in an app: opened on one telephone, and shown there; the keys by which a code is checked. */
    { "GET", "/card", endpoint_card, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_card, CORS_NONE },
    { "GET", "/card/history", endpoint_card_history, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_card_history, CORS_NONE },
    { "GET", "/card/keep", endpoint_card_keep, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_card_keep, CORS_NONE },
    { "POST", "/card/keep", endpoint_card_keep_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_card_kept, CORS_NONE },
    { "POST", "/card", endpoint_card_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_card_form, CORS_NONE },
    { "POST", "/card/link", endpoint_card_link, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    { "POST", "/card/unlink", endpoint_card_unlink, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    { "POST", "/card/codes", endpoint_card_codes, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    { "GET", "/card/jwks", endpoint_card_jwks, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_ANY },
    { "GET", "/q/{code}", endpoint_qr_link, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_page, CORS_NONE },
    { "GET", "/q", endpoint_qr_page, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_step, CORS_NONE },
    { "POST", "/q", endpoint_qr_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_qr_confirm, CORS_NONE },

    /* Registering. */
    { "GET", "/register", endpoint_register, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/register", endpoint_register_send, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_phone, CORS_NONE },
    { "GET", "/register/code", endpoint_register_code, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step_code, CORS_NONE },
    { "POST", "/register/code", endpoint_register_code_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_code, CORS_NONE },
    { "GET", "/register/notice", endpoint_register_notice, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/register/notice", endpoint_register_notice_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_notice, CORS_NONE },
    { "GET", "/register/identity", endpoint_register_identity, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/register/identity", endpoint_register_identity_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_identity, CORS_NONE },
    { "GET", "/register/password", endpoint_register_password, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/register/password", endpoint_register_password_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_password, CORS_NONE },

    /* Forgotten password, lost or changed phone. */
    { "GET", "/recover", endpoint_recover, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/recover", endpoint_recover_send, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_phone, CORS_NONE },
    { "GET", "/recover/code", endpoint_recover_code, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step_code, CORS_NONE },
    { "POST", "/recover/code", endpoint_recover_code_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_code, CORS_NONE },
    { "GET", "/recover/identity", endpoint_recover_identity, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/recover/identity", endpoint_recover_identity_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_identity, CORS_NONE },
    { "GET", "/recover/password", endpoint_recover_password, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/recover/password", endpoint_recover_password_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_renewal, CORS_NONE },

    /* What she keeps herself. */
    { "GET", "/account/password", endpoint_account_password, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_step, CORS_NONE },
    { "POST", "/account/password", endpoint_account_password_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_change, CORS_NONE },
    { "GET", "/account/history", endpoint_account_history, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_account_history, CORS_NONE },
    { "GET", "/account/sessions", endpoint_account_sessions, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_sessions_shown, CORS_NONE },
    { "POST", "/account/sessions", endpoint_account_sessions_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_sessions, CORS_NONE },

    /* WeChat. */
    { "GET", "/login/wechat", endpoint_login_wechat, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "GET", "/login/wechat/qr", endpoint_login_wechat_qr, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "GET", "/login/wechat/callback", endpoint_login_wechat_callback, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_wechat_callback, CORS_NONE },
    { "GET", "/login/wechat/mini", endpoint_login_wechat_mini, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_wechat_mini, CORS_NONE },
    { "GET", "/login/wechat/number", endpoint_login_wechat_number, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "POST", "/login/wechat/number", endpoint_login_wechat_number_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_wechat_number, CORS_NONE },
    { "GET", "/login/wechat/bind", endpoint_login_wechat_bind, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step, CORS_NONE },
    { "GET", "/login/wechat/confirm", endpoint_login_wechat_confirm, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_step, CORS_NONE },
    { "POST", "/login/wechat/confirm", endpoint_login_wechat_confirm_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_wechat_confirm, CORS_NONE },
    { "GET", "/account/wechat", endpoint_account_wechat, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_step, CORS_NONE },
    { "POST", "/account/wechat", endpoint_account_wechat_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_cancel, CORS_NONE },
    { "GET", "/wechat/jssdk", endpoint_wechat_jssdk, RUN_ON_WORKER, REFUSE_TEXT, GUARD_PARAMETERS, fields_wechat_jssdk, CORS_NONE },
    /* Family cards. */
    { "GET", "/card/family", endpoint_card_family, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_card_family_shown, CORS_NONE },
    { "POST", "/card/family", endpoint_card_family_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_card_family, CORS_NONE },

    /* What partners ask of her over another line. */
    { "GET", "/approvals", endpoint_approvals, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_approvals, CORS_NONE },
    { "POST", "/approvals", endpoint_approvals_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_approval, CORS_NONE },
    { "GET", "/approve", endpoint_approve, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_approve, CORS_NONE },
    { "POST", "/approve", endpoint_approve_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_approve_answer, CORS_NONE },
    { "POST", "/tests/approve", endpoint_approval_hook, RUN_ON_WORKER, REFUSE_TEXT, API, fields_approval_hook, CORS_NONE },
    { "POST", "/sms/uplink", endpoint_sms_uplink, RUN_ON_WORKER, REFUSE_TEXT, 0, fields_none, CORS_NONE },

    /* The life of a card, its loss and its password. */
    { "POST", "/card/issue", endpoint_card_issue, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    { "POST", "/card/renew", endpoint_card_renew, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    { "POST", "/card/close", endpoint_card_close, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    { "POST", "/card/loss/report", endpoint_card_loss_report, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    { "POST", "/card/password/set", endpoint_card_password_set, RUN_ON_WORKER, REFUSE_BEARER, GUARD_PARAMETERS | GUARD_JSON_BODY | GUARD_BEARER, fields_userinfo, CORS_NONE },
    { "POST", "/card/losses", endpoint_card_losses, RUN_ON_WORKER, REFUSE_OAUTH, API | GUARD_PARTNER, fields_card_losses, CORS_NONE },
    { "GET", "/card/loss", endpoint_card_loss, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_step, CORS_NONE },
    { "POST", "/card/loss", endpoint_card_loss_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_card_loss, CORS_NONE },
    { "GET", "/card/password", endpoint_card_password, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_step, CORS_NONE },
    { "POST", "/card/password", endpoint_card_password_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_card_password, CORS_NONE },
    { "GET", "/card/pay", endpoint_card_pay, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | GUARD_SESSION, fields_step, CORS_NONE },
    { "POST", "/card/pay", endpoint_card_pay_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | GUARD_SESSION, fields_card_pay, CORS_NONE },
    { "GET", "/card/lost", endpoint_card_lost, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_step_code, CORS_NONE },
    { "POST", "/card/lost", endpoint_card_lost_send, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_phone, CORS_NONE },
    { "GET", "/card/lost/confirm", endpoint_card_lost_confirm, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_card_lost_link, CORS_NONE },
    { "POST", "/card/lost/confirm", endpoint_card_lost_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_cancel, CORS_NONE },
    { "GET", "/account/reset", endpoint_account_reset, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_reset_link, CORS_NONE },
    { "POST", "/account/reset", endpoint_account_reset_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM, fields_password, CORS_NONE },

    /* For whoever watches over us. */
    { "GET", "/healthz", endpoint_healthz, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/readyz", endpoint_readyz, RUN_ON_WORKER, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { 0 },
};

/* The listener at which staff work (docs/adr/0056). Each but the documents has a verb; one without is refused. */
const struct route staff_routes[] = {
    { "GET", "/static/tongxing.css", endpoint_static, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/static/staff.css", endpoint_static, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/static/page.js", endpoint_static, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/stopped", endpoint_stopped, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_open), fields_stopped, CORS_NONE },
    { "GET", "/staff", endpoint_staff_home, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_work), fields_step, CORS_NONE },
    /* Counters. */
    { "GET", "/staff/counter", endpoint_staff_counter, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_open), fields_step, CORS_NONE },
    { "POST", "/staff/counter", endpoint_staff_counter_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_open), fields_staff_counter, CORS_NONE },

    /* Administrators'. */
    { "GET", "/staff/people", endpoint_staff_people, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_enrol_staff), fields_staff_list, CORS_NONE },
    { "POST", "/staff/people", endpoint_staff_people_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_enrol_staff), fields_staff_people, CORS_NONE },
    { "GET", "/staff/settings", endpoint_staff_settings, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_see_settings), fields_step, CORS_NONE },
    { "GET", "/staff/counters", endpoint_staff_counters, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_manage_counters), fields_staff_list, CORS_NONE },
    { "POST", "/staff/counters", endpoint_staff_counters_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_manage_counters), fields_staff_counters, CORS_NONE },
    { "GET", "/staff/audit", endpoint_staff_audit, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_read_audit), fields_staff_list, CORS_NONE },
    { "POST", "/staff/audit", endpoint_staff_audit_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_read_audit), fields_staff_audit, CORS_NONE },
    { "GET", "/staff/audit/export", endpoint_staff_audit_export, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_read_audit), fields_staff_list, CORS_NONE },
    /* A citizen at the counter. */
    { "GET", "/staff/find", endpoint_staff_find, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_find), fields_step, CORS_NONE },
    { "POST", "/staff/find", endpoint_staff_find_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_find), fields_staff_find, CORS_NONE },
    { "GET", "/staff/scan", endpoint_staff_scan, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_scan), fields_step, CORS_NONE },
    { "POST", "/staff/scan", endpoint_staff_scan_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_scan), fields_staff_scan, CORS_NONE },
    { "GET", "/staff/person", endpoint_staff_person, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_find), fields_staff_person, CORS_NONE },
    { "POST", "/staff/person/unmask", endpoint_staff_unmask, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_unmask), fields_staff_unmask, CORS_NONE },
    { "POST", "/staff/person/loss", endpoint_staff_loss, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_report_loss), fields_cancel, CORS_NONE },
    /* For a citizen who is there, and what needs a second person. */
    { "GET", "/staff/proof", endpoint_staff_proof, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_prove), fields_step, CORS_NONE },
    { "POST", "/staff/proof", endpoint_staff_proof_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_prove), fields_staff_proof, CORS_NONE },
    { "GET", "/staff/correct", endpoint_staff_correct, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_correct), fields_staff_done, CORS_NONE },
    { "POST", "/staff/correct", endpoint_staff_correct_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_correct), fields_staff_correct, CORS_NONE },
    { "GET", "/staff/reset", endpoint_staff_reset, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_reset), fields_staff_done, CORS_NONE },
    { "POST", "/staff/reset", endpoint_staff_reset_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_reset), fields_cancel, CORS_NONE },
    { "GET", "/staff/register", endpoint_staff_register, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_register), fields_step, CORS_NONE },
    { "POST", "/staff/register", endpoint_staff_register_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_register), fields_staff_register, CORS_NONE },
    { "GET", "/staff/survival", endpoint_staff_survival, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_confirm_survival), fields_step, CORS_NONE },
    { "POST", "/staff/survival", endpoint_staff_survival_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_confirm_survival), fields_cancel, CORS_NONE },
    { "GET", "/staff/approvals", endpoint_staff_approvals, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_approve), fields_staff_done, CORS_NONE },
    { "POST", "/staff/approvals", endpoint_staff_approvals_choose, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_approve), fields_staff_approvals, CORS_NONE },
    { "GET", "/staff/approvals/one", endpoint_staff_approvals_one, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_approve), fields_step, CORS_NONE },
    { "POST", "/staff/approvals/one", endpoint_staff_approvals_decide, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_approve), fields_staff_approval, CORS_NONE },
    { "GET", "/staff/enter", endpoint_staff_enter, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_open), fields_step, CORS_NONE },
    { "GET", "/staff/enter/resume", endpoint_staff_entered, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_open), fields_step, CORS_NONE },
    { "POST", "/staff/enter/cancel", endpoint_login_cancel, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_open), fields_cancel, CORS_NONE },
    { "GET", "/staff/sign-in", endpoint_staff_sign_in, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_open), fields_staff_done, CORS_NONE },
    { "POST", "/staff/sign-in", endpoint_staff_sign_in_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_open), fields_staff_sign_in, CORS_NONE },
    { "GET", "/staff/factor", endpoint_staff_factor, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_open), fields_step, CORS_NONE },
    { "POST", "/staff/factor", endpoint_staff_factor_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_open), fields_staff_factor, CORS_NONE },
    { "GET", "/staff/password", endpoint_staff_password, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_open), fields_step, CORS_NONE },
    { "POST", "/staff/password", endpoint_staff_password_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_open), fields_staff_password, CORS_NONE },
    { "GET", "/staff/enrol", endpoint_staff_enrol, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_open), fields_step, CORS_NONE },
    { "POST", "/staff/enrol", endpoint_staff_enrol_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_open), fields_staff_enrol, CORS_NONE },
    { "GET", "/staff/enrol/factor", endpoint_staff_enrol_factor, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_open), fields_step, CORS_NONE },
    { "POST", "/staff/enrol/factor", endpoint_staff_enrol_factor_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_open), fields_staff_factor, CORS_NONE },
    { "GET", "/staff/bootstrap", endpoint_staff_bootstrap, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS | STAFF_MAY(STAFF_VERB_open), fields_step, CORS_NONE },
    { "POST", "/staff/bootstrap", endpoint_staff_bootstrap_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_open), fields_staff_bootstrap, CORS_NONE },
    { "POST", "/staff/sign-out", endpoint_staff_sign_out, RUN_ON_WORKER, REFUSE_PAGE, FORM | STAFF_MAY(STAFF_VERB_open), fields_staff_form, CORS_NONE },
    { 0 },
};

const struct route admin_routes[] = {
    { "GET", "/healthz", endpoint_healthz, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/live", endpoint_live, RUN_ON_WORKER, REFUSE_PAGE, GUARD_PARAMETERS, fields_live, CORS_NONE },
    { "GET", "/static/tongxing.css", endpoint_static, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/static/wall.css", endpoint_static, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/metrics", endpoint_metrics, RUN_INLINE, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { "GET", "/readyz", endpoint_readyz, RUN_ON_WORKER, REFUSE_TEXT, 0, fields_none, CORS_NONE },
    { 0 },
};
/* clang-format on */

static const char *
allow_add(struct arena *arena, const char *allow, const char *method)
{
    const char *also = text_eq(method, "GET") ? "GET, HEAD" : method;

    return allow == NULL ? also : arena_printf(arena, "%s, %s", allow, also);
}

/*
 * *part is what the path has in place of the pattern's {…}, never empty and without a slash; empty
 * when the pattern has none.
 */
static bool
path_fits(const char *pattern, const char *path, struct bytes *part)
{
    size_t before = strcspn(pattern, "{");
    size_t size;

    *part = (struct bytes) { 0 };
    if (pattern[before] == '\0')
        return strcmp(pattern, path) == 0;
    if (strncmp(pattern, path, before) != 0)
        return false;
    size = strcspn(path + before, "/");
    *part = bytes_of(path + before, size);
    return size > 0 && size <= PATH_PART_MAX_BYTES &&
           strcmp(strchr(pattern, '}') + 1, path + before + size) == 0;
}

const struct route *
route_find(const struct route *table, struct arena *arena, const char *method, const char *path,
           const char **allow)
{
    const char *wanted = text_eq(method, "HEAD") ? "GET" : method;
    struct bytes part;

    *allow = NULL;
    for (const struct route *route = table; route->method != NULL; route++) {
        if (!path_fits(route->path, path, &part))
            continue;
        if (text_eq(route->method, wanted))
            return route;
        *allow = allow_add(arena, *allow, route->method);
    }
    return NULL;
}

enum staff_verb
route_verb(const struct route *route)
{
    return (enum staff_verb)(route->guards >> STAFF_VERB_SHIFT);
}

const char *
route_path_part(const struct route *route, struct arena *arena, const char *path)
{
    struct bytes part;

    if (!path_fits(route->path, path, &part) || part.size == 0)
        return NULL;
    return arena_copy(arena, part.at, part.size);
}
