/* SPDX-License-Identifier: Apache-2.0 */
/* One prototype for each endpoint, grouped by the file that has it. Who calls them: routes.c. */
#ifndef PROTOCOLS_ENDPOINTS_H
#define PROTOCOLS_ENDPOINTS_H

#include "protocols/http/request.h"

/* oauth2/authorize.c */
const struct problem *endpoint_authorize(struct request *rq);
const struct problem *endpoint_authorize_resume(struct request *rq);
/* oauth2/token.c */
const struct problem *endpoint_token(struct request *rq);
/* card/verify.c, card/batch.c */
const struct problem *endpoint_card_verify(struct request *rq);
const struct problem *endpoint_card_batch(struct request *rq);

/* oauth2/terminal.c */
const struct problem *endpoint_terminal_enrol(struct request *rq);
const struct problem *endpoint_terminal_end(struct request *rq);
/* oauth2/device_authorization.c */
const struct problem *endpoint_device_authorization(struct request *rq);
/* oauth2/bc_authorize.c */
const struct problem *endpoint_bc_authorize(struct request *rq);
/* account/approvals.c */
const struct problem *endpoint_approvals(struct request *rq);
const struct problem *endpoint_approvals_submit(struct request *rq);
/* account/approval_link.c */
const struct problem *endpoint_approve(struct request *rq);
const struct problem *endpoint_approve_submit(struct request *rq);
/* account/approval_hook.c */
const struct problem *endpoint_approval_hook(struct request *rq);
/* login/uplink.c */
const struct problem *endpoint_sms_uplink(struct request *rq);
/* oauth2/introspect.c */
const struct problem *endpoint_introspect(struct request *rq);
/* oauth2/revoke.c */
const struct problem *endpoint_revoke(struct request *rq);
/* oidc/discovery.c */
const struct problem *endpoint_discovery(struct request *rq);
const struct problem *endpoint_jwks(struct request *rq);
/* oidc/userinfo.c */
const struct problem *endpoint_userinfo(struct request *rq);
/* oidc/end_session.c */
const struct problem *endpoint_end_session(struct request *rq);
const struct problem *endpoint_end_session_confirm(struct request *rq);
/* oidc/signed_out.c */
const struct problem *endpoint_signed_out(struct request *rq);
const struct problem *endpoint_logout_frame(struct request *rq);
/* oidc/check_session.c */
const struct problem *endpoint_check_session(struct request *rq);
/* login/device.c */
const struct problem *endpoint_device(struct request *rq);
const struct problem *endpoint_device_submit(struct request *rq);
/* login/device_confirm.c */
const struct problem *endpoint_device_confirm(struct request *rq);
const struct problem *endpoint_device_decide(struct request *rq);
const struct problem *endpoint_device_done(struct request *rq);
/* login/ways/password.c */
const struct problem *endpoint_login(struct request *rq);
const struct problem *endpoint_login_submit(struct request *rq);
/* login/cancel.c */
const struct problem *endpoint_login_cancel(struct request *rq);
/* login/ways/sms.c */
const struct problem *endpoint_login_sms(struct request *rq);
const struct problem *endpoint_login_sms_send(struct request *rq);
const struct problem *endpoint_login_sms_code(struct request *rq);
const struct problem *endpoint_login_sms_submit(struct request *rq);
const struct problem *endpoint_login_proven(struct request *rq);
/* login/ways/wechat.c */
const struct problem *endpoint_login_wechat(struct request *rq);
const struct problem *endpoint_login_wechat_qr(struct request *rq);
const struct problem *endpoint_login_wechat_callback(struct request *rq);
/* login/wechat_mini.c */
const struct problem *endpoint_login_wechat_mini(struct request *rq);
const struct problem *endpoint_login_wechat_number(struct request *rq);
const struct problem *endpoint_login_wechat_number_submit(struct request *rq);
/* login/wechat_bind.c */
const struct problem *endpoint_login_wechat_bind(struct request *rq);
const struct problem *endpoint_login_wechat_confirm(struct request *rq);
const struct problem *endpoint_login_wechat_confirm_submit(struct request *rq);
/* login/wechat_jssdk.c */
const struct problem *endpoint_wechat_jssdk(struct request *rq);
/* account/wechat.c */
const struct problem *endpoint_account_wechat(struct request *rq);
const struct problem *endpoint_account_wechat_submit(struct request *rq);
/* login/ways/qr.c */
const struct problem *endpoint_login_qr(struct request *rq);
const struct problem *endpoint_login_qr_submit(struct request *rq);
const struct problem *endpoint_login_qr_status(struct request *rq);
/* login/qr_app.c */
const struct problem *endpoint_qr_scan(struct request *rq);
const struct problem *endpoint_qr_confirm(struct request *rq);
const struct problem *endpoint_qr_cancel(struct request *rq);
/* card/codes.c */
const struct problem *endpoint_card(struct request *rq);
const struct problem *endpoint_card_submit(struct request *rq);
const struct problem *endpoint_card_keep(struct request *rq);
const struct problem *endpoint_card_keep_submit(struct request *rq);
const struct problem *endpoint_card_history(struct request *rq);
const struct problem *endpoint_card_codes(struct request *rq);
const struct problem *endpoint_card_link(struct request *rq);
const struct problem *endpoint_card_unlink(struct request *rq);
/* oidc/discovery.c */
const struct problem *endpoint_card_jwks(struct request *rq);
/* login/qr_link.c */
const struct problem *endpoint_qr_link(struct request *rq);
const struct problem *endpoint_qr_page(struct request *rq);
const struct problem *endpoint_qr_submit(struct request *rq);
/* login/consent.c */
const struct problem *endpoint_consent(struct request *rq);
const struct problem *endpoint_consent_submit(struct request *rq);
/* login/ticket.c */
const struct problem *endpoint_ticket(struct request *rq);
/* flow/stopped.c */
const struct problem *endpoint_stopped(struct request *rq);
/* account/home.c */
const struct problem *endpoint_home(struct request *rq);
/* account/register_phone.c */
const struct problem *endpoint_register(struct request *rq);
const struct problem *endpoint_register_send(struct request *rq);
const struct problem *endpoint_register_code(struct request *rq);
const struct problem *endpoint_register_code_submit(struct request *rq);
/* account/register_notice.c */
const struct problem *endpoint_register_notice(struct request *rq);
const struct problem *endpoint_register_notice_submit(struct request *rq);
/* account/register_identity.c */
const struct problem *endpoint_register_identity(struct request *rq);
const struct problem *endpoint_register_identity_submit(struct request *rq);
/* account/register_password.c */
const struct problem *endpoint_register_password(struct request *rq);
const struct problem *endpoint_register_password_submit(struct request *rq);
/* account/recover_phone.c */
const struct problem *endpoint_recover(struct request *rq);
const struct problem *endpoint_recover_send(struct request *rq);
const struct problem *endpoint_recover_code(struct request *rq);
const struct problem *endpoint_recover_code_submit(struct request *rq);
/* account/recover_identity.c */
const struct problem *endpoint_recover_identity(struct request *rq);
const struct problem *endpoint_recover_identity_submit(struct request *rq);
/* account/recover_password.c */
const struct problem *endpoint_recover_password(struct request *rq);
const struct problem *endpoint_recover_password_submit(struct request *rq);
/* account/password.c */
const struct problem *endpoint_account_password(struct request *rq);
const struct problem *endpoint_account_password_submit(struct request *rq);
/* card/family.c */
const struct problem *endpoint_card_family(struct request *rq);
const struct problem *endpoint_card_family_submit(struct request *rq);
/* account/sessions.c */
const struct problem *endpoint_account_sessions(struct request *rq);
const struct problem *endpoint_account_sessions_submit(struct request *rq);
/* card/life.c */
const struct problem *endpoint_card_issue(struct request *rq);
const struct problem *endpoint_card_renew(struct request *rq);
const struct problem *endpoint_card_close(struct request *rq);
const struct problem *endpoint_card_loss_report(struct request *rq);
const struct problem *endpoint_card_password_set(struct request *rq);
/* card/losses.c */
const struct problem *endpoint_card_losses(struct request *rq);
/* card/loss.c */
const struct problem *endpoint_card_loss(struct request *rq);
const struct problem *endpoint_card_loss_submit(struct request *rq);
/* card/password.c */
const struct problem *endpoint_card_password(struct request *rq);
const struct problem *endpoint_card_password_submit(struct request *rq);
/* card/pay.c */
const struct problem *endpoint_card_pay(struct request *rq);
const struct problem *endpoint_card_pay_submit(struct request *rq);
/* card/lost.c */
const struct problem *endpoint_card_lost(struct request *rq);
const struct problem *endpoint_card_lost_send(struct request *rq);
const struct problem *endpoint_card_lost_confirm(struct request *rq);
const struct problem *endpoint_card_lost_submit(struct request *rq);
/* pages/static.c */
const struct problem *endpoint_static(struct request *rq);
/* admin/health.c */
const struct problem *endpoint_healthz(struct request *rq);
const struct problem *endpoint_readyz(struct request *rq);
const struct problem *endpoint_metrics(struct request *rq);
/* admin/live.c */
const struct problem *endpoint_live(struct request *rq);

/* oauth2/staff_enter.c */
const struct problem *endpoint_staff_enter(struct request *rq);
const struct problem *endpoint_staff_entered(struct request *rq);

/* staff/home.c */
const struct problem *endpoint_staff_home(struct request *rq);
/* staff/people.c */
const struct problem *endpoint_staff_people(struct request *rq);
const struct problem *endpoint_staff_people_submit(struct request *rq);
/* staff/settings.c */
const struct problem *endpoint_staff_settings(struct request *rq);
/* staff/audit.c */
const struct problem *endpoint_staff_audit(struct request *rq);
const struct problem *endpoint_staff_audit_submit(struct request *rq);
const struct problem *endpoint_staff_audit_export(struct request *rq);
/* staff/counters.c */
const struct problem *endpoint_staff_counters(struct request *rq);
const struct problem *endpoint_staff_counters_submit(struct request *rq);

/* staff/counter.c */
const struct problem *endpoint_staff_counter(struct request *rq);
const struct problem *endpoint_staff_counter_submit(struct request *rq);

/* staff/find.c */
const struct problem *endpoint_staff_find(struct request *rq);
const struct problem *endpoint_staff_find_submit(struct request *rq);

/* staff/scan.c */
const struct problem *endpoint_staff_scan(struct request *rq);
const struct problem *endpoint_staff_scan_submit(struct request *rq);

/* staff/person.c */
const struct problem *endpoint_staff_person(struct request *rq);
const struct problem *endpoint_staff_unmask(struct request *rq);
const struct problem *endpoint_staff_loss(struct request *rq);

/* account/history.c */
const struct problem *endpoint_account_history(struct request *rq);
/* staff/proof.c, staff/correct.c, staff/reset.c, staff/register.c, staff/survival.c */
const struct problem *endpoint_staff_proof(struct request *rq);
const struct problem *endpoint_staff_proof_submit(struct request *rq);
const struct problem *endpoint_staff_correct(struct request *rq);
const struct problem *endpoint_staff_correct_submit(struct request *rq);
const struct problem *endpoint_staff_reset(struct request *rq);
const struct problem *endpoint_staff_reset_submit(struct request *rq);
const struct problem *endpoint_staff_register(struct request *rq);
const struct problem *endpoint_staff_register_submit(struct request *rq);
const struct problem *endpoint_staff_survival(struct request *rq);
const struct problem *endpoint_staff_survival_submit(struct request *rq);

/* staff/approvals.c */
const struct problem *endpoint_staff_approvals(struct request *rq);
const struct problem *endpoint_staff_approvals_choose(struct request *rq);
const struct problem *endpoint_staff_approvals_one(struct request *rq);
const struct problem *endpoint_staff_approvals_decide(struct request *rq);

/* account/reset.c */
const struct problem *endpoint_account_reset(struct request *rq);
const struct problem *endpoint_account_reset_submit(struct request *rq);
const struct problem *endpoint_staff_sign_in(struct request *rq);
const struct problem *endpoint_staff_sign_in_submit(struct request *rq);
const struct problem *endpoint_staff_factor(struct request *rq);
const struct problem *endpoint_staff_factor_submit(struct request *rq);
const struct problem *endpoint_staff_password(struct request *rq);
const struct problem *endpoint_staff_password_submit(struct request *rq);
const struct problem *endpoint_staff_enrol(struct request *rq);
const struct problem *endpoint_staff_enrol_submit(struct request *rq);
const struct problem *endpoint_staff_enrol_factor(struct request *rq);
const struct problem *endpoint_staff_enrol_factor_submit(struct request *rq);
const struct problem *endpoint_staff_bootstrap(struct request *rq);
const struct problem *endpoint_staff_bootstrap_submit(struct request *rq);
const struct problem *endpoint_staff_sign_out(struct request *rq);

#endif
