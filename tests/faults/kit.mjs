// SPDX-License-Identifier: Apache-2.0
// What the fault tests share: a browser that opens a new connection for each request (none outlives a killed server), a
// partner, and people.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { Browser, build, freePort, password, register } from '../kit/world.mjs';

export const redirectUri = 'http://127.0.0.1:1/cb'; // nobody is there: the browser stops before it
export const partner = {
  client_id: 'hall', client_name: '大厅', 'client_name#en': 'Hall', channel: 'web', redirect_uris: [redirectUri],
  token_endpoint_auth_method: 'client_secret_basic', grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile', client_secret: 'hall-secret-0123456789-0123456789-0123456789',
};
export const extraConfig = '\n[server]\ntrusted_proxies = 127.0.0.1 ::1\n';

export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const challenge = createHash('sha256').update(verifier).digest('base64url');

/** The server was gone before it answered; anything else is a fault of its own. */
export class Unanswered extends Error {}

let requests = 0;

/** One request, on a connection of its own unless an agent is given. Each seems to come from another address, so no cap per
 * address is met. */
export function send(url, { method = 'GET', headers = {}, body, agent = false } = {}) {
  const text = body === undefined ? undefined : String(body);
  const from = `10.${(requests >> 16) & 255}.${(requests >> 8) & 255}.${requests++ & 255}`;
  const all = { 'x-forwarded-for': from, ...headers };
  if (text !== undefined) {
    all['content-type'] ??= 'application/x-www-form-urlencoded';
    all['content-length'] = Buffer.byteLength(text);
  }
  return new Promise((resolve, reject) => {
    const gone = (error) => reject(new Unanswered(error.message));
    const request = http.request(url, { method, headers: all, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', gone);
      answer.on('end', () => {
        if (!answer.complete) return gone(new Error('cut off'));
        const pairs = [];
        for (let i = 0; i < answer.rawHeaders.length; i += 2) pairs.push(answer.rawHeaders.slice(i, i + 2));
        resolve(new Response(chunks.length > 0 ? Buffer.concat(chunks) : null, { status: answer.statusCode, headers: pairs }));
      });
    });
    request.on('error', gone);
    request.end(text);
  });
}

export class FreshBrowser extends Browser {
  send(url, init) {
    return send(url, init);
  }

  isLoggedIn(world) {
    return this.cookies.get(new URL(world.issuer).hostname)?.has('tongxing-session') ?? false;
  }
}

/** The whole registration at our own pages. */
export async function registerAt(world, browser, person) {
  return register(world, browser, await browser.go(`${world.issuer}/register`), person);
}

/** True when the password opens the account. */
export async function logIn(world, browser, person) {
  const page = await browser.go(`${world.issuer}/login`);
  await browser.submit(page, 'login-form', { phone: person.phone, password });
  return browser.isLoggedIn(world);
}

const authorizeUrl = (world) =>
  `${world.issuer}/oauth2/authorize?` + new URLSearchParams({
    client_id: partner.client_id, response_type: 'code', redirect_uri: redirectUri, scope: 'openid profile',
    state: 's', nonce: 'n', code_challenge: challenge, code_challenge_method: 'S256',
  });

/** A code for the person of the browser, who agrees if she is asked. */
export async function code(world, browser) {
  let page = await browser.go(authorizeUrl(world), { stopAt: redirectUri });
  if (page.text) page = await browser.submit(page, 'consent-form', { decision: 'allow' }, { stopAt: redirectUri });
  return page.url.searchParams.get('code');
}

const basic = `Basic ${Buffer.from(`${partner.client_id}:${partner.client_secret}`).toString('base64')}`;

/** A call of the partner: { status, json }. */
export async function call(world, path, fields) {
  const answer = await send(`${world.issuer}${path}`, {
    method: 'POST', headers: { authorization: basic }, body: new URLSearchParams(fields),
  });
  const text = await answer.text();
  return { status: answer.status, json: text ? JSON.parse(text) : null };
}

export const redeem = (world, value) =>
  call(world, '/oauth2/token', {
    grant_type: 'authorization_code', code: value, redirect_uri: redirectUri, code_verifier: verifier,
  });
export const refresh = (world, token) =>
  call(world, '/oauth2/token', { grant_type: 'refresh_token', refresh_token: token });
export const revoke = (world, token) => call(world, '/oauth2/revoke', { token });
export const isActive = async (world, token) => (await call(world, '/oauth2/introspect', { token })).json.active;

/** A second process on the world's database; its port. */
export async function secondNode(world, t) {
  const port = await freePort();
  const config = join(world.dir, 'second.conf');
  const text = (await readFile(world.configPath, 'utf8'))
    .replace(`listen = 127.0.0.1:${world.port}`, `listen = 127.0.0.1:${port}`)
    .replace(`admin_listen = 127.0.0.1:${world.adminPort}`, `admin_listen = 127.0.0.1:${await freePort()}`);
  await writeFile(config, text, { mode: 0o600 });
  const child = spawn(join(build, 'tongxing'), ['serve', '--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  t.after(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, 'close');
  });
  for (let i = 0; i < 1000 && !said.includes('server.ready'); i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.match(said, /server\.ready/);
  return port;
}
