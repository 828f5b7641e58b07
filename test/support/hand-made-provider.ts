import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Forged {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  /** Signed by somebody else's key. */
  readonly foreignKey?: boolean
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

interface Code {
  readonly nonce: string
  readonly challenge: string
  readonly forged: Forged
}

/** An identity provider that signs whatever it is told to. It asks nobody who they are: a test says who has signed in. */
export class HandMadeProvider implements AsyncDisposable {
  readonly #server: Server
  readonly #codes = new Map<string, Code>()
  #key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  readonly #foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  #kid = randomUUID()
  /** Who signs in when a browser comes here by itself. */
  visitor: Readonly<Record<string, unknown>> = {}
  /** Connections are taken and never answered. */
  silent = false

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<HandMadeProvider> {
    const server = createServer()
    const provider = new HandMadeProvider(server)
    server.on('request', (request, response) => {
      if (provider.silent) return
      const asked = new URL(request.url ?? '', provider.issuer)
      if (asked.pathname === '/authorize') {
        const query = provider.signIn(asked.href, { claims: provider.visitor })
        const location = `${asked.searchParams.get('redirect_uri')}?${query.toString()}`
        response.writeHead(303, { location }).end()
        return
      }
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const { status, body } = provider.#answer(
          request.url ?? '',
          new URLSearchParams(Buffer.concat(parts).toString()),
        )
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return provider
  }

  get issuer(): string {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** As if somebody had signed in at `url`: what her browser comes back with. */
  signIn(url: string, forged: Forged = {}): URLSearchParams {
    const asked = new URL(url).searchParams
    const code = randomUUID()
    const challenge = asked.get('code_challenge_method') === 'S256' ? (asked.get('code_challenge') ?? '') : ''
    this.#codes.set(code, { nonce: asked.get('nonce') ?? '', challenge, forged })
    return new URLSearchParams({ code, state: asked.get('state') ?? '', iss: this.issuer })
  }

  rotate(): void {
    this.#key = generateKeyPairSync('rsa', { modulusLength: 2048 })
    this.#kid = randomUUID()
  }

  #answer(path: string, body: URLSearchParams): { readonly status: number; readonly body: object } {
    const { issuer } = this
    if (path === '/.well-known/openid-configuration')
      return {
        status: 200,
        body: {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          authorization_response_iss_parameter_supported: true,
        },
      }
    if (path === '/jwks')
      return {
        status: 200,
        body: {
          keys: [{ ...this.#key.publicKey.export({ format: 'jwk' }), kid: this.#kid, use: 'sig', alg: 'RS256' }],
        },
      }
    const code = body.get('code') ?? ''
    const asked = this.#codes.get(code)
    this.#codes.delete(code)
    const proof = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url')
    if (path !== '/token' || asked === undefined || proof !== asked.challenge)
      return { status: 400, body: { error: 'invalid_grant' } }
    return { status: 200, body: { access_token: 'a', token_type: 'Bearer', id_token: this.#idToken(asked) } }
  }

  #idToken({ nonce, forged }: Code): string {
    const now = Math.floor(Date.now() / 1000)
    const header = { alg: 'RS256', kid: this.#kid, ...forged.header }
    const claims = {
      iss: this.issuer,
      aud: 'infusion-watch',
      sub: 'nobody',
      nonce,
      iat: now,
      exp: now + 300,
      ...forged.claims,
    }
    const text = `${base64url(header)}.${base64url(claims)}`
    if (header.alg === 'none') return `${text}.`
    const key: KeyObject = forged.foreignKey === true ? this.#foreign : this.#key.privateKey
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }
}
