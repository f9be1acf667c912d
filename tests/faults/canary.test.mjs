// SPDX-License-Identifier: Apache-2.0
// HT-13: what nobody may read in a log, an audit record or a metric is not there after all flows, with the log at its
// most talkative.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import assert from 'node:assert/strict';
import { lastCode, password, people, startWorld } from '../kit/world.mjs';
import {
  FreshBrowser, call, code, extraConfig, logIn, partner, redeem, refresh, registerAt, revoke, send,
} from './kit.mjs';

const [person] = people;

/** Every flow once, with its refusals; returns what must stay secret. */
async function allFlows(world) {
  const canaries = { password, identity: person.identity_number, card: person.bank_card, phone: person.phone, name: person.name };
  const browser = new FreshBrowser();
  await registerAt(world, browser, person);
  canaries.smsCode = await lastCode(world, person.phone);
  canaries.session = browser.cookies.get('localhost').get('tongxing-session');
  canaries.clientSecret = partner.client_secret;
  canaries.code = await code(world, browser);
  const first = (await redeem(world, canaries.code)).json;
  const second = (await refresh(world, first.refresh_token)).json;
  Object.assign(canaries, {
    access: first.access_token, refresh: first.refresh_token, idToken: first.id_token,
    access2: second.access_token, refresh2: second.refresh_token,
  });
  await redeem(world, canaries.code); // a replay
  await send(`${world.issuer}/oidc/userinfo`, { headers: { authorization: `Bearer ${second.access_token}` } });
  await call(world, '/oauth2/introspect', { token: second.access_token });
  await revoke(world, second.refresh_token);
  await refresh(world, first.refresh_token);
  await logIn(world, new FreshBrowser(), person);
  const page = await browser.go(`${world.issuer}/login`);
  canaries.wrongPassword = 'canary-of-a-wrong-password';
  await browser.submit(page, 'login-form', { phone: person.phone, password: canaries.wrongPassword });
  canaries.wrongSecret = 'canary-of-a-wrong-client-secret';
  await send(`${world.issuer}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: canaries.refresh2,
      client_id: partner.client_id, client_secret: canaries.wrongSecret }),
  });
  return canaries;
}

/** The canaries found in a text, by name; as they are, and as a browser or a form would spell them. */
function found(canaries, text) {
  return Object.entries(canaries)
    .filter(([, value]) => text.includes(value) || text.includes(encodeURIComponent(value)))
    .map(([name]) => name);
}

test('no secret and no personal data in the log, the audit trail, the metrics, the live page and the store', async (t) => {
  const world = await startWorld({ partners: [partner], extraConfig: `${extraConfig}[log]\nlevel = debug\naccess = yes\n` });
  t.after(() => world.stop());
  const canaries = await allFlows(world);
  // A six-digit code may be part of any number by chance: it is looked for as a word of its own.
  const { smsCode, ...words } = canaries;
  const metrics = await (await send(`http://127.0.0.1:${world.adminPort}/metrics`)).text();
  const live = await (await send(`http://127.0.0.1:${world.adminPort}/live`)).text();
  const log = world.serverLog();
  await world.stopServer();
  const files = await Promise.all(['store.db', 'store.db-wal'].map((name) => readFile(join(world.dir, name)).catch(() => Buffer.alloc(0))));
  const store = Buffer.concat(files).toString('latin1');

  assert.ok(log.split('\n').length > 20, 'the access log was on');
  assert.deepEqual(found(words, log), [], 'log');
  assert.doesNotMatch(log, new RegExp(`"${smsCode}"`), 'log');
  assert.deepEqual(found(words, metrics), [], 'metrics');
  assert.deepEqual(found(words, live), [], 'the live page');
  // The audit trail is in the store with all else (BK-23); names are searched as the bytes they are written in.
  words.name = Buffer.from(person.name).toString('latin1');
  words.password = Buffer.from(password).toString('latin1');
  assert.deepEqual(found(words, store), [], 'store');
});
