// SPDX-License-Identifier: Apache-2.0
// A relying party that looks closely, for the conformance modules: it sends what it is told, however wrong, and checks
// every answer as the OpenID conformance suite does in each of its modules.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { Browser } from './world.mjs';
import { callbackOf, visit } from './visit.mjs';

const clockSkew = 10; // seconds

const random = () => randomBytes(24).toString('base64url');
const leftHalf = (text) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

/** error_description and error_uri as RFC 6749, 4.1.2.1 spells them. */
export function checkError(params) {
  assert.match(params.error, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  if (params.error_description !== undefined) assert.match(params.error_description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/);
  if (params.error_uri !== undefined) assert.match(params.error_uri, /^[\x21\x23-\x5b\x5d-\x7e]*$/);
}

export function checkJwks(jwks) {
  const ids = jwks.keys.map(({ kid }) => kid);
  assert.ok(ids.length > 0);
  assert.ok(ids.every((kid) => typeof kid === 'string' && kid !== ''));
  assert.equal(new Set(ids).size, ids.length, 'key ids differ');
  for (const key of jwks.keys)
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) assert.ok(!(secret in key), `${secret} is private`);
}

export class RelyingParty {
  constructor(world, { id, secret, method = 'client_secret_basic', alg = 'RS256', responseMode }) {
    Object.assign(this, { world, id, secret, method, alg, responseMode, callback: callbackOf(id) });
  }

  async discover() {
    const answer = await fetch(`${this.world.issuer}/.well-known/openid-configuration`);
    this.metadata = await answer.json();
    this.jwks = await (await fetch(this.metadata.jwks_uri)).json();
    checkJwks(this.jwks);
    return this;
  }

  /** Parameters of an authorization request; those set to undefined are left out. */
  parameters(more = {}) {
    const all = {
      client_id: this.id,
      redirect_uri: this.callback,
      response_type: 'code',
      scope: 'openid',
      state: random(),
      nonce: random(),
      ...(this.responseMode && { response_mode: this.responseMode }),
      ...more,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  url(parameters) {
    return `${this.metadata.authorization_endpoint}?${new URLSearchParams(parameters)}`;
  }

  /**
   * Send a browser there: { request, page, params (of the answer; undefined: a page of the server's), asked }. `returned`:
   * what of the request comes back otherwise than it was sent.
   */
  async authorize(more = {}, { browser = new Browser(), post = false, returned = {}, ...options } = {}) {
    const request = this.parameters(more);
    const page = post
      ? await visit(browser, this.metadata.authorization_endpoint,
        { method: 'POST', body: new URLSearchParams(request), ...options })
      : await visit(browser, this.url(request), options);
    const params = this.#answerOf(page);
    if (params) this.#checkAnswer(params, { ...request, ...returned });
    return { request, page, params, asked: page.asked, browser };
  }

  #answerOf(page) {
    if (page.hidden) {
      assert.equal(page.action, this.callback);
      return Object.fromEntries(page.hidden);
    }
    if (page.answer) return undefined;
    assert.equal(page.url.origin + page.url.pathname, this.callback);
    assert.equal(page.url.hash, '');
    return Object.fromEntries(page.url.searchParams);
  }

  #checkAnswer(params, request) {
    assert.equal(params.state, request.state);
    assert.equal(params.iss, this.world.issuer);
    if (params.error !== undefined) checkError(params);
    else assert.ok(params.code);
  }

  /** A request to the token endpoint, authenticated: { status, headers, body }. */
  async token(fields) {
    const body = new URLSearchParams(fields);
    const headers = {};
    if (this.method === 'client_secret_post') {
      body.set('client_id', this.id);
      body.set('client_secret', this.secret);
    } else {
      const pair = [this.id, this.secret].map(encodeURIComponent).join(':');
      headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    const answer = await fetch(this.metadata.token_endpoint, { method: 'POST', headers, body });
    assert.match(answer.headers.get('content-type'), /^application\/json/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const result = { status: answer.status, body: await answer.json() };
    if (!answer.ok) checkError(result.body);
    return result;
  }

  redeem(code, more = {}) {
    return this.token({ grant_type: 'authorization_code', code, redirect_uri: this.callback, ...more });
  }

  refresh(refreshToken) {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  /** The whole flow with all checks: { tokens, claims (of the ID token), request, asked, browser }. */
  async login(more = {}, { redeemWith = {}, ...options } = {}) {
    const done = await this.authorize(more, options);
    assert.ok(done.params?.code, `no code: ${JSON.stringify(done.params ?? done.page.text)}`);
    const { status, body } = await this.redeem(done.params.code, redeemWith);
    assert.equal(status, 200, JSON.stringify(body));
    assert.ok(body.access_token);
    assert.equal(body.token_type.toLowerCase(), 'bearer');
    assert.ok(body.expires_in > 0);
    const claims = await this.checkIdToken(body.id_token, { nonce: done.request.nonce, accessToken: body.access_token });
    return { ...done, code: done.params.code, tokens: body, claims };
  }

  /** OpenID Connect Core 1.0, 3.1.3.7 and the syntax of every standard claim. */
  async checkIdToken(token, { nonce, accessToken }) {
    const header = decodeProtectedHeader(token);
    assert.equal(header.alg, this.alg);
    assert.ok(this.jwks.keys.some(({ kid }) => kid === header.kid));
    const { payload } = await jwtVerify(token, createLocalJWKSet(this.jwks),
      { issuer: this.world.issuer, audience: this.id, clockTolerance: clockSkew, requiredClaims: ['sub', 'iat', 'exp'] });
    assert.match(payload.sub, /^[\x21-\x7e]{1,255}$/);
    assert.equal(payload.nonce, nonce);
    assert.ok(payload.azp === undefined || payload.azp === this.id);
    assert.ok(payload.iat <= Date.now() / 1000 + clockSkew && payload.exp > payload.iat);
    if (payload.auth_time !== undefined) assert.ok(Number.isInteger(payload.auth_time) && payload.auth_time <= payload.iat);
    if (payload.acr !== undefined) assert.equal(typeof payload.acr, 'string');
    if (payload.amr !== undefined) assert.ok(Array.isArray(payload.amr));
    if (payload.at_hash !== undefined) assert.equal(payload.at_hash, leftHalf(accessToken));
    return payload;
  }

  /** Userinfo of a login by one of "get", "post-header", "post-body". */
  async userinfo({ tokens, claims }, way = 'get') {
    const bearer = { authorization: `Bearer ${tokens.access_token}` };
    const answer = await fetch(this.metadata.userinfo_endpoint, {
      get: { headers: bearer },
      'post-header': { method: 'POST', headers: bearer },
      'post-body': { method: 'POST', body: new URLSearchParams({ access_token: tokens.access_token }) },
    }[way]);
    assert.equal(answer.status, 200, await answer.clone().text());
    assert.match(answer.headers.get('content-type'), /^application\/json/);
    const told = await answer.json();
    assert.equal(told.sub, claims.sub);
    return told;
  }
}
