// SPDX-License-Identifier: Apache-2.0
// What only a real browser can judge: cookies, frames, forms from elsewhere, links that wander to another browser.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { atPartner, has, logIn, makePerson, openBrowser, press, register, request, startStage } from './kit.mjs';

const person = makePerson(0);
let stage;
let evil;

/** A site of somebody else; `html` is what it serves. Another host name makes it another site, not only another port. */
async function startEvil() {
  const server = createServer((rq, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(site.html);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const site = { html: '', url: `http://127.0.0.1:${server.address().port}/` };
  site.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return site;
}

before(async () => {
  stage = await startStage({ people: [person] });
  evil = await startEvil();
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/register`);
  await register(stage, page, person);
  await page.context().close();
});

after(async () => {
  evil?.stop();
  await stage?.stop();
});

async function loggedIn() {
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/login`);
  await logIn(page, person);
  return page;
}

test('cookies are for the server alone, for this host, and stay at home in requests of others', async () => {
  const page = await loggedIn();
  await page.goto(`${stage.world.issuer}/login?ui_locales=en`);
  const cookies = await page.context().cookies();
  assert.deepEqual([...new Set(cookies.map((one) => one.name.split('_')[0]))].sort(),
    ['tongxing-browser', 'tongxing-device', 'tongxing-lang', 'tongxing-session', 'tongxing-tx']);
  for (const one of cookies) {
    assert.equal(one.httpOnly, one.name !== 'tongxing-browser', one.name); // the script of our frame reads that one
    assert.equal(one.sameSite, 'Lax', one.name);
    assert.equal(one.domain, 'localhost', one.name);
    assert.equal(one.path, '/', one.name);
  }
  assert.equal(cookies.find((one) => one.name === 'tongxing-session').expires, -1, 'the session ends with the browser');
  assert.match(await page.evaluate('document.cookie'), /^tongxing-browser=[\w-]{43}$/);
  await page.context().close();
});

test('a login changes the session cookie, and logging out removes it', async () => {
  const page = await loggedIn();
  const session = async () => (await page.context().cookies()).find((one) => one.name === 'tongxing-session')?.value;
  const first = await session();
  await page.goto(`${stage.world.issuer}/login`);
  await logIn(page, person);
  assert.notEqual(await session(), first);
  await press(page, 'logout');
  assert.equal(await session(), undefined);
  await page.context().close();
});

test('no page of ours shows in a frame of another site', async () => {
  const page = await loggedIn();
  const refused = [];
  page.on('console', (message) => refused.push(message.text()));
  evil.html = `<iframe id="frame" src="${stage.world.issuer}/login"></iframe>`;
  await page.goto(evil.url);
  await page.waitForLoadState('networkidle');
  assert.equal(await page.frameLocator('#frame').locator('#login-form').count(), 0);
  assert.match(refused.join(' '), /frame-ancestors|X-Frame-Options|refused|violates/i);
  await page.context().close();
});

test('a form posted from another site is refused and changes nothing', async () => {
  const page = await loggedIn();
  for (const path of ['/logout', '/login', '/consent', '/register']) {
    evil.html = `<form method="post" action="${stage.world.issuer}${path}"><button id="go">x</button></form>`;
    await page.goto(evil.url);
    await press(page, 'go');
    assert.ok(await has(page, 'error-form_forged'), path);
  }
  await page.goto(stage.world.issuer);
  assert.ok(await has(page, 'greeting'), 'still logged in');
  await page.context().close();
});

test('a form of ours without its own token is refused', async () => {
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/login`);
  await page.evaluate(`document.querySelector('[name=csrf]').value = 'x'`);
  await logIn(page, person);
  assert.ok(await has(page, 'error-form_forged'));
  await page.context().close();
});

test('the link of a login under way opens in no other browser, and says so', async () => {
  const page = await openBrowser(stage);
  const other = await openBrowser(stage);
  const wanted = request(stage);
  await page.goto(wanted.url);
  const link = page.url();
  assert.match(link, /\/login\?tx=/);
  const answer = await other.goto(link);
  assert.equal(answer.status(), 400);
  assert.match(await other.textContent('#error-transaction_lost'), /别的浏览器.*从这里继续/s);
  await press(other, 'switch-language');
  assert.match(await other.textContent('#error-transaction_lost'), /another browser/);
  await logIn(page, person);
  await press(page, 'allow');
  await atPartner(page, wanted);
  await page.context().close();
  await other.context().close();
});

test('pages are not kept by the browser, so nobody finds them by going back after logging out', async () => {
  const page = await loggedIn();
  await press(page, 'logout');
  await page.goBack();
  assert.equal(await page.locator('#greeting').count(), 0);
  await page.context().close();
});
