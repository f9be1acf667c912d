// SPDX-License-Identifier: Apache-2.0
// The page of the electronic card in Chromium: zbar reads the code from its screenshot and jose verifies it; it refreshes
// itself with script and without; every state is within WCAG 2.2 AA, in both languages, in the usual and in large type.
// TONGXING_SHOTS names a folder for pictures.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { cardKiosk, cardKioskScope, issueAtKiosk } from '../kit/cards.mjs';
import { people, startKiosk } from '../kit/world.mjs';
import { eventually } from '../kit/demo.mjs';
import { has, logIn, openBrowser, press, register, startStage } from './kit.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const shots = process.env.TONGXING_SHOTS;
const phone = { language: 'zh-CN', width: 360, scripts: true };
const [person] = people; // the holder of the terminal's first card
let stage;
let folder;
let state; // the cookies of who is logged in

before(async () => {
  stage = await startStage({ cards: true, partners: [cardKiosk('cardkiosk')] });
  folder = mkdtempSync(join(tmpdir(), 'tongxing-card-'));
  if (shots) mkdirSync(shots, { recursive: true });
  const page = await openBrowser(stage, phone);
  await page.goto(`${stage.world.issuer}/register`);
  await register(stage, page, person);
  state = await page.context().storageState();
  await page.context().close();
});
after(async () => {
  await stage?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** A browser in which she is logged in. */
async function hers(look = phone) {
  const page = await openBrowser(stage, look);
  await page.context().addCookies(state.cookies);
  return page;
}

async function open(page, query = '') {
  await page.goto(`${stage.world.issuer}/card${query}`);
}

/** What zbar reads from what is seen on the screen. */
async function scan(page) {
  const file = join(folder, 'screen.png');
  await page.locator('#qr').scrollIntoViewIfNeeded();
  writeFileSync(file, await page.screenshot());
  return execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file], { encoding: 'utf8' }).trim();
}

/** What axe finds, what is too wide, too large, or too small for a finger; and pictures. */
async function faults(page, name, { large = false } = {}) {
  const found = [];
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 740 });
    const seen = await page.evaluate(`${axe}; axe.run(document, { runOnly: ${JSON.stringify(rules)} })`);
    found.push(...seen.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`));
    if (await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')) found.push('too wide');
    if (shots) await page.screenshot({ path: join(shots, `card-${name}-${width}.png`), fullPage: width === 360 });
  }
  const small = await page.evaluate((least) => [...document.querySelectorAll('a:not(.skip), button, input:not([type=hidden])')]
    .map((one) => ({ id: one.id, height: Math.round(one.getBoundingClientRect().height) })).filter((one) => one.height < least), large ? 60 : 44);
  found.push(...small.map((one) => `${one.id} is ${one.height} px high`));
  return found.map((fault) => `${name}: ${fault}`);
}

async function bytes(page) {
  let { length } = Buffer.from(await page.content());
  for (const file of await page.evaluate(`[...document.querySelectorAll('link[rel=stylesheet], script')].map((one) => one.href ?? one.src)`))
    length += (await (await page.request.get(file)).body()).length;
  return length;
}

/** What the card office says of her card from now on, and the page shows it. */
async function officeSays(page, physical, id) {
  await fetch(`http://127.0.0.1:${stage.world.cardPort}/_control`, {
    method: 'POST', body: new URLSearchParams({ card_no: 'X00000019', state: physical }),
  });
  await eventually(() => `the page shows ${id}`, async () => {
    await open(page);
    return has(page, id);
  });
}

test('who has none is told how to get one, and gets it at a terminal', async () => {
  const page = await hers();
  await page.goto(stage.world.issuer);
  await press(page, 'home-card');
  assert.ok(await has(page, 'card-steps'));
  assert.deepEqual(await faults(page, 'none'), []);
  await issueAtKiosk(await startKiosk(stage.world, 'cardkiosk', ...cardKioskScope), 1);
  await open(page);
  assert.ok(await has(page, 'qr'));
  await page.context().close();
});

for (const [look, purpose] of [[phone, 'show'], [{ ...phone, scripts: false }, 'serve'], [{ ...phone, language: 'en', width: 1280 }, 'login']])
  test(`zbar reads the code from the screen and jose takes it (${purpose}, ${look.language}, ${look.width} px, script ${look.scripts})`, async () => {
    const page = await hers(look);
    await open(page);
    if (purpose !== 'show') await press(page, `for-${purpose}`);
    const code = await scan(page);
    const { payload, protectedHeader } = await jwtVerify(code, createRemoteJWKSet(new URL('/card/jwks', stage.world.issuer)));
    assert.equal(protectedHeader.typ, 'card');
    assert.equal(payload.prp, { show: 's', serve: 'b', login: 'l' }[purpose]);
    assert.ok(code.length < 300);
    await page.context().close();
  });

test('on a phone the code is seen without scrolling, and read in large type too', async () => {
  const page = await hers();
  await open(page);
  const box = await page.locator('#qr').boundingBox();
  assert.ok(box.y + box.height <= 740, `it ends at ${box.y + box.height}`);
  await press(page, 'switch-type');
  assert.match(await scan(page), /^ey/);
  await page.context().close();
});

test('with script the seconds pass, and a fresh code comes in place without a new page', async () => {
  const page = await hers();
  await page.clock.install();
  await open(page);
  const first = await scan(page);
  await page.evaluate('window.stays = true; document.getElementById("code-fresh").focus()');
  await page.clock.runFor(10_000);
  assert.match(await page.textContent('#count'), /^(?:50|4\d) /);
  await Promise.all([page.waitForResponse(/turn=1/), page.clock.runFor(41_000)]);
  await page.locator('#code[data-url*="turn=2"]').waitFor({ state: 'attached' });
  assert.notEqual(await scan(page), first);
  assert.equal(await page.evaluate('window.stays && document.activeElement.id'), 'code-fresh');
  await page.context().close();
});

test('nobody who looks elsewhere is given a code, and one that has expired is not shown', async () => {
  const page = await hers();
  await page.clock.install();
  await open(page);
  let asked = 0;
  page.on('request', () => (asked += 1));
  await page.evaluate('Object.defineProperty(document, "hidden", { get: () => !window.looks, configurable: true })');
  await page.clock.runFor(70_000);
  assert.equal(asked, 0);
  assert.equal(await page.locator('#qr').isVisible(), false);
  assert.equal(await page.getAttribute('#count', 'role'), 'status');
  await Promise.all([page.waitForResponse(/turn=1/),
    page.evaluate('window.looks = true; document.dispatchEvent(new Event("visibilitychange"))')]);
  await page.locator('#qr').waitFor({ state: 'visible' });
  await page.context().close();
});

test('without script the page comes anew by itself, with another code', async () => {
  const page = await hers({ ...phone, scripts: false });
  await page.route(/\/card$/, async (route) => { // the same page, which does not wait so long
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace('content="50;', 'content="1;') });
  });
  await open(page);
  const first = await scan(page);
  await page.waitForURL(/turn=1/);
  assert.notEqual(await scan(page), first);
  await page.context().close();
});

test('the eye shows her name until the page comes anew, without script', async () => {
  const page = await hers({ ...phone, scripts: false });
  await open(page);
  assert.equal(await page.textContent('#card-name'), '张*');
  await press(page, 'eye');
  assert.equal(await page.textContent('#card-name'), person.name);
  await press(page, 'eye-close');
  assert.equal(await page.textContent('#card-name'), '张*');
  await page.goBack();
  await page.context().close();
});

for (const language of ['zh-CN', 'en'])
  test(`every view is within WCAG 2.2 AA and 40 KB, in the usual and in large type (${language})`, async () => {
    const page = await hers({ ...phone, language });
    const found = [];
    await open(page);
    assert.ok((await bytes(page)) < 40_000);
    found.push(...await faults(page, `show-${language}`));
    await press(page, 'eye');
    found.push(...await faults(page, `eye-${language}`));
    await press(page, 'for-pay');
    found.push(...await faults(page, `pay-${language}`));
    await open(page, '?turn=12');
    found.push(...await faults(page, `rests-${language}`));
    await press(page, 'history-link');
    found.push(...await faults(page, `history-${language}`));
    for (const place of ['loss', 'keep', 'card-password', 'pay']) {
      await open(page);
      await press(page, `${place}-link`);
      found.push(...await faults(page, `${place}-page-${language}`));
    }
    await press(page, 'switch-type');
    await open(page);
    found.push(...await faults(page, `large-${language}`, { large: true }));
    assert.deepEqual(found, []);
    await page.context().close();
  });

test('lost at its office, the card shows no code and says so; it comes back by itself', async () => {
  const page = await hers();
  await officeSays(page, 'lost', 'card-trouble');
  assert.equal(await has(page, 'qr'), false);
  assert.ok(await has(page, 'loss-link'));
  assert.deepEqual(await faults(page, 'asleep'), []);
  await officeSays(page, 'normal', 'qr');
  await page.context().close();
});

test('who is not logged in comes back to the card', async () => {
  const page = await openBrowser(stage, phone);
  await open(page);
  await logIn(page, person);
  assert.ok(await has(page, 'qr'));
  await page.context().close();
});
