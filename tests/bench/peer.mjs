// SPDX-License-Identifier: Apache-2.0
// npm's oidc-provider with its adapter in memory, set up to do what our bench asks of us: peer.mjs PORT. Its access tokens
// are opaque, except those of client_credentials (JWT, ES256 or RS256); its password is hashed by scrypt, N = 16384.
import { generateKeyPairSync, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import Provider from 'oidc-provider';

const port = Number(process.argv[2]);
const hash = promisify(scrypt);
const jwk = (type, options, extra) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), ...extra });
const resource = (alg) => ({
  scope: 'api', audience: `urn:bench:${alg}`, accessTokenFormat: 'jwt', jwt: { sign: { alg } }, accessTokenTTL: 300,
});
const salt = Buffer.alloc(16, 7);
const stored = await hash('correct horse', salt, 32);

// Kinder than the adapter it brings, which forgets all but 1000 things and walks a grant's tokens at each new one.
class Memory {
  static rows = new Map();
  constructor(kind) { this.kind = kind; }
  key = (id) => `${this.kind}:${id}`;
  async upsert(id, payload) {
    Memory.rows.set(this.key(id), payload);
    if (this.kind === 'Session') Memory.rows.set(`uid:${payload.uid}`, payload);
  }
  find = async (id) => Memory.rows.get(this.key(id));
  findByUid = async (uid) => Memory.rows.get(`uid:${uid}`);
  consume = async (id) => { Memory.rows.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); };
  destroy = async (id) => { Memory.rows.delete(this.key(id)); };
  revokeByGrantId = async () => {};
}

const provider = new Provider(`http://localhost:${port}`, {
  adapter: Memory,
  clients: [{
    client_id: 'bench', client_secret: 'bench-secret-0123456789abcdef0123456789', redirect_uris: ['http://localhost:9/callback'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'], id_token_signed_response_alg: 'ES256',
  }],
  jwks: { keys: [
    jwk('ec', { namedCurve: 'P-256' }, { use: 'sig', alg: 'ES256', kid: 'es' }),
    jwk('rsa', { modulusLength: 2048 }, { use: 'sig', alg: 'RS256', kid: 'rs' }),
  ] },
  cookies: { long: { signed: false }, short: { signed: false } },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  ttl: { AccessToken: 300, ClientCredentials: 300, RefreshToken: 3600, Session: 3600, Grant: 3600, Interaction: 600 },
  scopes: ['openid', 'offline_access', 'profile', 'api'],
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id, name: '张三' }) }),
  loadExistingGrant: async (ctx) => {
    const known = ctx.oidc.session.grantIdFor('bench');
    if (known) return ctx.oidc.provider.Grant.find(known);
    const grant = new ctx.oidc.provider.Grant({ clientId: 'bench', accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid profile offline_access');
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: async () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: async () => undefined,
      useGrantedResource: async () => false,
      getResourceServerInfo: async (_, indicator) => resource(indicator.endsWith('RS256') ? 'RS256' : 'ES256'),
    },
  },
  interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
});

async function read(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return new URLSearchParams(text);
}

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/login/')) return next();
  if (ctx.method === 'GET') {
    ctx.type = 'html';
    ctx.body = `<form id="login-form" method="post" action="${ctx.path}"><input type="hidden" name="tx" value="1"></form>`;
    return;
  }
  const given = await hash((await read(ctx.req)).get('password') ?? '', salt, 32);
  if (!timingSafeEqual(given, stored)) ctx.throw(400);
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: 'person' } });
  ctx.respond = false;
});

provider.listen(port, '127.0.0.1', () => console.log('peer ready'));
