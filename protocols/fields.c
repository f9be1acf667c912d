/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/fields.h"

#include "idp/card/code.h"
#include "idp/session/device_code.h"
#include "idp/session/mini_ticket.h"
#include "idp/session/qr_login.h"
#include "idp/session/transaction.h"
#include "idp/staff/list_place.h"
#include "policies/find_name.h"

#define PHONE_BYTES 64
#define CODE_TYPED_BYTES 64
#define PASSWORD_BYTES 512 /* 128 characters of four bytes */
#define TOKEN_BYTES 8192

#define END                                                                                        \
    {                                                                                              \
        NULL, 0, NULL                                                                              \
    }

/* clang-format off */
/* Of every page: the language and the type that were chosen on it. */
#define PAGE { "ui_locales", 128, NULL }, { "type_size", 8, NULL }

/* Of a page within a transaction, and of the form on it. */
#define STEP PAGE, { "tx", TRANSACTION_MAX_BYTES, &problem_transaction_lost }
#define FORM STEP, { "csrf", 64, &problem_form_forged }, { "more_time", 8, NULL }

/* How a partner says who it is (RFC 6749, 2.3; RFC 7521, 4.2). */
#define CLIENT                                                                                     \
    { "client_id", 256, NULL }, { "client_secret", 1024, NULL },                                   \
    { "client_assertion_type", 256, NULL }, { "client_assertion", TOKEN_BYTES, NULL }

#define PHONE { "phone", PHONE_BYTES, &problem_phone_invalid }
#define AGAIN { "again", 8, NULL }

const struct field fields_none[] = { END };
const struct field fields_page[] = { PAGE, END };
const struct field fields_live[] = { PAGE, { "pause", 8, NULL }, END };
const struct field fields_home[] = { PAGE, { "registered", 8, NULL }, END };

/* OpenID Connect Core, 3.1.2.1. Parameters that are refused whatever they say are declared too. */
const struct field fields_authorize[] = {
    PAGE,
    { "client_id", 256, &problem_client_unknown },
    { "redirect_uri", 2048, &problem_redirect_uri_mismatch },
    { "response_type", 64, &problem_response_type_unsupported },
    { "response_mode", 64, &problem_response_mode_unsupported },
    { "scope", 1024, &problem_scope_invalid },
    { "state", 4096, &problem_state_too_long },
    { "nonce", 1024, &problem_nonce_too_long },
    { "prompt", 64, &problem_prompt_invalid },
    { "max_age", 32, &problem_max_age_invalid },
    { "login_hint", 256, NULL },
    { "id_token_hint", TOKEN_BYTES, &problem_hint_invalid },
    { "acr_values", 512, NULL },
    { "claims", 4096, &problem_claims_invalid },
    { "code_challenge", 128, &problem_pkce_challenge_malformed },
    { "code_challenge_method", 32, &problem_pkce_method },
    { "dpop_jkt", 64, &problem_dpop_key_malformed },
    { "request", TOKEN_BYTES, &problem_request_object_unsupported },
    { "request_uri", 2048, &problem_request_uri_unsupported },
    { "registration", 4096, &problem_registration_unsupported },
    END,
};

const struct field fields_token[] = {
    CLIENT,
    { "grant_type", 128, &problem_grant_type_unsupported },
    { "code", CODE_MAX_BYTES, &problem_code_invalid },
    { "redirect_uri", 2048, NULL },
    { "code_verifier", 256, &problem_verifier_malformed },
    { "refresh_token", 4096, &problem_refresh_token_invalid },
    { "auth_req_id", 1024, &problem_auth_req_id_invalid },
    { "scope", 1024, &problem_scope_too_wide },
    { "card_reading", 4096, &problem_card_reading_invalid },
    { "pin", 64, &problem_card_pin_malformed },
    { "card_code", CARD_CODE_READ_MAX_BYTES, &problem_card_code_grant },
    { "js_code", 512, &problem_wechat_code },
    { "encryptedData", 12000, &problem_wechat_data_unused }, /* these two are refused whatever they say */
    { "iv", 256, &problem_wechat_data_unused },
    { "device_secret", 256, &problem_native_sso_invalid },
    { "subject_token", TOKEN_BYTES, NULL },
    { "subject_token_type", 128, &problem_exchange_unsupported },
    { "actor_token", TOKEN_BYTES, NULL },
    { "actor_token_type", 128, &problem_exchange_unsupported },
    { "requested_token_type", 128, &problem_exchange_unsupported },
    { "audience", 512, &problem_exchange_target_invalid },
    { "business", 64, &problem_acting_business },
    { "reason", 1024, &problem_staff_reason_invalid },
    { "resource", 2048, &problem_exchange_target_invalid },
    { "device_code", DEVICE_CODE_MAX_BYTES, &problem_device_code_invalid },
    END,
};

const struct field fields_device_authorization[] = {
    CLIENT,
    { "scope", 1024, &problem_scope_invalid },
    { "dpop_jkt", 64, &problem_dpop_key_malformed },
    END,
};

/* A terminal that is set up, and one that says that nobody stands there any more. */
const struct field fields_terminal_enrol[] = {
    { "code", CODE_TYPED_BYTES, &problem_terminal_code_invalid },
    { "jwk", 4096, &problem_terminal_key_invalid },
    END,
};
const struct field fields_terminal_end[] = { CLIENT, END };
/* Card codes: one, and what was scanned off line (200 of them, with their times). */
const struct field fields_card_verify[] = { CLIENT, { "code", CARD_CODE_READ_MAX_BYTES, &problem_card_code_malformed }, END };
const struct field fields_card_batch[] = { CLIENT, { "scans", 62500, &problem_card_batch_malformed }, END };
/* OpenID Connect CIBA Core 1.0, 7.1. */
const struct field fields_bc_authorize[] = {
    CLIENT,
    { "scope", 1024, &problem_scope_invalid },
    { "acr_values", 512, NULL },
    { "login_hint", 256, &problem_ciba_login_hint_invalid },
    { "id_token_hint", TOKEN_BYTES, &problem_hint_invalid },
    { "login_hint_token", TOKEN_BYTES, NULL },
    { "binding_message", 2048, &problem_binding_message_invalid },
    { "requested_expiry", 32, &problem_requested_expiry_invalid },
    { "client_notification_token", 1024, &problem_notification_token_invalid },
    { "request", TOKEN_BYTES, &problem_request_object_invalid },
    END,
};

const struct field fields_ticket[] = { PAGE, { "ticket", 4096, &problem_ticket_invalid }, END };

/* Introspection and revocation. */
const struct field fields_token_named[] = { CLIENT, { "token", TOKEN_BYTES, NULL }, END };
const struct field fields_userinfo[] = { { "access_token", TOKEN_BYTES, &problem_bearer_invalid }, END };

const struct field fields_end_session[] = {
    PAGE,
    { "id_token_hint", TOKEN_BYTES, NULL },
    { "client_id", 256, NULL },
    { "post_logout_redirect_uri", 2048, NULL },
    { "state", 4096, &problem_state_too_long },
    END,
};

const struct field fields_logout[] = { FORM, { "decision", 16, NULL }, END };

const struct field fields_step[] = { STEP, END };
const struct field fields_stopped[] = { STEP, { "at", TRANSACTION_MAX_BYTES, NULL }, END };
const struct field fields_step_code[] = { STEP, AGAIN, END };

/* The page of a card; "of" names a member of the family. */
#define CARD { "for", 16, NULL }, { "act", 16, NULL }
const struct field fields_card[] = {
    PAGE, CARD, { "of", 64, NULL }, { "turn", 8, NULL }, { "told", 16, NULL }, { "permit", 512, NULL }, END,
};
const struct field fields_card_keep[] = { STEP, { "done", 16, NULL }, END };
const struct field fields_card_kept[] = { FORM, { "act", 16, NULL }, END };
const struct field fields_card_history[] = { PAGE, { "before", 24, NULL }, END };
const struct field fields_card_form[] = {
    FORM, CARD, { "form", 512, NULL }, { "card_password", CODE_TYPED_BYTES, &problem_card_password_malformed }, END,
};

const struct field fields_approvals[] = { PAGE, { "done", 16, NULL }, END };
const struct field fields_approval[] = { FORM, { "which", 512, &problem_transaction_lost }, { "decision", 16, NULL }, END };
const struct field fields_approve_answer[] = { FORM, { "decision", 16, NULL }, END };
const struct field fields_approve[] = { STEP, { "l", 64, &problem_approval_over }, END };
const struct field fields_approval_hook[] = { { "auth_req_id", 1024, NULL }, { "action", 16, NULL }, END };

const struct field fields_cancel[] = { FORM, END };
const struct field fields_login[] = { FORM, { "phone", PHONE_BYTES, &problem_login_name_invalid }, { "password", PASSWORD_BYTES, &problem_password_too_long }, END };
const struct field fields_phone[] = { FORM, PHONE, AGAIN, END };
const struct field fields_code[] = { FORM, AGAIN, { "code", CODE_TYPED_BYTES, &problem_sms_code_malformed }, END };
const struct field fields_staff_counter[] = { FORM, { "code", 128, &problem_counter_code_invalid }, END };
const struct field fields_login_qr[] = { FORM, { "code", QR_CODE_MAX_BYTES, &problem_qr_unknown }, END };
const struct field fields_qr_confirm[] = { FORM, { "decision", 16, NULL }, END };

/* scope and client_id do nothing there; that they came is noted. */
const struct field fields_consent[] = {
    FORM, { "decision", 16, NULL }, { "scope", 1024, NULL }, { "client_id", 256, NULL }, END,
};

#define USER_CODE { "user_code", CODE_TYPED_BYTES, &problem_user_code_malformed }

const struct field fields_device[] = { STEP, USER_CODE, END };
const struct field fields_device_code[] = { FORM, USER_CODE, END };
const struct field fields_device_decide[] = { FORM, { "decision", 16, NULL }, { "number", 8, NULL }, END };

const struct field fields_notice[] = {
    FORM, { "agree_registration", 16, NULL }, { "agree_bank", 16, NULL }, { "take_over", 16, NULL }, END,
};

const struct field fields_identity[] = {
    FORM,
    { "name", 256, &problem_name_invalid },
    { "identity_number", 128, &problem_identity_number_invalid },
    { "bank_card", 128, &problem_bank_card_invalid },
    { "bank_phone", PHONE_BYTES, &problem_phone_invalid },
    { "bank_code", CODE_TYPED_BYTES, &problem_sms_code_malformed },
    END,
};

const struct field fields_sessions_shown[] = { STEP, { "ended", 8, NULL }, END };
const struct field fields_sessions[] = { FORM, { "end", 64, NULL }, END };

const struct field fields_card_family_shown[] = { STEP, { "done", 16, NULL }, END };
const struct field fields_card_family[] = {
    FORM,
    { "kinship", 16, NULL },
    { "name", 256, &problem_name_invalid },
    { "identity_number", 128, &problem_identity_number_invalid },
    { "agree", 64, NULL },
    { "end", 64, NULL },
    END,
};

const struct field fields_change[] = {
    FORM,
    { "password_old", PASSWORD_BYTES, &problem_password_too_long },
    { "password", PASSWORD_BYTES, &problem_password_too_long },
    { "password_again", PASSWORD_BYTES, &problem_password_too_long },
    END,
};

const struct field fields_renewal[] = {
    FORM,
    { "password", PASSWORD_BYTES, &problem_password_too_long },
    { "password_again", PASSWORD_BYTES, &problem_password_too_long },
    { "take_over", 16, NULL },
    END,
};

const struct field fields_password[] = {
    FORM,
    { "skip", 16, NULL },
    { "password", PASSWORD_BYTES, &problem_password_too_long },
    { "password_again", PASSWORD_BYTES, &problem_password_too_long },
    END,
};

#define CARD_PASSWORD(name) { name, CODE_TYPED_BYTES, &problem_card_password_malformed }

const struct field fields_card_losses[] = {
    CLIENT,
    { "identity_number", 128, &problem_identity_number_invalid },
    { "name", 256, &problem_name_invalid },
    { "kind", 16, &problem_ecard_member },
    { "seen_in_person", 8, &problem_ecard_member },
    END,
};
const struct field fields_card_loss[] = { FORM, { "decision", 16, NULL }, CARD_PASSWORD("card_password"), END };
const struct field fields_card_password[] = {
    FORM, CARD_PASSWORD("card_password_old"), CARD_PASSWORD("card_password"), CARD_PASSWORD("card_password_again"), END,
};
const struct field fields_card_pay[] = {
    FORM,
    { "bank_card", 128, &problem_bank_card_invalid },
    { "bank_phone", PHONE_BYTES, &problem_phone_invalid },
    { "bank_code", CODE_TYPED_BYTES, &problem_sms_code_malformed },
    END,
};
const struct field fields_card_lost_link[] = { STEP, { "l", 64, &problem_ecard_link_over }, END };

/* Staff: for a citizen who is there, and what needs a second person. */
#define PAPER                                                                                      \
    { "paper", 32, NULL }, { "number", 128, &problem_identity_number_invalid },                    \
        { "original", 8, NULL }, { "photo", 8, NULL }, { "chip", 8, NULL }, { "guardian", 8, NULL }
const struct field fields_staff_proof[] = { FORM, PAPER, END };
const struct field fields_staff_register[] = {
    FORM, PAPER, { "name", 256, &problem_name_invalid }, { "phone", PHONE_BYTES, &problem_phone_invalid }, { "agreed", 8, NULL }, END,
};
const struct field fields_staff_correct[] = {
    FORM, PAPER, { "kind", 16, NULL }, { "name", 256, &problem_name_invalid }, { "reason", 800, NULL }, { "carry", 16, NULL }, END,
};
const struct field fields_staff_done[] = { STEP, { "done", 16, NULL }, { "sent", 8, NULL }, END };
const struct field fields_staff_approvals[] = { FORM, { "proposal", 64, &problem_proposal_over }, END };
const struct field fields_staff_approval[] = { FORM, { "decision", 16, NULL }, END };
const struct field fields_reset_link[] = { STEP, { "l", 64, &problem_reset_link_over }, END };
/* Administrators among staff. */
#define LIST_PLACE { "page", LIST_PLACE_MAX_BYTES, &problem_staff_list_place }
#define STAFF_ID(name) { name, 128, NULL }
const struct field fields_staff_list[] = { STEP, LIST_PLACE, END };
const struct field fields_staff_people[] = {
    FORM, STAFF_ID("staff_id"), { "find", 8, NULL }, STAFF_ID("code"), STAFF_ID("stop"), STAFF_ID("start"), STAFF_ID("unlock"), END,
};
const struct field fields_staff_audit[] = {
    FORM, { "concerned", 128, NULL }, { "actor", 128, NULL }, { "counter", 128, NULL }, { "event", 64, NULL },
    { "since", 32, &problem_staff_day }, { "up_to", 32, &problem_staff_day }, END,
};
const struct field fields_staff_counters[] = {
    FORM, { "place", 256, &problem_counter_text }, { "agency", 256, &problem_counter_text }, { "region", 32, &problem_counter_text },
    { "add", 8, NULL }, { "code", 32, NULL }, { "retire", 32, NULL }, END,
};

/* WeChat gives back our state and a code of its own. */
const struct field fields_wechat_callback[] = { PAGE, { "code", 512, &problem_wechat_code }, { "state", 128, &problem_wechat_state }, END };
const struct field fields_wechat_mini[] = { STEP, { "ticket", MINI_TICKET_MAX_BYTES, &problem_wechat_ticket }, END };
const struct field fields_wechat_number[] = { FORM, { "number", 64, &problem_wechat_number_wrong }, END };
const struct field fields_wechat_confirm[] = { FORM, { "decision", 16, NULL }, END };
const struct field fields_wechat_jssdk[] = { { "url", 2048, &problem_wechat_page_foreign }, END };
/* Staff: a citizen at the counter. */
const struct field fields_staff_find[] = { FORM, { "find", FIND_NAME_MAX_BYTES, &problem_find_name_invalid }, END };
const struct field fields_staff_scan[] = { FORM, { "card_code", CARD_CODE_READ_MAX_BYTES, &problem_card_code_malformed }, END };
const struct field fields_staff_person[] = { STEP, { "lost", 8, NULL }, END };
const struct field fields_staff_unmask[] = { FORM, { "reason", 800, &problem_staff_reason_invalid }, END };
const struct field fields_account_history[] = { STEP, { "after", 512, &problem_history_page }, END };


/* The staff listener. */
#define STAFF_NAME { "staff_name", 128, &problem_staff_sign_in_failed }
const struct field fields_staff_sign_in[] = { FORM, STAFF_NAME, { "password", PASSWORD_BYTES, &problem_password_too_long }, END };
const struct field fields_staff_factor[] = { FORM, { "code", CODE_TYPED_BYTES, &problem_staff_factor_wrong }, { "certificate", 8, NULL }, END };
const struct field fields_staff_password[] = {
    FORM,
    STAFF_NAME,
    { "password_old", PASSWORD_BYTES, &problem_password_too_long },
    { "password", PASSWORD_BYTES, &problem_password_too_long },
    { "password_again", PASSWORD_BYTES, &problem_password_too_long },
    END,
};
const struct field fields_staff_enrol[] = {
    FORM, STAFF_NAME, { "password", PASSWORD_BYTES, &problem_password_too_long }, { "code", CODE_TYPED_BYTES, &problem_staff_code_wrong }, END,
};
const struct field fields_staff_bootstrap[] = {
    FORM, STAFF_NAME, { "password", PASSWORD_BYTES, &problem_password_too_long }, { "code", 256, &problem_staff_code_wrong }, END,
};
const struct field fields_staff_form[] = { FORM, END };
/* clang-format on */
