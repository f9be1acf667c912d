// SPDX-License-Identifier: Apache-2.0
// Debian's apache2 with mod_auth_openidc as a partner, in a temporary folder, on a free port of this machine.
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProgram, stopChild } from './world.mjs';

const program = '/usr/sbin/apache2';
const modules = '/usr/lib/apache2/modules';
const needed = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'mime', 'include', 'auth_openidc'];

/** Why it cannot run here; undefined when it can. */
export const apacheIsMissing = existsSync(program) && existsSync(join(modules, 'mod_auth_openidc.so'))
  ? undefined
  : 'Debian\'s apache2 and libapache2-mod-auth-openidc are not installed';

const page = `<p id="user"><!--#echo var="REMOTE_USER" --></p>
<p id="name"><!--#echo encoding="none" var="OIDC_CLAIM_name" --></p>
<p id="phone"><!--#echo var="OIDC_CLAIM_phone_number" --></p>
<p id="acr"><!--#echo var="OIDC_CLAIM_acr" --></p>
`;

const configText = ({ dir, port, issuer, clientId, clientSecret, alg }) => `
ServerName localhost
ServerRoot ${dir}
Listen 127.0.0.1:${port}
PidFile ${dir}/apache2.pid
DefaultRuntimeDir ${dir}
ErrorLog "|/bin/cat"
LogLevel notice
${needed.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
${process.getuid() === 0 ? 'User www-data\nGroup www-data' : ''}
TypesConfig /dev/null
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
DocumentRoot ${dir}/pages
OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration
OIDCClientID ${clientId}
OIDCClientSecret "${clientSecret}"
OIDCRedirectURI http://localhost:${port}/private/return
OIDCIDTokenSignedResponseAlg ${alg}
OIDCPKCEMethod S256
OIDCScope "openid profile phone"
OIDCCryptoPassphrase "only for this test"
OIDCPassClaimsAs environment
# Node says Sec-Fetch-Mode: cors, which would be answered 401 and not sent to log in.
OIDCUnAuthAction auth true
<Directory ${dir}/pages>
  Options +Includes
  Require all granted
</Directory>
<Location /private/>
  AuthType openid-connect
  Require valid-user
</Location>
`;

/** A folder and a port for it; start() needs the issuer, whose partner `registration` must be. */
export async function prepareApache({ clientId, clientSecret, alg }) {
  const dir = await mkdtemp(join(tmpdir(), 'tongxing-apache-'));
  const port = await freePort();
  const site = `http://localhost:${port}`;
  let server;
  return {
    site,
    registration: {
      client_id: clientId,
      client_name: '网上办事大厅',
      client_secret: clientSecret,
      id_token_signed_response_alg: alg,
      redirect_uris: [`${site}/private/return`],
      post_logout_redirect_uris: [`${site}/goodbye.shtml`],
      backchannel_logout_uri: `${site}/private/return?logout=backchannel`,
      scope: 'openid profile phone',
    },
    async start(issuer) {
      await mkdir(join(dir, 'pages/private'), { recursive: true });
      await writeFile(join(dir, 'pages/private/index.shtml'), page);
      await writeFile(join(dir, 'pages/goodbye.shtml'), '<p id="goodbye">Goodbye</p>\n');
      await chmod(dir, 0o755); // its workers run as somebody else
      await writeFile(join(dir, 'apache2.conf'), configText({ dir, port, issuer, clientId, clientSecret, alg }));
      server = await startProgram(program, ['-DFOREGROUND', '-f', join(dir, 'apache2.conf')], 'resuming normal operations', join(dir, 'log'));
    },
    log: () => server?.said() ?? '',
    async stop() {
      await stopChild(server);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
