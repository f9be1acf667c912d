// SPDX-License-Identifier: Apache-2.0
// An impatient thumb on a slow line: 800 ms to every answer, and each button pressed again after 400 ms. Whoever presses twice
// comes to the page that one press leads to, and nothing happens twice.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { settle } from '../kit/visit.mjs';
import {
  atPartner, code, has, identityOf, logIn, lookName, looks, makePerson, openBrowser, password, press, request, startStage,
} from './kit.mjs';

const slow = { offline: false, latency: 800, downloadThroughput: -1, uploadThroughput: -1 };
const again_ms = 400;
const phoneLooks = looks.filter((look) => look.width === 360 && look.language === 'zh-CN');
const settled = phoneLooks.map((_, index) => makePerson(index));
const fresh = phoneLooks.map((_, index) => makePerson(10 + index, { bank_phone: `1390029991${index}` }));
let stage;
let settledAt;

before(async () => {
  stage = await startStage({ people: [...settled, ...fresh] });
  for (const person of settled) await settle(stage.world, person);
  settledAt = Date.now();
});

after(() => stage?.stop());

async function openSlowBrowser(look) {
  const page = await openBrowser(stage, look);
  const line = await page.context().newCDPSession(page);
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', slow);
  return page;
}

/** Both presses go to the same place on the glass, whatever the page has made of the button meanwhile. */
async function pressTwice(page, id) {
  await page.locator(`#${id}`).scrollIntoViewIfNeeded();
  const { x, y, width, height } = await page.locator(`#${id}`).boundingBox();
  const tap = () => page.mouse.click(x + width / 2, y + height / 2);
  const arrival = page.waitForEvent('load');
  await tap();
  await pause(again_ms);
  await tap();
  await arrival;
}

async function sendTwice(page, fields, id) {
  for (const [field, value] of Object.entries(fields)) await page.fill(`#${field}`, value);
  await pressTwice(page, id);
}

async function assertAt(page, id) {
  assert.ok(await has(page, id), `not at ${id}:\n${await page.textContent('main, body')}`);
}

/** How many text messages a phone got. */
async function messages(phone) {
  const answer = await fetch(`http://127.0.0.1:${stage.world.smsPort}/messages.json?phone=${phone}`);
  return (await answer.json()).length;
}

async function assertBack(page, wanted) {
  await atPartner(page, wanted);
  assert.equal((await wanted.redeem()).status, 200);
}

describe('on a slow line', { concurrency: 3 }, () => {
  phoneLooks.forEach((look, index) => {
    test(`every button of a registration, pressed twice (${lookName(look)})`, async () => {
      const page = await openSlowBrowser(look);
      const person = fresh[index];
      const wanted = request(stage);
      await page.goto(wanted.url);
      await press(page, 'register-link');
      await sendTwice(page, { phone: person.phone }, 'get-code');
      await assertAt(page, 'register-code-form');
      assert.equal(await messages(person.phone), 1);
      await sendTwice(page, { code: await code(stage, person) }, 'register-code-submit');
      await assertAt(page, 'register-notice-form');
      await page.check('#agree_registration');
      await page.check('#agree_bank');
      await pressTwice(page, 'agree-submit');
      await assertAt(page, 'register-identity-form');
      await sendTwice(page, identityOf(person), 'bank-submit');
      await assertAt(page, 'bank_code');
      assert.equal(await messages(person.bank_phone), 1);
      await sendTwice(page, { bank_code: await code(stage, { phone: person.bank_phone }) }, 'bank-submit');
      await assertAt(page, 'register-password-form');
      await sendTwice(page, { password, password_again: password }, 'password-submit');
      await assertAt(page, 'consent-form');
      await pressTwice(page, 'allow');
      await assertBack(page, wanted);
      await page.context().close();
    });

    test(`every button of a login, pressed twice (${lookName(look)})`, async () => {
      const page = await openSlowBrowser(look);
      const person = settled[index];
      const first = request(stage);
      await page.goto(first.url);
      await sendTwice(page, { phone: person.phone, password }, 'login-submit');
      await assertAt(page, 'consent-form');
      await pressTwice(page, 'allow');
      await assertBack(page, first);

      await page.goto(stage.world.issuer);
      await pressTwice(page, 'logout');
      await assertAt(page, 'signed-out');

      await pause(Math.max(0, settledAt + 61_000 - Date.now())); // a phone gets one message a minute
      const second = request(stage);
      const before = await messages(person.phone);
      await page.goto(second.url);
      await press(page, 'login-by-sms');
      await sendTwice(page, { phone: person.phone }, 'get-code');
      await assertAt(page, 'login-sms-code-form');
      assert.equal(await messages(person.phone), before + 1);
      await sendTwice(page, { code: await code(stage, person) }, 'login-submit');
      await assertBack(page, second);

      await page.goto(`${stage.world.issuer}/oidc/logout?client_id=hall`);
      await pressTwice(page, 'logout-yes');
      await assertAt(page, 'signed-out');
      await page.context().close();
    });

    test(`a wrong password, sent twice, is one mistake (${lookName(look)})`, async () => {
      const page = await openSlowBrowser(look);
      await page.goto(`${stage.world.issuer}/login`);
      await sendTwice(page, { phone: settled[index].phone, password: 'not the password' }, 'login-submit');
      await assertAt(page, 'error-login_failed');
      await logIn(page, settled[index]);
      await assertAt(page, 'greeting');
      await page.context().close();
    });
  });
});
