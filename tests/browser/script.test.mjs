// SPDX-License-Identifier: Apache-2.0
// What the pages do better with script, and that nothing is missing without it.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { choosePassword, code, has, identityOf, makePerson, openBrowser, press, request, send, startStage, toIdentity } from './kit.mjs';

const look = { language: 'zh-CN', width: 360, scripts: true };
const plain = { ...look, scripts: false };
const [person, other] = [makePerson(0), makePerson(1)];
let stage;

before(async () => {
  stage = await startStage({ people: [person, other] });
});

after(() => stage?.stop());

const type = (page) => page.getAttribute('#password', 'type');

test('a password is shown when she asks, hidden again, and sent hidden', async () => {
  const page = await openBrowser(stage, look);
  await page.goto(request(stage).url);
  await page.fill('#password', 'abc');
  assert.equal(await page.textContent('#password-show'), '显示密码');
  await page.focus('#password-show');
  await page.keyboard.press('Enter');
  assert.equal(await type(page), 'text');
  assert.equal(await page.inputValue('#password'), 'abc');
  assert.equal(await page.textContent('#password-show'), '隐藏密码');
  await page.click('#password-show');
  assert.equal(await type(page), 'password');
  await page.click('#password-show');
  const [sent] = await Promise.all([page.waitForRequest((one) => one.method() === 'POST'), page.click('#login-submit')]);
  assert.match(sent.postData(), /password=abc/);
  await page.context().close();
});

test('without script there is no button that does nothing', async () => {
  const page = await openBrowser(stage, plain);
  await page.goto(request(stage).url);
  assert.equal(await page.locator('.show').count(), 0);
  assert.equal(await page.locator('button:disabled').count(), 0);
  await page.context().close();
});

test('a pressed button is disabled, its form sent once, and Back finds it enabled', async () => {
  const page = await openBrowser(stage, look);
  const posts = [];
  page.on('request', (one) => one.method() === 'POST' && posts.push(one.postData()));
  await page.goto(new URL('/login/sms', stage.world.issuer).href);
  await page.fill('#phone', '13900190011');
  await page.route('**/login/sms', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 800));
    await route.continue();
  });
  const landed = page.waitForURL('**/login/sms/code**');
  const disabled = await page.evaluate(`new Promise((done) => {
    const button = document.getElementById('get-code');
    button.click();
    setTimeout(() => { button.click(); done(button.disabled); }, 100);
  })`);
  assert.equal(disabled, true);
  await landed;
  assert.equal(posts.length, 1);
  await page.goBack();
  await page.waitForSelector('#get-code:enabled');
  await page.context().close();
});

test('the value of the button that was pressed is sent though it is disabled', async () => {
  const page = await openBrowser(stage, look);
  const wanted = request(stage);
  await page.goto(new URL('/register', stage.world.issuer).href);
  await toIdentity(stage, page, person);
  await send(page, identityOf(person), 'bank-submit');
  assert.equal(await has(page, 'password-show'), true);
  assert.equal(await has(page, 'password_again-show'), true);
  await choosePassword(page);
  await page.goto(wanted.url);
  await press(page, 'deny');
  assert.equal(stage.callbacks.last('/hall').get('error'), 'access_denied');
  await page.context().close();
});

test('the seconds until another code pass on the page, and the end is announced', async () => {
  const page = await openBrowser(stage, look);
  await page.clock.install();
  await page.goto(new URL('/register', stage.world.issuer).href);
  await send(page, { phone: other.phone }, 'get-code');
  const seconds = async () => Number((await page.textContent('#resend-wait')).match(/\d+/)[0]);
  const first = await seconds();
  assert.ok(first > 50 && first <= 60, String(first));
  await page.clock.runFor(10_000);
  assert.ok(Math.abs((await seconds()) - (first - 10)) <= 1);
  await page.clock.runFor(60_000);
  assert.equal(await page.textContent('#resend-wait'), '没有收到短信？现在可以重新获取。');
  assert.equal(await page.getAttribute('#resend-wait', 'role'), 'status');
  await send(page, { code: await code(stage, other) }, 'register-code-submit');
  assert.equal(await has(page, 'agree-submit'), true);
  await page.context().close();
});
