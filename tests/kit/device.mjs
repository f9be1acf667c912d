// SPDX-License-Identifier: Apache-2.0
// Devices that show a code (RFC 8628), and the telephone of the person before them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

export const grant = 'urn:ietf:params:oauth:grant-type:device_code';

/** A registration of a device without pages of its own; `more` adds or replaces members. */
export const devicePartner = (id, more = {}) => ({
  client_id: id, client_name: `设备 ${id}`, channel: 'app', token_endpoint_auth_method: 'none',
  grant_types: [grant, 'refresh_token'], scope: 'openid profile', ...more,
});

/** A public device without a key: ask() is what it is told when it asks, poll(it) when it comes for its tokens. */
export class Device {
  constructor(world, id) {
    Object.assign(this, { world, id });
  }

  /** { status, error, access_token, … } */
  async send(path, fields) {
    const url = `${this.world.issuer}${path}`;
    const body = new URLSearchParams({ client_id: this.id, ...fields, ...(await this.credentials()) });
    const answer = await fetch(url, { method: 'POST', body, headers: await this.headers(url) });
    return { status: answer.status, ...(await answer.json()) };
  }

  credentials() {}

  headers() {}

  async ask() {
    const answer = await this.send('/oauth2/device_authorization', { scope: 'openid profile' });
    assert.equal(answer.status, 200, JSON.stringify(answer));
    return answer;
  }

  poll({ device_code: code }) {
    return this.send('/oauth2/token', { grant_type: grant, device_code: code });
  }
}

/** A partner whose terminals these are; `more` adds or replaces members. */
export const terminalPartner = (id, more = {}) =>
  devicePartner(id, { channel: 'terminal', token_endpoint_auth_method: 'private_key_jwt', ...more });

/** A terminal that has been set up: it proves itself by a key of its own. */
export class Terminal extends Device {
  static async enrol(world, id, place = '一楼大厅 3 号机') {
    const terminal = new Terminal(world, id);
    const said = await world.command('terminal', 'add', '--partner', id, '--place', place, '--agency', '市人社局');
    terminal.key = await generateKeyPair('ES256', { extractable: true });
    terminal.jwk = await exportJWK(terminal.key.publicKey);
    const url = `${world.issuer}/terminal/enrol`;
    const body = new URLSearchParams({ code: /\d{5}(-\d{5}){5}/.exec(said)[0], jwk: JSON.stringify(terminal.jwk) });
    const answer = await fetch(url, { method: 'POST', body, headers: await terminal.headers(url) });
    assert.equal(answer.status, 200, said);
    terminal.kid = (await answer.json()).terminal_id;
    return terminal;
  }

  sign(header, claims) {
    return new SignJWT({ jti: randomUUID(), ...claims }).setProtectedHeader({ alg: 'ES256', ...header }).setIssuedAt()
      .sign(this.key.privateKey);
  }

  async headers(url) {
    return { dpop: await this.sign({ typ: 'dpop+jwt', jwk: this.jwk }, { htm: 'POST', htu: url }) };
  }

  async credentials() {
    const claims = { iss: this.id, sub: this.id, aud: this.world.issuer, exp: Math.floor(Date.now() / 1000) + 60 };
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await this.sign({ kid: this.kid }, claims),
    };
  }
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
