// SPDX-License-Identifier: Apache-2.0
// One-time things, wanted by 64 callers at once at two nodes over one PostgreSQL: exactly one of them has it (INV-02).
import test from 'node:test';
import assert from 'node:assert/strict';
import { confirm, devicePartner, grant } from '../kit/device.mjs';
import { visit } from '../kit/visit.mjs';
import { people } from '../kit/world.mjs';
import { FreshBrowser, challenge, code, extraConfig, partner, redirectUri, registerAt, send, verifier } from './kit.mjs';
import { noRace, race, rounds, tell, twoNodes } from './race.mjs';

const authorization = `Basic ${Buffer.from(`${partner.client_id}:${partner.client_secret}`).toString('base64')}`;

test('an authorization code is redeemed by one of 64 callers at two nodes', { skip: noRace }, async (t) => {
  const world = await twoNodes(t, { partners: [partner] });
  const browser = new FreshBrowser();
  await registerAt(world, browser, people[0]);
  const result = await race(world, {
    prepare: () => code(world, browser),
    call: (post, value) => post('/oauth2/token', {
      headers: { authorization },
      body: new URLSearchParams({
        grant_type: 'authorization_code', code: value, redirect_uri: redirectUri, code_verifier: verifier,
      }),
    }),
  });
  tell(t, 'authorization code', result);
  assert.deepEqual(result.winners, { 1: rounds });
});

test('XD-05: a device code is redeemed by one of 64 callers at two nodes', { skip: noRace }, async (t) => {
  const world = await twoNodes(t, {
    partners: [devicePartner('television')],
    extraConfig: `${extraConfig}[limits]\ndevices_partner = ${rounds + 1}\n`,
  });
  const browser = new FreshBrowser();
  await registerAt(world, browser, people[0]);
  const result = await race(world, {
    prepare: async () => {
      const answer = await send(`${world.issuer}/oauth2/device_authorization`,
        { method: 'POST', body: new URLSearchParams({ client_id: 'television', scope: 'openid' }) });
      const device = await answer.json();
      await confirm(browser, device);
      return device.device_code;
    },
    call: (post, value) => post('/oauth2/token', {
      body: new URLSearchParams({ grant_type: grant, client_id: 'television', device_code: value }),
    }),
  });
  tell(t, 'device code', result);
  assert.deepEqual(result.winners, { 1: rounds });
});

test('what was approved by CIBA is redeemed by one of 64 callers at two nodes', { skip: noRace }, async (t) => {
  const hotline = {
    client_id: 'hotline', client_name: '12333', channel: 'telephone', client_secret: partner.client_secret, scope: 'openid',
    grant_types: ['urn:openid:params:grant-type:ciba'], backchannel_approval: 'page',
  };
  const headers = { authorization: `Basic ${Buffer.from(`hotline:${partner.client_secret}`).toString('base64')}` };
  const world = await twoNodes(t, {
    partners: [hotline], extraConfig: `${extraConfig}[limits]\nprompts = 1000\n[tests]\napproval_hook = yes\n`,
  });
  await registerAt(world, new FreshBrowser(), people[0]);
  const result = await race(world, {
    prepare: async () => {
      const asked = await (await send(`${world.issuer}/oauth2/bc-authorize`,
        { method: 'POST', headers, body: new URLSearchParams({ scope: 'openid', login_hint: people[0].phone }) })).json();
      await send(`${world.issuer}/tests/approve?action=allow&auth_req_id=${asked.auth_req_id}`, { method: 'POST' });
      return asked.auth_req_id;
    },
    call: (post, value) => post('/oauth2/token', {
      headers, body: new URLSearchParams({ grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: value }),
    }),
  });
  tell(t, 'CIBA request', result);
  assert.deepEqual(result.winners, { 1: rounds });
});

/** The app of whoever is logged in in the browser: its headers, and a POST of JSON with them. */
async function appOf(world, browser, app) {
  const url = new URL('/oauth2/authorize', world.issuer);
  url.search = new URLSearchParams({
    client_id: app.client_id, redirect_uri: redirectUri, response_type: 'code', scope: app.scope, state: 's',
    code_challenge: challenge, code_challenge_method: 'S256',
  });
  const { url: back } = await visit(browser, url.href, { stopAt: redirectUri });
  const answer = await send(`${world.issuer}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({
      grant_type: 'authorization_code', client_id: app.client_id, code: back.searchParams.get('code'), redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
  const headers = { authorization: `Bearer ${(await answer.json()).access_token}`, 'content-type': 'application/json' };
  const tell = async (path, body) =>
    (await send(`${world.issuer}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  return { headers, tell };
}

test('XD-14: a code for logging in is confirmed by one of 64 callers at two nodes', { skip: noRace }, async (t) => {
  const phone = {
    client_id: 'phone', client_name: '手机应用', channel: 'app', application_type: 'native', token_endpoint_auth_method: 'none',
    redirect_uris: [redirectUri], scope: 'openid qr_login',
  };
  const world = await twoNodes(t, { partners: [phone] });
  const hers = new FreshBrowser();
  await registerAt(world, hers, people[0]);
  let app;
  const result = await race(world, {
    prepare: async (round) => {
      if (round % 50 === 0) app = await appOf(world, hers, phone);
      const screen = await new FreshBrowser().go(`${world.issuer}/login/qr`);
      const [, shown] = screen.text.match(/name="code" value="([^"]+)"/);
      return (await app.tell('/qr/scan', { code: `${world.issuer}/q/${shown}` })).confirmation;
    },
    call: async (post, confirmation) => {
      const { status } = await post('/qr/confirm', { headers: app.headers, body: JSON.stringify({ confirmation }) });
      return status === 204 ? 'won' : `${status}`;
    },
  });
  tell(t, 'QR login', result);
  assert.deepEqual(result.winners, { 1: rounds });
});
