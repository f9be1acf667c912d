// SPDX-License-Identifier: Apache-2.0
// What a citizen repairs alone: a forgotten password, a lost phone, a registration that was left, a password that she changes.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { lastCode } from '../kit/world.mjs';
import {
  atPartner, code, has, identityOf, logIn, lookName, looks, makePerson, openBrowser, password, press, problems,
  register, request, send, startStage, toIdentity,
} from './kit.mjs';

const people = Array.from({ length: 14 }, (_, index) => makePerson(index));
const another = 'another fine 密码 77';
let stage;

before(async () => {
  stage = await startStage({ people, extraConfig: '[limits]\ncodes_minute = 60\n' });
});

after(() => stage?.stop());

const looked = async (page, name) => {
  if (process.env.TONGXING_SHOTS)
    await page.screenshot({ path: `${process.env.TONGXING_SHOTS}/${name}-${page.viewportSize().width}.png`, fullPage: true });
};

/** A tick later nothing of her has been changed in this second. */
const nextSecond = (page) => page.waitForTimeout(1100);

async function registered(person, look) {
  const page = await openBrowser(stage, look);
  await page.goto(`${stage.world.issuer}/register`);
  await register(stage, page, person);
  assert.ok(await has(page, 'greeting'));
  return page;
}

/** From the login page to the form for the new password, with the number that is used now. */
async function recover(page, person, phone = person.phone) {
  await press(page, 'recover-link');
  await looked(page, 'recover-phone');
  await send(page, { phone }, 'get-code');
  await looked(page, 'recover-code');
  await send(page, { code: await lastCode(stage.world, phone) }, 'recover-code-submit');
  await looked(page, 'recover-identity');
  await send(page, identityOf(person), 'bank-submit');
  if (phone !== person.phone)
    await send(page, { bank_code: await code(stage, person) }, 'bank-submit');
  await looked(page, 'recover-password');
}

looks.filter((look) => look.scripts || look.width === 360).forEach((look, index) => {
  test(`a forgotten password is replaced on the way to a partner (${lookName(look)})`, async () => {
    const person = people[index];
    await (await registered(person, look)).context().close();
    const page = await openBrowser(stage, look);
    const wanted = request(stage);
    await page.goto(wanted.url);
    await recover(page, person);
    await send(page, { password: another, password_again: another }, 'recover-submit');
    await press(page, 'allow');
    await atPartner(page, wanted);
    assert.equal((await wanted.redeem()).status, 200);
    await page.context().close();

    const later = await openBrowser(stage, look);
    await nextSecond(later);
    await later.goto(`${stage.world.issuer}/login`);
    await logIn(later, person, password);
    assert.ok(await has(later, 'error-login_failed'));
    await logIn(later, person, another);
    assert.ok(await has(later, 'greeting'));
    await later.context().close();
  });
});

test('a lost phone: the new number takes its place, the old one is told, other devices are logged out', async () => {
  const person = people[8];
  const elsewhere = await registered(person);
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/login`);
  await recover(page, person, '13900199901');
  assert.match(await page.textContent('#phone-new'), /139\*{4}9901/);
  await send(page, { password: another, password_again: another }, 'recover-submit');
  assert.match(await page.textContent('#phone-masked'), /139\*{4}9901/);
  await elsewhere.reload();
  assert.ok(await has(elsewhere, 'welcome'));
  const told = async () => {
    const answer = await fetch(`http://127.0.0.1:${stage.world.smsPort}/messages.json?phone=${person.phone}`);
    return (await answer.json())[0].what;
  };
  for (let tries = 0; tries < 50 && (await told()) === ''; tries++) await page.waitForTimeout(100);
  assert.equal(await told(), '登录密码和手机号');
  await page.context().close();
  await elsewhere.context().close();
});

test('who registers again with a new number is offered her own account', async () => {
  const person = people[9];
  await (await registered(person)).context().close();
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/register`);
  await toIdentity(stage, page, { ...person, phone: '13900199902' });
  await send(page, identityOf(person), 'bank-submit');
  await send(page, { bank_code: await code(stage, person) }, 'bank-submit');
  assert.match(await page.textContent('#verified'), /139\*{4}/);
  await send(page, { password: another, password_again: another }, 'recover-submit');
  assert.ok(await has(page, 'greeting'));
  await page.context().close();
});

test('a registration that was left goes on with the password, or without', async () => {
  const person = people[10];
  const left = await openBrowser(stage);
  await left.goto(`${stage.world.issuer}/register`);
  await toIdentity(stage, left, person);
  await send(left, identityOf(person), 'bank-submit');
  await left.context().close();
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/login`);
  await press(page, 'login-by-sms');
  await send(page, { phone: person.phone }, 'get-code');
  await send(page, { code: await code(stage, person) }, 'login-submit');
  await looked(page, 'password-first');
  await press(page, 'password-skip');
  assert.ok(await has(page, 'greeting'));
  await page.context().close();
});

test('a password is changed at home by phone or identity number, and a wrong old one is told', async () => {
  const person = people[11];
  const page = await registered(person);
  await nextSecond(page);
  await press(page, 'password-link');
  await looked(page, 'account-password');
  await send(page, { password_old: 'not this one', password: another, password_again: another }, 'account-password-submit');
  assert.ok((await problems(page)).password_old);
  await looked(page, 'account-password-wrong');
  await send(page, { password_old: password, password: another, password_again: another }, 'account-password-submit');
  assert.ok(await has(page, 'password-changed'));
  await looked(page, 'account-password-done');
  await press(page, 'home-link');
  await press(page, 'logout');
  await nextSecond(page);
  await page.goto(`${stage.world.issuer}/login`);
  await send(page, { phone: person.identity_number, password: another }, 'login-submit');
  assert.ok(await has(page, 'greeting'));
  await page.context().close();
});

test('the bank says no: the checks left for today are told', async () => {
  const person = people[12];
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/recover`);
  await send(page, { phone: person.phone }, 'get-code');
  await send(page, { code: await code(stage, person) }, 'recover-code-submit');
  await send(page, { ...identityOf(person), name: '别人' }, 'bank-submit');
  assert.match(await page.textContent('#checks-left'), /2/);
  await looked(page, 'recover-mismatch');
  await page.context().close();
});
