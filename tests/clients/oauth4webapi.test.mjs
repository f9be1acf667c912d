// SPDX-License-Identifier: Apache-2.0
// oauth4webapi, the strictest reader of answers there is: every message of a partner's life passes through its checks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { Browser, people, startWorld } from '../kit/world.mjs';
import { callbackOf, goodbyeOf, partner, settle, site, visit } from '../kit/visit.mjs';

const secret = 'between these tests and the server';
const plain = { [oauth.allowInsecureRequests]: true }; // http on this machine
const resource = 'https://records.example';
const client = { client_id: 'strict', id_token_signed_response_alg: 'ES256' };
const machine = { client_id: 'machine' };
const proof = oauth.ClientSecretBasic(secret);

let world;
let browser;
let server;

before(async () => {
  world = await startWorld({
    partners: [
      partner('strict', { client_secret: secret, audience: resource, response_modes: ['query', 'form_post'], id_token_signed_response_alg: 'ES256' }),
      partner('machine', { client_secret: secret, audience: resource, grant_types: ['client_credentials'] }),
    ],
  });
  browser = await settle(world);
  server = await discover();
});
after(() => world?.stop());

async function discover(algorithm = 'oidc') {
  const issuer = new URL(world.issuer);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...plain }));
}

/** An authorization request of the partner; `more` adds parameters. */
async function ask(more = {}) {
  const request = {
    verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(),
  };
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: callbackOf('strict'),
    response_type: 'code',
    scope: 'openid profile phone realname offline_access',
    state: request.state,
    nonce: request.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(request.verifier),
    code_challenge_method: 'S256',
    ...more,
  });
  return { ...request, url: url.href };
}

async function redeem(request, answer, checks = {}) {
  const response = await oauth.authorizationCodeGrantRequest(server, client, proof, answer, callbackOf('strict'),
    request.verifier, plain);
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response,
    { expectedNonce: request.nonce, requireIdToken: true, ...checks });
  await oauth.validateApplicationLevelSignature(server, response, plain);
  return tokens;
}

async function logIn(more, checks) {
  const request = await ask(more);
  const arrival = await visit(browser, request.url);
  return redeem(request, oauth.validateAuthResponse(server, client, arrival.url, request.state), checks);
}

const subjectOf = (tokens) => oauth.getValidatedIdTokenClaims(tokens).sub;

async function introspect(token) {
  const response = await oauth.introspectionRequest(server, client, proof, token, plain);
  return oauth.processIntrospectionResponse(server, client, response);
}

async function refresh(tokens) {
  const response = await oauth.refreshTokenGrantRequest(server, client, proof, tokens.refresh_token, plain);
  return oauth.processRefreshTokenResponse(server, client, response);
}

test('both discovery documents are accepted and agree', async () => {
  assert.equal(server.authorization_response_iss_parameter_supported, true);
  assert.deepEqual(await discover('oauth2'), server);
});

test('a login: answer with iss, tokens, ID token with a verified signature', async () => {
  const tokens = await logIn();
  assert.equal(tokens.token_type, 'bearer');
  assert.ok(tokens.expires_in > 0);
  assert.ok(subjectOf(tokens));
});

test('an answer with another iss is not ours', async () => {
  const request = await ask();
  const { url } = await visit(browser, request.url);
  url.searchParams.set('iss', 'https://other.example');
  assert.throws(() => oauth.validateAuthResponse(server, client, url, request.state));
});

test('max_age is answered with auth_time', async () => {
  const tokens = await logIn({ max_age: '1000' }, { maxAge: 1000 });
  assert.ok(Number.isInteger(oauth.getValidatedIdTokenClaims(tokens).auth_time));
});

test('an answer by form_post is one of ours too', async () => {
  const request = await ask({ response_mode: 'form_post' });
  const { hidden } = await visit(browser, request.url);
  assert.ok(await redeem(request, oauth.validateAuthResponse(server, client, hidden, request.state)));
});

test('errors of the authorization endpoint are read as such', async () => {
  const request = await ask({ prompt: 'none' });
  const { url } = await new Browser().go(request.url, { stopAt: site });
  assert.throws(() => oauth.validateAuthResponse(server, client, url, request.state), { error: 'login_required' });
});

test('errors of the token endpoint are read as such', async () => {
  const response = await oauth.refreshTokenGrantRequest(server, client, proof, 'rt_nothing', plain);
  await assert.rejects(oauth.processRefreshTokenResponse(server, client, response), { error: 'invalid_grant', status: 400 });
});

test('userinfo tells what the scopes release, of the right subject', async () => {
  const tokens = await logIn();
  const response = await oauth.userInfoRequest(server, client, tokens.access_token, plain);
  const told = await oauth.processUserInfoResponse(server, client, subjectOf(tokens), response);
  assert.equal(told.name, people[0].name);
  assert.equal(told.phone_number_verified, true);
  assert.equal(told.verified_claims.verification.trust_framework, 'cn_hrss');
});

test('a token that is none is answered with a challenge', async () => {
  const response = await oauth.userInfoRequest(server, client, 'nothing', plain);
  await assert.rejects(oauth.processUserInfoResponse(server, client, oauth.skipSubjectCheck, response), (error) => {
    assert.ok(error instanceof oauth.WWWAuthenticateChallengeError);
    assert.equal(error.cause[0].scheme, 'bearer');
    assert.equal(error.cause[0].parameters.error, 'invalid_token');
    return true;
  });
});

test('a refresh keeps the subject and brings tokens that work', async () => {
  const first = await logIn();
  const second = await refresh(first);
  assert.equal(oauth.getValidatedIdTokenClaims(second).sub, subjectOf(first));
  assert.equal((await introspect(second.access_token)).active, true);
  assert.equal((await introspect(second.refresh_token)).active, true);
  assert.equal((await introspect(first.refresh_token)).active, false);
});

test('introspection and revocation agree', async () => {
  const tokens = await logIn();
  const known = await introspect(tokens.access_token);
  assert.equal(known.active, true);
  assert.equal(known.iss, world.issuer);
  const response = await oauth.revocationRequest(server, client, proof, tokens.refresh_token, plain);
  await oauth.processRevocationResponse(response);
  assert.equal((await introspect(tokens.access_token)).active, false);
  await assert.rejects(refresh(tokens), { error: 'invalid_grant' });
});

/** A resource server's view of a token (RFC 9068). */
function accept(token, options = {}) {
  const request = new Request(`${resource}/`, { headers: { authorization: `Bearer ${token}` } });
  return oauth.validateJwtAccessToken(server, request, resource, { ...plain, ...options });
}

test('a person\'s access token is a JWT access token of RFC 9068', async () => {
  const tokens = await logIn();
  const claims = await accept(tokens.access_token);
  assert.equal(claims.client_id, 'strict');
  assert.equal(claims.sub, subjectOf(tokens));
  assert.match(claims.scope, /\bopenid\b/);
  await assert.rejects(accept(tokens.id_token));
});

test('a partner\'s own access token is one too', async () => {
  const response = await oauth.clientCredentialsGrantRequest(server, machine, proof, new URLSearchParams(), plain);
  const tokens = await oauth.processClientCredentialsResponse(server, machine, response);
  assert.equal(tokens.refresh_token, undefined);
  const claims = await accept(tokens.access_token);
  assert.equal(claims.sub, 'machine');
});

test('a logout with its ID token needs no question and returns', async () => {
  const tokens = await logIn();
  const url = new URL(server.end_session_endpoint);
  url.search = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: goodbyeOf('strict'), state: 's' });
  const arrival = await visit(browser, url.href);
  assert.deepEqual(arrival.asked, []);
  assert.equal(arrival.url.href, `${goodbyeOf('strict')}?state=s`);
  const { asked } = await visit(browser, (await ask()).url);
  assert.deepEqual(asked, ['login-form']);
});
