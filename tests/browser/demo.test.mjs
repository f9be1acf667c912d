// SPDX-License-Identifier: Apache-2.0
// The demo as a newcomer meets it: the first page, the account that is ready, an application of her own, another start.
// TONGXING_SHOTS names a folder for pictures.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import * as client from 'openid-client';
import { demoHouse, eventually } from '../kit/demo.mjs';
import { agree, enterPhone, flags, has, openBrowser, press, send } from './kit.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const shots = process.env.TONGXING_SHOTS;
const lanAddress = '127.0.0.2'; // for a browser, an address of this network that is not its own
let house;
let demo;
let stage;
let first;
let callback; // of our own application
let last;
const apps = {};

before(async () => {
  house = await demoHouse();
  const listener = createServer((rq, answer) => {
    if (rq.url.startsWith('/callback')) last = new URL(rq.url, callback);
    answer.end('<!DOCTYPE html><html lang="en"><title>Mine</title><h1>Mine</h1></html>');
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  callback = `http://localhost:${listener.address().port}/callback`;
  stage = { browser: await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags }), listener };
  demo = await house.start();
  first = `http://localhost:${house.port.FIRST}/`;
  if (shots) mkdirSync(shots, { recursive: true });
});

after(async () => {
  await stage?.browser.close();
  stage?.listener.closeAllConnections();
  stage?.listener.close();
  await house?.leave();
});

const textOf = (page, id) => page.locator(`#${id}`).textContent();

async function ready(page) {
  return { phone: await textOf(page, 'ready-phone'), password: await textOf(page, 'ready-password') };
}

/** What is wrong with a page as it stands, at both widths. */
async function faultsOf(page, name) {
  const faults = [];
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    const found = await page.evaluate(`${axe}; axe.run(document, { runOnly: ${JSON.stringify(rules)} })`);
    faults.push(...found.violations.map((one) => `${width} px: ${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`));
    if ((await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) > 0)
      faults.push(`${width} px: wider than the window`);
    if (shots) await page.screenshot({ path: join(shots, `first-${name}-${width}.png`), fullPage: true });
  }
  return faults;
}

/** All that a page complains about, from now on. */
function listen(page) {
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 400/.test(message.text())) faults.push(message.text());
  });
  return faults;
}

test('the ready account opens the hall with its password, and the hospital with none', async () => {
  const page = await openBrowser(stage);
  await page.goto(first);
  const { phone, password } = await ready(page);
  await page.click('#door-hall');
  await press(page, 'login');
  await send(page, { phone, password }, 'login-submit');
  await press(page, 'allow');
  assert.match(page.url(), new RegExp(`:${house.port.WEBHALL}/$`));
  assert.ok(await has(page, 'greeting'));

  await page.goto(first);
  await page.click('#door-hospital');
  await press(page, 'login');
  await press(page, 'allow');
  assert.match(page.url(), new RegExp(`:${house.port.HOSPITAL}/$`));
  assert.ok(await has(page, 'greeting'));

  await page.goto(first);
  assert.match(await page.locator('.events').textContent(), /session\.begin/);
  for (const door of ['inbox', 'admin', 'metrics', 'discovery', 'account'])
    assert.equal((await page.request.get(await page.getAttribute(`#door-${door}`, 'href'))).status(), 200, door);
  assert.equal(await page.locator('#live details').count(), 2);
  assert.match(await page.locator('#live details pre').first().textContent(), /"acr": "urn:hrss:acr:l2"/);
  assert.match(await page.locator('.codes b').first().textContent(), /^\d{6}$/);
  assert.deepEqual((await page.locator('.numbers dd').allTextContents()).map(Number), [1, 2, 0, 2, 1, 1]);
  await page.context().close();
});

test('a code shows on the first page by itself, and can be copied', async () => {
  const watching = await openBrowser(stage, { language: 'zh-CN', width: 1280, scripts: true });
  const faults = listen(watching);
  await watching.goto(first);
  const page = await openBrowser(stage);
  await page.goto(`http://localhost:${house.port.SERVER}/register`);
  await send(page, { phone: '13800138001' }, 'get-code');
  await watching.locator('.codes li', { hasText: '13800138001' }).waitFor();

  await watching.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await watching.click('#pause');
  await watching.locator('#ready-phone + .copy').click();
  assert.equal(await watching.evaluate('navigator.clipboard.readText()'), await textOf(watching, 'ready-phone'));
  assert.deepEqual(faults, []);
  await page.context().close();
  await watching.context().close();
});

test('the bank never answers who is said to get no answer, and the page says so each time', async () => {
  const person = { name: '冯静仪', identity_number: '440111199602140025', bank_card: '6216260000102669091', phone: '13800138098' };
  const world = { world: { smsPort: house.port.SMS } };
  const page = await openBrowser(stage);
  await page.goto(first);
  const row = await page.locator('tr', { hasText: person.name }).textContent();
  for (const typed of Object.values(person)) assert.ok(row.includes(typed), typed);
  await page.goto(`http://localhost:${house.port.SERVER}/register`);
  await enterPhone(world, page, person);
  await agree(page);
  for (let i = 0; i < 2; i++) {
    await send(page, { name: person.name, identity_number: person.identity_number, bank_card: person.bank_card, bank_phone: person.phone },
      'bank-submit');
    assert.match(await textOf(page, 'problems'), /银行暂时没有答复，本次不计次数/);
  }
  await page.context().close();
});

/** From the form on the first page: { id, secret }. */
async function registerApp(page, name, redirectUri, kind) {
  await page.goto(first);
  await page.fill('#name', name);
  await page.fill('#redirect_uri', redirectUri);
  await page.check(`#kind-${kind}`);
  await press(page, 'register-app');
  const id = new URL(page.url()).hash.slice(1);
  const values = id ? await page.locator(`#${id} .pairs code`).allTextContents() : [];
  return { id, issuer: values[0], secret: kind === 'web' ? values[2] : undefined };
}

test('an application of her own is registered, both kinds, with scripts and without', async () => {
  for (const [kind, scripts] of [['web', true], ['public', false]]) {
    const page = await openBrowser(stage, { language: 'zh-CN', width: 360, scripts });
    apps[kind] = await registerApp(page, `我的 <${kind}> 应用`, `${callback}/${kind}`, kind);
    assert.match(apps[kind].id, /^app-/, await page.content());
    assert.equal(apps[kind].issuer, `http://localhost:${house.port.SERVER}`);
    assert.equal(await page.locator('#refresh').count(), scripts ? 0 : 1);
    assert.equal(await page.locator(`#${apps[kind].id} h3`).first().textContent(), `我的 <${kind}> 应用`);
    await page.context().close();
  }
  assert.ok(apps.web.secret.length >= 43);
});

test('what is not on this machine, has no name or is no plain address is refused in a sentence', async () => {
  const page = await openBrowser(stage);
  for (const [name, uri, sentence] of [
    ['x', 'https://app.example/callback', /localhost/],
    ['x', 'http://localhost.example:3000/callback', /localhost/],
    ['x', 'http://localhost:3000', /localhost/],
    [' ', callback, /应用名称/],
    ['x', `${callback}#fragment`, /redirect_uris: /],
  ]) {
    const { id } = await registerApp(page, name, uri, 'web');
    assert.equal(id, '');
    assert.match(await textOf(page, 'problem'), sentence, uri);
    assert.equal(await page.inputValue('#redirect_uri'), uri);
  }
  await page.goto(first);
  assert.equal(await page.locator('article.app').count(), 2);
  await page.context().close();
});

test('a page of others registers nothing and reads nothing', async () => {
  const form = new URLSearchParams({ name: 'x', redirect_uri: callback, kind: 'web', csrf: 'guessed' });

  assert.equal((await fetch(`${first}apps`, { method: 'POST', body: form })).status, 403);
  const page = await openBrowser(stage);
  await page.goto(first);
  assert.equal(await page.locator('article.app').count(), 2);
  await page.context().close();
});

/** A real login at our own application, by a library of others. */
async function logInAtApp({ id, issuer, secret }, kind, page, { phone, password }) {
  const config = await client.discovery(new URL(issuer), id, undefined,
    secret ? client.ClientSecretBasic(secret) : client.None(), { execute: [client.allowInsecureRequests] });
  client.enableNonRepudiationChecks(config);
  const verifier = client.randomPKCECodeVerifier();
  const expected = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  await page.goto(client.buildAuthorizationUrl(config, {
    redirect_uri: `${callback}/${kind}`, scope: 'openid realname', state: expected.expectedState, nonce: expected.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  }).href);
  if (await has(page, 'login-submit')) await send(page, { phone, password }, 'login-submit');
  if (await has(page, 'allow')) await press(page, 'allow');
  await page.waitForURL(`${callback}/${kind}?**`);
  const tokens = await client.authorizationCodeGrant(config, last, expected);
  return client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
}

test('a certified library logs in at both by what the page gave', async () => {
  const page = await openBrowser(stage);
  await page.goto(first);
  const account = await ready(page);
  for (const kind of Object.keys(apps))
    assert.equal((await logInAtApp(apps[kind], kind, page, account)).name, '尤福生');
  await page.context().close();
});

test('the way with curl is as the page tells it', async () => {
  const page = await openBrowser(stage);
  await page.goto(first);
  const account = await ready(page);
  for (const kind of Object.keys(apps)) {
    await page.goto(first);
    const how = page.locator(`#how-${apps[kind].id}`);
    const [trade, ask] = await how.locator('pre').allTextContents();
    await page.goto(await how.locator('a').getAttribute('href'));
    if (await has(page, 'login-submit')) await send(page, account, 'login-submit');
    if (await has(page, 'allow')) await press(page, 'allow');
    await page.waitForURL(`${callback}/${kind}?**`);
    const curl = (line) => JSON.parse(execFileSync('bash', ['-c', line.replace('curl', 'curl -s')]).toString());
    const tokens = curl(trade.replace('=CODE', `=${last.searchParams.get('code')}`));
    assert.equal(curl(ask.replace('ACCESS_TOKEN', tokens.access_token)).name, '尤福生', JSON.stringify(tokens));
  }
  await page.context().close();
});

test('the first page is within WCAG 2.2 AA, its policy and the window, in both languages', async () => {
  for (const language of ['zh-CN', 'en']) {
    const page = await openBrowser(stage, { language, width: 1280, scripts: true });
    const complaints = listen(page);
    await page.goto(first);
    await page.waitForSelector('#pause');
    assert.equal(await page.getAttribute('html', 'lang'), language);
    await page.locator('#live summary').first().click();
    await page.locator('article.app summary').first().click();
    assert.deepEqual(await faultsOf(page, language), []);
    assert.deepEqual(complaints, []);
    const answer = await page.request.get(first);
    assert.doesNotMatch(answer.headers()['content-security-policy'], /unsafe/);
    await page.context().close();
  }
});

test('a telephone: two apps by one login, once more the password, out of both, a page inside', async () => {
  const page = await openBrowser(stage);
  const phone = `http://localhost:${house.port.APP}/`;
  await page.goto(first);
  const person = await ready(page);
  const back = () => page.waitForURL(phone);
  const logIn = () => send(page, { phone: person.phone, password: person.password }, 'login-submit');
  const look = async (name) => {
    assert.deepEqual(await faultsOf(page, name), []);
    await page.setViewportSize({ width: 360, height: 740 });
  };
  await press(page, 'door-app');
  await look('phone-out');

  await press(page, 'go-login');
  await logIn();
  await press(page, 'allow').then(back);
  assert.equal(await textOf(page, 'hall-level'), 'L2');
  await press(page, 'go-share'); // she has not agreed to the second app yet
  await press(page, 'go-agree');
  await press(page, 'allow').then(back);
  assert.equal(await textOf(page, 'card-name'), await textOf(page, 'hall-name'));
  await press(page, 'go-logout');
  assert.equal(page.url(), phone);

  await press(page, 'go-login');
  await logIn().then(back);
  await press(page, 'go-share'); // and now no page is shown
  assert.equal(await textOf(page, 'card-name'), await textOf(page, 'hall-name'));
  await look('phone-in');
  await press(page, 'go-raise');
  await logIn().then(back);
  assert.match(await textOf(page, 'news'), /已重新验证身份/);
  await press(page, 'go-logout');
  await press(page, 'go-share'); // one logout was both
  assert.match(await textOf(page, 'news'), /没有可共用的登录/);

  await press(page, 'go-login');
  await logIn().then(back);
  await page.context().clearCookies(); // a web view with nothing in it
  await press(page, 'go-open');
  if (await has(page, 'allow')) await press(page, 'allow');
  assert.match(page.url(), new RegExp(`:${house.port.WEBHALL}/$`));
  assert.ok(await has(page, 'greeting'));
  await page.context().close();
});

/** She agrees where she is asked. */
async function agreed(page) {
  if (await has(page, 'allow')) await press(page, 'allow');
}

test('one login, every channel: web, app, WeChat, terminal, hospital; then one logout', async () => {
  const at = (name) => `http://localhost:${house.port[name]}/`;
  const desk = await openBrowser(stage, { language: 'zh-CN', width: 1280, scripts: true });
  const [phone, chat, screen] = await Promise.all([1, 2, 3].map(() => openBrowser(stage)));
  await desk.goto(first);
  const person = await ready(desk);
  const logIn = (page) => send(page, person, 'login-submit');

  await desk.goto(at('WEBHALL'));
  await press(desk, 'login');
  await logIn(desk);
  await agreed(desk);
  assert.ok(await has(desk, 'greeting'));

  await phone.goto(at('APP'));
  if (await has(phone, 'go-logout')) await press(phone, 'go-logout'); // whoever had the telephone before
  await press(phone, 'go-login');
  await logIn(phone);
  await agreed(phone);
  assert.equal(await textOf(phone, 'hall-level'), 'L2');

  await chat.goto(at('WECHATHALL'));
  await press(chat, 'login');
  await press(chat, 'login-by-wechat');
  await press(chat, 'allow'); // WeChat asks
  await press(chat, 'login-by-password');
  await logIn(chat);
  await press(chat, 'wechat-yes');
  await agreed(chat);
  assert.ok(await has(chat, 'greeting'));

  await screen.goto(at('KIOSK'));
  await press(screen, 'phone');
  const [code, number, address] = await Promise.all(['user-code', 'match', 'address'].map((id) => textOf(screen, id)));
  await phone.goto(`${address.trim()}?user_code=${code.trim()}`); // as if scanned: her login in the app is lent
  await press(phone, `number-${number.trim()}`);
  await screen.locator('#greeting').waitFor();

  await desk.goto(at('HOSPITAL'));
  await press(desk, 'login');
  await agreed(desk);
  assert.ok(await has(desk, 'greeting'));

  await desk.goto(`${at('SERVER')}account/sessions`);
  const channels = (await desk.locator('section[id^=session-] h2').allTextContents()).map((text) => text.split(' ')[0]);
  assert.deepEqual(new Set(channels), new Set(['网页', '手机应用', '微信', '自助终端']));
  assert.deepEqual(await faultsOf(desk, 'everywhere'), []);
  await press(desk, 'logout-everywhere');

  for (const [page, name] of [[desk, 'WEBHALL'], [desk, 'HOSPITAL'], [chat, 'WECHATHALL']])
    await eventually(`logged out at ${name}`, async () => {
      await page.goto(at(name));
      return !(await has(page, 'greeting'));
    });
  await phone.goto(at('APP'));
  await press(phone, 'go-open');
  assert.equal(await phone.locator('#news.wrong').count(), 1);
  await screen.locator('#welcome').waitFor(); // the terminal hears of it, and waits for the next one
  for (const page of [desk, phone, chat, screen]) await page.context().close();
});

/** A member of staff sits down at the counter, scans that code, and acts for its holder in the business system, which reads who is who. */
async function servedAtTheCounter(code) {
  const desk = `http://localhost:${house.port.DESK}/`;
  const page = await openBrowser(stage, { language: 'zh-CN', width: 1280 });
  await page.goto(desk);
  await press(page, 'counter');
  const set = await textOf(page, 'counter-code');
  const password = await textOf(page, 'password');
  await page.click('#to-counter');
  await send(page, { code: set }, 'counter-submit');
  await page.goto(`http://localhost:${house.port.STAFF}/staff`);
  await send(page, { staff_name: 'zhang.wei', password }, 'staff-sign-in-submit');
  let code6;
  await eventually('a second factor', async () => { // a code is good once, and that of these 30 seconds may have enrolled her
    const { 'zhang.wei': next } = await (await page.request.get(`${desk}codes.json`)).json();
    if (next !== code6) await send(page, { code: next }, 'staff-factor-submit');
    code6 = next;
    return has(page, 'places');
  });
  await press(page, 'to-scan');
  await send(page, { card_code: code }, 'scan-submit');
  await press(page, 'act-link');
  await page.check('#business-1');
  await send(page, { reason: '本人到窗口查询' }, 'act-submit');
  assert.deepEqual(await faultsOf(page, 'staff-act-begun'), []);
  await press(page, 'partner-link');
  assert.equal(await textOf(page, 'acting-name'), '尤福生');
  assert.equal(await textOf(page, 'acting-business'), 'pension.query');
  assert.notEqual(await textOf(page, 'acting-sub'), await textOf(page, 'acting-act'));
  assert.deepEqual(await faultsOf(page, 'staff-acting'), []);
  await page.context().close();
}

test('a card: had at the terminal, shown, scanned once at the hospital, lost', async () => {
  const at = (name) => `http://localhost:${house.port[name]}/`;
  const desk = await openBrowser(stage, { language: 'zh-CN', width: 1280 });
  const [screen, window, hall] = await Promise.all([1, 2, 3].map(() => openBrowser(stage)));
  await desk.goto(first);
  const person = await ready(desk);

  await screen.goto(at('KIOSK'));
  for (const id of ['card', 'card-0', ...[...'123456'].map((digit) => `key-${digit}`), 'key-ok']) await press(screen, id);
  await eventually('an electronic card', async () => { // once the register of cards was heard of
    if (!(await has(screen, 'issued'))) await press(screen, 'issue');
    return has(screen, 'issued');
  });
  await press(screen, 'leave');

  await desk.click('#door-card');
  if (await has(desk, 'login-submit')) await send(desk, person, 'login-submit');
  const shown = async (purpose = 'show') => { // its text is there for developers, as errors.explain is on here
    await desk.goto(`${at('SERVER')}card?for=${purpose}`);
    return (await textOf(desk, 'code-text')).trim();
  };
  const scan = async (code) => {
    await window.goto(`${at('HOSPITAL')}window`);
    await window.fill('#code', code);
    await press(window, 'scan');
  };
  const code = await shown();
  await scan(code);
  assert.match(await textOf(window, 'card-name'), /^尤\*生$/);
  assert.equal(await textOf(window, 'card-state'), '正常');
  assert.deepEqual(await faultsOf(window, 'card-scanned'), []);
  await scan(code);
  assert.match(await textOf(window, 'refused'), /已经扫过/);

  const atHall = async () => {
    await hall.goto(`${at('WEBHALL')}login`);
    if (await has(hall, 'login-submit')) await send(hall, person, 'login-submit');
    await agreed(hall);
    return textOf(hall, 'claim-card');
  };
  assert.match(await atHall(), /正常 · L1 · 440507/);
  await servedAtTheCounter(await shown('serve'));

  const last = await shown();
  await press(desk, 'loss-link');
  await press(desk, 'loss-submit');
  assert.ok(await has(desk, 'loss-provisional'));
  await scan(last);
  assert.match(await textOf(window, 'refused'), /不能使用/);
  assert.match(await atHall(), /已停用/);
  for (const page of [desk, screen, window, hall]) await page.context().close();
});

test('another start, in the local network: all is kept, and a phone sees no more than it may', async () => {
  await house.stop(demo);
  demo = await house.start(['--lan'], { DEMO_LAN_ADDRESS: lanAddress });
  assert.ok(demo.text.includes(`https://${lanAddress}:${house.port.FIRST}`), demo.text);
  assert.match(demo.text, /the browser warns/);

  const here = await openBrowser(stage);
  await here.goto(first);
  assert.equal(await here.locator('article.app').count(), 2);
  assert.ok(await has(here, apps.web.id));
  const account = await ready(here);
  await here.context().close();

  const context = await stage.browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 360, height: 740 }, locale: 'zh-CN' });
  const phone = await context.newPage();
  await phone.goto(`https://${lanAddress}:${house.port.FIRST}/`);
  assert.equal(await phone.locator('article.app').count(), 0);
  assert.ok(!(await has(phone, 'app-form')));
  assert.deepEqual(await faultsOf(phone, 'phone'), []);
  await phone.click('#door-hall');
  await press(phone, 'login');
  await send(phone, account, 'login-submit');
  assert.ok(await has(phone, 'greeting'));
  assert.ok(phone.url().startsWith(`https://${lanAddress}:${house.port.WEBHALL}/`));
  const logins = await phone.request.get(`https://${lanAddress}:${house.port.WEBHALL}/_logins`);
  assert.equal(logins.status(), 404);
  await context.close();
});

test('an application that is removed is known no longer', async () => {
  const page = await openBrowser(stage);
  await page.goto(first);
  const request = await page.locator(`#how-${apps.web.id} a`).getAttribute('href');
  await page.click(`#end-${apps.web.id} summary`);
  await press(page, `remove-${apps.web.id}`);
  assert.ok(!(await has(page, apps.web.id)));
  assert.ok(await has(page, apps.public.id));
  await page.context().close();

  const context = await stage.browser.newContext({ ignoreHTTPSErrors: true });
  assert.equal((await context.request.get(request)).status(), 400);
  await context.close();
});
