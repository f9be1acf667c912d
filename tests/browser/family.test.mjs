// SPDX-License-Identifier: Apache-2.0
// Cards of a family: one asks, the other agrees in another browser, either ends it; pressed twice, after Back, without script.
// TONGXING_SHOTS names a folder for pictures.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  choosePassword, has, identityOf, logIn, makePerson, openBrowser, press, problems, send, startStage, toIdentity,
} from './kit.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const shots = process.env.TONGXING_SHOTS;
const phone = { language: 'zh-CN', width: 360, scripts: true };
const people = [makePerson(0), makePerson(1)];
/** Where nobody is: no card is looked at here. */
const bureau = `[card_bureau]
url = http://127.0.0.1:9/
app_id = tongxing
secret = 0123456789abcdef0123456789abcdef
`;
let stage;

before(async () => {
  stage = await startStage({ people, extraConfig: bureau });
  if (shots) mkdirSync(shots, { recursive: true });
  for (const person of people) {
    const page = await openBrowser(stage, phone);
    await page.goto(`${stage.world.issuer}/register`);
    await toIdentity(stage, page, person);
    await send(page, identityOf(person), 'bank-submit');
    await choosePassword(page);
    await page.context().close();
  }
});

after(() => stage?.stop());

/** Her page, in a browser of her own. */
async function familyPage(person, look = phone) {
  const page = await openBrowser(stage, look);
  await page.goto(`${stage.world.issuer}/card/family`);
  await logIn(page, person);
  await page.waitForURL(/\/card\/family/);
  return page;
}

async function ask(page, whom) {
  await page.check('#kinship-other');
  await send(page, { name: whom.name, identity_number: whom.identity_number }, 'family-ask');
}

const one = (page, what) => page.locator(`[id^="${what}-"]:not([id$="-name"]):not([id$="-effect"])`);
const pressOne = (page, what) => Promise.all([page.waitForEvent('load'), one(page, what).first().click()]);

/** What axe finds; and pictures. */
async function look(page, name) {
  for (const width of shots ? [1280, 360] : [360]) {
    await page.setViewportSize({ width, height: 740 });
    const found = await page.evaluate(`${axe}; axe.run(document, { runOnly: ${JSON.stringify(rules)} })`);
    assert.deepEqual(found.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(' ')}`), []);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0);
    if (shots) await page.screenshot({ path: join(shots, `family-${name}-${width}.png`), fullPage: true });
  }
}

test('one asks, the other agrees, each in her own browser; and either ends it', async () => {
  const [her, other] = people;
  const asking = await familyPage(her);
  await ask(asking, other);
  assert.ok(await has(asking, 'notice'));

  const agreeing = await familyPage(other);
  await look(agreeing, 'question');
  await Promise.all([agreeing.waitForEvent('load'), one(agreeing, 'agree').first().dblclick()]);
  assert.ok(await has(agreeing, 'family-showers'));

  await asking.reload();
  assert.match(await asking.locator('h3').first().textContent(), /^陈.+ · 其他家人$/);
  await look(asking, 'member');
  await pressOne(asking, 'end');
  assert.equal(await has(asking, 'family-members'), false);
  await asking.goBack(); // the page as it was: pressing once more ends nothing twice
  if (await one(asking, 'end').count()) await pressOne(asking, 'end');
  assert.equal(await has(asking, 'family-members'), false);
  await agreeing.reload();
  assert.equal(await has(agreeing, 'family-showers'), false);
  await asking.context().close();
  await agreeing.context().close();
});

test('without script, in English: what is wrong is told beside each field, and a question is taken back', async () => {
  const [her, other] = people;
  const page = await familyPage(her, { language: 'en', width: 360, scripts: false });
  await press(page, 'family-ask');
  assert.deepEqual(Object.keys(await problems(page)), ['kinship', 'name', 'identity_number']);
  await page.check('#kinship-elder');
  await send(page, { name: her.name, identity_number: her.identity_number }, 'family-ask');
  assert.deepEqual(Object.keys(await problems(page)), ['identity_number']);
  assert.ok(await page.isChecked('#kinship-elder'));
  if (shots) await page.screenshot({ path: join(shots, 'family-mistake-en-360.png'), fullPage: true });
  await ask(page, other);
  assert.ok(await has(page, 'family-members'));
  await pressOne(page, 'end');
  assert.equal(await has(page, 'family-members'), false);
  await page.context().close();
});
