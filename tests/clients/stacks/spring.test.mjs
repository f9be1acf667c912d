// SPDX-License-Identifier: Apache-2.0
// Spring Boot 3 and 4: login by settings alone, logout in both directions, an API by settings alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { installed, isMissing, person, secret, Stock } from '../../kit/stock.mjs';
import { RelyingParty } from '../../kit/relying_party.mjs';
import { partner } from '../../kit/visit.mjs';
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
const caller = (id, more) => ({
  client_id: id, client_name: '调用方', client_secret: secret, grant_types: ['client_credentials'], ...more,
});

async function tokenOf(stock, id) {
  const answer = await fetch(`${stock.issuer}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }),
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

  describe(`Spring Boot ${version} as an API that checks tokens, by settings alone`, { skip }, () => {
    const api = new Stock({ command: startBoot(folder, 'api'), register: () => ({ grant_types: ['client_credentials'] }) });
    before(() => api.start({ partners: [
      caller('caller', { audience, access_token_typ: 'JWT' }),
      caller('elsewhere', { audience: 'https://other.example.cn', access_token_typ: 'JWT' }),
      caller('usual', { audience }),
      partner('hall', { client_secret: secret, audience, access_token_typ: 'JWT' }),
    ] }));
    after(() => api.stop());

    test('it takes a token for it whose typ is JWT', async () => {
      const answer = await call(api, await tokenOf(api, 'caller'));
      assert.equal(answer.status, 200, api.story());
      assert.equal((await answer.json()).client_id, 'caller');
    });

    test("it takes a person's access token, not her ID token", async () => {
      const hall = await new RelyingParty(api.world, { id: 'hall', secret, method: 'client_secret_post' }).discover();
      const { tokens, claims } = await hall.login();
      const answer = await call(api, tokens.access_token);
      assert.equal(answer.status, 200, api.story());
      assert.equal((await answer.json()).sub, claims.sub);
      assert.equal((await call(api, tokens.id_token)).status, 401);
    });

    test('it refuses a token for another, and one whose typ is at+jwt', async () => {
      assert.equal((await call(api, await tokenOf(api, 'elsewhere'))).status, 401);
      assert.equal((await call(api, await tokenOf(api, 'usual'))).status, 401);
    });
  });

  describe(`Spring Boot ${version} as an API that introspects, by settings alone`, { skip }, () => {
    const api = new Stock({
      command: startBoot(folder, 'introspect'),
      register: () => ({ grant_types: ['client_credentials'], resources: audience }),
    });
    before(() => api.start({ partners: [caller('caller', { audience })] }));
    after(() => api.stop());

    test('it takes a token for it, and none that is unknown', async () => {
      const answer = await call(api, await tokenOf(api, 'caller'));
      assert.equal(answer.status, 200, api.story());
      assert.equal((await answer.json()).client_id, 'caller');
      assert.equal((await call(api, 'unknown')).status, 401);
    });
  });
}
