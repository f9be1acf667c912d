// SPDX-License-Identifier: Apache-2.0
// The demo's terminal as a citizen finds it: a screen to press, a card or a telephone, and nothing of her when she has gone.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { settle } from '../kit/visit.mjs';
import { kioskPartner, password, people, startKiosk, startWorld } from '../kit/world.mjs';
import { flags, has, logIn, looks, openBrowser, press } from './kit.mjs';

const screen = { width: 1280, height: 1024 };
const [person] = people;
const pin = '1234';
let world;
let browser;
let kiosk;

before(async () => {
  world = await startWorld({ cards: true, partners: [kioskPartner('kiosks')] });
  await settle(world);
  kiosk = await startKiosk(world, 'kiosks');
  await fetch(`http://127.0.0.1:${world.cardPort}/_control`, { method: 'POST', body: new URLSearchParams({ card_no: 'X00000019', pin }) });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

/** At a screen that runs no script, as the terminal's browser does not either. */
async function standAt(address) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: screen, locale: 'zh-CN' });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

async function insert(page, card, typed) {
  await press(page, 'card');
  await press(page, `card-${card}`);
  for (const digit of typed) await press(page, `key-${digit}`);
  await press(page, 'key-ok');
}

/** Large enough for an old thumb. */
async function assertLarge(page) {
  for (const button of await page.locator('button').all()) {
    const { width, height } = await button.boundingBox();
    assert.ok(width >= 60 && height >= 60, `${await button.getAttribute('id')}: ${width} x ${height}`);
  }
}

const sessions = () => world.command('person', 'sessions', person.phone, '--json').then(JSON.parse);
const atTerminal = async () => (await sessions()).filter(({ channel }) => channel === 'terminal').length;

test('CH-10: card and PIN, without script; out again; Back shows nothing', async () => {
  const page = await standAt(kiosk);
  await assertLarge(page);
  await press(page, 'card');
  await assertLarge(page);
  await press(page, 'card-1');
  await assertLarge(page);
  await press(page, 'eject');
  await insert(page, 1, pin);
  assert.match(await page.textContent('#greeting'), new RegExp(`^${person.name}，您好`));
  assert.equal(await page.textContent('#level'), 'L3');
  assert.equal(await page.textContent('#factors'), '社保卡 card + 密码 PIN');
  assert.match(await page.textContent('#left'), /\d+ 秒后自动退出/);
  await assertLarge(page);
  assert.equal(await atTerminal(), 1);
  await press(page, 'stay');
  await press(page, 'leave');
  assert.ok(await has(page, 'bye'));
  assert.equal(await atTerminal(), 0);
  assert.deepEqual(await page.context().cookies(), []);
  await page.goBack();
  assert.equal((await page.textContent('body')).includes(person.name), false);
  await page.context().close();
});

test('a wrong PIN, a lost card and one that has expired each have their sentence', async () => {
  const page = await standAt(kiosk);
  const cards = [[1, '9876', /密码不正确/], [2, pin, /已挂失/], [3, pin, /有效期/]];
  for (const [card, typed, sentence] of cards) {
    await page.goto(kiosk);
    await page.locator('#welcome').waitFor();
    await insert(page, card, typed);
    assert.match(await page.textContent('#trouble'), sentence);
    await press(page, 'home');
  }
  await page.context().close();
});

test('the telephone: what the screen shows is opened there, the number is chosen, and the screen goes on by itself', async () => {
  const page = await standAt(kiosk);
  const phone = await openBrowser({ browser }, looks[0]);
  await press(page, 'phone');
  assert.ok(await has(page, 'qr'));
  await assertLarge(page);
  const code = (await page.textContent('#user-code')).trim();
  const number = (await page.textContent('#match')).trim();
  await phone.goto(`${(await page.textContent('#address')).trim()}?user_code=${code}`);
  await logIn(phone, person, password);
  assert.match(await phone.textContent('body'), /一楼大厅 3 号机/);
  await press(phone, `number-${number}`);
  await page.locator('#greeting').waitFor();
  assert.match(await page.textContent('#greeting'), new RegExp(person.name));
  await press(page, 'leave');
  await phone.context().close();
  await page.context().close();
});

test('CH-10: who walks away is logged out, and the next one finds the first page', async () => {
  const page = await standAt(await startKiosk(world, 'kiosks', '--idle', '4'));
  await insert(page, 1, pin);
  await page.locator('#welcome').waitFor();
  assert.equal(await atTerminal(), 0);
  assert.equal((await page.textContent('body')).includes(person.name), false);
  await page.context().close();
});
