// SPDX-License-Identifier: Apache-2.0
// A partner's back-channel logout endpoint that keeps what it is sent.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** { uri, next(), stop() }: next() is the logout token of the next delivery, or of the oldest not yet taken. */
export async function receiveLogouts() {
  const arrived = [];
  const waiting = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const delivery = { method: request.method, type: request.headers['content-type'], form: new URLSearchParams(body) };
    if (waiting.length > 0) waiting.shift()(delivery);
    else arrived.push(delivery);
    response.writeHead(200, { 'cache-control': 'no-store' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    uri: `http://localhost:${server.address().port}/backchannel`,
    next: () => (arrived.length > 0 ? arrived.shift() : new Promise((resolve) => waiting.push(resolve))),
    stop: () => server.close(),
  };
}
