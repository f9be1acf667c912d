// SPDX-License-Identifier: Apache-2.0
// jose as the judge of every token that leaves the house, for every algorithm, and across a change of keys.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { receiveLogouts } from '../kit/backchannel.mjs';
import { checkJwks, RelyingParty } from '../kit/relying_party.mjs';
import { startWorld } from '../kit/world.mjs';
import { goodbyeOf, partner, settle, visit } from '../kit/visit.mjs';

const secret = 'between this partner and the server';
const algorithms = ['ES256', 'RS256', 'EdDSA'];
const idOf = (alg) => `partner-${alg.toLowerCase()}`;

let world;
const receivers = new Map();

before(async () => {
  for (const alg of algorithms) receivers.set(alg, await receiveLogouts());
  world = await startWorld({
    partners: algorithms.map((alg) => partner(idOf(alg), {
      client_secret: secret,
      require_pkce: false,
      id_token_signed_response_alg: alg,
      access_token_signed_response_alg: alg,
      backchannel_logout_uri: receivers.get(alg).uri,
    })),
    extraConfig: '[keys]\nannounce_s = 60\n',
  });
  await settle(world);
});
after(async () => {
  for (const receiver of receivers.values()) receiver.stop();
  await world?.stop();
});

const partyFor = (alg) => new RelyingParty(world, { id: idOf(alg), secret, alg }).discover();

/** The payload, after signature, issuer, audience, times and type held, with exactly the claims named. */
async function verify(token, jwks, { alg, typ, audience, claims }) {
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks),
    { algorithms: [alg], typ, issuer: world.issuer, audience });
  assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
  assert.deepEqual(Object.keys(payload).sort(), [...claims].sort());
  return payload;
}

for (const alg of algorithms) {
  test(`access, ID and logout token are signed with ${alg} and say no more than they must`, async () => {
    const rp = await partyFor(alg);
    const login = await rp.login();
    const access = await verify(login.tokens.access_token, rp.jwks, {
      alg,
      typ: 'at+jwt',
      audience: world.issuer,
      claims: ['iss', 'iat', 'exp', 'aud', 'sub', 'client_id', 'jti', 'scope', 'gid', 'sid', 'acr', 'auth_time'],
    });
    const id = await verify(login.tokens.id_token, rp.jwks, {
      alg,
      typ: 'JWT',
      audience: rp.id,
      claims: ['iss', 'iat', 'exp', 'aud', 'sub', 'sid', 'gid', 'auth_time', 'nonce', 'acr', 'amr',
        ...(alg === 'EdDSA' ? [] : ['at_hash'])],
    });
    await visit(login.browser, `${rp.metadata.end_session_endpoint}?${new URLSearchParams(
      { id_token_hint: login.tokens.id_token, post_logout_redirect_uri: goodbyeOf(rp.id) })}`);
    const { form } = await receivers.get(alg).next();
    const logout = await verify(form.get('logout_token'), rp.jwks, {
      alg, typ: 'logout+jwt', audience: rp.id, claims: ['iss', 'iat', 'exp', 'aud', 'jti', 'sub', 'sid', 'events'],
    });
    assert.equal(access.client_id, rp.id);
    assert.equal(access.sub, id.sub);
    assert.deepEqual([logout.sub, logout.sid], [id.sub, id.sid]);
  });
}

test('two partners know the same person under names that do not meet', async () => {
  const subjects = new Set();
  for (const alg of algorithms) subjects.add((await (await partyFor(alg)).login()).claims.sub);
  assert.equal(subjects.size, algorithms.length);
});

const signerOf = (token) => decodeProtectedHeader(token).kid;

async function verifies(token, jwks) {
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), { issuer: world.issuer });
  assert.deepEqual(payload, decodeJwt(token));
}

test('a new key is shown before it signs, and what the old one signed still verifies', async () => {
  const before = await partyFor('ES256');
  const old = await before.login();
  await world.stopServer();
  await world.command('key', 'rotate', 'ES256'); // with SQLite, one process at a time
  await world.startServer();
  const announced = await partyFor('ES256');
  const fresh = announced.jwks.keys.filter(({ kid }) => !before.jwks.keys.some((key) => key.kid === kid));
  assert.equal(fresh.length, 1);
  assert.equal(announced.jwks.keys.length, before.jwks.keys.length + 1);
  assert.equal(signerOf((await announced.login()).tokens.id_token), signerOf(old.tokens.id_token));

  const changed = await signsWith(announced, old.browser, fresh[0].kid);
  checkJwks(changed.jwks);
  await verifies(old.tokens.id_token, changed.jwks);
  await verifies(old.tokens.access_token, changed.jwks);
  await changed.userinfo(old);
  const silent = await changed.login({ prompt: 'none', id_token_hint: old.tokens.id_token }, { browser: old.browser });
  assert.equal(signerOf(silent.tokens.id_token), fresh[0].kid);
  assert.equal(silent.claims.sub, old.claims.sub);
});

/**
 * The shortest announcement there is takes a minute; then logins come out signed by the new key. Not too many of them: a
 * partner's 33rd grant in a session ends its first.
 */
async function signsWith(rp, browser, kid) {
  for (let tries = 0; tries < 30; tries++) {
    const { tokens } = await rp.login({}, { browser });
    if (signerOf(tokens.id_token) === kid) return rp.discover();
    await pause(3000);
  }
  throw new Error('the announced key never signed');
}
