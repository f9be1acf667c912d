// SPDX-License-Identifier: Apache-2.0
// Auth.js (@auth/express) as it comes, and with what makes it know names: a line of its own, or one of the registration.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { application, person, Stock } from '../kit/stock.mjs';
import { Browser } from '../kit/world.mjs';

const hall = (more, registered = {}) => new Stock({
  command: () => [process.execPath, application('auth_js.mjs')],
  env: () => ({ MORE: JSON.stringify(more) }),
  register: (site) => ({ redirect_uris: [`${site}/auth/callback/tongxing`], scope: 'openid profile', ...registered }),
});

/** Its own buttons are forms with a token of its own. */
async function press(stock, browser, path) {
  const { told: { csrfToken } } = await stock.read(browser, '/auth/csrf');
  return stock.read(browser, path, { method: 'POST', body: new URLSearchParams({ csrfToken, callbackUrl: stock.site }) });
}

const signIn = (stock, browser) => press(stock, browser, '/auth/signin/tongxing');

describe('Auth.js', () => {
  const plain = hall({});
  before(() => plain.start());
  after(() => plain.stop());

  test('login with its defaults, which looks for a name in the ID token alone', async () => {
    const { told } = await signIn(plain, new Browser());
    assert.ok(told.expires);
    assert.equal(told.user?.name, undefined);
  });

  test('logout is its own: the session here goes on', async () => {
    const browser = new Browser();
    await signIn(plain, browser);
    assert.equal((await press(plain, browser, '/auth/signout')).told, null);
    assert.deepEqual((await signIn(plain, browser)).asked, []);
  });
});

for (const [how, named] of [
  ['with idToken: false, so that it asks userinfo', hall({ idToken: false })],
  ['whose registration wants the name in the ID token', hall({}, { id_token_claims: 'name' })],
]) {
  describe(`Auth.js ${how}`, () => {
    before(() => named.start());
    after(() => named.stop());

    test('login with her name', async () => {
      const { told } = await signIn(named, new Browser());
      assert.equal(told.user.name, person.name);
    });
  });
}
