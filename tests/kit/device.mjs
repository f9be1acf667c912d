// SPDX-License-Identifier: Apache-2.0
// Devices that show a code (RFC 8628), and the telephone of the person before them.
import assert from 'node:assert/strict';

export const grant = 'urn:ietf:params:oauth:grant-type:device_code';

/** A registration of a device without pages of its own; `more` adds or replaces members. */
export const devicePartner = (id, more = {}) => ({
  client_id: id, client_name: `设备 ${id}`, channel: 'app', token_endpoint_auth_method: 'none',
  grant_types: [grant, 'refresh_token'], scope: 'openid profile', ...more,
});

/** What a device is told when it asks; `proof` is a client secret, if it has one. */
export async function ask(world, id, proof) {
  const body = new URLSearchParams({ client_id: id, scope: 'openid profile', ...(proof && { client_secret: proof }) });
  const answer = await fetch(`${world.issuer}/oauth2/device_authorization`, { method: 'POST', body });
  assert.equal(answer.status, 200);
  return answer.json();
}

/** What it is told when it comes for its tokens: { status, error, access_token, … }. */
export async function poll(world, id, device, proof) {
  const body = new URLSearchParams({
    client_id: id, grant_type: grant, device_code: device.device_code, ...(proof && { client_secret: proof }),
  });
  const answer = await fetch(`${world.issuer}/oauth2/token`, { method: 'POST', body });
  return { status: answer.status, ...(await answer.json()) };
}

/** The id of a button with another number than the device shows. */
export const wrongNumber = async (page, { match_number: right }) =>
  (await page.$$eval('[name=number]', (buttons) => buttons.map(({ id }) => id))).find((id) => id !== `number-${right}`);

/** The person of `browser`, who is logged in, opens what the device shows and says yes; or what `fields` say. */
export async function confirm(browser, { verification_uri_complete: uri, match_number: number }, fields) {
  const page = await browser.go(uri);
  assert.match(page.text, /id="device-confirm-form"/);
  return browser.submit(page, 'device-confirm-form', fields ?? (number ? { number } : { decision: 'allow' }));
}
