import { steadyJitter } from './backoff.ts'
import { gatewayErrorCode, messageOf } from './errors.ts'
import { SessionDriver, tickEveryMs } from './pump-session.ts'
import { pause } from './waiting.ts'
import { isSimulated } from '#domain/telemetry.ts'
import type { PumpEvent, PumpProfile } from '#domain/pump-protocols/profile.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { PortReport, PumpReport } from '#domain/uplink/envelope.ts'
import type { Random } from './backoff.ts'
import type { Connection, Transport } from './ports.ts'
import type { PumpStream } from './pump-stream.ts'

interface Trouble {
  readonly code: string
  readonly message: string
}

export interface PumpPortDeps {
  readonly transport: Transport
  readonly profile: PumpProfile
  readonly stream: PumpStream
  readonly marks: readonly ('demo' | 'test')[]
  /** Judges silence: it should not count a stall of this process. */
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly random: Random
  readonly hurry: () => void
  /** Told once per change: null = open. */
  readonly troubleChanged: (port: string, trouble: Trouble | null) => void
  readonly refusedWrite: (port: string, bytes: Uint8Array) => void
}

/**
 * A device server accepts first and says afterwards that it is busy or speaks telnet. Such words stand until the pump is heard, or
 * until a connection has lived for this long, ms: attempt after attempt they are one trouble.
 */
const settledAfterMs = 5_000
const lostAtLeastMs = 5_000

/** One configured port for ever: opens, drives the session, and opens again. Every failure of one attempt ends that attempt only. */
export class PumpPort {
  readonly #deps: PumpPortDeps
  readonly #driver: SessionDriver
  readonly #session: ReturnType<PumpProfile['newSession']>
  #trouble: Trouble | null = { code: 'GW_PORT_MISSING', message: 'not opened yet' }
  #openedAtMs: number | null = null
  #refusedWrites = 0
  #turns = 0

  constructor(deps: PumpPortDeps) {
    this.#deps = deps
    this.#session = deps.profile.newSession(deps.transport.name)
    this.#driver = new SessionDriver({
      session: this.#session,
      clock: deps.clock,
      scheduler: deps.scheduler,
      hurry: deps.hurry,
      ticked: () => (this.#turns += 1),
      refusedWrite: (bytes) => {
        this.#refusedWrites += 1
        deps.refusedWrite(deps.transport.name, bytes)
      },
    })
  }

  get stream(): PumpStream {
    return this.#deps.stream
  }

  /** Grows about ten times a second, except while an attempt to open or to close the port is on its way. */
  get turns(): number {
    return this.#turns
  }

  /** Why the port is not open, for programs; null: it is. */
  get troubleCode(): string | null {
    return this.#trouble?.code ?? null
  }

  /** Ends only when `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0
    let hurried = false
    while (!signal.aborted) {
      const heardBefore = this.#session.lastHeardMs
      try {
        const connection = await this.#open(signal)
        this.#openedAtMs = this.#deps.clock.monotonic()
        this.#settle()
        for await (const event of this.#driver.run(connection, signal)) {
          await this.#deps.stream.push(event, () => this.#driver.holdsBack)
          this.#settle()
        }
        if (!signal.aborted) this.#tell({ code: 'GW_LINK_LOST', message: 'the port was closed' })
      } catch (error) {
        if (!signal.aborted)
          this.#tell({ code: gatewayErrorCode(error) ?? 'GW_PORT_FAILED', message: messageOf(error) })
      }
      this.#openedAtMs = null
      failures = this.#session.lastHeardMs === heardBefore ? failures + 1 : 1
      const delay = steadyJitter(this.#deps.transport.reopen, failures, this.#deps.random)
      // An attempt that was hurried in vain must not hurry the next one: only a device that comes anew does.
      hurried = await this.#rest(delay, this.#trouble?.code === 'GW_PORT_MISSING' && !hurried, signal)
      if (hurried) failures = 0
    }
  }

  /**
   * A nurse has closed these alarms out. That ends them only if the pump is merely listened to, and cannot say itself when they are over;
   * told again, they begin anew. Rejects with the outbox's error.
   */
  async closedOut(episodeIds: readonly EpisodeId[]): Promise<void> {
    const { stream } = this.#deps
    if (this.#session.link !== 'listening') return
    for (const { episodeId, code, channelId, vendorCode, vendorText } of stream.state.alarms.values()) {
      if (!episodeIds.includes(episodeId)) continue
      this.#session.forget?.({ channelId, vendorCode })
      const alarm = { code, channelId, vendorCode, vendorText, priority: null }
      await stream.push({ kind: 'alarm-edge', alarm, raised: false })
    }
  }

  report(): PortReport {
    this.#settle()
    const { profile, transport } = this.#deps
    const { link, counters } = this.#session
    return {
      name: transport.name,
      protocol: profile.id,
      link,
      reason: this.#trouble?.message ?? this.#session.reason,
      counters: {
        ...counters,
        ...(this.#refusedWrites > 0 ? { refusedWrites: this.#refusedWrites } : {}),
      },
    }
  }

  pump(): PumpReport | null {
    const { profile, transport, stream, marks, clock } = this.#deps
    const { pumpId, identity } = stream.state
    if (pumpId === null) return null
    const { lastHeardMs } = this.#session
    return {
      pumpId,
      port: transport.name,
      protocol: profile.id,
      link: stream.state.link,
      silentMs: lastHeardMs === null ? null : Math.max(0, clock.monotonic() - lastHeardMs),
      statusIntervalMs: identity?.statusIntervalMs ?? 1_000,
      maker: identity?.maker ?? null,
      model: identity?.model ?? null,
      firmware: identity?.firmware ?? null,
      serial: identity?.serial ?? null,
      experimental: profile.experimental,
      simulated: isSimulated([...marks, ...(identity?.measurementStatus ?? [])]),
    }
  }

  /** The port is open: its trouble is over, unless it is one that is told after the opening. */
  #settle(): void {
    if (this.#trouble === null || this.#openedAtMs === null) return
    const { code } = this.#trouble
    const toldAfterOpening = code === 'GW_PORT_BUSY' || code === 'GW_PORT_NOT_RAW'
    const openMs = this.#deps.clock.monotonic() - this.#openedAtMs
    if (!toldAfterOpening || openMs >= settledAfterMs || this.#session.link === 'up') this.#tell(null)
  }

  #tell(trouble: Trouble | null): void {
    const words = trouble?.message.slice(0, 256) ?? null
    if (words === (this.#trouble?.message ?? null)) return
    this.#trouble = trouble === null ? null : { code: trouble.code, message: words ?? '' }
    this.#deps.troubleChanged(this.#deps.transport.name, trouble)
  }

  async #open(signal: AbortSignal): Promise<Connection> {
    const opened = new AbortController()
    const opening = this.#deps.transport.open(signal).finally(() => opened.abort())
    opening.catch(() => {
      // Looked at below, after the ticking.
    })
    await this.#tickUntil(Infinity, AbortSignal.any([signal, opened.signal]))
    return opening
  }

  /** Waits before the next attempt. True: cut short, because a cable was plugged in. */
  async #rest(delayMs: number, wasMissing: boolean, signal: AbortSignal): Promise<boolean> {
    const { transport } = this.#deps
    const over = new AbortController()
    let plugged = false
    const watch = async (): Promise<void> => {
      if (transport.plugged === undefined) return
      await transport.plugged(wasMissing, over.signal)
      plugged = !over.signal.aborted
      over.abort()
    }
    const watching = watch()
    await this.#tickUntil(delayMs, AbortSignal.any([signal, over.signal]), () => (this.#turns += 1))
    over.abort()
    await watching
    return plugged
  }

  async #tickUntil(delayMs: number, signal: AbortSignal, ticked: () => void = () => {}): Promise<void> {
    const { clock, scheduler, stream } = this.#deps
    const until = clock.monotonic() + delayMs
    while (!signal.aborted && clock.monotonic() < until) {
      await pause(scheduler, Math.min(tickEveryMs, until - clock.monotonic()), signal)
      ticked()
      for (const event of [...this.#driver.tick(), ...this.#lostWhileClosed()])
        await stream.push(event).catch(() => {
          // The outbox refuses: the same silence is told again at the next tick.
        })
    }
  }

  /** A session tells `lost` while its port is open. A port that stays closed is lost after the same silence. */
  #lostWhileClosed(): readonly PumpEvent[] {
    const { clock, stream } = this.#deps
    const { lastHeardMs, link, identity } = this.#session
    if (link !== 'closed' || stream.state.link === 'lost' || lastHeardMs === null) return []
    const limitMs = Math.max(lostAtLeastMs, 3 * (identity?.statusIntervalMs ?? 1_000))
    if (clock.monotonic() - lastHeardMs < limitMs) return []
    return [{ kind: 'link', link: 'lost', reason: this.#trouble?.message ?? 'the port was closed' }]
  }
}
