// SPDX-License-Identifier: Apache-2.0
// What the browser tests share: one Chromium, a partner that waits for its callback, people, and the steps of a citizen.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createHash, randomBytes } from 'node:crypto';
import { chromium } from 'playwright-core';
import { devicePartner, terminalPartner } from '../kit/device.mjs';
import { lastCode, startWorld } from '../kit/world.mjs';

export const password = 'correct horse 通行 42';
export const secret = 'a secret that only this test knows 1';

export const flags = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--no-first-run'];


/** Every language, at both widths, with scripts and without. */
export const looks = ['zh-CN', 'en'].flatMap((language) => [360, 1280].flatMap((width) =>
  [true, false].map((scripts) => ({ language, width, scripts }))));

export const lookName = (look) => `${look.language}, ${look.width} px, scripts ${look.scripts ? 'on' : 'off'}`;

/** Where partners get their answers: `url` is the origin, `last()` the parameters that came last to a path, of one state if told. */
async function startCallbacks() {
  const seen = [];
  const server = createServer((rq, answer) => {
    const url = new URL(rq.url, 'http://localhost');
    seen.push({ path: url.pathname, params: url.searchParams });
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end('<!DOCTYPE html><html lang="en"><title>Partner</title><h1 id="partner-home">Partner</h1></html>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${server.address().port}`,
    last: (path, state) =>
      seen.findLast((one) => one.path === path && (!state || one.params.get('state') === state))?.params,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const partnerOf = (id, zh, en, callbacks) => ({
  client_id: id,
  client_name: zh,
  'client_name#en': en,
  client_secret: secret,
  token_endpoint_auth_method: 'client_secret_post',
  redirect_uris: [`${callbacks}/${id}`],
  post_logout_redirect_uris: [`${callbacks}/${id}/bye`],
  client_uri: `${callbacks}/${id}/start`,
  backchannel_logout_uri: `${callbacks}/${id}/backchannel`,
  response_modes: ['query', 'form_post'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile realname phone identity_number offline_access',
  policy_uri: `${callbacks}/${id}/policy`,
});

/** Without pages of their own: one at home, and one that stands where everybody passes. */
const devices = [
  devicePartner('television', { client_name: '客厅电视', 'client_name#en': 'Television' }),
  terminalPartner('kiosk', { client_name: '社保自助机', 'client_name#en': 'Self-service terminal' }),
];

/** `people`: those the bank knows (default: the ready-made ones of its simulator). `partners`: more than hall, hospital and the devices, or a function that makes them for the origin of their addresses. `extraConfig`: lines. `cards`: there is a card office. `staff`: lines of the staff listener's configuration, which there is then. */
export async function startStage({ people, partners = [], extraConfig, cards, staff } = {}) {
  const callbacks = await startCallbacks();
  const world = await startWorld({
    people,
    extraConfig,
    cards,
    staff,
    partners: [
      partnerOf('hall', '网上办事大厅', 'Online Service Hall', callbacks.url),
      partnerOf('hospital', '省人民医院', 'Provincial Hospital', callbacks.url),
      ...devices,
      ...(typeof partners === 'function' ? partners(callbacks.url) : partners),
    ],
  });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  const stage = { world, browser, callbacks };
  stage.stop = async () => {
    await browser.close();
    callbacks.stop();
    await world.stop();
  };
  return stage;
}

/** A new citizen's browser with an empty profile; its first page. */
export async function openBrowser(stage, look = looks[0]) {
  const context = await stage.browser.newContext({
    locale: look.language,
    javaScriptEnabled: look.scripts,
    viewport: { width: look.width, height: look.width < 600 ? 740 : 900 },
  });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

/** A partner's request; `request.url` is its link, `request.redeem()` trades the code that came back. */
export function request(stage, id = 'hall', more = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(8).toString('hex');
  const redirect = `${stage.callbacks.url}/${id}`;
  const url = new URL('/oauth2/authorize', stage.world.issuer);
  const params = {
    response_type: 'code', client_id: id, redirect_uri: redirect, scope: 'openid realname phone', state,
    nonce: 'n-1', code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256', ...more,
  };
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  const redeem = async () => {
    const back = stage.callbacks.last(`/${id}`, state);
    if (!back) throw new Error(`no answer for this request, but ${stage.callbacks.last(`/${id}`)}`);
    const answer = await fetch(new URL('/oauth2/token', stage.world.issuer), {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code', code: back.get('code') ?? '', redirect_uri: redirect, client_id: id,
        client_secret: secret, code_verifier: verifier,
      }),
    });
    return { status: answer.status, ...(await answer.json()) };
  };
  return { url: url.href, redirect, redeem };
}

export const atPartner = (page, wanted) => page.waitForURL((url) => url.href.startsWith(wanted.redirect));

/** Press a button or link and wait for the page that follows. */
export async function press(page, id) {
  await Promise.all([page.waitForEvent('load'), page.click(`#${id}`)]);
}

/** Fill fields by their ids, then press. */
export async function send(page, fields, id) {
  for (const [field, value] of Object.entries(fields)) await page.fill(`#${field}`, value);
  await press(page, id);
}

export const code = (stage, person) => lastCode(stage.world, person.phone);

export async function enterPhone(stage, page, person) {
  await send(page, { phone: person.phone }, 'get-code');
  await send(page, { code: await code(stage, person) }, 'register-code-submit');
}

export async function agree(page) {
  await page.check('#agree_registration');
  await page.check('#agree_bank');
  await press(page, 'agree-submit');
}

export const identityOf = (person) => ({
  name: person.name, identity_number: person.identity_number, bank_card: person.bank_card,
  bank_phone: person.bank_phone ?? person.phone,
});

/** From the phone page of a registration to the identity page. */
export async function toIdentity(stage, page, person) {
  await enterPhone(stage, page, person);
  await agree(page);
}

export const choosePassword = (page) => send(page, { password, password_again: password }, 'password-submit');

/** From the phone page of a registration to whatever comes after it. */
export async function register(stage, page, person) {
  await toIdentity(stage, page, person);
  await send(page, identityOf(person), 'bank-submit');
  await choosePassword(page);
}

export const logIn = (page, person, typed = password) =>
  send(page, { phone: person.phone, password: typed }, 'login-submit');

/** The id that says on which page we are. */
export const has = async (page, id) => (await page.locator(`#${id}`).count()) === 1;

/** The sentences beside fields: { field: sentence }. */
export async function problems(page) {
  const said = {};
  for (const one of await page.locator('p.problem').all())
    said[(await one.getAttribute('id')).replace('-problem', '')] = await one.textContent();
  return said;
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function identityNumber(index) {
  const body = `44010619750${1 + (index % 9)}1${String(index % 10)}${String(100 + index)}`;
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * weights[at], 0);
  return body + '10X98765432'[sum % 11];
}

function luhnFits(card) {
  const sum = [...card].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** A card number that ends as wished: the simulator goes by endings. */
function bankCard(index, ending) {
  for (let filler = 0; filler < 10; filler++) {
    const card = `6216260002${String(1000 + index)}${filler}${ending}`;
    if (luhnFits(card)) return card;
  }
  throw new Error('no such card');
}

/** A person whom the bank knows; no two are alike. `ending` of the card decides what the bank does. */
export function makePerson(index, { ending = '0018', ...more } = {}) {
  return {
    name: `陈${'一二三四五六七八九十'[index % 10]}${'安平康宁福寿喜乐和顺'[Math.floor(index / 10) % 10]}`,
    identity_number: identityNumber(index), bank_card: bankCard(index, ending), phone: `139001${String(10000 + index)}`,
    ...more,
  };
}
