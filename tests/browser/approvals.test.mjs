// SPDX-License-Identifier: Apache-2.0
// A citizen at her telephone: the link of a message, the login, and her word on what a hotline asks; in Chromium, with and
// without scripts. TONGXING_SHOTS names a folder for pictures.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { lastMessage } from '../kit/world.mjs';
import { has, logIn, looks, makePerson, lookName, openBrowser, press, register, secret, startStage } from './kit.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const grantType = 'urn:openid:params:grant-type:ciba';
const person = makePerson(0);
const narrow = looks.filter((look) => look.width === 360);
const shots = process.env.TONGXING_SHOTS;
let stage;

const asker = (id, zh, en, channel) => ({
  client_id: id, client_name: zh, 'client_name#en': en, client_secret: secret, channel,
  token_endpoint_auth_method: 'client_secret_post', grant_types: [grantType], scope: 'openid realname phone',
  backchannel_approval: 'link',
});

before(async () => {
  stage = await startStage({
    people: [person],
    partners: [asker('hotline', '12333 热线', 'Hotline 12333', 'telephone'), asker('texts', '短信办事', 'By message', 'message')],
    extraConfig: '[limits]\nprompts = 1000\ncodes_minute = 60\ncodes_hour = 100\ncodes_day = 100\ncodes_phone_day = 100\n'
      + 'codes_strangers_free = 100\ncodes_strangers_day = 100\n',
  });
  if (shots) mkdirSync(shots, { recursive: true });
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/register`);
  await register(stage, page, person);
});
after(() => stage?.stop());

async function post(path, form) {
  const answer = await fetch(new URL(path, stage.world.issuer), { method: 'POST', body: new URLSearchParams(form) });
  return { status: answer.status, ...(await answer.json()) };
}

/** The hotline asks; the address that her phone was sent. */
async function ask(id, message) {
  const asked = await post('/oauth2/bc-authorize', {
    client_id: id, client_secret: secret, scope: 'openid realname phone', login_hint: person.phone, binding_message: message,
  });
  assert.equal(asked.status, 200, JSON.stringify(asked));
  for (;;) { // the message of this very question
    const sent = await lastMessage(stage.world, person.phone, 'link');
    if (sent.what === message) return { ...asked, address: `${stage.world.issuer}/approve?l=${sent.link}` };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const redeem = (id, asked) =>
  post('/oauth2/token', { client_id: id, client_secret: secret, grant_type: grantType, auth_req_id: asked.auth_req_id });

/** Nothing to scroll sideways, nothing that axe finds. */
async function assertFine(page, name) {
  assert.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0);
  const found = await page.evaluate(`${axe}; axe.run(document, { runOnly: ${JSON.stringify(rules)} })`);
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`), []);
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

for (const [at, look] of narrow.entries()) {
  test(`the hotline's link, a login, and her word (${lookName(look)})`, async () => {
    const page = await openBrowser(stage, look);
    const asked = await ask('hotline', `4711 ${at}`);
    await page.goto(asked.address);
    assert.equal(await page.textContent('#binding-message'), `4711 ${at}`);
    if (look.scripts) await assertFine(page, `approve-${look.language}`);
    await press(page, 'approve-login');
    await logIn(page, person);
    assert.ok(await has(page, 'approval-form'));
    assert.equal(await page.textContent('#binding-message'), `4711 ${at}`);
    if (look.scripts) await assertFine(page, `approvals-${look.language}`);
    await press(page, at % 2 === 0 ? 'allow' : 'deny');
    assert.ok(await has(page, 'notice'));
    assert.ok(await has(page, 'nothing'));
    if (look.scripts) await assertFine(page, `approvals-done-${look.language}`);
    const answer = await redeem('hotline', asked);
    assert.equal(at % 2 === 0 ? answer.status : answer.error, at % 2 === 0 ? 200 : 'access_denied');
    await page.context().close();
  });
}

test('on the channel of messages the link is enough, and Back does no harm', async () => {
  const page = await openBrowser(stage, narrow[0]);
  const asked = await ask('texts', 'b-17');
  await page.goto(asked.address);
  await assertFine(page, 'approve-here');
  await press(page, 'allow');
  assert.ok(await has(page, 'approved'));
  await assertFine(page, 'approve-done');
  await page.goBack();
  assert.equal((await redeem('texts', asked)).status, 200);
  await page.context().close();
});
