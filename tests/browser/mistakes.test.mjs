// SPDX-License-Identifier: Apache-2.0
// What goes wrong for people: each mistake is said beside its field, and nothing they typed is lost but secrets.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import {
  agree, choosePassword, code, enterPhone, has, identityOf, logIn, looks, makePerson, openBrowser, password, press,
  problems, register, send, startStage, toIdentity,
} from './kit.mjs';

const ready = makePerson(0);
const honest = makePerson(1);
const honestAgain = makePerson(10, { name: honest.name, identity_number: honest.identity_number });
const worn = makePerson(2, { ending: '063' });
const retried = makePerson(3, { ending: '0092' });
const waiting = makePerson(4, { ending: '0098' });
const child = makePerson(5, { identity_number: '440104201506010024' });
const otherPhone = makePerson(6, { bank_phone: '13900299999' });
const otherPhoneRetried = makePerson(7, { ending: '0092', bank_phone: '13900288888' });
const tooOften = makePerson(9);
const careless = makePerson(8);
const [english] = [looks.find((look) => look.language === 'en' && look.scripts)];
let stage;
let readyAt;
let patient; // a page that waits for another code

before(async () => {
  const people = [ready, honest, honestAgain, worn, retried, waiting, child, otherPhone, otherPhoneRetried, tooOften];
  stage = await startStage({ people });
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/register`);
  await register(stage, page, ready);
  patient = await openBrowser(stage);
  await patient.goto(`${stage.world.issuer}/register`);
  await send(patient, { phone: '13900355555' }, 'get-code');
  readyAt = Date.now();
  await page.context().close();
});

after(() => stage?.stop());

async function registrationOf(person, look) {
  const page = await openBrowser(stage, look);
  await page.goto(`${stage.world.issuer}/register`);
  await toIdentity(stage, page, person);
  return page;
}

/** Every field of the form still holds what was typed. */
async function assertKept(page, fields) {
  for (const [field, value] of Object.entries(fields)) {
    const shown = field === 'bank_card' ? value.replace(/(.{4})(?=.)/g, '$1 ') : value; // as on cards
    assert.equal(await page.inputValue(`#${field}`), shown, field);
  }
}

/** The field says what is wrong, to eyes and to screen readers, and the summary on top leads to it. */
async function assertSaid(page, field, pattern) {
  const said = await problems(page);
  assert.deepEqual(Object.keys(said), [field]);
  assert.match(said[field], pattern);
  assert.equal(await page.getAttribute(`#${field}`, 'aria-invalid'), 'true');
  assert.match(await page.getAttribute(`#${field}`, 'aria-describedby'), new RegExp(`${field}-problem`));
  assert.equal(await page.getAttribute('#problems a', 'href'), `#${field}`);
}

test('a wrong phone number is said beside its field and kept', async () => {
  const page = await openBrowser(stage);
  for (const typed of ['', '1380013800', '12345678901', '手机']) {
    await page.goto(`${stage.world.issuer}/register`);
    await send(page, { phone: typed }, 'get-code');
    await assertSaid(page, 'phone', /11 位/);
    await assertKept(page, { phone: typed });
  }
  for (const path of ['/login', '/login/sms']) {
    await page.goto(stage.world.issuer + path);
    if (path === '/login') await page.fill('#password', password);
    await send(page, { phone: '138' }, path === '/login' ? 'login-submit' : 'get-code');
    await assertSaid(page, 'phone', /11 位/);
    await assertKept(page, { phone: '138' });
  }
  await page.context().close();
});

test('a wrong password says no more than that, and is not kept', async () => {
  const page = await openBrowser(stage, english);
  await page.goto(`${stage.world.issuer}/login`);
  await logIn(page, ready, 'not the password');
  assert.match(await page.textContent('#error-login_failed'), /identity number or password/);
  await assertKept(page, { phone: ready.phone, password: '' });
  await logIn(page, { phone: '13900000000' }, 'not the password');
  assert.match(await page.textContent('#error-login_failed'), /identity number or password/, 'the same for a stranger');
  await page.context().close();
});

test('a wrong code may be tried again; an impatient second request is asked to wait', async () => {
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/register`);
  await send(page, { phone: careless.phone }, 'get-code');
  for (const [typed, pattern] of [['12', /6 位数字/], ['', /6 位数字/], ['000000', /不正确或已过期/]]) {
    await send(page, { code: typed }, 'register-code-submit');
    await assertSaid(page, 'code', pattern);
    await assertKept(page, { code: '' });
  }
  await press(page, 'resend');
  assert.match(await page.textContent('#error-sms_too_soon'), /一分钟/);
  await send(page, { code: ` ${await code(stage, careless)}` }, 'register-code-submit');
  assert.ok(await has(page, 'register-notice-form'), 'the first code still holds, blanks or not');
  await page.context().close();
});

test('each of the two boxes of the notice is asked for, and a tick stays', async () => {
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/register`);
  await enterPhone(stage, page, { phone: '13900377777' });
  await press(page, 'agree-submit');
  await assertSaid(page, 'agree_registration', /勾选/);
  await page.check('#agree_registration');
  await press(page, 'agree-submit');
  await assertSaid(page, 'agree_bank', /勾选/);
  assert.ok(await page.isChecked('#agree_registration'));
  await agree(page);
  assert.ok(await has(page, 'register-identity-form'));
  await page.context().close();
});

test('every detail of the identity page is checked by itself, and the others stay', async () => {
  const page = await registrationOf(honest);
  const right = identityOf(honest);
  const mistakes = [
    ['name', '', /姓名/], ['name', '<b>王</b>', /姓名/], ['name', '名'.repeat(65), /姓名/],
    ['identity_number', '110105194912310021', /核对 18 位/], ['identity_number', '110105491231002', /18 位/],
    ['bank_card', '6216260000000000', /银行卡号/], ['bank_card', '', /银行卡号/],
    ['bank_phone', '95588', /11 位/],
  ];
  for (const [field, typed, pattern] of mistakes) {
    await send(page, { ...right, [field]: typed }, 'bank-submit');
    await assertSaid(page, field, pattern);
    await assertKept(page, { ...right, [field]: typed });
  }
  await send(page, { ...right, name: '名'.repeat(32) }, 'bank-submit');
  assert.ok(await has(page, 'error-bank_mismatch'), 'a name of 32 characters reaches the bank');
  await assertKept(page, { ...right, name: '名'.repeat(32) });

  await send(page, { name: ` ${right.name} `, bank_card: right.bank_card.replace(/(.{4})/g, '$1 ') }, 'bank-submit');
  assert.ok(await has(page, 'verified'), 'blanks do no harm');
  const passwords = [
    ['short', 'short', 'password', /8 个字符/], ['12345678', '12345678', 'password', /猜到/],
    [`${honest.phone}abc`, `${honest.phone}abc`, 'password', /手机号/], [password, 'another one', 'password_again', /不一致/],
  ];
  for (const [first, again, field, pattern] of passwords) {
    await send(page, { password: first, password_again: again }, 'password-submit');
    await assertSaid(page, field, pattern);
    await assertKept(page, { password: '', password_again: '' });
  }
  await choosePassword(page);
  assert.ok(await has(page, 'greeting'));
  await page.context().close();
});

test('a person who has an account is given it back, under another number and card too', async () => {
  const page = await registrationOf(honestAgain);
  await send(page, identityOf(honestAgain), 'bank-submit');
  await send(page, { password: 'another fine 密码 77', password_again: 'another fine 密码 77' }, 'recover-submit');
  assert.ok(await has(page, 'greeting'));
  await page.context().close();
});

test('a card that cannot be used: another card is asked for', async () => {
  const page = await registrationOf(worn, english);
  await send(page, identityOf(worn), 'bank-submit');
  assert.match(await page.textContent('#error-bank_card_unusable'), /another card/);
  await assertKept(page, identityOf(worn));
  await page.context().close();
});

test('after three checks that failed, the next is for tomorrow', async () => {
  const page = await registrationOf(tooOften, english);
  for (const name of ['陈大', '陈二', '陈三']) {
    await send(page, { ...identityOf(tooOften), name }, 'bank-submit');
    assert.ok(await has(page, 'error-bank_mismatch'));
  }
  await send(page, identityOf(tooOften), 'bank-submit');
  assert.match(await page.textContent('#error-bank_limit'), /tomorrow or come to a service window/);
  await page.context().close();
});

test('a bank that does not know yet is asked again under the same order', async () => {
  const page = await registrationOf(retried);
  await send(page, identityOf(retried), 'bank-submit');
  assert.match(await page.textContent('#error-bank_unknown'), /不计次数/);
  await assertKept(page, identityOf(retried));
  await press(page, 'bank-submit');
  assert.ok(await has(page, 'verified'));
  await page.context().close();
});

test('while a bank is silent another person logs in; then the truth is told', async () => {
  const page = await registrationOf(waiting);
  const other = await openBrowser(stage, english);
  for (const [field, value] of Object.entries(identityOf(waiting))) await page.fill(`#${field}`, value);
  const answered = page.waitForEvent('load');
  let silent = true;
  answered.finally(() => (silent = false));
  await page.click('#bank-submit', { noWaitAfter: true });
  await other.goto(`${stage.world.issuer}/login`);
  await logIn(other, ready);
  assert.ok(await has(other, 'greeting'));
  assert.ok(silent, 'the bank had not answered when the other was in');
  await answered;
  assert.match(await page.textContent('#error-bank_unknown'), /没有答复/);
  await assertKept(page, identityOf(waiting));
  await page.context().close();
  await other.context().close();
});

test('a child under 14 is shown the way to a service window', async () => {
  const page = await registrationOf(child);
  await send(page, identityOf(child), 'bank-submit');
  await assertSaid(page, 'identity_number', /监护人/);
  await page.context().close();
});

test('a number at the bank that is not the registered one is proven with a code of its own', async () => {
  const page = await registrationOf(otherPhone);
  const fields = identityOf(otherPhone);
  await send(page, fields, 'bank-submit');
  assert.match(await page.textContent('#notice'), /还差一步/);
  assert.deepEqual(await problems(page), {}, 'nothing is wrong yet');
  await assertKept(page, fields);
  await send(page, { bank_code: '000000' }, 'bank-submit');
  await assertSaid(page, 'bank_code', /不正确/);
  await assertKept(page, { ...fields, bank_code: '' });
  await send(page, { name: '', bank_code: '123456' }, 'bank-submit');
  await assertSaid(page, 'name', /姓名/);
  assert.ok(await has(page, 'bank_code'), 'the field stays while another detail is put right');
  await send(page, { name: otherPhone.name, bank_code: '' }, 'bank-submit');
  assert.match(await page.textContent('#notice'), /还差一步/, 'a code is out: it is asked for, and no other is sent');
  await send(page, { bank_code: await code(stage, { phone: otherPhone.bank_phone }) }, 'bank-submit');
  assert.ok(await has(page, 'verified'));
  await page.context().close();
});

test('the code of the bank number is asked for once, though the bank is asked twice', async () => {
  const page = await registrationOf(otherPhoneRetried, english);
  await send(page, identityOf(otherPhoneRetried), 'bank-submit');
  await send(page, { bank_code: await code(stage, { phone: otherPhoneRetried.bank_phone }) }, 'bank-submit');
  assert.ok(await has(page, 'error-bank_unknown'));
  await press(page, 'bank-submit');
  assert.ok(await has(page, 'verified'));
  await page.context().close();
});

test('a number without an account is shown the way to register', async () => {
  const page = await openBrowser(stage, english);
  await page.goto(`${stage.world.issuer}/login/sms`);
  await send(page, { phone: '13900366666' }, 'get-code');
  await send(page, { code: await code(stage, { phone: '13900366666' }) }, 'login-submit');
  assert.match(await page.textContent('#error-phone_unknown'), /no account/);
  await press(page, 'register-link');
  assert.ok(await has(page, 'register-notice-form'), 'the number is proven: it is neither typed nor proven again');
  await page.context().close();
});

/** A phone gets one message a minute, hence the tests from here on come last. */
async function aMinuteLater() {
  const wait = readyAt + 61_000 - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}

test('another code after a minute is announced, and it works', async () => {
  await aMinuteLater();
  const first = await code(stage, { phone: '13900355555' });
  await press(patient, 'resend');
  assert.match(await patient.textContent('#notice'), /重新发送/);
  const second = await code(stage, { phone: '13900355555' });
  if (first !== second) await send(patient, { code: first }, 'register-code-submit');
  await send(patient, { code: second }, 'register-code-submit');
  assert.ok(await has(patient, 'register-notice-form'));
  await patient.context().close();
});

test('a number that has an account is shown the way to log in', async () => {
  await aMinuteLater();
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/register`);
  await send(page, { phone: ready.phone }, 'get-code');
  await send(page, { code: await code(stage, ready) }, 'register-code-submit');
  assert.match(await page.textContent('#error-phone_taken'), /请直接登录/);
  await press(page, 'login-proven');
  assert.ok(await has(page, 'greeting'), 'by the code that was right a moment ago');
  await page.context().close();
});
