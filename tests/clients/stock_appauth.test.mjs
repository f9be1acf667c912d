// SPDX-License-Identifier: Apache-2.0
// AppAuth-JS as it comes: a public client on a loopback port that nobody registered.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { application, person, Stock } from '../kit/stock.mjs';
import { Browser } from '../kit/world.mjs';
import { visit } from '../kit/visit.mjs';

describe('AppAuth-JS', () => {
  const app = new Stock({
    command: () => [process.execPath, application('appauth.mjs')],
    register: () => ({
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/'],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid profile offline_access',
    }),
  });

  const lines = () => app.child.said().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const line = async (name) => {
    await app.until(() => lines().some((one) => one[name]), `it never told ${name}`);
    return lines().find((one) => one[name]);
  };

  before(() => app.start());
  after(() => app.stop());

  test('login, refresh, revocation', async () => {
    const { url } = await line('url');
    assert.ok(new URL(url).searchParams.get('code_challenge'));
    await visit(new Browser(), url, { stopAt: 'nowhere:' });
    const { first, second, third } = await line('third');
    assert.notEqual(second.access_token, first.access_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.ok(third.message, 'a revoked token is refused');
    const told = await fetch(`${app.issuer}/oidc/userinfo`, { headers: { authorization: `Bearer ${second.access_token}` } });
    assert.equal(told.status, 401, `${person.name} is still known`);
  });
});
