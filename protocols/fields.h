/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every parameter that an endpoint reads, with its bound in bytes: one list for each kind of route,
 * named in the table of routes. What is not declared cannot be read (protocols/http/request.h), and
 * what is longer than its bound is answered 400 before anything parses or echoes it. A bound leaves
 * room for what honest people type: full-width digits and blanks take three bytes each, and a
 * mistake of the usual size still gets its own sentence from the policy behind it.
 */
#ifndef PROTOCOLS_FIELDS_H
#define PROTOCOLS_FIELDS_H

#include "protocols/http/request.h"

extern const struct field fields_none[];
extern const struct field fields_page[];
extern const struct field fields_live[];
extern const struct field fields_home[];
extern const struct field fields_authorize[];
extern const struct field fields_token[];
extern const struct field fields_ticket[];
extern const struct field fields_bc_authorize[];
extern const struct field fields_approvals[];
extern const struct field fields_approval[];
extern const struct field fields_card[];
extern const struct field fields_card_form[];
extern const struct field fields_card_history[];
extern const struct field fields_card_keep[];
extern const struct field fields_card_kept[];
extern const struct field fields_approve[];
extern const struct field fields_approve_answer[];
extern const struct field fields_approval_hook[];
extern const struct field fields_token_named[];
extern const struct field fields_terminal_enrol[];
extern const struct field fields_terminal_end[];
extern const struct field fields_card_verify[];
extern const struct field fields_card_batch[];
extern const struct field fields_userinfo[];
extern const struct field fields_end_session[];
extern const struct field fields_logout[];
extern const struct field fields_step[];
extern const struct field fields_stopped[];
extern const struct field fields_step_code[];
extern const struct field fields_cancel[];
extern const struct field fields_login[];
extern const struct field fields_phone[];
extern const struct field fields_code[];
extern const struct field fields_login_qr[];
extern const struct field fields_staff_counter[];
extern const struct field fields_qr_confirm[];
extern const struct field fields_consent[];
extern const struct field fields_device_authorization[];
extern const struct field fields_device[];
extern const struct field fields_device_code[];
extern const struct field fields_device_decide[];
extern const struct field fields_notice[];
extern const struct field fields_identity[];
extern const struct field fields_change[];
extern const struct field fields_sessions_shown[];
extern const struct field fields_sessions[];
extern const struct field fields_card_family_shown[];
extern const struct field fields_card_family[];
extern const struct field fields_renewal[];
extern const struct field fields_password[];
extern const struct field fields_card_losses[];
extern const struct field fields_card_loss[];
extern const struct field fields_card_password[];
extern const struct field fields_card_pay[];
extern const struct field fields_card_lost_link[];
extern const struct field fields_wechat_callback[];
extern const struct field fields_wechat_mini[];
extern const struct field fields_wechat_number[];
extern const struct field fields_wechat_confirm[];
extern const struct field fields_wechat_jssdk[];
extern const struct field fields_staff_proof[];
extern const struct field fields_staff_register[];
extern const struct field fields_staff_correct[];
extern const struct field fields_staff_done[];
extern const struct field fields_staff_approvals[];
extern const struct field fields_staff_approval[];
extern const struct field fields_reset_link[];
extern const struct field fields_staff_list[];
extern const struct field fields_staff_people[];
extern const struct field fields_staff_audit[];
extern const struct field fields_staff_counters[];

/* Staff: a citizen at the counter. */
extern const struct field fields_staff_find[];
extern const struct field fields_staff_scan[];
extern const struct field fields_staff_person[];
extern const struct field fields_staff_unmask[];
extern const struct field fields_account_history[];
extern const struct field fields_staff_sign_in[];
extern const struct field fields_staff_factor[];
extern const struct field fields_staff_password[];
extern const struct field fields_staff_enrol[];
extern const struct field fields_staff_bootstrap[];
extern const struct field fields_staff_form[];

#endif
