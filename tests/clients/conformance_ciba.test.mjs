// SPDX-License-Identifier: Apache-2.0
// The plan fapi-ciba-id1-test-plan of the OpenID conformance suite, as far as it needs no mutual TLS: one test a module, by
// its name. Partners sign their requests and prove themselves by a key; the suite's way to answer for the person is
// tests.approval_hook.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { people, startWorld } from '../kit/world.mjs';
import { settle } from '../kit/visit.mjs';

const grantType = 'urn:openid:params:grant-type:ciba';
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const pingToken = 'cnt-0123456789abcdef0123456789';

let world;
let metadata;
let first;
let second;
let pinged;
let receiver;

const seconds = (from = 0) => Math.floor(Date.now() / 1000) + from;

/** A partner with keys of its own. */
class Party {
  constructor(id) {
    this.id = id;
  }

  async register(more = {}) {
    this.keys = await generateKeyPair('ES256', { extractable: true });
    this.rsa = await generateKeyPair('RS256', { extractable: true });
    return {
      client_id: this.id,
      client_name: `热线 ${this.id}`,
      channel: 'telephone',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      id_token_signed_response_alg: 'ES256',
      grant_types: [grantType, 'refresh_token'],
      scope: 'openid profile phone',
      jwks: { keys: [{ ...(await exportJWK(this.keys.publicKey)), kid: 'k', alg: 'ES256' }] },
      backchannel_authentication_request_signing_alg: 'ES256',
      backchannel_token_delivery_mode: 'poll',
      backchannel_approval: 'page',
      ...more,
    };
  }

  sign(claims, { key = this.keys.privateKey, alg = 'ES256' } = {}) {
    return new SignJWT(claims).setProtectedHeader({ alg, kid: 'k' }).sign(key);
  }

  assertion(claims = {}, by) {
    const base = { iss: this.id, sub: this.id, aud: world.issuer, jti: randomUUID(), iat: seconds(), exp: seconds(60) };
    return this.sign({ ...base, ...claims }, by);
  }

  /** The claims of a request object; undefined leaves one out. */
  request(more = {}) {
    return {
      aud: world.issuer, iss: this.id, exp: seconds(300), iat: seconds(), nbf: seconds(), jti: randomUUID(),
      scope: 'openid profile', login_hint: people[0].phone, binding_message: '1234', ...more,
    };
  }

  async post(url, form, assertion) {
    const body = new URLSearchParams({
      client_assertion_type: assertionType, client_assertion: assertion ?? (await this.assertion()), ...form,
    });
    if (assertion === null) for (const name of ['client_assertion_type', 'client_assertion']) body.delete(name);
    const answer = await fetch(url, { method: 'POST', body });
    return { status: answer.status, ...(await answer.json()) };
  }

  async askSigned(claims, by) {
    const request = await this.sign(JSON.parse(JSON.stringify(claims)), by); // what is undefined is left out
    return this.post(metadata.backchannel_authentication_endpoint, { request });
  }

  async ask(more = {}) {
    const answer = await this.askSigned(this.request(more));
    assert.equal(answer.status, 200, JSON.stringify(answer));
    return answer;
  }

  poll(id, assertion) {
    return this.post(metadata.token_endpoint, { grant_type: grantType, auth_req_id: id }, assertion);
  }

  /** Ask, be approved, and have the tokens. */
  async tokens(more = {}) {
    const { auth_req_id: id } = await this.ask(more);
    await answerFor(id, 'allow');
    const tokens = await this.poll(id);
    assert.equal(tokens.status, 200, JSON.stringify(tokens));
    return tokens;
  }
}

async function answerFor(id, action) {
  const answer = await fetch(`${world.issuer}/tests/approve?auth_req_id=${encodeURIComponent(id)}&action=${action}`, { method: 'POST' });
  assert.equal(answer.status, 200);
}

/** A partner's notification endpoint that answers as told and keeps what came. */
async function receive() {
  const calls = [];
  const answer = { status: 204, headers: {}, body: '' };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push({ path: request.url, method: request.method, headers: request.headers, body });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { calls, answer, uri: `http://localhost:${server.address().port}/ping`, stop: () => server.close() };
}

before(async () => {
  receiver = await receive();
  first = new Party('first');
  second = new Party('second');
  pinged = new Party('pinged');
  const mode = { backchannel_token_delivery_mode: 'ping', backchannel_client_notification_endpoint: receiver.uri };
  world = await startWorld({
    partners: [await first.register(), await second.register(), await pinged.register(mode)],
    extraConfig: '[limits]\nprompts = 1000\n[tests]\napproval_hook = yes\n',
  });
  await settle(world);
  metadata = await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).json();
});
after(async () => {
  receiver?.stop();
  await world?.stop();
});

const refusedAs = (answer, error, status = 400) => {
  assert.equal(answer.error, error, JSON.stringify(answer));
  assert.equal(answer.status, status);
};
const module = (name, run) => test(`fapi-ciba-id1${name && `-${name}`}`, run);

module('discovery-end-point-verification', () => {
  assert.equal(metadata.backchannel_authentication_endpoint, `${world.issuer}/oauth2/bc-authorize`);
  assert.deepEqual(metadata.backchannel_token_delivery_modes_supported, ['poll', 'ping']);
  assert.ok(metadata.backchannel_authentication_request_signing_alg_values_supported.includes('ES256'));
  assert.equal(metadata.backchannel_user_code_parameter_supported, false);
  assert.ok(metadata.grant_types_supported.includes(grantType));
});

module('', async () => {
  for (const party of [first, second]) {
    const tokens = await party.tokens();
    const jwks = createLocalJWKSet(await (await fetch(metadata.jwks_uri)).json());
    const { payload } = await jwtVerify(tokens.id_token, jwks, { issuer: world.issuer, audience: party.id });
    assert.ok(payload.sub && payload.auth_time && payload.acr);
    const told = await fetch(metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.equal((await told.json()).sub, payload.sub);
  }
});

module('user-rejects-authentication', async () => {
  const { auth_req_id: id } = await first.ask();
  await answerFor(id, 'deny');
  refusedAs(await first.poll(id), 'access_denied');
});

module('multiple-call-to-token-endpoint', async () => {
  const { auth_req_id: id } = await first.ask();
  refusedAs(await first.poll(id), 'authorization_pending');
  refusedAs(await first.poll(id), 'slow_down');
  await answerFor(id, 'allow');
  assert.equal((await first.poll(id)).status, 200);
});

module('auth-req-id-expired', async () => {
  const { auth_req_id: id } = await first.ask({ requested_expiry: 1 });
  for (let answer = {}; answer.error !== 'expired_token';) {
    answer = await first.poll(id);
    assert.ok(['authorization_pending', 'slow_down', 'expired_token'].includes(answer.error), answer.error);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

module('ensure-authorization-request-with-binding-message-succeeds', async () => {
  assert.ok((await first.tokens({ binding_message: '1234' })).id_token);
});

module('ensure-authorization-request-with-potentially-bad-binding-message', async () => {
  const answer = await first.askSigned(first.request({ binding_message: '1234 \ud83d\udc4d\ud83c\udfff \u4f60\u597d' }));
  assert.ok(answer.status === 200 || answer.error === 'invalid_binding_message');
  refusedAs(await first.askSigned(first.request({ binding_message: 'x\u202ey' })), 'invalid_binding_message');
});

module('ensure-other-scope-order-succeeds', async () => {
  assert.ok((await first.tokens({ scope: 'profile openid' })).id_token);
});

module('ensure-requested-expiry-as-string-succeeds', async () => {
  assert.equal((await first.ask({ requested_expiry: '30' })).expires_in, 30);
});

module('refresh-token', async () => {
  const tokens = await first.tokens();
  const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
  refusedAs(await second.post(metadata.token_endpoint, form), 'invalid_grant');
  const next = await first.tokens();
  const renewed = await first.post(metadata.token_endpoint, { ...form, refresh_token: next.refresh_token });
  assert.equal(renewed.status, 200);
  assert.ok(renewed.access_token);
});

const bad = {
  'missing-aud': { aud: undefined },
  'bad-aud': { aud: 'https://other.example' },
  'missing-iss': { iss: undefined },
  'bad-iss': { iss: 'second' },
  'missing-exp': { exp: undefined },
  'expired-exp': { exp: seconds(-300) },
  'exp-is-70-minutes-in-future': { exp: seconds(4200) },
  'missing-iat': { iat: undefined },
  'missing-nbf': { nbf: undefined },
  'nbf-is-10-minutes-in-future': { nbf: seconds(600) },
  'nbf-is-70-minutes-in-past': { nbf: seconds(-4200) },
  'missing-jti': { jti: undefined },
};
for (const [name, claims] of Object.entries(bad)) {
  module(`ensure-request-object-${name}`, async () => {
    refusedAs(await first.askSigned(first.request(claims)), 'invalid_request');
  });
}

module('ensure-request-object-signature-algorithm-is-none', async () => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const request = `${part({ alg: 'none' })}.${part(first.request())}.`;
  refusedAs(await first.post(metadata.backchannel_authentication_endpoint, { request }), 'invalid_request');
});

module('ensure-request-object-signature-algorithm-is-bad', async () => {
  const request = (await first.sign(first.request())).replace(/\.[^.]*$/, (end) => `.${end.slice(1).split('').reverse().join('')}`);
  refusedAs(await first.post(metadata.backchannel_authentication_endpoint, { request }), 'invalid_request');
});

module('ensure-request-object-signature-algorithm-is-RS256', async () => {
  refusedAs(await first.askSigned(first.request(), { key: first.rsa.privateKey, alg: 'RS256' }), 'invalid_request');
});

module('ensure-request-object-signed-by-other-client', async () => {
  refusedAs(await first.askSigned(first.request(), { key: second.keys.privateKey }), 'invalid_request');
});

module('ensure-unsigned-backchannel-authorization-request-fails', async () => {
  const form = { scope: 'openid', login_hint: people[0].phone };
  refusedAs(await first.post(metadata.backchannel_authentication_endpoint, form), 'invalid_request');
});

module('ensure-authorization-request-with-multiple-hints-fails', async () => {
  const { id_token: hint } = await first.tokens();
  refusedAs(await first.askSigned(first.request({ id_token_hint: hint })), 'invalid_request');
  assert.ok((await first.tokens({ login_hint: undefined, id_token_hint: hint })).id_token);
});

module('ensure-wrong-auth-req-id-in-token-endpoint-request', async () => {
  refusedAs(await first.poll('1c266114-a1be-4252-8ad1-04986c5b9ac1'), 'invalid_grant');
  const { auth_req_id: id } = await first.ask();
  refusedAs(await second.poll(id), 'invalid_grant');
});

module('ensure-client-assertion-in-backchannel-authorization-request', async () => {
  const request = await first.sign(first.request());
  refusedAs(await first.post(metadata.backchannel_authentication_endpoint, { request }, null), 'invalid_client', 401);
});

module('ensure-client-assertion-in-token-endpoint', async () => {
  const { auth_req_id: id } = await first.ask();
  refusedAs(await first.poll(id, null), 'invalid_client', 401);
});

module('ensure-client-assertion-signature-algorithm-in-backchannel-authorization-request-is-RS256', async () => {
  const by = { key: first.rsa.privateKey, alg: 'RS256' };
  const request = await first.sign(first.request());
  const answer = await first.post(metadata.backchannel_authentication_endpoint, { request }, await first.assertion({}, by));
  refusedAs(answer, 'invalid_client', 401);
});

module('ensure-client-assertion-signature-algorithm-in-token-endpoint-request-is-RS256', async () => {
  const by = { key: first.rsa.privateKey, alg: 'RS256' };
  const { auth_req_id: id } = await first.ask();
  refusedAs(await first.poll(id, await first.assertion({}, by)), 'invalid_client', 401);
});

module('ensure-backchannel-authorization-request-accepts-issuer-as-aud', async () => {
  const request = await first.sign(first.request());
  const answer = await first.post(metadata.backchannel_authentication_endpoint, { request }, await first.assertion({ aud: world.issuer }));
  assert.equal(answer.status, 200);
});

/** Ask by ping and be approved; the call that came, if one was to come before the tokens are fetched. */
async function ping(answer) {
  Object.assign(receiver.answer, { status: 204, headers: {}, body: '' }, answer);
  receiver.calls.length = 0;
  const { auth_req_id: id } = await pinged.ask({ client_notification_token: pingToken });
  assert.equal(receiver.calls.length, 0);
  await answerFor(id, 'allow');
  while (receiver.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const [call] = receiver.calls;
  assert.equal(call.method, 'POST');
  assert.equal(call.headers.authorization, `Bearer ${pingToken}`);
  assert.deepEqual(JSON.parse(call.body), { auth_req_id: id });
  const tokens = await pinged.poll(id);
  assert.equal(tokens.status, 200, JSON.stringify(tokens));
}

/** Nothing more comes, though a later ping does. */
async function assertOnce() {
  const calls = receiver.calls.length;
  await ping({ status: 204 });
  assert.equal(calls, 1);
  assert.equal(receiver.calls.length, 1);
}

module('ping-notification-endpoint-returns-a-body', () => ping({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' }));
module('ping-notification-endpoint-401', () => ping({ status: 401 }));
module('ping-notification-endpoint-403', () => ping({ status: 403 }));
module('ping-notification-endpoint-401-does-not-retry', async () => {
  await ping({ status: 401 });
  await assertOnce();
});
module('ping-notification-endpoint-301-is-not-followed', async () => {
  await ping({ status: 301, headers: { location: `${receiver.uri}/elsewhere` } });
  await assertOnce();
  assert.ok(receiver.calls.every((call) => call.path === '/ping'));
});
