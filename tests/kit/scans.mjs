// SPDX-License-Identifier: Apache-2.0
// An electronic card as its holder has it: issued at a terminal with the physical one, opened on her telephone, shown there. And
// those who scan it. All keys and proofs are jose's and openid-client's.
import { randomUUID } from 'node:crypto';
import * as jose from 'jose';
import * as oidc from 'openid-client';
import { callbackOf, partner, settle, visit } from './visit.mjs';
import { people } from './world.mjs';

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const codeType = 'urn:hrss:params:oauth:token-type:card-code';
export const codeGrant = 'urn:hrss:params:oauth:grant-type:card-code';
const pinGrant = 'urn:hrss:params:oauth:grant-type:card-pin';
const reading = `330500|${people[0].identity_number}|X00000019|33050000000000000000000000000019|${people[0].name}|3B6D|3.00|`
  + '20200101|20300101|330500000001|K1|';
const scope = 'openid profile card';

const soon = () => Math.floor(Date.now() / 1000) + 60;

/** A key for ES256 with its public half. */
export async function newKey() {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true });
  return { privateKey, jwk: await jose.exportJWK(publicKey) };
}

/** The partners: app, whose telephone shows; kiosks; and clinic, which scans by that key. `more` are members of clinic's. */
export const cardPartners = (clinic, more = {}) => [
  partner('app', { token_endpoint_auth_method: 'none', application_type: 'native', channel: 'app', scope, dpop_bound_access_tokens: true }),
  {
    client_id: 'kiosks', client_name: '自助终端', channel: 'terminal', token_endpoint_auth_method: 'private_key_jwt',
    id_token_signed_response_alg: 'ES256',
    grant_types: [pinGrant, codeGrant, 'refresh_token'], card_purposes: ['show', 'login'], consent: 'implied', scope,
  },
  {
    client_id: 'clinic', client_name: '市立医院', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [clinic.jwk] },
    grant_types: ['client_credentials', exchange], card_purposes: ['show', 'serve'], scope: 'openid profile', ...more,
  },
];

export async function post(url, form, headers) {
  const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
}

/** A terminal that is enrolled: `ask(path, form)` in its own name. */
export async function terminal(world) {
  const said = await world.command('terminal', 'add', '--partner', 'kiosks', '--place', '一楼大厅', '--agency', '市人社局');
  const [, id, code] = /code of (t_\d{10}) \(told this once\): ([\d-]+)/.exec(said);
  const key = await newKey();
  const sign = (claims, header = {}) => new jose.SignJWT({ jti: randomUUID(), exp: soon(), ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: id, ...header }).setIssuedAt().sign(key.privateKey);
  const proof = (path, more = {}) => new jose.SignJWT({ jti: randomUUID(), htm: 'POST', htu: `${world.issuer}${path}`, ...more })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk }).setIssuedAt().sign(key.privateKey);
  const ask = async (path, form) => post(`${world.issuer}${path}`, {
    ...form, client_assertion_type: assertionType, client_assertion: await sign({ iss: 'kiosks', sub: 'kiosks', aud: world.issuer }),
  }, { DPoP: await proof(path) });
  await post(`${world.issuer}/terminal/enrol`, { code, jwk: JSON.stringify(key.jwk) }, { DPoP: await proof('/terminal/enrol') });
  return { id, ask, sign, proof };
}

/** By card and PIN at that terminal, and her electronic card of it. */
async function issue(world, { id, ask, sign, proof }) {
  const tokens = await ask('/oauth2/token', {
    grant_type: pinGrant, scope, pin: '123456',
    card_reading: await sign({ iss: 'kiosks', sub: id, aud: world.issuer, reading }, { typ: 'card-reading+jwt' }),
  });
  const token = tokens.body.access_token;
  const ath = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))).toString('base64url');
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${world.issuer}/card/issue`, {
      method: 'POST', body: '{}',
      headers: { 'content-type': 'application/json', authorization: `DPoP ${token}`, DPoP: await proof('/card/issue', { ath }) },
    });
    const said = await answer.text();
    if (answer.ok) return;
    if (tries === 40) throw new Error(`no card: ${answer.status} ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 250)); // until the card office's feed has come
  }
}

/** The app on her telephone, logged in and with her card opened: `show(purpose)` gives a code. */
async function telephone(world, browser) {
  const config = await oidc.discovery(new URL(world.issuer), 'app', undefined, oidc.None(), { execute: [oidc.allowInsecureRequests] });
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(config, { redirect_uri: callbackOf('app'), scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256' });
  const arrival = await visit(browser, url.href);
  let tokens = await oidc.authorizationCodeGrant(config, arrival.url, { pkceCodeVerifier }, undefined, { DPoP });
  const ask = async (path, json) => {
    const answer = await oidc.fetchProtectedResource(config, tokens.access_token, new URL(`${world.issuer}${path}`), 'POST',
      JSON.stringify(json), new Headers({ 'content-type': 'application/json' }), { DPoP });
    return answer.json();
  };
  await oidc.fetchProtectedResource(config, tokens.access_token, new URL(`${world.issuer}/card/link`), 'POST', '{}',
    new Headers({ 'content-type': 'application/json' }), { DPoP });
  return {
    show: async (purpose) => (await ask('/card/codes', { purpose })).code,
    renew: async () => { tokens = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP }); },
  };
}

/** { kiosk, phone, browser }: of a person who has it all. */
export async function cardHolder(world) {
  const browser = await settle(world);
  const kiosk = await terminal(world);
  await issue(world, kiosk);
  return { kiosk, browser, phone: await telephone(world, browser) };
}

/** A client assertion of clinic's. */
export const clinicAssertion = (world, clinic) => new jose.SignJWT({ iss: 'clinic', sub: 'clinic', aud: world.issuer, jti: randomUUID(), exp: soon() })
  .setProtectedHeader({ alg: 'ES256' }).setIssuedAt().sign(clinic.privateKey);

export const scanned = async (world, clinic, code, at = world.issuer) => post(`${at}/card/codes/verify`, {
  code, client_assertion_type: assertionType, client_assertion: await clinicAssertion(world, clinic),
});
