// SPDX-License-Identifier: Apache-2.0
// Staff at the counter in Chromium, against a real slapd: a counter is set up, a member enrols and signs in, finds a citizen, scans the
// code of her card, and is seen by her; administrators look after people, counters and the trail; moved cookies are refused. Every
// page is within WCAG 2.2 AA in both languages and widths, and goes by keyboard alone. TONGXING_SHOTS names a folder for pictures.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cardKiosk, cardKioskScope, issueAtKiosk } from '../kit/cards.mjs';
import { authenticator, password, startDirectory, toldOnce } from '../kit/staff.mjs';
import { people, startKiosk } from '../kit/world.mjs';
import { has, openBrowser, press, register, send, startStage } from './kit.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const shots = process.env.TONGXING_SHOTS;
const desk = { language: 'zh-CN', width: 1280, scripts: true };
const [citizen] = people; // the holder of the terminal's first card
const keys = {}; // authenticators by staff id
let directory;
let folder;
let stage;
let staffUrl;
let citizenState;

before(async () => {
  directory = startDirectory();
  folder = mkdtempSync(join(tmpdir(), 'tongxing-staff-'));
  if (shots) mkdirSync(shots, { recursive: true });
  stage = await startStage({ cards: true, partners: [cardKiosk('cardkiosk')], staff: directory.staff, extraConfig: directory.config });
  staffUrl = `${stage.world.staffUrl}/staff`;
  const page = await openBrowser(stage, { language: 'zh-CN', width: 360, scripts: true });
  await page.goto(`${stage.world.issuer}/register`);
  await register(stage, page, citizen);
  citizenState = await page.context().storageState();
  await page.context().close();
  await issueAtKiosk(await startKiosk(stage.world, 'cardkiosk', ...cardKioskScope), 1);
});
after(async () => {
  await stage?.stop();
  directory?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** What axe finds and what is too wide, in both languages and at both widths; and pictures. */
async function faults(page, name) {
  const found = [];
  const zh = page.url();
  for (const language of ['zh-CN', 'en']) {
    await page.goto(`${zh}${zh.includes('?') ? '&' : '?'}ui_locales=${language}`);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 740 });
      const seen = await page.evaluate(`${axe}; axe.run(document, { runOnly: ${JSON.stringify(rules)} })`);
      found.push(...seen.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`));
      if (await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')) found.push('too wide');
      if (shots) await page.screenshot({ path: join(shots, `staff-${name}-${language}-${width}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(zh);
  return found.map((fault) => `${name}: ${fault}`);
}

/** A browser on a computer that is set up as a counter. */
async function atCounter(place) {
  const page = await openBrowser(stage, desk);
  const said = await stage.world.command('counter', 'add', '--place', place, '--agency', '越秀区社保局', '--region', '330000');
  await page.goto(`${staffUrl}/counter`);
  await send(page, { code: toldOnce(said) }, 'counter-submit');
  return page;
}

/** Her password makes her known; somebody gives her a code; her authenticator gets its secret. */
async function enrol(page, id) {
  await page.goto(`${staffUrl}/sign-in`);
  await send(page, { staff_name: id, password }, 'staff-sign-in-submit');
  const code = toldOnce(await stage.world.command('staff', 'code', id));
  await page.goto(`${staffUrl}/enrol`);
  await send(page, { staff_name: id, password, code }, 'staff-enrol-submit');
  keys[id] = authenticator(await page.textContent('#secret'));
  await send(page, { code: await keys[id].next() }, 'staff-enrol-factor-submit');
}

/** Into the field that has the focus by itself, as soon as it has it. */
async function type(page, field, text) {
  await page.locator(`#${field}:focus`).waitFor();
  await page.keyboard.type(text);
}

/** By keyboard alone: the first field has the focus on each page. */
async function signIn(page, id) {
  await page.goto(`${staffUrl}/sign-in`);
  await type(page, 'staff_name', id);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await Promise.all([page.waitForURL(/\/staff\/factor/), page.keyboard.press('Enter')]);
  await type(page, 'code', await keys[id].next());
  await Promise.all([page.waitForURL((url) => /\/staff(\?|$)/.test(url.pathname + url.search)), page.keyboard.press('Enter')]);
}

/** What zbar reads from the citizen's screen. */
async function cardCode() {
  const page = await openBrowser(stage, { language: 'zh-CN', width: 360, scripts: false });
  await page.context().addCookies(citizenState.cookies);
  await page.goto(`${stage.world.issuer}/card?for=serve`);
  const file = join(folder, 'screen.png');
  writeFileSync(file, await page.screenshot());
  await page.context().close();
  return execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file], { encoding: 'utf8' }).trim();
}

let window12;

test('a counter is set up by a code, a member enrols, and signs in by keyboard alone', async () => {
  window12 = await atCounter('一楼 12 号窗口');
  assert.ok((await window12.content()).includes('一楼 12 号窗口'));
  assert.deepEqual(await faults(window12, 'counter'), []);
  await window12.goto(`${staffUrl}/sign-in`);
  assert.deepEqual(await faults(window12, 'sign-in'), []);
  await enrol(window12, 'zhang.wei');
  await signIn(window12, 'zhang.wei');
  assert.match(await window12.textContent('#sitting'), /张伟.*一楼 12 号窗口/s);
  assert.deepEqual(await faults(window12, 'home'), []);
});

test('a citizen is found by her number, masked, and unmasked for a reason alone', async () => {
  await press(window12, 'to-find');
  assert.deepEqual(await faults(window12, 'find'), []);
  await type(window12, 'find', citizen.phone);
  await Promise.all([window12.waitForURL(/\/staff\/person/), window12.keyboard.press('Enter')]);
  assert.ok(!(await window12.content()).includes(citizen.identity_number));
  assert.deepEqual(await faults(window12, 'person'), []);
  await send(window12, { reason: '核对社保卡申领材料' }, 'unmask-submit');
  assert.ok((await window12.content()).includes(citizen.identity_number));
});

test('the code of her card is scanned once, and she reads who looked', async () => {
  await window12.goto(`${staffUrl}/scan`);
  assert.deepEqual(await faults(window12, 'scan'), []);
  const code = await cardCode();
  await type(window12, 'card_code', code);
  await Promise.all([window12.waitForURL(/\/staff\/person/), window12.keyboard.press('Enter')]);
  assert.ok(await has(window12, 'present'));
  await window12.goto(`${staffUrl}/scan`);
  await send(window12, { card_code: code }, 'scan-submit');
  assert.ok(!(await has(window12, 'present')));
  const hers = await openBrowser(stage, { language: 'zh-CN', width: 360, scripts: true });
  await hers.context().addCookies(citizenState.cookies);
  await hers.goto(`${stage.world.issuer}/account/history`);
  assert.ok((await hers.content()).includes('核对社保卡申领材料'));
  await hers.context().close();
});

/** The first thing that another counter has to decide. */
async function decide(page, decision) {
  await press(page, 'to-approvals');
  await page.locator('[id^="open-"]').first().click();
  await page.locator('#approval-form').waitFor();
  assert.deepEqual(await faults(page, 'approval'), []);
  await press(page, decision);
}

test('ST-11: a name is corrected by two people at two counters, and not before the second has agreed', async () => {
  await window12.goto(`${staffUrl}/scan`);
  await send(window12, { card_code: await cardCode() }, 'scan-submit');
  await press(window12, 'correct-link');
  const proposed = { name: '王小玉', number: citizen.identity_number, reason: '户口簿登记的姓名不同' };
  for (const box of ['kind-name', 'paper-idcard', 'original', 'photo']) await window12.check(`#${box}`);
  await send(window12, proposed, 'correct-submit');
  assert.ok(await has(window12, 'proposal-name'));
  assert.ok(!(await has(window12, 'carry-name')));
  assert.deepEqual(await faults(window12, 'correct'), []);
  const other = await atCounter('一楼 20 号窗口');
  await enrol(other, 'li.na');
  await signIn(other, 'li.na');
  await decide(other, 'approve');
  assert.ok(await has(other, 'proposal-approved'));
  await other.context().close();
  await window12.reload();
  await press(window12, 'carry-name');
  assert.ok(await has(window12, 'correct-done'));
});

test('F8 locks the counter, and her authenticator alone opens it', async () => {
  await window12.goto(staffUrl);
  await Promise.all([window12.waitForURL(/\/staff\/lock/), window12.keyboard.press('F8')]);
  assert.deepEqual(await faults(window12, 'lock'), []);
  await window12.goto(`${staffUrl}/find`);
  assert.match(window12.url(), /\/staff\/lock/);
  await send(window12, { code: '000000' }, 'unlock');
  assert.ok(await has(window12, 'problems'));
  await type(window12, 'code', await keys['zhang.wei'].next());
  await Promise.all([window12.waitForURL(/\/staff(?!\/lock)/), window12.keyboard.press('Enter')]);
});

test('a colleague takes over the counter, where nothing of the former sitting is left', async () => {
  const before = (await window12.context().cookies()).find((cookie) => cookie.name.endsWith('staff')).value;
  await enrol(window12, 'chen.jing');
  await signIn(window12, 'chen.jing');
  assert.match(await window12.textContent('#sitting'), /陈静.*一楼 12 号窗口/s);
  const page = await openBrowser(stage, desk);
  const cookies = await window12.context().cookies();
  await page.context().addCookies(cookies.map((cookie) => (cookie.name.endsWith('staff') ? { ...cookie, value: before } : cookie)));
  await page.goto(staffUrl);
  assert.match(page.url(), /\/staff\/sign-in/);
  await page.context().close();
});

test('ST-13: cookies that are moved to another computer open nothing', async () => {
  const page = await atCounter('一楼 13 号窗口');
  const stolen = (await window12.context().cookies()).filter((cookie) => cookie.name.endsWith('staff'));
  assert.equal(stolen.length, 1);
  await page.context().addCookies(stolen);
  assert.equal((await page.goto(staffUrl)).status(), 401);
  await page.context().clearCookies();
  await page.context().addCookies(stolen); // and none of a counter
  await page.goto(staffUrl);
  assert.ok(!(await has(page, 'places')));
  await page.context().close();
});

test('a security administrator gives a code, and stops who sits there: nothing goes on', async () => {
  const page = await atCounter('二楼 1 号');
  await enrol(page, 'wang.fang');
  await signIn(page, 'wang.fang');
  await press(page, 'to-people');
  assert.deepEqual(await faults(page, 'people'), []);
  await send(page, { staff_id: 'chen.jing' }, 'find');
  if (await has(page, 'code-1')) {
    await press(page, 'code-1');
    assert.match(await page.textContent('#enrolment-code'), /\d{5}-\d{5}/);
    assert.deepEqual(await faults(page, 'people-code'), []);
  }
  await press(page, 'stop-1');
  assert.ok(await has(page, 'start-1'));
  await window12.goto(staffUrl);
  assert.match(window12.url(), /\/staff\/sign-in/);
  await press(page, 'start-1');
  await page.context().close();
});

test('a system administrator sees counters and settings, and no secret', async () => {
  const page = await atCounter('二楼 2 号');
  await enrol(page, 'zhao.lei');
  await signIn(page, 'zhao.lei');
  await press(page, 'to-settings');
  assert.ok(!(await page.content()).includes('tongxing-may-read'));
  assert.deepEqual(await faults(page, 'settings'), []);
  await page.goto(staffUrl);
  await press(page, 'to-counters');
  await send(page, { place: '三楼 3 号窗口', agency: '越秀区社保局', region: '330000' }, 'add');
  assert.match(await page.textContent('#enrolment-code'), /\d{5}-\d{5}/);
  assert.deepEqual(await faults(page, 'counters'), []);
  assert.equal((await page.goto(`${staffUrl}/find`)).status(), 403);
  await page.context().close();
});

test('an audit administrator reads who looked at whom, and exports it', async () => {
  const page = await atCounter('二楼 3 号');
  await enrol(page, 'sun.min');
  await signIn(page, 'sun.min');
  await press(page, 'to-audit');
  await send(page, { actor: 'zhang.wei' }, 'audit-find');
  assert.ok((await page.content()).includes('zhang.wei'));
  assert.deepEqual(await faults(page, 'audit'), []);
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('#export')]);
  assert.match(readFileSync(await file.path(), 'utf8'), /^\ufeff"at","event"/);
  await page.context().close();
});
