// SPDX-License-Identifier: Apache-2.0
// Every page, in both languages and at both widths: WCAG 2.2 A and AA by axe, small, within its policy, on its origin.
// TONGXING_SHOTS names a folder for pictures of them all.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { looks, makePerson, openBrowser, request, startStage } from './kit.mjs';
import { tour } from './tour.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const languages = ['zh-CN', 'en'];
const people = languages.map((_, index) => makePerson(index, { ending: '0092', bank_phone: `1390029990${index}` }));
const shots = process.env.TONGXING_SHOTS;
let stage;

before(async () => {
  stage = await startStage({ people });
  if (shots) mkdirSync(shots, { recursive: true });
});

after(() => stage?.stop());

/** What axe finds; it runs in a world of its own, so the page's policy stays as it is. */
async function violations(page) {
  const found = await page.evaluate(`${axe}; axe.run(document, { runOnly: ${JSON.stringify(rules)} })`);
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

/** Bytes of the page, its style sheet and its script, before any compression. */
async function bytes(page) {
  let { length } = Buffer.from(await page.content());
  for (const file of await page.evaluate(`[...document.querySelectorAll('link[rel=stylesheet], script')].map((one) => one.href ?? one.src)`))
    length += (await (await page.request.get(file)).body()).length;
  return length;
}

/** Texts and controls stay within the width: nobody has to scroll sideways. */
const overflow = (page) => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

async function picture(page, name) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
  }
}

/** Everything the page complains about or asks of strangers, from now on. */
function listen(page, faults) {
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (one) => {
    const { origin, protocol } = new URL(one.url());
    if (protocol !== 'data:' && origin !== stage.world.issuer) faults.push(`a request to ${origin}`);
  });
}

/** What is wrong with the page as it stands, at one width. */
async function inspect(page, width) {
  await page.setViewportSize({ width, height: 900 });
  const faults = await violations(page);
  if ((await overflow(page)) > 0) faults.push('wider than the window');
  return faults.map((fault) => `${width} px: ${fault}`);
}

languages.forEach((language, index) => {
  test(`every page is within WCAG 2.2 AA, its policy and 40 KB (${language})`, async () => {
    const faults = [];
    let count = 0;
    const page = await openBrowser(stage, { language, width: 360, scripts: true });
    listen(page, faults);
    await tour(stage, page, people[index], async (name) => {
      const found = [...(await inspect(page, 1280)), ...(await inspect(page, 360))];
      if ((await bytes(page)) > 40_000) found.push('more than 40 KB');
      if ((await page.locator('h1').count()) !== 1) found.push('not one heading');
      if ((await page.getAttribute('html', 'lang')) !== language) found.push('another language');
      faults.push(...found.map((fault) => `${name}: ${fault}`));
      count += 1;
      if (shots) await picture(page, `${language}-${String(count).padStart(2, '0')}-${name}`);
    });
    assert.deepEqual(faults, []);
    assert.ok(count > 40);
    await page.context().close();
  });
});

const returning = () => request(stage, 'hall', { prompt: 'none', response_mode: 'form_post' }).url;

test('a form that returns by itself works with scripts, and by a button without', async () => {
  for (const look of [looks[0], looks[1]]) {
    const page = await openBrowser(stage, look);
    await page.goto(returning());
    if (!look.scripts) await page.click('#continue');
    await page.waitForURL(`${stage.callbacks.url}/hall`);
    await page.context().close();
  }
});

// axe is a script, and who has none sees what stands in noscript.
test('the button of a form that returns is within WCAG 2.2 AA', async () => {
  const page = await openBrowser(stage, looks[0]);
  const html = await (await page.request.get(returning())).text();
  await page.setContent(html.replace(/<script[^>]*><\/script>|<\/?noscript>/g, ''));
  assert.equal(await page.locator('#continue').count(), 1);
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});
