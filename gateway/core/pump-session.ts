import { GatewayError, gatewayErrorCode, messageOf } from './errors.ts'
import { Bell } from './waiting.ts'
import type { PumpEvent, PumpSession, SessionStep } from '#domain/pump-protocols/profile.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { Connection, PumpDriver } from './ports.ts'

/** A session is ticked at least this often, ms (domain/pump-protocols/profile.ts). */
export const tickEveryMs = 100

export interface SessionDriverDeps {
  readonly session: PumpSession
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** Something came while an event was not durable yet, and waits behind it. */
  readonly hurry: () => void
  /** The session was ticked: this connection's loop turns. */
  readonly ticked?: () => void
  /** The whitelist refused bytes: a fault in a profile, never sent. */
  readonly refusedWrite: (bytes: Uint8Array) => void
}

/**
 * Turns a session's steps into events and writes, in order: a step behind an event waits until the consumer asks for the next
 * event. The session lives over re-openings; each connection is used once.
 */
export class SessionDriver implements PumpDriver {
  readonly #deps: SessionDriverDeps
  #steps: SessionStep[] = []
  #handedOut = false

  constructor(deps: SessionDriverDeps) {
    this.#deps = deps
  }

  /** Whether something waits until the event that was handed out is durable. */
  get holdsBack(): boolean {
    return this.#steps.length > 0
  }

  /**
   * Ends when the connection ends or `signal` aborts. Rejects when the connection ends with an error, when the session gives it up,
   * and when a write fails for another reason than the whitelist.
   */
  async *run(connection: Connection, signal: AbortSignal): AsyncGenerator<PumpEvent, void, void> {
    const { session, clock, scheduler } = this.#deps
    const bell = new Bell()
    const add = (steps: readonly SessionStep[]): void => {
      if (steps.length === 0) return
      this.#steps.push(...steps)
      if (this.#handedOut) this.#deps.hurry()
      bell.ring()
    }
    let ended: Ending | null = null
    const read = async (): Promise<void> => {
      try {
        for await (const chunk of connection.incoming) add(session.received(chunk, clock.monotonic()))
        ended ??= { reason: 'the other side closed the connection' }
      } catch (error) {
        ended ??= { reason: messageOf(error), error }
      }
      bell.ring()
    }
    let cancelTick: Cancel | null = null
    const tick = (): void => {
      add(session.tick(clock.monotonic()))
      this.#deps.ticked?.()
      cancelTick = scheduler.after(tickEveryMs, tick)
    }
    const close = (): void => {
      ended ??= { reason: 'the gateway is stopping' }
      dispose(connection).catch(() => {
        // A port that cannot even be closed is abandoned; the next attempt uses a new one.
      })
      bell.ring()
    }

    signal.addEventListener('abort', close, { once: true })
    this.#steps = [...session.opened(clock.monotonic())]
    cancelTick = scheduler.after(tickEveryMs, tick)
    const reading = read()
    let closing: readonly SessionStep[] = []
    try {
      if (signal.aborted) close()
      for (;;) {
        for (let step = this.#steps.shift(); step !== undefined; step = this.#steps.shift()) {
          if (step.kind === 'reopen')
            ended ??= { reason: step.reason, error: new GatewayError('GW_LINK_LOST', step.reason) }
          else yield* this.#perform(step, connection)
        }
        if (ended !== null) break
        await bell.wait(scheduler, tickEveryMs * 10, signal)
      }
    } finally {
      cancelTick?.()
      signal.removeEventListener('abort', close)
      this.#steps = []
      await dispose(connection)
      await reading
      closing = session.closed(reasonOf(ended), clock.monotonic())
    }
    yield* this.#events(closing)
    throwWhat(ended)
  }

  /** While the port is closed time goes on: `stale` becomes `lost`. */
  *tick(): Generator<PumpEvent, void, void> {
    yield* this.#events(this.#deps.session.tick(this.#deps.clock.monotonic()))
  }

  *#events(steps: readonly SessionStep[]): Generator<PumpEvent, void, void> {
    for (const step of steps) if (step.kind === 'event') yield step.event
  }

  async *#perform(
    step: Exclude<SessionStep, { kind: 'reopen' }>,
    connection: Connection,
  ): AsyncGenerator<PumpEvent, void, void> {
    switch (step.kind) {
      case 'event': {
        this.#handedOut = true
        try {
          yield step.event
        } finally {
          this.#handedOut = false
        }
        return
      }
      case 'send': {
        try {
          await connection.write(step.bytes)
        } catch (error) {
          if (gatewayErrorCode(error) !== 'GW_WRITE_REFUSED') throw error
          this.#deps.refusedWrite(step.bytes)
        }
      }
    }
  }
}

const dispose = async (connection: Connection): Promise<void> => connection[Symbol.asyncDispose]()

interface Ending {
  readonly reason: string
  /** Absent: it ended without one. */
  readonly error?: unknown
}

const reasonOf = (ended: Ending | null): string => ended?.reason ?? 'closed'

const throwWhat = (ended: Ending | null): void => {
  if (ended?.error !== undefined) throw ended.error
}
