// SPDX-License-Identifier: Apache-2.0
// Spring Boot 3 and 4: login by settings alone, logout in both directions, an API by settings alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { installed, isMissing, person, secret, Stock } from '../../kit/stock.mjs';
import { Browser } from '../../kit/world.mjs';

const audience = 'https://api.example.cn';

const startBoot = (folder, profiles) => () =>
  ['java', '-cp', `${folder}/classes:${folder}/dependency/*`, 'app.App', `--spring.profiles.active=${profiles}`];

const register = (site) => ({
  redirect_uris: [`${site}/login/oauth2/code/tongxing`],
  post_logout_redirect_uris: [`${site}/bye`],
  backchannel_logout_uri: `${site}/logout/connect/back-channel/tongxing`,
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile phone',
});

/** A partner that calls an API for itself. */
const caller = (more) => ({
  client_id: 'caller', client_name: '调用方', client_secret: secret, grant_types: ['client_credentials'], ...more,
});

async function tokenOf(stock, id, fields = {}) {
  const answer = await fetch(`${stock.issuer}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret, ...fields }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()).access_token;
}

const call = (stock, token) => fetch(stock.site, { headers: { authorization: `Bearer ${token}` } });

for (const version of ['3', '4']) {
  const folder = installed(`spring${version}`);
  const skip = isMissing(`${folder}/classes/app/App.class`, `Spring Boot ${version}`);

  describe(`Spring Boot ${version}, issuer, id and secret in its settings and no code`, { skip }, () => {
    const hall = new Stock({ command: startBoot(folder, 'login'), register });
    before(() => hall.start());
    after(() => hall.stop());

    test('login and userinfo', async () => {
      const { told } = await hall.read(new Browser(), '/');
      assert.equal(told.name, person.name);
      assert.equal(told.phone_number, `+86${person.phone}`);
    });
  });

  describe(`Spring Boot ${version} with logout`, { skip }, () => {
    const hall = new Stock({ command: startBoot(folder, 'login,logout'), register });
    before(() => hall.start());
    after(() => hall.stop());

    test('it refreshes', async () => {
      const browser = new Browser();
      await hall.read(browser, '/');
      const first = await hall.read(browser, '/token');
      const second = await hall.read(browser, '/token');
      assert.notEqual(second.told.access_token, first.told.access_token);
    });

    test('its logout ends the session here as well', async () => {
      const browser = new Browser();
      await hall.read(browser, '/');
      const form = await hall.visit(browser, '/logout');
      const token = /name="_csrf"[^>]*value="([^"]*)"/.exec(form.text)[1];
      const page = await browser.go(`${hall.site}/logout`, { method: 'POST', body: new URLSearchParams({ _csrf: token }) });
      assert.equal(page.url.href, `${hall.site}/bye`);
      assert.deepEqual((await hall.read(browser, '/')).asked, ['login-form']);
    });

    test('a logout here ends its session by the back channel', async () => {
      const browser = new Browser();
      await hall.read(browser, '/');
      await hall.logOutElsewhere(browser);
      await hall.until(async () => (await browser.request(`${hall.site}/`)).status === 302, 'it never heard of it');
    });
  });

  describe(`Spring Boot ${version} as an API that introspects, by settings alone`, { skip }, () => {
    const api = new Stock({ command: startBoot(folder, 'introspect'), register, id: 'api' });
    before(() => api.start({ partners: [caller({ audience: `${audience} api` })] }));
    after(() => api.stop());

    test('a token that names it is taken, no other', async () => {
      const answer = await call(api, await tokenOf(api, 'caller'));
      assert.equal(answer.status, 200, api.story());
      assert.equal((await answer.json()).client_id, 'caller');
      assert.equal((await call(api, 'unknown')).status, 401);
    });
  });
}
