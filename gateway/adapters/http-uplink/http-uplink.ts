import { z } from 'zod'
import { HeartbeatReply, uplinkVersion } from '#domain/uplink/envelope.ts'
import { BatchReply } from '#domain/uplink/verdicts.ts'
import { GatewayError } from '../../core/errors.ts'
import { Channel } from './exchange.ts'
import { signedHeaders } from './signed-request.ts'
import type { BootId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { Anchor, Heartbeat } from '#domain/uplink/envelope.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import type { OutboxRecord, Uplink } from '../../core/ports.ts'
import type { Reply } from './exchange.ts'
import type { Signer } from './signed-request.ts'

export interface HubIdentity extends Signer {
  /** Null: not paired yet. */
  readonly pairing: { readonly keyId: string } | null
}

export interface HttpUplinkOptions {
  readonly server: URL
  readonly bootId: BootId
  readonly identity: HubIdentity
  readonly clock: Clock
}

const ProblemBody = z.object({
  code: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  serverTime: z.int().optional(),
})

/** Drift of a hub's oscillator, ms per ms: how fast an anchor ages (reliability.md 7). */
const driftPerMs = 50e-6

/** The server over HTTP with signed requests; alarm lane, telemetry lane and heartbeat have a connection each. */
export class HttpUplink implements Uplink {
  readonly #options: HttpUplinkOptions
  readonly #channels: Readonly<Record<Lane | 'heartbeat', Channel>>
  #attempt = 0
  /** Server's clock minus ours, ms, as the server told when it refused ours. */
  #clockOffsetMs = 0
  #anchor: Anchor | null = null

  constructor(options: HttpUplinkOptions) {
    this.#options = options
    this.#channels = {
      alarm: new Channel(options.server),
      telemetry: new Channel(options.server),
      heartbeat: new Channel(options.server),
    }
  }

  get anchor(): Anchor | null {
    return this.#anchor
  }

  async deliver(lane: Lane, batch: readonly OutboxRecord[], signal: AbortSignal): Promise<readonly Verdict[]> {
    const { bootId } = this.#options
    // Read once, so that both tries of a skewed clock send the same bytes.
    const body = { v: uplinkVersion, bootId, anchor: this.#anchor, records: batch }
    const reply = BatchReply.safeParse(await this.#ask(lane, body, signal))
    if (!reply.success) throw new GatewayError('GW_UPLINK_BAD_REPLY', 'the server answers in a shape we do not know')
    return reply.data.verdicts
  }

  async heartbeat(body: Omit<Heartbeat, 'v' | 'anchor'>, signal: AbortSignal): Promise<HeartbeatReply> {
    const full = { v: uplinkVersion, ...body, anchor: this.#anchor }
    const reply = HeartbeatReply.safeParse(await this.#ask('heartbeat', full, signal))
    if (!reply.success) throw new GatewayError('GW_UPLINK_BAD_REPLY', 'the server answers in a shape we do not know')
    return reply.data
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const channel of Object.values(this.#channels)) channel[Symbol.dispose]()
  }

  async #ask(to: Lane | 'heartbeat', body: unknown, signal: AbortSignal): Promise<unknown> {
    const bytes = Buffer.from(JSON.stringify(body))
    const first = await this.#post(to, bytes, signal)
    const skew = this.#skewOf(first)
    if (skew === null) return accepted(first)
    this.#clockOffsetMs = skew
    return accepted(await this.#post(to, bytes, signal))
  }

  async #post(to: Lane | 'heartbeat', bytes: Uint8Array, signal: AbortSignal): Promise<Reply> {
    const { server, bootId, identity, clock } = this.#options
    if (identity.pairing === null) throw new GatewayError('GW_NOT_PAIRED', 'this hub is not paired with a server')
    const url = new URL(`/hub/v1/${to}`, server)
    this.#attempt += 1
    const params = {
      created: Math.floor((clock.now() + this.#clockOffsetMs) / 1_000),
      nonce: `${bootId}:${this.#attempt}`,
      keyId: identity.pairing.keyId,
    }
    const sentMs = clock.monotonic()
    const reply = await this.#channels[to].post(url, signedHeaders(url, bytes, params, identity), bytes, signal)
    this.#learnTime(reply, sentMs, clock.monotonic())
    return reply
  }

  /** Half the round trip is the error. An old anchor that is still better than the new one is kept. */
  #learnTime({ status, body }: Reply, sentMs: number, heardMs: number): void {
    const time = z.object({ serverTime: z.int() }).safeParse(body)
    if (status !== 200 || !time.success) return
    const errorMs = (heardMs - sentMs) / 2
    const old = this.#anchor
    if (old !== null && old.errorMs + (heardMs - old.monotonicMs) * driftPerMs < errorMs) return
    this.#anchor = { monotonicMs: sentMs + errorMs, serverAt: time.data.serverTime, errorMs }
  }

  #skewOf({ status, body }: Reply): number | null {
    const problem = ProblemBody.safeParse(body)
    if (status !== 401 || !problem.success || problem.data.code !== 'clock_skew') return null
    return problem.data.serverTime === undefined ? null : problem.data.serverTime - this.#options.clock.now()
  }
}

/** The body of a good reply. Throws what the status means for the hub: transient, permanent for the batch, or for the hub. */
const accepted = ({ status, body, retryAfterMs }: Reply): unknown => {
  if (status === 200) return body
  const problem = ProblemBody.safeParse(body)
  const what = problem.success
    ? [problem.data.code, problem.data.detail ?? problem.data.title].filter(Boolean).join(': ')
    : ''
  const message = `the server answers ${status}${what === '' ? '' : ` ${what}`}`
  if (status === 401 || status === 403) throw new GatewayError('GW_UPLINK_HUB_REFUSED', message)
  if (status === 400 || status === 413 || status === 422) throw new GatewayError('GW_UPLINK_BATCH_REFUSED', message)
  throw new GatewayError('GW_UPLINK_BUSY', message, retryAfterMs === null ? {} : { retryAfterMs })
}
