// SPDX-License-Identifier: Apache-2.0
// AppAuth-JS as an app without a server: code flow with PKCE to a loopback port, refresh, revocation. It says what it
// learns as lines of JSON. Instead of opening a window it says where the window would go.
import { NodeBasedHandler } from '@openid/appauth/built/node_support/node_request_handler.js';
import { NodeCrypto } from '@openid/appauth/built/node_support/crypto_utils.js';
import { NodeRequestor } from '@openid/appauth/built/node_support/node_requestor.js';
import appauth from '@openid/appauth';

const { AuthorizationNotifier, AuthorizationRequest, AuthorizationServiceConfiguration, BaseTokenRequestHandler } = appauth;
const { RevokeTokenRequest, TokenRequest } = appauth;
const { ISSUER, CLIENT_ID, PORT } = process.env;
const own = { client_id: CLIENT_ID, redirect_uri: `http://127.0.0.1:${PORT}/` };

const say = (what) => console.log(JSON.stringify(what));

class Handler extends NodeBasedHandler {
  buildRequestUrl(configuration, request) {
    const url = super.buildRequestUrl(configuration, request);
    say({ url });
    return url;
  }
}

const requestor = new NodeRequestor();
const configuration = await AuthorizationServiceConfiguration.fetchFromIssuer(ISSUER, requestor);
const tokens = new BaseTokenRequestHandler(requestor);
const ask = (fields) => tokens.performTokenRequest(configuration, new TokenRequest({ ...own, ...fields }));

async function afterLogin(request, { code }) {
  const extras = { code_verifier: request.internal.code_verifier };
  const first = await ask({ grant_type: 'authorization_code', code, extras });
  const second = await ask({ grant_type: 'refresh_token', refresh_token: first.refreshToken });
  await tokens.performRevokeTokenRequest(configuration, new RevokeTokenRequest({ ...own, token: second.refreshToken }));
  const third = await ask({ grant_type: 'refresh_token', refresh_token: second.refreshToken }).catch(({ message }) => ({ message }));
  say({ first: first.toJson(), second: second.toJson(), third });
}

const handler = new Handler(Number(PORT));
const notifier = new AuthorizationNotifier();
handler.setAuthorizationNotifier(notifier);
notifier.setAuthorizationListener((request, response, error) => (error ? say({ error }) : afterLogin(request, response)));
handler.performAuthorizationRequest(configuration, new AuthorizationRequest(
  { ...own, scope: 'openid profile offline_access', response_type: 'code', extras: { prompt: 'consent', access_type: 'offline' } },
  new NodeCrypto()));
