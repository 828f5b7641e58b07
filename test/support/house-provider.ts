import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

// What is used here of `oidc-provider`, which has no types of its own.
interface Grant {
  addOIDCScope(scope: string): void
  save(): Promise<string>
}
interface Provider {
  callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
  readonly Grant: new (about: { clientId: string; accountId: string }) => Grant
}
interface Asked {
  readonly oidc: { readonly session: { readonly accountId: string }; readonly client: { readonly clientId: string } }
}
type ProviderClass = new (issuer: string, configuration: object) => Provider

const library = async (): Promise<ProviderClass> => {
  const name = 'oidc-provider'
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return ((await import(name)) as { default: ProviderClass }).default
}

export interface HouseProvider extends AsyncDisposable {
  readonly issuer: string
  /** A browser that goes to `url` and signs in there as whoever the provider takes it for: the address it ends at. */
  visit(url: string): Promise<URL>
}

/** A certified provider on loopback at which everybody is `subject` and has shown a second factor. */
export const startHouseProvider = async (client: {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  readonly subject: string
}): Promise<HouseProvider> => {
  const Library = await library()
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider: Provider = new Library(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [client.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    acrValues: ['mfa'],
    claims: { openid: ['sub'], profile: ['preferred_username'], acr: null },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['of a test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_asked: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    findAccount: (_asked: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => ({ sub, preferred_username: sub }),
    }),
    async loadExistingGrant({ oidc }: Asked) {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    request.url?.startsWith('/interaction/') === true
      ? await provider.interactionFinished(request, response, {
          login: { accountId: client.subject, acr: 'mfa', amr: ['pwd', 'otp'] },
        })
      : await answer(request, response)
  server.on('request', (request, response) => void handle(request, response))
  return {
    issuer,
    async visit(url) {
      const jar = new Map<string, string>()
      let at = new URL(url)
      for (let step = 0; step < 10 && at.origin === issuer; step += 1) {
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
        const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
        for (const set of response.headers.getSetCookie()) {
          const [pair = ''] = set.split(';')
          const cut = pair.indexOf('=')
          jar.set(pair.slice(0, cut), pair.slice(cut + 1))
        }
        const location = response.headers.get('location')
        if (location === null) throw new Error(`${at.href} answered ${response.status}: ${await response.text()}`)
        at = new URL(location, at)
      }
      return at
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
