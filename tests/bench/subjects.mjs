// SPDX-License-Identifier: Apache-2.0
// What is measured: our server on either store, and the peer. Each is { name, port, pids, plans… } on core 0.
import { spawn, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Browser, freePort, password, people, register, startWorld } from '../kit/world.mjs';
import { family } from './load.mjs';

const redirect = 'http://localhost:9/callback';
const verifier = 'bench-verifier-0123456789-0123456789-0123456789';
const challenge = createHash('sha256').update(verifier).digest('base64url');
const secret = 'bench-secret-0123456789abcdef0123456789';
const basic = (id) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

const partner = {
  client_id: 'bench', client_name: '测量', redirect_uris: [redirect], token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'], consent: 'implied',
  scope: 'openid profile offline_access', client_secret: secret,
};
const partners = [partner, {
  ...partner, client_id: 'bench-rs', redirect_uris: ['http://localhost:9/rs'], access_token_signed_response_alg: 'RS256',
}];

const form = (fields) => new URLSearchParams(fields).toString();

/** What every subject can do, over what differs: paths, and how its person logs in. */
class Subject {
  constructor(fields) {
    Object.assign(this, fields);
    this.browser = new Browser();
    this.origin = `http://localhost:${this.port}`;
  }

  authorizePath(scope) {
    return `${this.paths.authorize}?` + form({
      response_type: 'code', client_id: 'bench', redirect_uri: redirect, scope, state: 'bench-state-0123456789',
      nonce: 'bench-nonce-0123456789', code_challenge: challenge, code_challenge_method: 'S256',

    });
  }

  /** Tokens of a new grant; the person is logged in already. */
  async tokens(scope = 'openid') {
    const page = await this.browser.go(this.origin + this.authorizePath(scope), { stopAt: redirect });
    const answer = await fetch(this.origin + this.paths.token, {
      method: 'POST', headers: { authorization: basic('bench') },
      body: new URLSearchParams({
        grant_type: 'authorization_code', code: page.url.searchParams.get('code'), redirect_uri: redirect, code_verifier: verifier,
      }),
    });
    if (answer.status !== 200) throw new Error(`${this.name}: ${await answer.text()}`);
    return answer.json();
  }

  several(count, scope) {
    return Array.from({ length: count }).reduce(async (list) => [...(await list), await this.tokens(scope)], Promise.resolve([]));
  }

  cookies() {
    const jar = this.browser.cookies.get(this.origin);
    return this.sessionCookies.map((name) => `${name}=${jar.get(name)}`).join('; ');
  }

  post(path, client, body) {
    return {
      method: 'POST', path,
      headers: { Authorization: basic(client), 'Content-Type': 'application/x-www-form-urlencoded' }, bodies: [body].flat(),
    };
  }

  plan(kind, more) {
    return {
      kind, host: `localhost:${this.port}`, authorization: basic('bench'), token: this.paths.token,
      authorize: this.authorizePath('openid'), redirect, body: form({ redirect_uri: redirect, code_verifier: verifier }), ...more,
    };
  }

  discovery = async () => ({ method: 'GET', path: this.paths.discovery });
  jwks = async () => ({ method: 'GET', path: this.paths.jwks });
  clientEs256 = async () => this.post(this.paths.token, 'bench', form({ grant_type: 'client_credentials', ...this.resources.ES256 }));
  clientRs256 = async () =>
    this.post(this.paths.token, this.rsClient, form({ grant_type: 'client_credentials', ...this.resources.RS256 }));
  introspection = async () =>
    this.post(this.paths.introspection, 'bench', (await this.several(16)).map((t) => form({ token: t.access_token })));
  async userinfo(scope) {
    const tokens = await this.several(16, scope);
    return { method: 'GET', path: this.paths.userinfo, authorizations: tokens.map((t) => `Bearer ${t.access_token}`) };
  }
  refresh = async (connections) =>
    this.plan('refresh', { start: (await this.several(connections, 'openid offline_access')).map((t) => t.refresh_token) });
  code = async () => this.plan('code', { start: [this.cookies()] });
  login = async () => this.plan('login', { start: this.people.map(form) });
}

/** Our server; with `postgres` { url, pid } on PostgreSQL. */
export async function tongxing(name, postgres, extraConfig = '') {
  const world = await startWorld({
    partners, storeUrl: postgres?.url, launcher: ['taskset', '-c', '0'],
    extraConfig: `[log]\naccess = no\n[server]\ntrusted_proxies = 127.0.0.1\n${extraConfig}`,
  });
  const subject = new Subject({
    name, world, port: world.port, sessionCookies: ['session'], rsClient: 'bench-rs', resources: {},
    people: people.map(({ phone }) => ({ phone, password })),
    paths: {
      discovery: '/.well-known/openid-configuration', jwks: '/oauth2/jwks', token: '/oauth2/token', userinfo: '/oidc/userinfo',
      introspection: '/oauth2/introspect', authorize: '/oauth2/authorize',
    },
    pids: () => [world.server.pid, ...(postgres ? [postgres.pid] : [])],
    pid: () => world.server.pid,
    stop: () => world.stop(),
  });
  if (postgres) for (const pid of family([postgres.pid])) execFileSync('taskset', ['-acp', '0', `${pid}`], { stdio: 'ignore' });
  for (const person of people) {
    subject.browser = new Browser();
    const page = await register(world, subject.browser, await subject.browser.go(`${subject.origin}/register`), person);
    if (page.answer.status >= 400) throw new Error(`nobody could be registered:\n${page.text}`);
  }
  return subject;
}

/** npm's oidc-provider. */
export async function peer() {
  const port = await freePort();
  const child = spawn('taskset', ['-c', '0', process.execPath, join(new URL('.', import.meta.url).pathname, 'peer.mjs'), `${port}`],
    { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const subject = new Subject({
    name: 'oidc-provider', port, sessionCookies: ['_session'], rsClient: 'bench',
    resources: {
      ES256: { resource: 'urn:bench:ES256', scope: 'api' }, RS256: { resource: 'urn:bench:RS256', scope: 'api' },
    },
    people: [{ password: 'correct horse' }],
    paths: {
      discovery: '/.well-known/openid-configuration', jwks: '/jwks', token: '/token', userinfo: '/me',
      introspection: '/token/introspection', authorize: '/auth',
    },
    pids: () => [child.pid],
    pid: () => child.pid,
    stop: async () => {
      child.kill();
      await once(child, 'close');
    },
  });
  const page = await subject.browser.go(subject.origin + subject.authorizePath('openid'));
  await subject.browser.submit(page, 'login-form', subject.people[0], { stopAt: redirect });
  return subject;
}
