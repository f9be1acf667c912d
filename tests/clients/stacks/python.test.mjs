// SPDX-License-Identifier: Apache-2.0
// Python's clients: Authlib under Flask, mozilla-django-oidc, social-auth-app-django, JupyterHub, and what checks a token.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { visit } from '../../kit/visit.mjs';
import { installed, isMissing, person, secret, Stock } from '../../kit/stock.mjs';
import { Browser } from '../../kit/world.mjs';

const python = installed('python/bin/python');
const skip = isMissing(installed('python/ready'), 'Python\'s clients');
const script = (name) => fileURLToPath(new URL(`python/${name}`, import.meta.url));
const audience = 'https://api.example.cn';

const client = (name, paths, more = {}) => new Stock({
  command: () => [python, script(name)],
  env: () => ({ RENEW_S: '900', ...more.env }),
  register: (site) => ({
    redirect_uris: [site + paths.back],
    post_logout_redirect_uris: [site + (paths.bye ?? '/')],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid profile phone offline_access',
    ...more.register,
  }),
});

describe('Authlib under Flask', { skip }, () => {
  const hall = client('flask_app.py', { back: '/callback', bye: '/bye' });
  before(() => hall.start());
  after(() => hall.stop());

  test('login and userinfo', async () => {
    const { told } = await hall.read(new Browser(), '/');
    assert.equal(told.userinfo.name, person.name);
    assert.equal(told.userinfo.sub, told.id_token.sub);
  });

  test('it refreshes', async () => {
    const browser = new Browser();
    await hall.read(browser, '/');
    const { told } = await hall.read(browser, '/refresh');
    assert.equal(told.renewed, true);
    assert.equal(told.userinfo.name, person.name);
  });

  test('its logout ends the session here as well, and its state comes back', async () => {
    const browser = new Browser();
    await hall.read(browser, '/');
    const bye = await hall.read(browser, '/logout');
    assert.equal(bye.told.known.post_logout_redirect_uri, `${hall.site}/bye`);
    assert.deepEqual((await hall.read(browser, '/')).asked, ['login-form']);
  });
});

describe('mozilla-django-oidc', { skip }, () => {
  const hall = client('mozilla_app.py', { back: '/oidc/callback/' });
  const enter = (browser) => hall.read(browser, '/oidc/authenticate/');
  before(() => hall.start());
  after(() => hall.stop());

  test('login, twice as the same person', async () => {
    const first = await enter(new Browser());
    const second = await enter(new Browser());
    assert.equal(first.told.first_name, person.name);
    assert.equal(second.told.username, first.told.username);
  });

  test('its logout ends the session here as well', async () => {
    const browser = new Browser();
    const { told } = await enter(browser);
    const body = new URLSearchParams({ csrfmiddlewaretoken: told.csrf });
    const bye = await hall.read(browser, '/oidc/logout/', { method: 'POST', body });
    assert.equal(bye.told.username, '');
    assert.deepEqual((await enter(browser)).asked, ['login-form']);
  });
});

describe('mozilla-django-oidc that renews at every page', { skip }, () => {
  const hall = client('mozilla_app.py', { back: '/oidc/callback/' }, { env: { RENEW_S: '1' } });
  before(() => hall.start());
  after(() => hall.stop());

  test('it renews without asking anybody', async () => {
    const browser = new Browser();
    const first = await hall.read(browser, '/oidc/authenticate/');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const sent = await browser.request(hall.site);
    assert.match(sent.headers.get('location'), /prompt=none/);
    const second = await hall.read(browser, '/');
    assert.deepEqual(second.asked, []);
    assert.equal(second.told.username, first.told.username);
  });
});

describe('social-auth-app-django', { skip }, () => {
  const hall = client('social_app.py', { back: '/complete/oidc/' });
  before(() => hall.start());
  after(() => hall.stop());

  async function enter(browser) {
    const { told } = await hall.read(browser, '/');
    return hall.read(browser, '/login/oidc/', { method: 'POST', body: new URLSearchParams({ csrfmiddlewaretoken: told.csrf }) });
  }

  test('login, twice as the same person', async () => {
    const first = await enter(new Browser());
    const second = await enter(new Browser());
    assert.ok(first.told.username);
    assert.equal(first.told.first_name + second.told.username, person.name + first.told.username);
  });

  test('it refreshes', async () => {
    const browser = new Browser();
    await enter(browser);
    assert.equal((await hall.read(browser, '/refresh')).told.renewed, true);
  });
});

describe('JupyterHub', { skip }, () => {
  const hub = new Stock({
    command: () => [python, '-m', 'jupyterhub', '--config', script('jupyterhub_config.py')],
    register: (site) => ({ redirect_uris: [`${site}/hub/oauth_callback`], scope: 'openid profile' }),
  });
  before(() => hub.start());
  after(() => hub.stop());

  test('login, and a logout that asks here', async () => {
    const browser = new Browser();
    const page = await hub.visit(browser, '/hub/home');
    assert.match(page.text, /id="logout"/);
    const bye = await visit(browser, `${hub.site}/hub/logout`, { stopAt: 'nowhere:' });
    assert.deepEqual(bye.asked, ['logout-form']);
    assert.match(bye.text, /id="signed-out"/);
    assert.deepEqual((await hub.visit(browser, '/hub/home')).asked, ['login-form']);
  });
});

describe('an API in Python', { skip }, () => {
  const api = client('flask_app.py', { back: '/callback' }, {
    register: { grant_types: ['authorization_code', 'client_credentials'], audience },
  });
  before(() => api.start());
  after(() => api.stop());

  async function token() {
    const answer = await fetch(`${api.issuer}/oauth2/token`, {
      method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: api.id, client_secret: secret }),
    });
    return (await answer.json()).access_token;
  }

  async function check(library, ...words) {
    const { stdout } = await promisify(execFile)(python, [script('check_token.py'), library, ...words],
      { env: { ...process.env, ISSUER: api.issuer } });
    return JSON.parse(stdout);
  }

  for (const library of ['pyjwt', 'python-jose', 'authlib']) {
    test(`${library} takes a token for it, no other`, async () => {
      const good = await token();
      assert.equal((await check(library, good, audience)).sub, api.id);
      assert.ok((await check(library, good, 'https://other.example.cn')).refused);
    });
  }
});
