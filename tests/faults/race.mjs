// SPDX-License-Identifier: Apache-2.0
// Two nodes over one PostgreSQL and 64 callers who want the same one-time thing at the same moment, half of them at each
// node. `race()` says how many of them had it, round by round. TONGXING_RACE_ROUNDS: 5 in the ordinary run, 1000 for a
// figure; TONGXING_TEST_POSTGRES names the server (without it there is no race, and the test is skipped).
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { promisify } from 'node:util';
import { startWorld } from '../kit/world.mjs';
import { extraConfig, secondNode, send } from './kit.mjs';

export const rounds = Number(process.env.TONGXING_RACE_ROUNDS ?? 5);
export const callers = 64;

const server = process.env.TONGXING_TEST_POSTGRES;
const psql = (sql) => promisify(execFile)('psql', [server, '-qc', sql]);

/** For `test(name, { skip: noRace }, …)`. */
export const noRace = server ? false : 'TONGXING_TEST_POSTGRES names no server';

/** A world whose `nodes` are the addresses of two processes over one schema; it ends with the test. */
export async function twoNodes(t, options) {
  const schema = `race_${randomBytes(6).toString('hex')}`;
  await psql(`CREATE SCHEMA ${schema}`);
  const world = await startWorld({
    extraConfig, storeUrl: `${server}?options=-csearch_path%3D${schema}`, ...options,
  });
  const ports = [world.port];
  const node = { after: (end) => (node.end = end) };
  t.after(async () => {
    await node.end?.();
    await world.stop();
    await psql(`SET client_min_messages = warning; DROP SCHEMA ${schema} CASCADE`);
  });
  ports.push(await secondNode(world, node));
  world.nodes = ports.map((port) => `http://127.0.0.1:${port}`);
  return world;
}

/** Connections that stay open, so that no caller is late because of his handshake. */
const agents = () => Array.from({ length: 2 }, () => new http.Agent({ keepAlive: true, maxSockets: callers }));

/** What one caller was told: the word for it, such as 'won' or the error's code. */
const told = ({ status, json }) => (status === 200 ? 'won' : json?.error ?? `${status}`);

/** POST of a form on a connection of the race: { status, json, text }. `init` as of kit.mjs. */
async function post(node, agent, path, { body, headers }) {
  const answer = await send(`${node}${path}`, { method: 'POST', body, headers, agent });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  return { status: answer.status, json: isJson && text ? JSON.parse(text) : null, text, headers: answer.headers };
}

/**
 * `prepare(round)` makes the thing. `call(post, thing, caller)` is what each of them does, by `post(path, { body, headers })`
 * at the node that is his, and gives the answer (200 is a win), or a word of its own. Gives { rounds, winners: how many
 * rounds had 0, 1, 2 … winners, answers: how often each word was said }. `check(thing, answers)` may look at each round.
 */
export async function race(world, { prepare, call, check, times = rounds }) {
  const lanes = agents();
  const result = { rounds: times, callers, winners: {}, answers: {} };
  try {
    for (let round = 0; round < times; round++) {
      const thing = await prepare(round);
      const answers = await Promise.all(Array.from({ length: callers }, (_, caller) => {
        const lane = caller % world.nodes.length;
        return call((path, init) => post(world.nodes[lane], lanes[lane], path, init), thing, caller);
      }));
      const words = answers.map((answer) => (typeof answer === 'string' ? answer : told(answer)));
      const won = words.filter((word) => word === 'won').length;
      result.winners[won] = (result.winners[won] ?? 0) + 1;
      for (const word of words) result.answers[word] = (result.answers[word] ?? 0) + 1;
      await check?.(thing, answers);
    }
  } finally {
    for (const lane of lanes) lane.destroy();
  }
  return result;
}

/** The figure, for the report of the run. */
export function tell(t, what, { rounds: times, winners, answers }) {
  const list = (counts) => Object.entries(counts).map(([name, count]) => `${name}: ${count}`).join(', ');
  t.diagnostic(`${what}: ${times} rounds of ${callers} callers at two nodes; rounds by winners {${list(winners)}}; answers {${list(answers)}}`);
}
