import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { HeartbeatReply, rotateMessage, RotateReply, uplinkVersion } from '#domain/uplink/envelope.ts'
import { traceparent } from '#domain/uplink/trace.ts'
import { BatchReply } from '#domain/uplink/verdicts.ts'
import { gatewayErrorCode, GatewayError } from '../../core/errors.ts'
import { Channel } from './exchange.ts'
import { signedHeaders } from './signed-request.ts'
import type { BootId, HubId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { Anchor, Heartbeat } from '#domain/uplink/envelope.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import type { GatewayErrorCode } from '../../core/errors.ts'
import type { OutboxRecord, Uplink } from '../../core/ports.ts'
import type { NewKey } from './enrol.ts'
import type { Reply } from './exchange.ts'
import type { ServerTrust } from './server-trust.ts'
import type { Signer } from './signed-request.ts'

/** A key that the server knows. */
export interface KnownSigner extends Signer {
  readonly keyId: string
}

export interface HubIdentity {
  /** Asked for each request, because keys change. Null: not paired yet. */
  signer(): KnownSigner | null
}

export interface HttpUplinkOptions {
  readonly server: URL
  readonly bootId: BootId
  readonly identity: HubIdentity
  readonly trust: ServerTrust
  readonly clock: Clock
  /** Told of each batch that was sent, answered or not. */
  readonly exchanged?: (exchange: Exchange) => void
}

export interface Exchange {
  readonly trace: string
  readonly lane: Lane
  readonly count: number
  readonly ms: number
  /** Null: it was answered with verdicts. */
  readonly code: GatewayErrorCode | null
}

type Route = Lane | 'heartbeat' | 'rotate-key'

const ProblemBody = z.object({
  code: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  serverTime: z.int().optional(),
})

const TimedReply = z.object({ serverTime: z.int() })

/** Drift of a hub's oscillator, ms per ms: how fast an anchor ages (reliability.md 7). */
const driftPerMs = 50e-6

/** The server over HTTP with signed requests; alarm lane, telemetry lane and heartbeat have a connection each. */
export class HttpUplink implements Uplink {
  readonly #options: HttpUplinkOptions
  readonly #channels: Readonly<Record<Route, Channel>>
  #attempt = 0
  #anchor: Anchor | null = null

  constructor(options: HttpUplinkOptions) {
    this.#options = options
    this.#channels = {
      alarm: new Channel(options),
      telemetry: new Channel(options),
      heartbeat: new Channel(options),
      'rotate-key': new Channel(options),
    }
  }

  get anchor(): Anchor | null {
    return this.#anchor
  }

  async deliver(lane: Lane, batch: readonly OutboxRecord[], signal: AbortSignal): Promise<readonly Verdict[]> {
    const { bootId, clock, exchanged } = this.#options
    // Read once, so that both tries of a skewed clock send the same bytes.
    const body = { v: uplinkVersion, bootId, anchor: this.#anchor, records: batch }
    const trace = newTrace()
    const sentMs = clock.monotonic()
    const told = (code: GatewayErrorCode | null): void =>
      exchanged?.({ trace, lane, count: batch.length, ms: Math.round(clock.monotonic() - sentMs), code })
    try {
      const reply = BatchReply.safeParse(await this.#ask(lane, body, signal, { trace }))
      if (!reply.success) throw traced(badReply(), trace)
      told(null)
      return reply.data.verdicts
    } catch (error) {
      told(gatewayErrorCode(error))
      throw error
    }
  }

  async heartbeat(body: Omit<Heartbeat, 'v' | 'anchor'>, signal: AbortSignal): Promise<HeartbeatReply> {
    const full = { v: uplinkVersion, ...body, anchor: this.#anchor }
    const reply = HeartbeatReply.safeParse(await this.#ask('heartbeat', full, signal))
    if (!reply.success) throw badReply()
    return reply.data
  }

  /** Tells the server the hub's next key. `signWith`: the key it replaces, or itself once that one has ended. */
  async rotate(hubId: HubId, next: NewKey, signWith: KnownSigner, signal: AbortSignal): Promise<RotateReply> {
    const { publicKey } = next
    const body = { v: uplinkVersion, publicKey, proof: next.sign(rotateMessage(hubId, publicKey)) }
    const reply = RotateReply.safeParse(await this.#ask('rotate-key', body, signal, { signWith }))
    if (!reply.success) throw badReply()
    return reply.data
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const channel of Object.values(this.#channels)) channel[Symbol.dispose]()
  }

  async #ask(
    to: Route,
    body: unknown,
    signal: AbortSignal,
    { signWith = null, trace = newTrace() }: { readonly signWith?: KnownSigner | null; readonly trace?: string } = {},
  ): Promise<unknown> {
    const bytes = Buffer.from(JSON.stringify(body))
    const post = (): Promise<Reply> => this.#post(to, bytes, signal, signWith, trace)
    try {
      const first = await post()
      const serverAt = skewedTime(first)
      if (serverAt === null && !isRefusal(first)) return accepted(first)
      if (serverAt !== null) this.#options.trust.serverTime.learn(serverAt, this.#options.clock.monotonic())
      // A refusal is believed the second time: bits may have changed on the way, and whoever believes it rests for half a minute.
      return accepted(await post())
    } catch (error) {
      throw traced(error, trace)
    }
  }

  async #post(
    to: Route,
    bytes: Uint8Array,
    signal: AbortSignal,
    signWith: KnownSigner | null,
    trace: string,
  ): Promise<Reply> {
    const { server, bootId, identity, trust, clock } = this.#options
    const signer = signWith ?? identity.signer()
    if (signer === null) throw new GatewayError('GW_NOT_PAIRED', 'this hub is not paired with a server')
    const url = new URL(`/hub/v1/${to}`, server)
    this.#attempt += 1
    const params = {
      created: Math.floor((trust.serverTime.now() ?? clock.now()) / 1_000),
      nonce: `${bootId}:${this.#attempt}`,
      keyId: signer.keyId,
    }
    const sentMs = clock.monotonic()
    // Not signed: it proves nothing, and a proxy in between may write its own span into it.
    const headers = { ...signedHeaders(url, bytes, params, signer), traceparent: traceparent(trace, newSpan()) }
    const reply = await this.#channels[to].post(url, headers, bytes, signal)
    this.#learnTime(reply, sentMs, clock.monotonic())
    return reply
  }

  /** Half the round trip is the error. An old anchor that is still better than the new one is kept. */
  #learnTime({ status, body }: Reply, sentMs: number, heardMs: number): void {
    const time = TimedReply.safeParse(body)
    if (status !== 200 || !time.success) return
    const errorMs = (heardMs - sentMs) / 2
    const old = this.#anchor
    if (old !== null && old.errorMs + (heardMs - old.monotonicMs) * driftPerMs < errorMs) return
    this.#anchor = { monotonicMs: sentMs + errorMs, serverAt: time.data.serverTime, errorMs }
    this.#options.trust.serverTime.learn(time.data.serverTime, sentMs + errorMs)
  }
}

const newTrace = (): string => randomBytes(16).toString('hex')
const newSpan = (): string => randomBytes(8).toString('hex')

const traced = (error: unknown, trace: string): unknown => {
  if (error instanceof GatewayError) error.trace = trace
  return error
}

const badReply = (): GatewayError =>
  new GatewayError('GW_UPLINK_BAD_REPLY', 'the server answers in a shape we do not know')

/** The server's time, when our clock is what it refused. */
const skewedTime = ({ status, body }: Reply): number | null => {
  const problem = ProblemBody.safeParse(body)
  if (status !== 401 || !problem.success || problem.data.code !== 'clock_skew') return null
  return problem.data.serverTime ?? null
}

/** What a person can do about it. */
const refusals: Readonly<Record<string, string>> = {
  revoked: 'locked out: the key of this hub is revoked; pair it again with a new claim',
  unknown_key: 'locked out: the server does not know the key of this hub; pair it again with a new claim',
  key_replaced: 'the key of this hub was replaced by another one that is not here; pair it again with a new claim',
  bad_signature: 'the server refuses the signature of this hub; is server.url a name that the server knows as its own?',
}

const refusalOf = (code: string | undefined): string | undefined => (code === undefined ? undefined : refusals[code])

const isRefusal = ({ status }: Reply): boolean => status === 401 || status === 403

/** What these say is true of one message on its way, never of the hub. */
const passing: ReadonlySet<string | undefined> = new Set(['bad_digest', 'replayed'])

/** The body of a good reply. Throws what the status means for the hub: transient, permanent for the batch, or for the hub. */
const accepted = (reply: Reply): unknown => {
  const { status, body, retryAfterMs } = reply
  if (status === 200) return body
  const problem = ProblemBody.safeParse(body)
  const what = problem.success
    ? [problem.data.code, problem.data.detail ?? problem.data.title].filter(Boolean).join(': ')
    : ''
  const message = `the server answers ${status}${what === '' ? '' : ` ${what}`}`
  const code = problem.data?.code
  if (status === 409 || (isRefusal(reply) && !passing.has(code)))
    throw new GatewayError('GW_UPLINK_HUB_REFUSED', refusalOf(code) ?? message)
  // A 400 that is not the server's own word came from something that could not even read the request: no record is judged by it.
  if (status === 413 || ((status === 400 || status === 422) && code !== undefined))
    throw new GatewayError('GW_UPLINK_BATCH_REFUSED', message)
  throw new GatewayError('GW_UPLINK_BUSY', message, retryAfterMs === null ? {} : { retryAfterMs })
}
