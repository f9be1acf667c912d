// SPDX-License-Identifier: Apache-2.0
// Where a world keeps its data: a SQLite file of its own, or, with TONGXING_TEST_STORE=postgres, a schema of its own in
// the server that TONGXING_TEST_POSTGRES names.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const installed = '/usr/lib/postgresql'; // Debian keeps one folder a version here

async function psql(url, statement) {
  const versions = (await readdir(installed)).sort((a, b) => Number(a) - Number(b));
  await run(join(installed, versions.at(-1), 'bin/psql'), ['--quiet', '--no-psqlrc', '--dbname', url, '--command', statement]);
}

async function freshSchema(server) {
  const schema = `world_${randomBytes(8).toString('hex')}`;
  await psql(server, `CREATE SCHEMA ${schema}`);
  return {
    url: `${server}${server.includes('?') ? '&' : '?'}options=-csearch_path%3D${schema}`,
    drop: () => psql(server, `SET client_min_messages = warning; DROP SCHEMA ${schema} CASCADE`),
  };
}

/** { url, drop() } of an empty store; a file lives in `dir` and goes with it. */
export function freshStore(dir) {
  if (process.env.TONGXING_TEST_STORE !== 'postgres')
    return { url: `sqlite:${join(dir, 'store.db')}`, drop: async () => {} };
  if (!process.env.TONGXING_TEST_POSTGRES) throw new Error('TONGXING_TEST_POSTGRES must name a server');
  return freshSchema(process.env.TONGXING_TEST_POSTGRES);
}
