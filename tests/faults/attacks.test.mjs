// SPDX-License-Identifier: Apache-2.0
// Inputs that ended version 0.1.0, against the running server. After each of them it stands, serves the others, and the
// person concerned can go on.
import test from 'node:test';
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { formOf, lastCode, people, startWorld } from '../kit/world.mjs';
import {
  FreshBrowser, code, extraConfig, isActive, logIn, partner, redeem, redirectUri, refresh, registerAt, send,
} from './kit.mjs';

const app = {
  client_id: 'app', client_name: '掌上', 'client_name#en': 'App', channel: 'app', application_type: 'native',
  redirect_uris: ['https://app.hrss.example/cb'], token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'], scope: 'openid profile',
};

/** So many of them, a few at a time. */
async function manyTimes(count, one) {
  for (let done = 0; done < count; done += 25)
    await Promise.all(Array.from({ length: Math.min(25, count - done) }, one));
}

const post = (browser, page, formId, fields) => {
  const { action, hidden } = formOf(page, formId);
  for (const [name, value] of Object.entries(fields)) hidden.set(name, value);
  const jar = browser.cookies.get(page.url.hostname);
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  return send(action, { method: 'POST', body: hidden, headers: { cookie } });
};

async function stands(world) {
  const answer = await fetch(`${world.issuer}/readyz`);
  assert.equal(answer.status, 200);
  assert.equal(world.server.exitCode, null);
}

/** At the form for name and card. */
async function atIdentity(world, browser, person) {
  let page = await browser.go(`${world.issuer}/register`);
  page = await browser.submit(page, 'register-phone-form', { phone: person.phone });
  page = await browser.submit(page, 'register-code-form', { code: await lastCode(world, person.phone) });
  return page;
}

const identity = (person, more) => ({
  name: person.name, identity_number: person.identity_number, bank_card: person.bank_card, bank_phone: person.phone, ...more,
});

test('what one sends ends at most her own request', async (t) => {
  const world = await startWorld({ partners: [partner, app], extraConfig });
  t.after(() => world.stop());
  const hers = new FreshBrowser();
  await registerAt(world, hers, people[0]);

  for (const [path, form] of [['/login', 'login-form'], ['/login/sms', 'login-sms-form'], ['/register', 'register-phone-form']]) {
    await t.test(`z1: a phone of 60,000 quotes at ${path}`, async () => {
      const browser = new FreshBrowser();
      const page = await browser.go(`${world.issuer}${path}`);
      const answer = await post(browser, page, form, { phone: '"'.repeat(60_000), password: 'x' });
      assert.ok([400, 413].includes(answer.status), `${answer.status}`);
      await stands(world);
    });
  }

  await t.test('z1: a name of 60,000 bytes, and z4: the notice agreed to 4,000 times', async () => {
    const browser = new FreshBrowser();
    let page = await atIdentity(world, browser, people[1]);
    const notice = page;
    await manyTimes(4000, () =>
      post(browser, notice, 'register-notice-form', { agree_registration: 'yes', agree_bank: 'yes' }));
    page = await browser.submit(notice, 'register-notice-form', { agree_registration: 'yes', agree_bank: 'yes' });
    const answer = await post(browser, page, 'register-identity-form', identity(people[1], { name: '李'.repeat(20_000) }));
    assert.ok([400, 413].includes(answer.status), `${answer.status}`);
    page = await browser.submit(page, 'register-identity-form', identity(people[1]));
    assert.ok(formOf(page, 'register-password-form'), 'she is registered all the same');
    await stands(world);
  });

  await t.test('z2: one consent form sent 4,000 times, then the next authorization request', async () => {
    const url = `${world.issuer}/oauth2/authorize?` + new URLSearchParams({
      client_id: partner.client_id, response_type: 'code', redirect_uri: redirectUri, scope: 'openid profile',
      state: 's', nonce: 'n', prompt: 'consent', code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update('x'.repeat(43)).digest('base64url'),
    });
    const page = await hers.go(url, { stopAt: redirectUri });
    await manyTimes(4000, () => post(hers, page, 'consent-form', { decision: 'allow' }));
    await stands(world);
    assert.ok(await code(world, hers));
    await world.stopServer();
    await world.startServer();
    assert.ok(await code(world, hers), 'and after a restart');
  });

  await t.test('z3: 3,000 codes of a public client in one session, then logout', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: app.client_id, response_type: 'code', redirect_uri: app.redirect_uris[0], scope: 'openid profile',
      state: 's', code_challenge_method: 'S256', code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    });
    let page = await hers.go(`${world.issuer}/oauth2/authorize?${query}`, { stopAt: 'https://app.hrss.example' });
    if (page.text) page = await hers.submit(page, 'consent-form', { decision: 'allow' }, { stopAt: 'https://app.hrss.example' });
    await manyTimes(3000, async () => {
      const { url } = await hers.go(`${world.issuer}/oauth2/authorize?${query}`, { stopAt: 'https://app.hrss.example' });
      await send(`${world.issuer}/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code', client_id: app.client_id, code: url.searchParams.get('code'),
          redirect_uri: app.redirect_uris[0], code_verifier: verifier,
        }),
      });
    });
    const { json } = await redeem(world, await code(world, hers));
    assert.equal((await refresh(world, json.refresh_token)).status, 200);
    page = await hers.go(`${world.issuer}/`);
    await hers.submit(page, 'logout-form', { decision: 'yes' });
    assert.equal(hers.isLoggedIn(world), false);
    assert.equal(await isActive(world, json.access_token), false);
    await stands(world);
  });

  await t.test('z5: 300 passwords at once for one number from one address, and a refresh meanwhile', async () => {
    await logIn(world, hers, people[0]);
    const { json } = await redeem(world, await code(world, hers));
    const browser = new FreshBrowser();
    const page = await browser.go(`${world.issuer}/login`);
    const { action, hidden } = formOf(page, 'login-form');
    hidden.set('phone', people[1].phone);
    hidden.set('password', 'wrong password');
    const cookie = [...browser.cookies.get(page.url.hostname)].map(([name, value]) => `${name}=${value}`).join('; ');
    const hashes = async () => Number(/^tongxing_password_hashes_total (\d+)/m.exec(
      await (await send(`http://127.0.0.1:${world.adminPort}/metrics`)).text())[1]);
    const before = await hashes();
    const storm = Array.from({ length: 300 }, () =>
      send(action, { method: 'POST', body: hidden, headers: { cookie, 'x-forwarded-for': '203.0.113.5' } }));
    assert.equal((await refresh(world, json.refresh_token)).status, 200);
    const told = (await Promise.all(storm)).map(({ status }) => status);
    assert.deepEqual([...new Set(told)].filter((status) => ![303, 429, 503].includes(status)), []);
    assert.ok(await hashes() - before <= 12, 'beyond the five tries, each sent once more, nobody is hashed for');
    await stands(world);
  });

  assert.ok(await logIn(world, new FreshBrowser(), people[0]), 'who has a password logs in after all of it');
});
