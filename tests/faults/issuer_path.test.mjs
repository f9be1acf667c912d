// SPDX-License-Identifier: Apache-2.0
// S9: a whole login and its tokens at an issuer with a path; and a server that listens on two addresses.
import { readFile, writeFile } from 'node:fs/promises';
import test from 'node:test';
import assert from 'node:assert/strict';
import { people, startWorld } from '../kit/world.mjs';
import { FreshBrowser, code, extraConfig, isActive, logIn, partner, redeem, refresh, registerAt, send } from './kit.mjs';

/** Remembers each address that it was led to. */
class WatchedBrowser extends FreshBrowser {
  seen = [];

  request(url, init) {
    this.seen.push(url);
    return super.request(url, init);
  }
}

test('a person registers, logs in and agrees under the path, and the partner gets tokens there', async (t) => {
  const world = await startWorld({ path: '/auth', partners: [partner], extraConfig });
  t.after(() => world.stop());
  const browser = new WatchedBrowser();
  await registerAt(world, browser, people[0]);
  assert.ok(browser.isLoggedIn(world));
  const value = await code(world, browser);
  const tokens = (await redeem(world, value)).json;
  assert.equal(JSON.parse(atob(tokens.id_token.split('.')[1])).iss, world.issuer);
  const answer = await send(`${world.issuer}/oidc/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  assert.equal(answer.status, 200);
  const next = (await refresh(world, tokens.refresh_token)).json;
  assert.ok(await isActive(world, next.access_token));
  assert.ok(await logIn(world, new FreshBrowser(), people[0]));
  assert.deepEqual(browser.seen.filter((url) => !url.startsWith(`${world.issuer}/`)), [], 'nothing beside the path was asked');
  const cookies = (await send(`${world.issuer}/login`)).headers.getSetCookie();
  assert.ok(cookies.length > 0 && cookies.every((line) => line.includes('; Path=/auth; ')), 'cookies stay under it');
});

test('metadata of an issuer with a path is at both kinds of address, the rest of the host is not ours', async (t) => {
  const world = await startWorld({ path: '/auth', extraConfig });
  t.after(() => world.stop());
  const { origin } = new URL(world.issuer);
  const both = [`${world.issuer}/.well-known/openid-configuration`, `${origin}/.well-known/oauth-authorization-server/auth`];
  for (const url of both) assert.equal((await (await send(url)).json()).issuer, world.issuer, url);
  for (const path of ['/', '/login', '/oauth2/jwks', '/healthz', '/.well-known/openid-configuration'])
    assert.equal((await send(`${origin}${path}`)).status, 404, path);
  assert.equal((await send(`${world.issuer}/readyz`)).status, 200);
});

test('both addresses of listen are served', async (t) => {
  const world = await startWorld({ extraConfig });
  t.after(() => world.stop());
  await world.stopServer('SIGTERM');
  const text = await readFile(world.configPath, 'utf8');
  await writeFile(world.configPath, text.replace(`listen = 127.0.0.1:${world.port}`, `listen = 127.0.0.1:${world.port} [::1]:${world.port}`));
  await world.startServer();
  for (const host of ['127.0.0.1', '[::1]'])
    assert.equal((await send(`http://${host}:${world.port}/healthz`)).status, 200, host);
});
