/* SPDX-License-Identifier: Apache-2.0 */
/* What the endpoints for partners answer and refuse by themselves. */
#include "protocols/openapi.h"

#define RFC "https://www.rfc-editor.org/rfc/rfc"
#define CORE "https://openid.net/specs/openid-connect-core-1_0.html"
#define CIBA                                                                                       \
    "https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html"
#define LOGOUT "https://openid.net/specs/openid-connect-rpinitiated-1_0.html"

#define JSON "application/json"
#define PAGE "text/html; charset=utf-8"

/* clang-format off */
#define DOCUMENT(schema) { { 200, "The document. It has an ETag and a max-age of 300 s.", JSON, schema }, { 304, "It is still as If-None-Match says.", NULL, NULL } }

#define AUTHORIZE                                                                                              \
    { { 303, "On to our pages, or back to redirect_uri with code, state and iss, or with error, error_description, state and iss.", NULL, NULL }, \
      { 200, "With response_mode=form_post a form that the browser posts to redirect_uri.", PAGE, NULL } },    \
    { &problem_parameter_repeated, &problem_client_unknown, &problem_redirect_uri_mismatch,                    \
      &problem_redirect_to_untrusted },                                                                        \
    { &problem_response_type_missing, &problem_response_type_unsupported, &problem_response_type_not_allowed,  \
      &problem_response_mode_unsupported, &problem_request_object_unsupported,                                 \
      &problem_request_uri_unsupported, &problem_registration_unsupported, &problem_pkce_missing,              \
      &problem_pkce_or_nonce_missing, &problem_pkce_method, &problem_pkce_challenge_malformed,                 \
      &problem_scope_invalid, &problem_scope_openid_missing, &problem_nonce_too_long,                          \
      &problem_state_too_long, &problem_request_too_long, &problem_prompt_invalid, &problem_max_age_invalid,   \
      &problem_claims_invalid, &problem_hint_invalid, &problem_field_too_long, &problem_login_required,        \
      &problem_consent_required, &problem_access_denied, &problem_level_unmet }

#define USERINFO                                                                                               \
    { { 200, "What the scopes and single claims of the token release.", JSON, "Person" } },                    \
    { &problem_bearer_scope }, { NULL }

#define QR "https://www.rfc-editor.org/rfc/rfc6750"
#define QR_REFUSALS                                                                                            \
    &problem_qr_scope, &problem_qr_member, &problem_qr_unknown, &problem_qr_guesses, &problem_qr_over, &problem_qr_done

#define CARD_CODE_REFUSALS                                                                                     \
    &problem_ecard_scope, &problem_ecard_none, &problem_card_code_lost, &problem_card_code_suspended,  \
        &problem_card_code_revoked, &problem_card_code_inactive, &problem_card_code_lapsed,                    \
        &problem_card_not_offered, &problem_card_register_stale

#define ECARD_REFUSALS &problem_ecard_scope, &problem_ecard_member

#define END_SESSION                                                                                            \
    { { 200, "A page that asks her, when she is logged in and no hint says that she wants it.", PAGE, NULL }, \
      { 303, "It is done: to post_logout_redirect_uri with state, or on to our page that says so.", NULL, NULL } },                    \
    { &problem_logout_hint_invalid }, { NULL }

/* Of a card in the reader of a terminal, and its PIN. */
#define WECHAT                                                                                                  \
    &problem_wechat_code_missing, &problem_wechat_data_unused, &problem_wechat_code, &problem_wechat_not_bound, \
        &problem_wechat_refused, &problem_wechat_too_often, &problem_wechat_unavailable, \
        &problem_limit_reached

#define ACTING                                                                                                 \
    &problem_acting_actor, &problem_acting_locked, &problem_acting_business, &problem_acting_role,             \
        &problem_acting_second, &problem_acting_approval, &problem_acting_handle, &problem_citizen_unknown,    \
        &problem_staff_self, &problem_staff_reason_invalid

#define CARDS                                                                                                  \
    &problem_terminal_missing, &problem_terminal_proof_key, &problem_card_reading_missing,                     \
        &problem_card_reading_invalid, &problem_card_expired, &problem_card_pin_malformed,                     \
        &problem_card_pin_wrong, &problem_card_pin_locked, &problem_card_stopped, &problem_card_unknown,       \
        &problem_card_wait_5, &problem_card_wait_15, &problem_card_wait_60, &problem_card_terminal_full,       \
        &problem_card_unanswered, &problem_card_unavailable, &problem_card_person_unknown,                     \
        &problem_account_stopped

#define CARD_CODES                                                                                             \
    &problem_card_code_malformed, &problem_card_code_not_good, &problem_card_code_purpose,                     \
        &problem_card_code_region, &problem_card_scanner_blocked

const struct operation operations[] = {
    { "GET", "/.well-known/openid-configuration", "discovery", "Endpoints, algorithms, what is supported.",
      "https://openid.net/specs/openid-connect-discovery-1_0.html", "", DOCUMENT("Metadata"), { NULL }, { NULL } },
    { "GET", "/.well-known/oauth-authorization-server", "discovery_oauth", "The same.", RFC "8414", "",
      DOCUMENT("Metadata"), { NULL }, { NULL } },
    { "GET", "/oauth2/jwks", "keys", "The public keys that tokens are signed with.", RFC "7517", "",
      DOCUMENT("KeySet"), { NULL }, { NULL } },
    { "GET", "/oauth2/authorize", "authorize", "Log somebody in: the browser is sent here.",
      CORE "#AuthRequest", "client_id redirect_uri response_type scope", AUTHORIZE },
    { "POST", "/oauth2/authorize", "authorize_by_post", "The same by a form.", CORE "#AuthRequest",
      "client_id redirect_uri response_type scope", AUTHORIZE },
    { "POST", "/oauth2/token", "token", "Tokens for a code, a refresh token, a js_code of WeChat, or for the client itself.",
      RFC "6749#section-3.2", "grant_type",
      { { 200, "The tokens.", JSON, "Tokens" } },
      { &problem_grant_type_missing, &problem_grant_type_unsupported, &problem_grant_type_not_allowed,
        &problem_code_missing, &problem_code_invalid, &problem_session_grants_full, &problem_person_grants_full,
        &problem_verifier_malformed, &problem_refresh_token_missing, &problem_refresh_token_invalid,
        &problem_scope_too_wide, &problem_scope_invalid, &problem_scope_openid_missing,
        &problem_exchange_missing, &problem_exchange_unsupported, &problem_exchange_target_invalid,
        &problem_exchange_token_invalid, &problem_exchange_key_missing, &problem_native_sso_invalid,
        &problem_native_sso_not_shared, &problem_native_sso_consent, &problem_channel_not_lent,
        &problem_device_code_missing, &problem_device_code_invalid,
        &problem_device_code_expired, &problem_device_code_refused, &problem_authorization_pending,
        &problem_slow_down, &problem_auth_req_id_missing, &problem_auth_req_id_invalid, &problem_ciba_pending,
        &problem_ciba_slow_down, &problem_ciba_expired, &problem_access_denied,
        &problem_card_code_missing, &problem_card_code_grant, &problem_card_scanner_blocked,
        WECHAT, CARDS, ACTING },
      { NULL } },
    { "POST", "/terminal/enrol", "terminal_enrol", "A self-service terminal gets a key of its own, by an operator's code.",
      RFC "9449", "code jwk",
      { { 200, "Which terminal it is, and where it stands.", JSON, "Terminal" } },
      { &problem_terminal_code_invalid, &problem_terminal_key_invalid, &problem_terminal_guesses_full,
        &problem_dpop_proof_invalid, &problem_dpop_nonce },
      { NULL } },
    { "POST", "/terminal/session/end", "terminal_session_end", "Nobody stands at the terminal any more.",
      RFC "7523#section-3", "", { { 200, "What was open there has ended, if anything was.", NULL, NULL } },
      { &problem_terminal_missing }, { NULL } },
    { "POST", "/card/codes/verify", "card_verify", "A card code that was scanned: it is spent, and whose it is.",
      RFC "7523#section-3", "code",
      { { 200, "The card is in order, and the code was good; it is not any more.", JSON, "CardScan" } },
      { &problem_card_scan_partner, &problem_card_scan_person, &problem_card_code_missing, CARD_CODES,
        &problem_card_code_elsewhere, &problem_card_not_offered, &problem_card_register_stale }, { NULL } },
    { "POST", "/card/codes/batch", "card_batch", "What a terminal has scanned while it was off line: up to 200 lines.",
      RFC "7523#section-3", "scans",
      { { 200, "What each line came to, in their order. The same batch once more is answered alike.", JSON, "CardBatch" } },
      { &problem_terminal_missing, &problem_card_scan_partner, &problem_card_scan_person,
        &problem_card_batch_malformed }, { NULL } },
    { "POST", "/oauth2/device_authorization", "device_authorization", "Codes for a device without a keyboard: a person allows it on her telephone.",
      RFC "8628#section-3.1", "",
      { { 200, "The codes, and where she types hers.", JSON, "DeviceAuthorization" } },
      { &problem_grant_type_not_allowed, &problem_scope_invalid, &problem_scope_openid_missing,
        &problem_dpop_key_malformed, &problem_device_codes_full },
      { NULL } },
    { "GET", "/ticket", "ticket", "Open a partner's page in an app's web view: with the header DPoP, a proof by the app's key.",
      RFC "8693", "ticket",
      { { 303, "To initiate_login_uri of the partner, with iss and perhaps target_link_uri; the cookie of the login comes along.", NULL, NULL } },
      { &problem_ticket_invalid, &problem_ticket_key_wrong, &problem_ticket_another_person,
        &problem_ticket_logged_out }, { NULL } },
    { "POST", "/oauth2/bc-authorize", "bc_authorize", "Ask for a person's approval over another line.",
      CIBA "#auth_request", "",
      { { 200, "Ask the token endpoint with auth_req_id, no faster than interval.", JSON, "Asked" } },
      { &problem_grant_type_not_allowed, &problem_request_object_missing, &problem_request_object_unwanted,
        &problem_request_object_beside, &problem_request_object_invalid, &problem_scope_invalid,
        &problem_scope_openid_missing, &problem_binding_message_invalid, &problem_requested_expiry_invalid,
        &problem_notification_token_invalid, &problem_ciba_hint_missing, &problem_ciba_hint_token_unsupported,
        &problem_ciba_login_hint_invalid, &problem_hint_invalid, &problem_prompts_full },
      { NULL } },
    { "POST", "/oauth2/introspect", "introspect", "Is this token good, and what does it say.", RFC "7662", "token",
      { { 200, "active is false for what is over, unknown or none of the caller's business.", JSON, "Introspection" } },
      { &problem_token_missing }, { NULL } },
    { "POST", "/oauth2/revoke", "revoke", "End the grant that a token belongs to.", RFC "7009", "token",
      { { 200, "It is over now, or was no token of ours.", NULL, NULL } },
      { &problem_token_missing, &problem_token_not_yours }, { NULL } },
    { "GET", "/oidc/userinfo", "userinfo", "Who logged in.", CORE "#UserInfo", "", USERINFO },
    { "POST", "/oidc/userinfo", "userinfo_by_post", "The same by a form.", CORE "#UserInfo", "", USERINFO },
    { "POST", "/qr/scan", "qr_scan", "What the code of a browser asks of who has scanned it.", QR, "code",
      { { 200, "What to ask her, and what to confirm it by.", JSON, "Scanned" } },
      { QR_REFUSALS, &problem_qr_taken, &problem_qr_not_lent, &problem_prompts_too_many }, { NULL } },
    { "POST", "/qr/confirm", "qr_confirm", "She lets the browser in.", QR, "confirmation",
      { { 204, "It goes on by itself.", NULL, NULL } }, { QR_REFUSALS }, { NULL } },
    { "POST", "/qr/cancel", "qr_cancel", "She does not.", QR, "confirmation",
      { { 204, "The code is over.", NULL, NULL } }, { QR_REFUSALS }, { NULL } },
    { "GET", "/card/jwks", "card_keys", "The public keys that card codes are signed with, under short names.", RFC "7517", "",
      DOCUMENT("KeySet"), { NULL }, { NULL } },
    { "POST", "/card/link", "card_link", "Her card is opened on this telephone, and on no other any more.", RFC "9449", "",
      { { 204, "It is.", NULL, NULL } },
      { CARD_CODE_REFUSALS, &problem_card_link_member, &problem_card_link_bound, &problem_card_link_proof }, { NULL } },
    { "POST", "/card/unlink", "card_unlink", "It is opened on no telephone any more.", RFC "9449", "",
      { { 204, "It is not.", NULL, NULL } },
      { &problem_ecard_scope, &problem_card_link_member, &problem_card_unlink_proof }, { NULL } },
    { "POST", "/card/codes", "card_code", "A code of her card, good once and for a minute.", RFC "9449", "purpose",
      { { 200, "The code, to be shown as a QR code.", JSON, "CardCode" } },
      { CARD_CODE_REFUSALS, &problem_card_code_member, &problem_card_code_key, &problem_card_code_level,
        &problem_card_code_password, &problem_card_code_clock }, { NULL } },
    { "POST", "/card/issue", "card_issue", "Issue her electronic social-security card: she has it then, however often this is asked.", QR, "",
      { { 200, "The card as it is now.", JSON, "Card" } },
      { ECARD_REFUSALS, &problem_ecard_level, &problem_ecard_physical_missing, &problem_ecard_physical_unfit,
        &problem_ecard_lost_for_good, &problem_card_not_offered, &problem_card_register_stale }, { NULL } },
    { "POST", "/card/renew", "card_renew", "Renew it, from 60 days before its last day.", QR, "",
      { { 200, "The card as it is now.", JSON, "Card" } },
      { ECARD_REFUSALS, &problem_ecard_level, &problem_ecard_none, &problem_ecard_renew_early,
        &problem_ecard_physical_unfit, &problem_ecard_not_active, &problem_card_not_offered,
        &problem_card_register_stale }, { NULL } },
    { "POST", "/card/close", "card_close", "Close it: its number never comes back.", QR, "",
      { { 204, "It is closed.", NULL, NULL } },
      { ECARD_REFUSALS, &problem_ecard_level, &problem_ecard_none, &problem_ecard_not_active }, { NULL } },
    { "POST", "/card/loss/report", "card_loss_report", "Report it lost, provisionally.", QR, "",
      { { 200, "It is stopped everywhere.", JSON, "Card" } }, { ECARD_REFUSALS, &problem_ecard_none }, { NULL } },
    { "POST", "/card/password/set", "card_password_set", "Set its password: at a terminal, or after a bank check.", QR, "password",
      { { 204, "It is hers in all channels.", NULL, NULL } },
      { ECARD_REFUSALS, &problem_card_password_proof, &problem_card_password_malformed,
        &problem_card_password_simple, &problem_card_password_personal }, { NULL } },
    { "POST", "/card/losses", "card_losses", "A counter or a telephone line reports a card lost.", RFC "7523", "identity_number",
      { { 200, "It is stopped everywhere.", JSON, "CardLoss" } },
      { &problem_ecard_report_partner, &problem_ecard_report_formal, &problem_ecard_report_unknown, &problem_ecard_member,
        &problem_identity_number_invalid, &problem_name_invalid }, { NULL } },
    { "GET", "/oidc/logout", "logout", "Log out: the browser is sent here.", LOGOUT, "", END_SESSION },
    { "POST", "/oidc/logout", "logout_by_post", "The same by a form.", LOGOUT, "", END_SESSION },
    { "GET", "/wechat/jssdk", "wechat_jssdk", "What wx.config needs on a page of this service inside WeChat.",
      "https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html", "url",
      { { 200, "appId, timestamp, nonceStr and signature.", JSON, "WechatPage" } },
      { &problem_wechat_page_foreign, &problem_wechat_unavailable, &problem_not_found }, { NULL } },
    { .method = NULL },
};
