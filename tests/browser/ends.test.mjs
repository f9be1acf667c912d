// SPDX-License-Identifier: Apache-2.0
// Where people lose their way (docs/adr/0029), in a real browser: Back after a login, a bookmark, a page that waited too
// long, more time. Raw HTTP goes through all forms: tests/flows/test_ends.c.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { atPartner, has, logIn, looks, makePerson, openBrowser, press, register, request, startStage } from './kit.mjs';

const person = makePerson(0);
let stage;

before(async () => {
  stage = await startStage({ people: [person], extraConfig: '[life]\ntransaction_s = 60\n' });
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/register`);
  await register(stage, page, person);
  assert.ok(await has(page, 'greeting'));
  await page.context().close();
});

after(() => stage?.stop());

const plain = looks.find((look) => look.language === 'zh-CN' && look.width === 360 && !look.scripts);

test('Back after a login says that she is logged in and leads back to the partner', async () => {
  const page = await openBrowser(stage, plain);
  const wanted = request(stage);
  await page.goto(wanted.url);
  const login = page.url();
  await logIn(page, person);
  await press(page, 'allow');
  await atPartner(page, wanted);
  await page.goto(login);
  assert.ok(await has(page, 'logged-in'));
  assert.match(await page.textContent('h1'), /您已登录/);
  await press(page, 'switch-language');
  assert.match(await page.textContent('h1'), /You are logged in/);
  await press(page, 'door-back');
  assert.ok(page.url().startsWith(`${stage.callbacks.url}/hall/start`));
  await page.context().close();
});

test('a bookmark of a login page, in a fresh browser, leads to the partner and lists the services', async () => {
  const first = await openBrowser(stage, plain);
  const other = await openBrowser(stage, plain);
  await first.goto(request(stage, 'hospital').url);
  await other.goto(first.url());
  assert.ok(await has(other, 'error-transaction_lost'));
  assert.ok(await has(other, 'request-id'));
  assert.deepEqual(await other.locator('#doors a').allTextContents(), ['省人民医院', '网上办事大厅']);
  await press(other, 'door-back');
  assert.ok(other.url().startsWith(`${stage.callbacks.url}/hospital/start`));
  await first.context().close();
  await other.context().close();
});

test('a page that waited too long begins the same request anew; one that got more time goes on', async () => {
  const page = await openBrowser(stage, plain);
  const patient = await openBrowser(stage, plain);
  const late = await openBrowser(stage, plain);
  const wanted = request(stage);
  await page.goto(wanted.url);
  await page.fill('#phone', person.phone);
  await patient.goto(request(stage).url);
  await late.goto(request(stage).url);
  await sleep(40_000);
  await patient.fill('#phone', person.phone);
  await press(patient, 'more-time');
  assert.equal(await patient.inputValue('#phone'), person.phone);
  await sleep(22_000);
  await logIn(patient, person);
  assert.ok(await has(patient, 'consent-form') || patient.url().startsWith(stage.callbacks.url), 'more time was given');
  await press(page, 'login-submit');
  assert.ok(await has(page, 'error-page_expired'));
  assert.equal(await page.inputValue('#phone'), person.phone, 'typed once');
  await page.goBack();
  assert.ok(await has(page, 'login-form'), 'Back asks nothing');
  await page.goForward();
  await logIn(page, person);
  await atPartner(page, wanted);
  assert.equal((await wanted.redeem()).status, 200);
  await late.reload();
  assert.match(await late.textContent('#notice'), /等待时间过长/);
  for (const one of [page, patient, late]) await one.context().close();
});
