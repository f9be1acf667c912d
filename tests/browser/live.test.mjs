// SPDX-License-Identifier: Apache-2.0
// The live page of the admin listener: readable on a wall and on a phone, within its policy, and nobody's data on it.
// TONGXING_SHOTS names a folder for pictures; TONGXING_LIVE_S says how long to let people come and go before.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Browser, people, register } from '../kit/world.mjs';
import { openBrowser, startStage } from './kit.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const shots = process.env.TONGXING_SHOTS;
const lasting = Number(process.env.TONGXING_LIVE_S ?? 0);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let stage;
let admin;

async function comeAndGo() {
  const { issuer } = stage.world;
  const wrong = async (phone) => {
    const browser = new Browser();
    await browser.submit(await browser.go(`${issuer}/login`), 'login-form', { phone, password: 'not this one' });
  };
  for (const person of people) {
    const browser = new Browser();
    await register(stage.world, browser, await browser.go(`${issuer}/register`), person);
  }
  await wrong(people[0].phone);
  await new Browser().go(`${issuer}/oauth2/authorize?client_id=invented`);
  for (const end = Date.now() + lasting * 1000; Date.now() < end; await pause(Math.random() * 2000)) {
    await new Browser().go(`${issuer}/oauth2/authorize?client_id=invented`);
    await wrong(people[1].phone);
    await fetch(`${issuer}/oauth2/token`, { method: 'POST', body: new URLSearchParams({ client_id: 'hall', client_secret: 'x' }) });
  }
}

before(async () => {
  stage = await startStage();
  admin = `http://127.0.0.1:${stage.world.adminPort}`;
  await comeAndGo();
  if (shots) mkdirSync(shots, { recursive: true });
});
after(() => stage?.stop());

async function violations(page) {
  const found = await page.evaluate(`${axe}; axe.run(document, { runOnly: ${JSON.stringify(rules)} })`);
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

const overflow = (page) => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

for (const language of ['zh-CN', 'en']) {
  test(`a wall and a phone can show it, within WCAG 2.2 AA and its policy (${language})`, async () => {
    const faults = [];
    for (const width of [1920, 1280, 360]) {
      const page = await openBrowser(stage, { language, width, scripts: true });
      page.on('console', (message) => {
        if (/Content.Security.Policy|Refused to/i.test(message.text())) faults.push(message.text());
      });
      page.on('request', (one) => {
        if (new URL(one.url()).protocol !== 'data:' && !one.url().startsWith(admin)) faults.push(`a request to ${one.url()}`);
      });
      await page.goto(`${admin}/live?pause=1`);
      faults.push(...(await violations(page)).map((fault) => `${width} px: ${fault}`));
      if ((await overflow(page)) > 0) faults.push(`${width} px: wider than the window`);
      assert.equal(await page.getAttribute('html', 'lang'), language);
      assert.equal(await page.locator('h1').count(), 1);
      assert.equal(await page.locator('script').count(), 0);
      if (shots) await page.screenshot({ path: join(shots, `live-${language}-${width}.png`), fullPage: true });
      await page.context().close();
    }
    assert.deepEqual(faults, []);
  });
}

test('it refreshes itself without a script, until it is told to stop', async () => {
  const page = await openBrowser(stage, { language: 'zh-CN', width: 1280, scripts: false });
  const first = await page.goto(`${admin}/live`);
  assert.equal(first.headers().refresh, '10');
  assert.match(first.headers()['content-security-policy'], /^default-src 'none'; style-src 'self';/);
  await page.waitForEvent('framenavigated', { timeout: 20_000 });
  await page.waitForLoadState();
  await page.click('#pause');
  await page.waitForSelector('#resume');
  assert.equal((await page.request.get(page.url())).headers().refresh, undefined);
  await page.click('#switch-language');
  await page.waitForSelector('html[lang=en] #resume');
  await page.context().close();
});

test('it tells what goes on, and of nobody', async () => {
  const page = await openBrowser(stage, { language: 'zh-CN', width: 1280, scripts: false });
  await page.goto(`${admin}/live?pause=1`);
  const text = await page.locator('main').innerText();
  for (const word of ['业务实时监控', '运行正常', '各渠道登录', '银行', 'login.fail', 'sweep', '本节点']) assert.ok(text.includes(word), word);
  const html = await page.content();
  for (const { name, identity_number: number, phone } of people)
    for (const secret of [name, number, phone, number.slice(-6), phone.slice(-4)]) assert.ok(!html.includes(secret), secret);
  assert.ok(!/p_[\w-]{22}/.test(html), 'a person is named');
  assert.ok(!text.includes('127.0.0.1'), 'an address is named');
  await page.context().close();
});

test('the listener of the public does not have it', async () => {
  assert.equal((await fetch(`${stage.world.issuer}/live`)).status, 404);
});
