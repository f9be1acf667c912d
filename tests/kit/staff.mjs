// SPDX-License-Identifier: Apache-2.0
// Staff at the counter, for tests: a real directory (tests/ci/slapd.sh), and the codes of an authenticator (RFC 6238).
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tests = dirname(dirname(fileURLToPath(import.meta.url)));
const slapd = join(tests, 'ci/slapd.sh');
export const password = 'Window-No.1-opens'; // of everybody in tests/directory/tree.ldif

/** A directory with the sample tree, whose staff serve the whole province: lines for startWorld() and stop(). */
export function startDirectory() {
  const dir = mkdtempSync(join(tmpdir(), 'tongxing-directory-'));
  const groups = join(dir, 'groups.json');
  const [ldaps, , ca] = execFileSync(slapd, ['start', dir], { encoding: 'utf8' }).trim().split(' ');
  writeFileSync(groups, readFileSync(join(tests, 'directory/groups.json'), 'utf8').replace(/"region": "\d+"/g, '"region": "330000"'));
  return {
    staff: `groups_file = ${groups}\n`,
    config: `[directory]\nurls = ${ldaps}\nca_file = ${ca}\nbind_dn = cn=tongxing,ou=accounts,dc=hrss,dc=example\n`
      + 'bind_password = tongxing-may-read\nbase = dc=hrss,dc=example\n',
    stop: () => execFileSync(slapd, ['stop', dir]),
  };
}

function base32(text) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

const counted = (secret, step) => {
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', base32(secret)).update(count).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return `${number % 1e6}`.padStart(6, '0');
};

/** An authenticator: each code is good once, so next() gives that of this step, or of the next one, that it has not given. The step
 * before is left alone: it may be over when the server looks. */
export function authenticator(secret) {
  let last = 0;
  return {
    async next() {
      for (;;) {
        const now = Math.floor(Date.now() / 30_000);
        const step = Math.max(now, last + 1);
        if (step <= now + 1) {
          last = step;
          return counted(secret, step);
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },
  };
}

/** What a command tells once, as "Enrolment code of … (told this once): CODE". */
export const toldOnce = (said) => /told this once\): (\S+)/.exec(said)[1];
