// Each way of keeping a token, used as its own README tells. What holds no token by itself got the usual glue: on a 401
// refresh once and try again. `save` and `load` put the set where the processes of one shop share it.

const glue = (world, refresh) => {
  let set = world.set;
  return async () => {
    const first = await world.call(set.access_token);
    if (first !== 401) return set.access_token;
    set = await refresh(set);
    await world.save(set);
    const second = await world.call(set.access_token);
    if (second !== 200) throw new Error(`status ${second}`);
    return set.access_token;
  };
};

export const CLIENTS = {
  async 'google-auth-library'(world) {
    const { OAuth2Client } = await import('google-auth-library');
    const client = new OAuth2Client({
      clientId: world.clientId,
      clientSecret: world.clientSecret,
      endpoints: { oauth2TokenUrl: world.tokenUrl },
    });
    client.setCredentials({
      access_token: world.set.access_token,
      refresh_token: world.set.refresh_token,
      expiry_date: Date.parse(world.set.expires_at),
    });
    client.on('tokens', (tokens) => world.save({ ...world.set, ...tokens }));
    return async () => (await client.getAccessToken()).token;
  },

  async 'simple-oauth2'(world) {
    const { AuthorizationCode } = await import('simple-oauth2');
    const { origin, pathname } = new URL(world.tokenUrl);
    const client = new AuthorizationCode({
      client: { id: world.clientId, secret: world.clientSecret },
      auth: { tokenHost: origin, tokenPath: pathname },
    });
    return async () => {
      let token = client.createToken(await world.load());
      if (token.expired()) {
        token = await token.refresh();
        await world.save(token.token);
      }
      return token.token.access_token;
    };
  },

  async '@badgateway/oauth2-client'(world) {
    const { OAuth2Client, OAuth2Fetch } = await import('@badgateway/oauth2-client');
    const client = new OAuth2Client({
      server: new URL(world.tokenUrl).origin,
      clientId: world.clientId,
      clientSecret: world.clientSecret,
      tokenEndpoint: world.tokenUrl,
      authenticationMethod: 'client_secret_basic',
    });
    const wrapper = new OAuth2Fetch({
      client,
      async getStoredToken() {
        const { access_token, refresh_token } = await world.load();
        return { accessToken: access_token, refreshToken: refresh_token, expiresAt: null };
      },
      getNewToken: async () => null,
      storeToken: (token) =>
        world.save({ access_token: token.accessToken, refresh_token: token.refreshToken }),
    });
    return async () => {
      const response = await wrapper.fetch(world.resourceUrl);
      if (!response.ok) throw new Error(`status ${response.status}`);
      return await wrapper.getAccessToken();
    };
  },

  async 'openid-client'(world) {
    const openid = await import('openid-client');
    const config = new openid.Configuration(
      { issuer: new URL(world.tokenUrl).origin, token_endpoint: world.tokenUrl },
      world.clientId,
      { client_secret: world.clientSecret },
      openid.ClientSecretBasic(world.clientSecret),
    );
    openid.allowInsecureRequests(config);
    return glue(world, (set) => openid.refreshTokenGrant(config, set.refresh_token));
  },

  async 'axios-auth-refresh'(world) {
    const { default: axios } = await import('axios');
    const { createAuthRefresh } = await import('axios-auth-refresh');
    const http = axios.create();
    let { set } = world;
    http.interceptors.request.use((request) => {
      request.headers.Authorization = `Bearer ${set.access_token}`;
      return request;
    });
    createAuthRefresh(http, async (failed) => {
      set = await world.post(set.refresh_token);
      await world.save(set);
      failed.response.config.headers.Authorization = `Bearer ${set.access_token}`;
    });
    return async () => {
      await http.get(world.resourceUrl);
      return set.access_token;
    };
  },

  async 'naive fetch, set in Redis'(world) {
    return async () => {
      const set = await world.load();
      if (Date.parse(set.expires_at) > Date.now()) return set.access_token;
      const next = await world.post(set.refresh_token);
      await world.save(next);
      return next.access_token;
    };
  },

  async ours(world) {
    const { getAccessToken } = await import(world.packageFile);
    return (options) => getAccessToken(options);
  },
};
