// SPDX-License-Identifier: Apache-2.0
// Applications that are nothing but pages: oidc-client-ts and keycloak-js, as they are published, in Chromium. Their pages
// come from another origin than ours and have no server that helps them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { logIn, openBrowser, press, startStage } from '../browser/kit.mjs';
import { people } from '../kit/world.mjs';
import { settle } from '../kit/visit.mjs';

const library = (path) => readFile(new URL(`../node_modules/${path}`, import.meta.url));
const page = (script) => `<!DOCTYPE html><html lang="en"><title>App</title><h1 id="app">App</h1>${script}</html>`;

const files = {
  '/oidc-client-ts.js': ['text/javascript', await library('oidc-client-ts/dist/browser/oidc-client-ts.min.js')],
  '/keycloak.js': ['text/javascript', await library('keycloak-js/lib/keycloak.js')],
  '/oidc': ['text/html', page('<script src="/oidc-client-ts.js"></script>')],
  '/oidc/back': ['text/html', page('<script src="/oidc-client-ts.js"></script>')],
  '/oidc/silent': ['text/html', page(`<script src="/oidc-client-ts.js"></script>
    <script>new oidc.UserManager({ authority: '', client_id: '', redirect_uri: '' }).signinSilentCallback()</script>`)],
  '/keycloak': ['text/html', page('<script type="module">import K from "/keycloak.js"; window.Keycloak = K</script>')],
  // The two lines of Keycloak's own documentation.
  '/keycloak/silent': ['text/html', page('<script>parent.postMessage(location.href, location.origin)</script>')],
};

/** A server of files, as any. */
async function startSite() {
  const server = createServer((rq, answer) => {
    const [type, body] = files[new URL(rq.url, 'http://localhost').pathname] ?? ['text/plain', ''];
    answer.setHeader('content-type', `${type}; charset=utf-8`);
    answer.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${server.address().port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const app = (site, id, at, more = {}) => ({
  client_id: id,
  client_name: `网页应用 ${id}`,
  token_endpoint_auth_method: 'none',
  redirect_uris: [`${site}/${at}/back`, `${site}/${at}/silent`].map((uri) => `${uri}?${id}`),
  post_logout_redirect_uris: [`${site}/${at}?${id}`],
  scope: 'openid profile phone',
  ...more,
});

describe('applications in a browser', () => {
  const person = people[0];
  let site;
  let stage;

  before(async () => {
    site = await startSite();
    stage = await startStage({
      partners: [
        app(site.url, 'refreshes', 'oidc', { grant_types: ['authorization_code', 'refresh_token'] }),
        app(site.url, 'frames', 'oidc'),
        app(site.url, 'keycloak', 'keycloak', { redirect_uris: [`${site.url}/keycloak`, `${site.url}/keycloak/silent`],
          post_logout_redirect_uris: [`${site.url}/keycloak`] }),
      ],
    });
    await settle(stage.world, person);
  });
  after(async () => {
    await stage?.stop();
    site?.stop();
  });

  /** From a page of ours to the application's, whatever is asked on the way. */
  async function enter(tab, back) {
    await tab.waitForSelector('#login-form');
    await logIn(tab, person);
    if (await tab.locator('#allow').count()) await press(tab, 'allow');
    await tab.waitForURL((url) => url.href.startsWith(back));
  }

  describe('oidc-client-ts', () => {
    const settings = (id) => ({
      authority: stage.world.issuer,
      client_id: id,
      redirect_uri: `${site.url}/oidc/back?${id}`,
      silent_redirect_uri: `${site.url}/oidc/silent?${id}`,
      post_logout_redirect_uri: `${site.url}/oidc?${id}`,
      scope: 'openid profile',
    });
    /** Something done with its manager, on the page where the tab is. */
    const manager = (tab, id, work, more = {}) => tab.evaluate(
      `(${work})(window.manager ??= new oidc.UserManager(${JSON.stringify({ ...settings(id), ...more })}))`);

    async function openApp(id, more) {
      const tab = await openBrowser(stage);
      await tab.goto(`${site.url}/oidc`);
      await manager(tab, id, (m) => { m.signinRedirect(); }, more);
      await enter(tab, settings(id).redirect_uri);
      return { tab, user: await manager(tab, id, (m) => m.signinCallback(), more) };
    }

    /** The error of a renewal that fails. */
    const refusal = (tab, id) => manager(tab, id, (m) => m.signinSilent().then(() => 'renewed', ({ error }) => error));

    test('login with userinfo, renewal by refresh token, revocation, logout', async () => {
      const more = { loadUserInfo: true, revokeTokensOnSignout: true };
      const { tab, user } = await openApp('refreshes', more);
      assert.equal(user.profile.name, person.name); // it came from userinfo
      const next = await manager(tab, 'refreshes', (m) => m.signinSilent(), more);
      assert.notEqual(next.access_token, user.access_token);
      assert.notEqual(next.refresh_token, user.refresh_token);
      assert.equal(next.profile.sub, user.profile.sub);

      await manager(tab, 'refreshes', (m) => { m.signoutRedirect(); }, more);
      await tab.waitForURL(`${site.url}/oidc?refreshes`);
      const spent = await fetch(`${stage.world.issuer}/oidc/userinfo`,
        { headers: { authorization: `Bearer ${next.access_token}` } });
      assert.equal(spent.status, 401);
      assert.equal(await refusal(tab, 'refreshes'), 'login_required');
      await tab.context().close();
    });

    test('login, renewal in a frame, logout, without a refresh token', async () => {
      const { tab, user } = await openApp('frames');
      assert.equal(user.refresh_token, undefined);
      const next = await manager(tab, 'frames', (m) => m.signinSilent());
      assert.notEqual(next.id_token, user.id_token);
      assert.equal(next.profile.sub, user.profile.sub);
      assert.equal(next.profile.sid, user.profile.sid);

      await manager(tab, 'frames', (m) => { m.signoutRedirect(); });
      await tab.waitForURL(`${site.url}/oidc?frames`);
      assert.equal(await refusal(tab, 'frames'), 'login_required');
      await tab.context().close();
    });

    test('it watches the session by check_session_iframe and hears of a logout in another tab', async () => {
      const more = { monitorSession: true, checkSessionIntervalInSeconds: 1 };
      const { tab, user } = await openApp('frames', more);
      assert.match(user.session_state, /^[\w-]{43}\.[\w-]+$/);
      await manager(tab, 'frames', (m) => {
        window.heard = [];
        window.addEventListener('message', ({ data }) => window.heard.push(data));
        window.signedOut = new Promise((resolve) => { m.events.addUserSignedOut(resolve); });
      }, more);
      await tab.waitForFunction(() => window.heard.length > 1);
      assert.deepEqual([...new Set(await tab.evaluate(() => window.heard))], ['unchanged']);
      const other = await tab.context().newPage();
      await other.goto(stage.world.issuer);
      await press(other, 'logout');
      await tab.evaluate(() => window.signedOut);
      assert.ok((await tab.evaluate(() => window.heard)).includes('changed'));
      await tab.context().close();
    });

    test('it reads why its refresh token is refused', async () => {
      const tab = await openBrowser(stage);
      await tab.goto(`${site.url}/oidc`);
      await manager(tab, 'refreshes', (m) => m.storeUser(new window.oidc.User({
        access_token: 'spent', token_type: 'Bearer', refresh_token: 'rt_spent', profile: { sub: 'somebody' },
      })));
      assert.equal(await refusal(tab, 'refreshes'), 'invalid_grant');
      await tab.context().close();
    });
  });

  test('a page of another origin reads our metadata, and no answer that is meant for a partner', async () => {
    const tab = await openBrowser(stage);
    await tab.goto(`${site.url.replace('localhost', '127.0.0.1')}/oidc`);
    const read = (path, init) => tab.evaluate(([url, how]) => fetch(url, how).then(({ status }) => status, String),
      [`${stage.world.issuer}${path}`, init]);
    const post = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    assert.equal(await read('/.well-known/openid-configuration'), 200);
    assert.equal(await read('/.well-known/oauth-authorization-server'), 200);
    assert.equal(await read('/oauth2/jwks'), 200);
    for (const path of ['/oauth2/token', '/oauth2/revoke'])
      assert.match(`${await read(path, { ...post, body: 'client_id=frames' })}`, /Failed to fetch/);
    assert.match(`${await read('/oidc/userinfo', { headers: { authorization: 'Bearer x' } })}`, /Failed to fetch/);
    await tab.context().close();
  });

  describe('keycloak-js', () => {
    // It sends its token requests "with credentials", which counts for its own server alone: ours takes no cookies there and
    // says so to nobody. A page that uses it elsewhere takes that word back.
    const withoutCredentials = () => {
      const ask = window.fetch;
      window.fetch = (url, init) => ask(url, { ...init, credentials: 'same-origin' });
    };

    async function openApp({ stock = false } = {}) {
      const tab = await openBrowser(stage);
      if (!stock) await tab.addInitScript(withoutCredentials);
      await tab.goto(`${site.url}/keycloak`);
      return tab;
    }

    /** keycloak.init() on the page where the tab is, and what it then knows. */
    async function init(tab, options) {
      await tab.waitForFunction(() => window.Keycloak);
      return tab.evaluate(async ([oidcProvider, more]) => {
        window.keycloak = new window.Keycloak({ oidcProvider, clientId: 'keycloak' });
        const authenticated = await window.keycloak.init({ checkLoginIframe: false, ...more });
        return authenticated && { sub: window.keycloak.subject, sid: window.keycloak.sessionId };
      }, [stage.world.issuer, options]);
    }

    const silently = () => ({ onLoad: 'check-sso', silentCheckSsoRedirectUri: `${site.url}/keycloak/silent` });

    async function logInThere(tab) {
      await init(tab, {});
      await tab.evaluate(() => { window.keycloak.login(); });
      await enter(tab, `${site.url}/keycloak`);
    }

    test('login, userinfo, renewal in a frame, logout', async () => {
      const tab = await openApp();
      assert.equal(await init(tab, silently()), false);
      await tab.goto(`${site.url}/keycloak`);
      await logInThere(tab);
      const first = await init(tab, {});
      assert.ok(first);
      assert.equal((await tab.evaluate(() => window.keycloak.loadUserInfo())).sub, first.sub);

      await tab.goto(`${site.url}/keycloak`);
      assert.deepEqual(await init(tab, silently()), first);

      await tab.evaluate(() => { window.keycloak.logout(); });
      await tab.waitForURL(`${site.url}/keycloak`);
      assert.equal(await init(tab, silently()), false);
      await tab.context().close();
    });

    test('with credentials the browser does not let it read the answer', async () => {
      const tab = await openApp({ stock: true });
      const said = [];
      tab.on('console', (message) => said.push(message.text()));
      await logInThere(tab);
      await assert.rejects(init(tab, {}), /Failed to fetch/);
      assert.match(said.join(), /Access-Control-Allow-Credentials/);
      await tab.context().close();
    });
  });
});
