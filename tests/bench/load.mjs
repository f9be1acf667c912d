// SPDX-License-Identifier: Apache-2.0
// Runs load on core 1 and reads what it cost on core 0.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = new URL('.', import.meta.url).pathname;
const build = process.env.TONGXING_BUILD;
const tickUs = 10_000; // USER_HZ is 100 on Linux

/** Run a command on the core for load; what it prints last is JSON. */
async function measure(command, input) {
  const child = spawn('taskset', ['-c', '1', ...command], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stdin.end(input ?? '');
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command.join(' ')} failed:\n${text}`);
  return JSON.parse(text.trim().split('\n').at(-1));
}

const lua = (value) =>
  Array.isArray(value) ? `{${value.map(lua).join(',')}}`
    : typeof value === 'object' ? `{${Object.entries(value).map(([k, v]) => `[${lua(k)}]=${lua(v)}`).join(',')}}`
      : JSON.stringify(value);

/** request: { method, path, headers, bodies | authorizations }. */
export function wrk(port, dir, request, { connections = 16, seconds }) {
  const plan = join(dir, 'request.plan.lua');
  writeFileSync(plan, `return ${lua(request)}`);
  return measure(['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', join(here, 'request.lua'),
    `http://127.0.0.1:${port}`, '--', plan]);
}

/** plan: the lines bench_load reads; `start` is an array. */
export function chain(port, plan, { connections = 8, seconds, limit = 0 }) {
  const lines = Object.entries(plan).flatMap(([name, value]) => [value].flat().map((one) => `${name} ${one}`));
  return measure([join(build, 'tests/bench_load'), port, connections, seconds, limit].map(String), lines.join('\n') + '\n');
}

const stat = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  } catch {
    return null; // gone
  }
};

/** The processes of that id and their children: a PostgreSQL has one for each connection. */
export function family(pids) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  return all.filter((pid) => pids.includes(pid) || pids.includes(Number(stat(pid)?.[1])));
}

/** Time on the processor so far, us: of the living, and (cutime, cstime) of children that have ended. */
export const cpuUs = (pids) =>
  family(pids).reduce((sum, pid) => {
    const s = stat(pid);
    const ended = pids.includes(pid) ? Number(s?.[13] ?? 0) + Number(s?.[14] ?? 0) : 0;
    return sum + (Number(s?.[11] ?? 0) + Number(s?.[12] ?? 0) + ended) * tickUs;
  }, 0);

export const rssMib = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
