// SPDX-License-Identifier: Apache-2.0
// A device shows a code, a person allows it on her telephone: with scripts and without.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Device, Terminal, wrongNumber } from '../kit/device.mjs';
import { settle } from '../kit/visit.mjs';
import { has, logIn, lookName, looks, makePerson, openBrowser, press, send, startStage } from './kit.mjs';

const person = makePerson(0);
const other = makePerson(1);
let stage;
let tv;
let terminal;

before(async () => {
  stage = await startStage({ people: [person, other] });
  await settle(stage.world, person);
  await settle(stage.world, other);
  tv = new Device(stage.world, 'television');
  terminal = await Terminal.enrol(stage.world, 'kiosk');
});
after(() => stage?.stop());

async function loggedIn(look, whom = person) {
  const page = await openBrowser(stage, look);
  await page.goto(`${stage.world.issuer}/login`);
  await logIn(page, whom);
  return page;
}

// axe looks at the pages in all languages and widths (a11y.test.mjs).
describe('with scripts and without', { concurrency: 2 }, () => {
  for (const look of [looks[0], looks[1], looks[6]]) {
    test(`the code of a television, typed, and the number of a terminal, scanned (${lookName(look)})`, async () => {
      const television = await tv.ask();
      const kiosk = await terminal.ask();
      const page = await openBrowser(stage, look);
      await page.goto(television.verification_uri);
      await send(page, { user_code: television.user_code.toLowerCase().replace('-', '') }, 'device-submit');
      await logIn(page, person);
      assert.equal((await page.textContent('#user-code')).trim(), television.user_code);
      assert.equal((await tv.poll(television)).error, 'authorization_pending');
      await press(page, 'allow');
      assert.ok(await has(page, 'device-done'));
      assert.equal((await tv.poll(television)).status, 200);

      await page.goto(kiosk.verification_uri_complete);
      assert.match(await page.textContent('#device-place'), /一楼大厅 3 号机/);
      assert.equal(await page.locator('[name=number]').count(), 3);
      await press(page, `number-${kiosk.match_number}`);
      assert.ok(await has(page, 'device-done'));
      assert.equal((await terminal.poll(kiosk)).status, 200);
      await page.context().close();
    });
  }
});

test('XD-08: a wrong number refuses the terminal, and Back does not bring it back', async () => {
  const kiosk = await terminal.ask();
  const page = await loggedIn(looks[0]);
  await page.goto(kiosk.verification_uri_complete);
  await press(page, await wrongNumber(page, kiosk));
  assert.ok(await has(page, 'device-wrong-number'));
  await page.goBack();
  await page.reload();
  assert.ok(await has(page, 'device-refused'));
  assert.equal((await terminal.poll(kiosk)).error, 'access_denied');
  await page.context().close();
});

test('pressed twice, reloaded and gone back to, it is allowed once and says so', async () => {
  const television = await tv.ask();
  const page = await loggedIn(looks[0]);
  await page.goto(television.verification_uri_complete);
  await page.dblclick('#allow');
  await page.waitForSelector('#device-done');
  await page.goBack();
  await page.reload();
  assert.ok(await has(page, 'device-done'));
  assert.equal((await tv.poll(television)).status, 200);
  await page.context().close();
});

test('a page that was shown to one person does nothing for another who has logged in since', async () => {
  const television = await tv.ask();
  const page = await loggedIn(looks[0]);
  await page.goto(television.verification_uri_complete);
  const tab = await page.context().newPage();
  await tab.goto(stage.world.issuer);
  await press(tab, 'logout');
  await tab.goto(`${stage.world.issuer}/login`);
  await logIn(tab, other);
  await press(page, 'allow');
  assert.ok(await has(page, 'error-user_code_unknown'));
  assert.equal((await tv.poll(television)).error, 'authorization_pending');
  await page.context().close();
});
