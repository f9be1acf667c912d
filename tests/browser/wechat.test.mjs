// SPDX-License-Identifier: Apache-2.0
// A telephone with WeChat on it: the official account's page, binding, the next login without a word, the mini program;
// and a desk with a QR code. WeChat is the simulator.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { build, startProgram, stopChild } from '../kit/world.mjs';
import {
  atPartner, choosePassword, has, identityOf, logIn, makePerson, openBrowser, partnerOf, press, request, secret, send, startStage,
  toIdentity,
} from './kit.mjs';

const phone = { language: 'zh-CN', width: 360, scripts: true };
const person = makePerson(0);
const shots = process.env.TONGXING_SHOTS; // a folder: what the pages look like
const grant = 'urn:hrss:params:oauth:grant-type:wechat-code';
let stage;
let wechat;
let codes = 0;

const partners = (origin) => [
  { ...partnerOf('inwechat', '人社微信服务号', 'Official Account', origin), channel: 'wechat' },
  { ...partnerOf('mini', '社保小程序', 'Mini Program', origin), channel: 'wechat', response_modes: ['query'],
    grant_types: [grant, 'refresh_token'], scope: 'openid profile' },
];

async function shot(page, name) {
  if (!shots) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

before(async () => {
  wechat = await startProgram(`${build}/tests/wechat_sim`, ['--port', '0'], 'wechat_sim ready', '/dev/null');
  const origin = `http://127.0.0.1:${/ready (\d+)/.exec(wechat.said())[1]}`;
  stage = await startStage({
    people: [person],
    partners,
    extraConfig: `[wechat]
official_appid = wx0000000000000001
official_secret = sim-official-secret
open_appid = wx0000000000000002
open_secret = sim-open-secret
mini_appid = wx0000000000000003
mini_secret = sim-mini-secret
api_url = ${origin}
page_url = ${origin}
`,
  });
  const page = await openBrowser(stage, phone);
  await page.goto(`${stage.world.issuer}/register`);
  await toIdentity(stage, page, person);
  await send(page, identityOf(person), 'bank-submit');
  await choosePassword(page);
  await page.context().close();
});

after(async () => {
  await stage?.stop();
  await stopChild(wechat);
});

test('inside WeChat she binds it once, and from then on one press logs her in', async () => {
  const page = await openBrowser(stage, phone);
  const first = request(stage, 'inwechat');
  await page.goto(first.url);
  await shot(page, '1-login');
  await press(page, 'login-by-wechat');
  await shot(page, '2-wechat-asks');
  await press(page, 'allow');
  assert.equal(await page.textContent('#wechat-nickname'), '小明');
  await shot(page, '3-not-bound');
  await press(page, 'login-by-password');
  await logIn(page, person);
  assert.ok(await has(page, 'wechat-confirm-form'));
  assert.match(await page.textContent('#wechat-account'), /139\*\*\*\*0000/);
  await shot(page, '4-confirm');
  await press(page, 'wechat-yes');
  await press(page, 'allow');
  await atPartner(page, first);
  assert.equal((await first.redeem()).status, 200);
  await page.context().close();

  const again = await openBrowser(stage, phone);
  const second = request(stage, 'inwechat');
  await again.goto(second.url);
  await again.click('#login-by-wechat'); // WeChat asks nothing: she is known
  await atPartner(again, second);
  const tokens = await second.redeem();
  const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
  assert.deepEqual([claims.acr, claims.amr], ['urn:hrss:acr:l1', ['wechat']]);
  await again.context().close();
});

test('at a desk the QR code knows her by the same unionid', async () => {
  const page = await openBrowser(stage, { language: 'en', width: 1280, scripts: false });
  const wanted = request(stage);
  await page.goto(wanted.url);
  await press(page, 'login-by-wechat-qr');
  await press(page, 'allow');
  assert.ok(await has(page, 'consent-form'));
  await page.context().close();
});

test('the mini program shows a number, the page asks for it, and tokens come', async () => {
  const ask = async () => (await fetch(`${stage.world.issuer}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: grant, client_id: 'mini', client_secret: secret, scope: 'openid profile',
      js_code: `ok-1-${++codes}`,
    }),
  })).json();
  const told = await ask();
  assert.equal(told.error, 'interaction_required');
  const page = await openBrowser(stage, phone);
  await page.goto(told.bind_uri);
  await shot(page, '5-number');
  await send(page, { number: told.bind_number }, 'wechat-number-submit');
  await press(page, 'login-by-password');
  await logIn(page, person);
  await press(page, 'wechat-yes');
  await press(page, 'allow');
  assert.ok(await has(page, 'wechat-mini-done'));
  await shot(page, '6-back');
  assert.ok((await ask()).access_token);

  await page.goto(`${stage.world.issuer}/account/wechat`);
  await shot(page, '7-account');
  await press(page, 'wechat-unbind');
  assert.ok(await has(page, 'wechat-none'));
  assert.equal((await ask()).error, 'interaction_required');
  await page.context().close();
});

test('while WeChat hangs, a password opens the door', async () => {
  const control = (form) => fetch(`http://127.0.0.1:${/ready (\d+)/.exec(wechat.said())[1]}/_control`,
    { method: 'POST', body: form });
  const page = await openBrowser(stage, phone);
  const wanted = request(stage, 'inwechat');
  await control('slow=on');
  const stuck = ask20(stage);
  await page.goto(wanted.url);
  await logIn(page, person);
  await atPartner(page, wanted);
  await control('slow=off');
  await stuck;
  await page.context().close();
});

/** Twenty mini programs that wait for WeChat. */
const ask20 = (at) => Promise.allSettled(Array.from({ length: 20 }, (_, i) => fetch(`${at.world.issuer}/oauth2/token`, {
  method: 'POST',
  body: new URLSearchParams({ grant_type: grant, client_id: 'mini', client_secret: secret, js_code: `ok-2-${i}` }),
})));
