// SPDX-License-Identifier: Apache-2.0
// docs/openapi.yaml before a validator that is not ours, and before what the server really answers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { RelyingParty } from '../kit/relying_party.mjs';
import { startWorld } from '../kit/world.mjs';
import { callbackOf, goodbyeOf, partner, settle } from '../kit/visit.mjs';

const secret = 'between this partner and the server';
const reference = new URL('../../docs/openapi.yaml', import.meta.url).pathname;

let world, spec, rp, login;

before(async () => {
  world = await startWorld({
    partners: [
      partner('hall', { client_secret: secret, require_pkce: false, id_token_signed_response_alg: 'ES256',
        audience: 'https://api.example', response_modes: ['query', 'form_post'],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] }),
      partner('page', { token_endpoint_auth_method: 'none' }),
    ],
  });
  await settle(world);
  rp = await new RelyingParty(world, { id: 'hall', secret, alg: 'ES256' }).discover();
  login = await rp.login();
});
after(() => world?.stop());

test('the reference is OpenAPI 3.1 to a validator of others', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(reference);
  assert.deepEqual(errors ?? [], []);
  assert.equal(valid, true);
  assert.equal(validator.version, '3.1');
  ({ specification: spec } = validator);
});

const resolve = (node) => (node?.$ref ? node.$ref.slice(2).split('/').reduce((at, name) => at[name], spec) : node);

function matches(schema, value, where) {
  for (const name of schema.required ?? []) assert.ok(name in value, `${where}: ${name} is missing`);
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (!(name in value)) continue;
    const is = Array.isArray(value[name]) ? 'array' : Number.isInteger(value[name]) ? 'integer' : typeof value[name];
    if (member.type) assert.equal(is, member.type, `${where}: ${name}`);
    if (member.const) assert.equal(value[name], member.const, `${where}: ${name}`);
  }
}

/** Sends it; the answer must be one that the reference tells of, in status, media type, members and error. */
async function answers(method, path, status, { form, secretOf, bearer, headers = {}, query = '' } = {}) {
  const where = `${method} ${path} ${status}`;
  const answer = await fetch(`${world.issuer}${path}${query}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(secretOf && { authorization: `Basic ${btoa(`${secretOf}:${encodeURIComponent(secret)}`)}` }),
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
    body: form && new URLSearchParams(form),
  });
  assert.equal(answer.status, status, where);
  const operation = spec.paths[path][method.toLowerCase()];
  const told = resolve(operation?.responses[status] ?? spec.components.responses.Door);
  if (!operation?.responses[status]) assert.match(told.description, new RegExp(`- ${status} `), where);
  const type = answer.headers.get('content-type');
  const body = await answer.text();
  if (told.content) assert.deepEqual(Object.keys(told.content), [type], where);
  else if (operation?.responses[status]) assert.equal(body, '', where);
  for (const name of Object.keys(told.headers ?? {})) assert.ok(answer.headers.get(name), `${where}: ${name}`);
  if (type !== 'application/json' || body === '') return { answer, body };
  const value = JSON.parse(body);
  if (told.content) matches(resolve(told.content[type].schema), value, where);
  if (value.error) assert.ok(told.description.includes(`${value.error}: ${value.error_description}`), `${where}: ${body}`);
  return { answer, value };
}

const basic = { secretOf: 'hall' };

test('documents and keys are answered as the reference says', async () => {
  for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/oauth2/jwks']) {
    const { answer } = await answers('GET', path, 200);
    await answers('GET', path, 304, { headers: { 'if-none-match': answer.headers.get('etag') } });
    await answers('POST', path, 405, { form: { a: 'b' } });
  }
});

test('the token endpoint answers as the reference says', async () => {
  const path = '/oauth2/token';
  await answers('POST', path, 200, { ...basic, form: { grant_type: 'client_credentials' } });
  await answers('POST', path, 200, { ...basic, form: { grant_type: 'refresh_token', refresh_token: login.tokens.refresh_token } });
  const refused = [
    [401, {}], [401, { client_id: 'page', client_secret: 'x' }], [401, { client_id: 'nobody' }],
    [400, {}, basic], [400, { grant_type: 'password' }, basic], [400, { grant_type: 'authorization_code' }, basic],
    [400, { grant_type: 'client_credentials', scope: 'openid' }, basic], [400, { grant_type: 'refresh_token' }, basic],
    [400, { grant_type: 'refresh_token', refresh_token: 'rt_x' }, basic], [400, { grant_type: 'client_credentials', client_id: 'page' }],
    [400, { grant_type: 'authorization_code', code: 'x', redirect_uri: callbackOf('hall') }, basic],
    [400, { grant_type: 'authorization_code', code: 'x', code_verifier: 'v'.repeat(300) }, basic],
    [400, { grant_type: 'client_credentials', client_assertion: 'x'.repeat(9000) }, basic],
    [400, { grant_type: 'x', client_secret: 'y' }, basic],
  ];
  for (const [status, form, how = {}] of refused) await answers('POST', path, status, { ...how, form });
  await answers('POST', path, 400, { ...basic, form: [['grant_type', 'x'], ['grant_type', 'y']] });
  await answers('POST', path, 400, { query: '?client_secret=x', form: { grant_type: 'client_credentials' } });
  await answers('POST', path, 413, { ...basic, form: { grant_type: 'x'.repeat(70_000) } });
  await answers('GET', path, 405);
});

test('introspection and revocation answer as the reference says', async () => {
  const { value } = await answers('POST', '/oauth2/introspect', 200, { ...basic, form: { token: login.tokens.access_token } });
  assert.equal(value.active, true);
  await answers('POST', '/oauth2/introspect', 200, { ...basic, form: { token: 'nonsense' } });
  await answers('POST', '/oauth2/introspect', 401, { form: { client_id: 'page', token: 'x' } });
  for (const path of ['/oauth2/introspect', '/oauth2/revoke']) {
    await answers('POST', path, 400, { ...basic, form: { other: 'x' } });
    await answers('POST', path, 401, { form: { token: 'x' } });
  }
  await answers('POST', '/oauth2/revoke', 400, { form: { client_id: 'page', token: login.tokens.access_token } });
  await answers('POST', '/oauth2/revoke', 200, { ...basic, form: { token: 'nonsense' } });
});

test('the userinfo endpoint answers as the reference says', async () => {
  const path = '/oidc/userinfo';
  const bearer = login.tokens.access_token;
  await answers('GET', path, 200, { bearer });
  await answers('POST', path, 200, { form: { access_token: bearer } });
  await answers('GET', path, 401);
  await answers('GET', path, 401, { bearer: 'nonsense' });
  await answers('GET', path, 400, { query: `?access_token=${bearer}` });
  await answers('POST', path, 400, { bearer, form: { access_token: bearer } });
  const { value } = await answers('POST', '/oauth2/token', 200, { ...basic, form: { grant_type: 'client_credentials' } });
  await answers('GET', path, 403, { bearer: value.access_token });
});

test('authorization and logout answer as the reference says', async () => {
  const ask = (more) => `?${new URLSearchParams({ client_id: 'hall', redirect_uri: callbackOf('hall'), response_type: 'code', scope: 'openid', nonce: 'n', ...more })}`;
  const path = '/oauth2/authorize';
  await answers('GET', path, 303, { query: ask() });
  await answers('GET', path, 400, { query: ask({ client_id: 'nobody' }) });
  await answers('GET', path, 400, { query: ask({ redirect_uri: 'https://elsewhere.example/' }) });
  await answers('GET', path, 200, { query: ask({ response_mode: 'form_post', prompt: 'none' }) });
  await answers('POST', path, 303, { form: Object.fromEntries(new URLSearchParams(ask())) });
  for (const more of [{ prompt: 'none' }, { prompt: 'none login' }, { max_age: 'x' }, { response_type: 'token' }, { scope: 'phone' }, { claims: '{' },
    { request: 'x' }, { request_uri: 'https://x.example' }, { registration: '{}' }, { client_id: 'page', redirect_uri: callbackOf('page') }, { code_challenge: 'x' }, { id_token_hint: 'x' }, { login_hint: 'x'.repeat(300) }]) {
    const { answer } = await answers('GET', path, 303, { query: ask(more) });
    const back = new URL(answer.headers.get('location'), world.issuer).searchParams;
    const told = spec.paths[path].get.responses['303'].description;
    assert.ok(told.includes(`${back.get('error')}: ${back.get('error_description')}`), `${JSON.stringify(more)}: ${back}`);
  }
  const out = '/oidc/logout';
  await answers('GET', out, 303);
  const cookie = [...login.browser.cookies.get(new URL(world.issuer).hostname)].map((pair) => pair.join('=')).join('; ');
  await answers('GET', out, 200, { headers: { cookie } });
  await answers('GET', out, 400, { query: '?id_token_hint=nonsense' });
  await answers('GET', out, 303, { query: `?${new URLSearchParams({ id_token_hint: login.tokens.id_token, post_logout_redirect_uri: goodbyeOf('hall') })}` });
});
