// SPDX-License-Identifier: Apache-2.0
// The way of a citizen from a partner's link to a code and back, again at a second partner, out and in again.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import {
  agree, atPartner, choosePassword, code, enterPhone, has, identityOf, logIn, lookName, looks, makePerson, openBrowser,
  press, register, request, send, startStage, toIdentity,
} from './kit.mjs';

const people = Array.from({ length: 16 }, (_, index) => makePerson(index));
const registeredAt = new Map();
let stage;

before(async () => {
  stage = await startStage({ people });
});

after(() => stage?.stop());

async function atHome(page) {
  await page.goto(stage.world.issuer);
  return page;
}

looks.forEach((look, index) => {
  test(`a citizen registers, returns to two partners, logs out and logs in by password (${lookName(look)})`, async () => {
    const page = await openBrowser(stage, look);
    const first = request(stage);
    await page.goto(first.url);
    assert.equal(await page.getAttribute('html', 'lang'), look.language);
    await press(page, 'register-link');
    await register(stage, page, people[index]);
    registeredAt.set(index, Date.now());
    await press(page, 'allow');
    await atPartner(page, first);
    assert.equal((await first.redeem()).status, 200);

    const second = request(stage, 'hospital');
    await page.goto(second.url);
    assert.ok(await has(page, 'consent-form'), 'no second login');
    await press(page, 'allow');
    await atPartner(page, second);
    assert.equal((await second.redeem()).token_type, 'Bearer');

    await atHome(page);
    await press(page, 'logout');
    assert.ok(await has(page, 'signed-out'));
    const third = request(stage);
    await page.goto(third.url);
    await logIn(page, people[index]);
    await atPartner(page, third);
    assert.equal((await third.redeem()).status, 200);
    await page.context().close();
  });
});

test('a person who declines goes back without a code', async () => {
  const page = await openBrowser(stage);
  const wanted = request(stage, 'hospital', { prompt: 'consent' });
  await page.goto(wanted.url);
  await logIn(page, people[0]);
  await press(page, 'deny');
  await atPartner(page, wanted);
  assert.equal(stage.callbacks.last('/hospital').get('error'), 'access_denied');
  await page.context().close();
});

test('a person who cancels the login goes back without a code', async () => {
  const page = await openBrowser(stage);
  const wanted = request(stage);
  await page.goto(wanted.url);
  await press(page, 'cancel');
  await atPartner(page, wanted);
  assert.equal(stage.callbacks.last('/hall').get('error'), 'access_denied');
  await page.context().close();
});

test('a partner asks to log out: the person is asked, may stay, and returns when out', async () => {
  const page = await openBrowser(stage);
  const leave = new URL('/oidc/logout', stage.world.issuer);
  const back = `${stage.callbacks.url}/hall/bye`;
  leave.search = new URLSearchParams({ client_id: 'hall', post_logout_redirect_uri: back, state: 's' });
  await atHome(page);
  await press(page, 'login-link');
  await logIn(page, people[0]);
  await page.goto(leave.href);
  await press(page, 'logout-no');
  assert.ok(await has(page, 'greeting'));
  await page.goto(leave.href);
  await press(page, 'logout-yes');
  assert.equal(page.url(), `${back}?state=s`);
  await atHome(page);
  assert.ok(await has(page, 'welcome'));
  await page.context().close();
});

test('three tabs at once each come to their own end', async () => {
  const page = await openBrowser(stage);
  const tabs = [page, await page.context().newPage(), await page.context().newPage()];
  const wanted = [request(stage), request(stage, 'hospital'), request(stage)];
  for (const [index, tab] of tabs.entries()) await tab.goto(wanted[index].url);
  for (const [index, tab] of tabs.entries()) {
    await logIn(tab, people[0]);
    await atPartner(tab, wanted[index]);
    assert.equal((await wanted[index].redeem()).status, 200);
  }
  await page.context().close();
});

test('two registrations in two tabs do not mix', async () => {
  const page = await openBrowser(stage);
  const other = await page.context().newPage();
  for (const tab of [page, other]) await tab.goto(`${stage.world.issuer}/register`);
  await toIdentity(stage, page, people[10]);
  await toIdentity(stage, other, people[11]);
  await send(page, identityOf(people[10]), 'bank-submit');
  await send(other, identityOf(people[11]), 'bank-submit');
  await choosePassword(page);
  assert.match(await page.textContent('#phone-masked'), /0010$/);
  await choosePassword(other);
  assert.match(await other.textContent('#phone-masked'), /0011$/);
  await page.context().close();
});

test('the back button in the middle of a registration loses nothing', async () => {
  const page = await openBrowser(stage);
  await page.goto(`${stage.world.issuer}/register`);
  await enterPhone(stage, page, people[12]);
  await agree(page);
  await page.goBack();
  assert.ok(await has(page, 'register-notice-form'));
  await agree(page);
  await send(page, identityOf(people[12]), 'bank-submit');
  assert.ok(await has(page, 'verified'));
  await page.goBack();
  assert.ok(await has(page, 'register-identity-form'));
  await send(page, identityOf(people[12]), 'bank-submit');
  assert.ok(await has(page, 'verified'), 'the same details once more lead on');
  await page.goBack();
  await page.goBack();
  await agree(page);
  await send(page, identityOf(people[12]), 'bank-submit');
  assert.ok(await has(page, 'verified'), 'also from the notice on');
  await choosePassword(page);
  assert.ok(await has(page, 'greeting'));
  await page.context().close();
});

test('the back button in the middle of a login loses nothing', async () => {
  const page = await openBrowser(stage);
  const wanted = request(stage);
  await page.goto(wanted.url);
  await press(page, 'login-by-sms');
  await page.goBack();
  await logIn(page, people[1], 'not the password');
  assert.ok(await has(page, 'error-login_failed'));
  await page.goBack();
  await logIn(page, people[1]);
  await atPartner(page, wanted);
  await page.goBack();
  await page.context().close();
});

test('the answer to a form may be reloaded', async () => {
  const page = await openBrowser(stage);
  const wanted = request(stage);
  await page.goto(wanted.url);
  await logIn(page, people[1], 'not the password');
  await page.reload();
  assert.ok(await has(page, 'error-login_failed'));
  await logIn(page, people[1]);
  await atPartner(page, wanted);

  await page.goto(`${stage.world.issuer}/register`);
  await page.reload();
  await send(page, { phone: '123' }, 'get-code');
  await page.reload();
  assert.ok(await has(page, 'error-phone_invalid'));
  await page.context().close();
});

test('the server restarts in the middle of a registration and of a login', async () => {
  const page = await openBrowser(stage);
  const other = await openBrowser(stage, looks[6]);
  const wanted = request(stage);
  await page.goto(`${stage.world.issuer}/register`);
  await enterPhone(stage, page, people[13]);
  await other.goto(wanted.url);
  await stage.world.stopServer();
  await stage.world.startServer();
  await agree(page);
  await send(page, identityOf(people[13]), 'bank-submit');
  await logIn(other, people[2]);
  await atPartner(other, wanted);
  await stage.world.stopServer('SIGKILL');
  await stage.world.startServer();
  await choosePassword(page);
  assert.ok(await has(page, 'greeting'));
  assert.equal((await wanted.redeem()).status, 200, 'a code outlives the server');
  await page.context().close();
  await other.context().close();
});

test('the language chosen on a page stays for the pages after it, and for the next visit', async () => {
  const page = await openBrowser(stage);
  await page.goto(request(stage).url);
  await press(page, 'switch-language');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await press(page, 'register-link');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await send(page, { phone: people[14].phone }, 'get-code');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await atHome(page);
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.context().close();
});

test("a partner's wish for a language holds for the whole login", async () => {
  const page = await openBrowser(stage);
  await page.goto(request(stage, 'hall', { ui_locales: 'en' }).url);
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await press(page, 'login-by-sms');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.context().close();
});

// Last, because a phone gets one message a minute.
looks.forEach((look, index) => {
  test(`a citizen logs in by text message (${lookName(look)})`, async () => {
    const wait = registeredAt.get(index) + 61_000 - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const page = await openBrowser(stage, look);
    const wanted = request(stage);
    await page.goto(wanted.url);
    await press(page, 'login-by-sms');
    await send(page, { phone: people[index].phone }, 'get-code');
    await send(page, { code: await code(stage, people[index]) }, 'login-submit');
    await atPartner(page, wanted);
    assert.equal((await wanted.redeem()).status, 200);
    await page.context().close();
  });
});
