// SPDX-License-Identifier: Apache-2.0
// A kiosk that is not ours: jose makes its key, its assertions, its DPoP proofs and what its reader said.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import * as jose from 'jose';
import { receiveLogouts } from '../kit/backchannel.mjs';
import { settle } from '../kit/visit.mjs';
import { people, startWorld } from '../kit/world.mjs';

const grant = 'urn:hrss:params:oauth:grant-type:card-pin';
const pin = '123456';
const reading = `330500|${people[0].identity_number}|X00000019|33050000000000000000000000000019|${people[0].name}|3B6D|3.00|`
  + '20200101|20300101|330500000001|K1|';

let world;
let logouts;

before(async () => {
  logouts = await receiveLogouts();
  world = await startWorld({
    cards: true,
    partners: [{
      client_id: 'kiosks', client_name: '自助终端', channel: 'terminal', token_endpoint_auth_method: 'private_key_jwt',
      grant_types: [grant, 'refresh_token'], consent: 'implied', scope: 'openid profile realname',
      backchannel_logout_uri: logouts.uri,
    }],
  });
});
after(async () => {
  logouts?.stop();
  await world?.stop();
});

/** A terminal that an operator has announced, with a key of its own. */
async function announce(alg = 'ES256') {
  const said = await world.command('terminal', 'add', '--partner', 'kiosks', '--place', '一楼大厅', '--agency', '市人社局');
  const [, id, code] = /code of (t_\d{10}) \(told this once\): ([\d-]+)/.exec(said);
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  return { id, code, alg, jwk: await jose.exportJWK(publicKey), privateKey };
}

const sign = (kiosk, claims, header = {}) => new jose.SignJWT({ jti: randomUUID(), ...claims })
  .setProtectedHeader({ alg: kiosk.alg, kid: kiosk.id, ...header }).setIssuedAt().sign(kiosk.privateKey);

const proof = (kiosk, path, htm = 'POST', more = {}) => new jose.SignJWT({ jti: randomUUID(), htm, htu: `${world.issuer}${path}`, ...more })
  .setProtectedHeader({ alg: kiosk.alg, typ: 'dpop+jwt', jwk: kiosk.jwk }).setIssuedAt().sign(kiosk.privateKey);

const post = async (path, form, headers) => {
  const answer = await fetch(`${world.issuer}${path}`, { method: 'POST', headers, body: new URLSearchParams(form) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
};

const enrol = async (kiosk, code = kiosk.code) => post('/terminal/enrol', { code, jwk: JSON.stringify(kiosk.jwk) },
  { DPoP: await proof(kiosk, '/terminal/enrol') });

async function ask(kiosk, path, form) {
  const client_assertion = await sign(kiosk, { iss: 'kiosks', sub: 'kiosks', aud: world.issuer, exp: Math.floor(Date.now() / 1000) + 60 });
  return post(path, { ...form, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion },
    { DPoP: await proof(kiosk, path) });
}

const card = async (kiosk, typed) => ask(kiosk, '/oauth2/token', {
  grant_type: grant, scope: 'openid profile realname', pin: typed,
  card_reading: await sign(kiosk, { iss: 'kiosks', sub: kiosk.id, aud: world.issuer, reading, exp: Math.floor(Date.now() / 1000) + 60 },
    { typ: 'card-reading+jwt' }),
});

async function userinfo(kiosk, token) {
  const ath = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))).toString('base64url');
  return fetch(`${world.issuer}/oidc/userinfo`, {
    headers: { authorization: `DPoP ${token}`, DPoP: await proof(kiosk, '/oidc/userinfo', 'GET', { ath }) },
  });
}

async function ready(alg) {
  const kiosk = await announce(alg);
  const answer = await enrol(kiosk);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, { terminal_id: kiosk.id, client_id: 'kiosks', issuer: world.issuer, place: '一楼大厅', agency: '市人社局' });
  return kiosk;
}

describe('a kiosk', () => {
  test('tells her where to register when card and PIN are right and she has no account', async () => {
    const answer = await card(await ready('ES256'), pin);
    assert.equal(answer.status, 400);
    assert.equal(answer.body.error, 'card_not_registered');
    assert.match(answer.body.error_description, /register/);
  });

  for (const alg of ['ES256', 'Ed25519']) {
    test(`logs a person in by card and PIN, goes on, and ends it, with a key for ${alg}`, async () => {
      const kiosk = await ready(alg);
      if (alg === 'ES256') await settle(world);
      const { status, body, headers } = await card(kiosk, pin);
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('set-cookie'), null);
      assert.equal(body.token_type, 'DPoP');
      assert.ok(body.expires_in <= 120);
      const keys = jose.createRemoteJWKSet(new URL(`${world.issuer}/oauth2/jwks`));
      const { payload } = await jose.jwtVerify(body.id_token, keys, { issuer: world.issuer, audience: 'kiosks' });
      assert.equal(payload.acr, 'urn:hrss:acr:l3');
      assert.deepEqual(payload.amr, ['sc', 'pin']);
      const access = await jose.jwtVerify(body.access_token, keys, { issuer: world.issuer, typ: 'at+jwt' });
      assert.equal(access.payload.cnf.jkt, await jose.calculateJwkThumbprint(kiosk.jwk));
      assert.equal((await (await userinfo(kiosk, body.access_token)).json()).name, people[0].name);

      const next = await ask(kiosk, '/oauth2/token', { grant_type: 'refresh_token', refresh_token: body.refresh_token });
      assert.equal(next.status, 200);
      assert.equal((await ask(kiosk, '/terminal/session/end', {})).status, 200);
      assert.equal((await userinfo(kiosk, next.body.access_token)).status, 401);
      const told = await logouts.next();
      assert.equal(jose.decodeJwt(told.form.get('logout_token')).sub, payload.sub);
      const over = await ask(kiosk, '/oauth2/token', { grant_type: 'refresh_token', refresh_token: next.body.refresh_token });
      assert.equal(over.body.error, 'invalid_grant');
    });
  }

  test('a wrong PIN says so, and neither PIN nor card number is in the log', async () => {
    const answer = await card(await ready('ES256'), '987654');
    assert.equal(answer.status, 400);
    assert.equal(answer.body.error, 'card_pin_wrong');
    for (const secret of [pin, '987654', 'X00000019', people[0].identity_number])
      assert.equal(world.serverLog().includes(secret), false, secret);
  });

  test('CH-09: another key, an old code, and a terminal that is retired are refused', async () => {
    const kiosk = await ready('ES256');
    const thief = { ...await announce(), id: kiosk.id };
    assert.equal((await card(thief, pin)).body.error, 'invalid_client');
    assert.equal((await enrol(kiosk)).body.error, 'invalid_grant');
    const said = await world.command('terminal', 'retire', kiosk.id);
    assert.match(said, /is retired/);
    const refused = await card(kiosk, pin);
    assert.equal(refused.status, 401);
    assert.equal(refused.body.error, 'invalid_client');
  });
});

test('discovery names the grant type', async () => {
  const metadata = await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).json();
  assert.ok(metadata.grant_types_supported.includes(grant));
});
