// SPDX-License-Identifier: Apache-2.0
// Registers the first person of the bank's simulator at a service that stands behind a front: newcomer.mjs ISSUER PORT
// SMS_PORT. The service is asked at PORT of this machine, by its issuer's name.
import http from 'node:http';
import { Browser, people, register } from '../kit/world.mjs';

const [issuer, port, smsPort] = process.argv.slice(2);

class BehindAFront extends Browser {
  send(url, { method = 'GET', headers = {}, body } = {}) {
    const { pathname, search, host } = new URL(url);
    const text = body === undefined ? undefined : String(body);
    const all = { ...headers, host, 'x-forwarded-for': '203.0.113.7' };
    if (text !== undefined) all['content-type'] = 'application/x-www-form-urlencoded';
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: pathname + search, method, headers: all };
      const request = http.request(options, async (answer) => {
        const pairs = [];
        for (let i = 0; i < answer.rawHeaders.length; i += 2) pairs.push(answer.rawHeaders.slice(i, i + 2));
        const chunks = await answer.toArray();
        resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode, headers: pairs }));
      });
      request.on('error', reject);
      request.end(text);
    });
  }
}

const browser = new BehindAFront();
const page = await register({ smsPort }, browser, await browser.go(`${issuer}/register`), people[0]);
console.log(`registered at ${page.url}, request ${page.answer.headers.get('x-request-id')}`);
