// SPDX-License-Identifier: Apache-2.0
// Every page there is, in the order in which a citizen meets them, with the pages that say what went wrong.
import { Device, Terminal, wrongNumber } from '../kit/device.mjs';
import {
  agree, atPartner, code, identityOf, logIn, password, press, request, send,
} from './kit.mjs';

/** In a tab of its own: the partner's page is not one of ours. */
async function enter(stage, tab) {
  const wanted = request(stage);
  await tab.goto(wanted.url);
  await press(tab, 'allow');
  await atPartner(tab, wanted);
  await wanted.redeem();
  await tab.close();
}

/** The pages for a device that shows a code; somebody is logged in. */
async function tourDevices(stage, page, visit) {
  const television = await new Device(stage.world, 'television').ask();
  const kiosk = await (await Terminal.enrol(stage.world, 'kiosk')).ask();
  await page.goto(television.verification_uri);
  await visit('device');
  await send(page, { user_code: 'WDJB' }, 'device-submit');
  await visit('device_malformed');
  await send(page, { user_code: 'BBBB-BBBB' }, 'device-submit');
  await visit('device_unknown');
  await send(page, { user_code: television.user_code.toLowerCase().replace('-', ' ') }, 'device-submit');
  await visit('device_confirm');
  await press(page, 'allow');
  await visit('device_done');
  await page.goto(kiosk.verification_uri_complete);
  await visit('device_confirm_number');
  await press(page, await wrongNumber(page, kiosk));
  await visit('device_refused');
}

/** Another screen shows a code; its link is opened here. */
async function tourCode(stage, page, visit) {
  const context = await page.context().browser().newContext();
  const screen = await context.newPage();
  await screen.goto(request(stage).url);
  await press(screen, 'login-by-qr');
  await page.goto(`${stage.world.issuer}/q/${await screen.inputValue('[name=code]')}`);
  await context.close();
  await visit('qr_confirm');
  await press(page, 'deny');
  await visit('qr_cancelled');
}

/** Calls visit(name) on each page. `person` is not yet registered, and the bank knows her under another number. */
export async function tour(stage, page, person, visit) {
  const { issuer } = stage.world;
  const stranger = { phone: person.bank_phone.replace('139', '138') };

  await page.goto(issuer);
  await visit('home');
  await page.goto(request(stage).url);
  await visit('login_password');
  await send(page, { phone: '', password: '' }, 'login-submit');
  await visit('login_password_empty');
  await logIn(page, person, 'wrong password');
  await visit('login_password_failed');
  await press(page, 'login-by-qr');
  await visit('login_qr');
  await press(page, 'login-by-sms');
  await visit('login_sms');
  await send(page, { phone: '138' }, 'get-code');
  await visit('login_sms_invalid');
  await send(page, { phone: stranger.phone }, 'get-code');
  await visit('login_sms_code');
  await press(page, 'resend');
  await visit('login_sms_code_too_soon');
  await send(page, { code: '12' }, 'login-submit');
  await visit('login_sms_code_short');
  await send(page, { code: '000000' }, 'login-submit');
  await visit('login_sms_code_wrong');
  await send(page, { code: await code(stage, stranger) }, 'login-submit');
  await visit('login_sms_code_unknown');
  await press(page, 'change-number');
  await press(page, 'register-link');
  await visit('register_phone');
  await send(page, { phone: '138' }, 'get-code');
  await visit('register_phone_invalid');
  await send(page, { phone: person.phone }, 'get-code');
  await visit('register_code');
  await send(page, { code: '' }, 'register-code-submit');
  await visit('register_code_empty');
  await send(page, { code: '000000' }, 'register-code-submit');
  await visit('register_code_wrong');
  await press(page, 'resend');
  await visit('register_code_too_soon');
  await send(page, { code: await code(stage, person) }, 'register-code-submit');
  await visit('register_notice');
  await page.click('summary');
  await visit('register_notice_full');
  await press(page, 'agree-submit');
  await visit('register_notice_missing');
  await agree(page);
  await visit('register_identity');
  await send(page, { name: '', identity_number: '', bank_card: '', bank_phone: '' }, 'bank-submit');
  await visit('register_identity_empty');
  await send(page, { ...identityOf(person), identity_number: '440104201506010024' }, 'bank-submit');
  await visit('register_identity_child');
  await send(page, { ...identityOf(person), identity_number: '44010619750101' }, 'bank-submit');
  await visit('register_identity_invalid');
  await send(page, identityOf(person), 'bank-submit');
  await visit('register_identity_bank_code');
  await send(page, { bank_code: '' }, 'bank-submit');
  await visit('register_identity_bank_code_empty');
  await send(page, { bank_code: '000000' }, 'bank-submit');
  await visit('register_identity_bank_code_wrong');
  await send(page, { bank_code: await code(stage, { phone: person.bank_phone }) }, 'bank-submit');
  await visit('register_identity_bank_unknown');
  await send(page, { name: '王五' }, 'bank-submit');
  await visit('register_identity_mismatch');
  await send(page, { name: person.name }, 'bank-submit');
  await visit('register_password');
  await send(page, { password, password_again: `${password}!` }, 'password-submit');
  await visit('register_password_differs');
  await send(page, { password: '12345678', password_again: '12345678' }, 'password-submit');
  await visit('register_password_common');
  await send(page, { password, password_again: password }, 'password-submit');
  await visit('consent');
  await page.goto(issuer);
  await visit('home_mine');
  await press(page, 'sessions-link');
  await visit('sessions');
  await page.goBack();
  await page.goto(`${issuer}/card/family`);
  await visit('card_family');
  await page.goBack();
  await tourDevices(stage, page, visit);
  await tourCode(stage, page, visit);
  await page.goto(request(stage, 'hall', { prompt: 'login' }).url);
  await visit('login_password_again');
  await enter(stage, await page.context().newPage()); // so that there is somebody to be told
  await page.goto(`${issuer}/oidc/logout?client_id=hall`);
  await visit('logout_confirm');
  await press(page, 'logout-yes');
  await visit('signed_out');
  await page.goto(`${issuer}/oidc/logout`);
  await visit('signed_out_already');
  await page.goto(`${issuer}/register/identity?tx=lost`);
  await visit('error_lost');
  await page.goto(`${issuer}/register/code`);
  await visit('error_begin_again');
  await page.goto(`${issuer}/oidc/logout?id_token_hint=spoilt&post_logout_redirect_uri=https://nowhere.example/`);
  await visit('signed_out_spoilt_hint');
  await page.goto(request(stage, 'hall', { redirect_uri: 'https://nowhere.example/' }).url);
  await visit('error_redirect_uri_mismatch');
  await page.goto(`${issuer}/nowhere`);
  await visit('error_not_found');
  await page.goto(request(stage, 'nobody').url);
  await visit('error_client_unknown');
}
