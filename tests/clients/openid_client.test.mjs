// SPDX-License-Identifier: Apache-2.0
// openid-client, a certified library, as a partner: every way to authenticate, every algorithm of ID tokens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { people, startWorld } from '../kit/world.mjs';
import { callbackOf, goodbyeOf, partner, settle, site, visit } from '../kit/visit.mjs';

const secret = 'a secret that only tests know: é+%&';

/** Of the ways to authenticate: what is registered, and what the library is given. */
async function byKey(id, alg) {
  const keys = await generateKeyPair(alg, { extractable: true });
  return {
    id,
    registered: {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: alg,
      jwks: { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'first', alg }] },
    },
    // The library writes Ed25519 (RFC 9864) for what is registered as EdDSA.
    used: client.PrivateKeyJwt({ key: keys.privateKey, kid: 'first' }),
  };
}

const bySecret = (id, method, used) => ({
  id, registered: { token_endpoint_auth_method: method, client_secret: secret }, used: used(secret),
});

const ways = [
  bySecret('basic', 'client_secret_basic', client.ClientSecretBasic),
  bySecret('post', 'client_secret_post', client.ClientSecretPost),
  bySecret('secret-jwt', 'client_secret_jwt', client.ClientSecretJwt),
  await byKey('key-es256', 'ES256'),
  await byKey('key-rs256', 'RS256'),
  await byKey('key-eddsa', 'EdDSA'),
  { id: 'public', registered: { token_endpoint_auth_method: 'none' }, used: client.None() },
];
const algorithms = ['ES256', 'RS256', 'EdDSA'].map((alg) => ({
  ...bySecret(`signed-${alg.toLowerCase()}`, 'client_secret_basic', client.ClientSecretBasic), alg,
}));

let world;
let browser;

before(async () => {
  world = await startWorld({
    partners: [...ways, ...algorithms].map(({ id, registered, alg = 'ES256' }) =>
      partner(id, { ...registered, id_token_signed_response_alg: alg })),
  });
  browser = await settle(world);
});
after(() => world?.stop());

async function discover({ id, used, alg = 'ES256' }) {
  const config = await client.discovery(new URL(world.issuer), id, { id_token_signed_response_alg: alg }, used,
    { execute: [client.allowInsecureRequests] });
  client.enableNonRepudiationChecks(config); // the library checks signatures only when told to
  return config;
}

async function logIn(config) {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callbackOf(config.clientMetadata().client_id),
    scope: 'openid profile phone offline_access',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const arrival = await visit(browser, url.href);
  return client.authorizationCodeGrant(config, arrival.url, checks);
}

async function logInAndAsk(way) {
  const config = await discover(way);
  const tokens = await logIn(config);
  const { sub } = tokens.claims();
  const told = await client.fetchUserInfo(config, tokens.access_token, sub);
  assert.equal(told.name, people[0].name);
  assert.equal(told.phone_number, `+86${people[0].phone}`);
  return { config, tokens, sub };
}

async function refresh({ config, tokens, sub }) {
  const next = await client.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(next.refresh_token, tokens.refresh_token);
  assert.equal(next.claims().sub, sub);
  await client.fetchUserInfo(config, next.access_token, sub);
  return next;
}

async function revoke(config, tokens, sub) {
  await client.tokenRevocation(config, tokens.refresh_token);
  await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
  await assert.rejects(client.fetchUserInfo(config, tokens.access_token, sub));
}

for (const way of ways) {
  test(`${way.id}: code, userinfo, refresh and revocation`, async () => {
    const login = await logInAndAsk(way);
    await revoke(login.config, await refresh(login), login.sub);
  });
}

for (const way of algorithms) {
  test(`an ID token registered for ${way.alg} is signed so`, async () => {
    const { tokens } = await logInAndAsk(way);
    const header = JSON.parse(Buffer.from(tokens.id_token.split('.')[0], 'base64url'));
    assert.equal(header.alg, way.alg);
  });
}

for (const way of ways.filter(({ id }) => id !== 'public')) {
  test(`${way.id}: introspection knows a token until it is revoked`, async () => {
    const config = await discover(way);
    const tokens = await logIn(config);
    const live = await client.tokenIntrospection(config, tokens.access_token);
    assert.equal(live.active, true);
    assert.equal(live.client_id, way.id);
    assert.equal(live.sub, tokens.claims().sub);
    await client.tokenRevocation(config, tokens.access_token);
    const dead = await client.tokenIntrospection(config, tokens.access_token);
    assert.deepEqual(dead, { active: false });
  });
}

test('a wrong secret is refused', async () => {
  const config = await discover({ id: 'basic', used: client.ClientSecretBasic('wrong') });
  await assert.rejects(client.refreshTokenGrant(config, 'anything'), { status: 401 });
});

test('a key that is not registered is refused', async () => {
  const stranger = await byKey('key-es256', 'ES256');
  const config = await discover(stranger);
  await assert.rejects(client.refreshTokenGrant(config, 'anything'), { error: 'invalid_client', status: 401 });
});

test('a public partner may not introspect', async () => {
  const config = await discover(ways.find(({ id }) => id === 'public'));
  const tokens = await logIn(config);
  assert.ok(!config.serverMetadata().introspection_endpoint_auth_methods_supported.includes('none'));
  await assert.rejects(client.tokenIntrospection(config, tokens.access_token), { status: 401 });
});

test('a wrong verifier gets nothing', async () => {
  const config = await discover(ways[0]);
  const verifier = client.randomPKCECodeVerifier();
  const arrival = await visit(browser, client.buildAuthorizationUrl(config, {
    redirect_uri: callbackOf(config.clientMetadata().client_id),
    scope: 'openid',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).href);
  await assert.rejects(
    client.authorizationCodeGrant(config, arrival.url, { pkceCodeVerifier: client.randomPKCECodeVerifier() }),
    { error: 'invalid_grant' });
});

test('the end session URL logs out and comes back with its state', async () => {
  const config = await discover(ways[0]);
  const tokens = await logIn(config);
  const url = client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token, post_logout_redirect_uri: goodbyeOf('basic'), state: 'bye & bye',
  });
  const arrival = await browser.go(url.href, { stopAt: site });
  assert.equal(arrival.url.href.split('?')[0], goodbyeOf('basic'));
  assert.equal(arrival.url.searchParams.get('state'), 'bye & bye');
  const { asked } = await visit(browser, client.buildAuthorizationUrl(config, {
    redirect_uri: callbackOf('basic'),
    scope: 'openid',
    code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  }).href);
  assert.deepEqual(asked, ['login-form']);
});
