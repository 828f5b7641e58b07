import { hubsOfFleet, type FleetOrder, type FleetState } from '#domain/simulators/control.ts'
import { systemClock } from './adapters/system-time.ts'
import { Fleet } from './core/fleet/fleet.ts'
import { mixes } from './core/fleet/mixes.ts'
import type { ControlledFleet } from './core/fleet-control.ts'
import { SimulatorError } from './core/errors.ts'
import { readClaims } from './core/hub/claims.ts'
import { FleetHubs } from './fleet-hubs.ts'

/** Real ms. */
const paceMs = 100
/** In the pumps' time. */
const sampleEveryMs = 5_000
/** A machine that slept goes on where it was. */
const longestGapMs = 2_000

interface Running {
  readonly order: FleetOrder
  readonly startedAt: number
  hubs: FleetHubs | null
  timer: NodeJS.Timeout | null
  failed: string | null
  /** Of letting its hubs in, which the server may take its time for. */
  progress: string
}

/** A fleet at a server that is begun and ended through the control port; at most one. */
export class DrivenFleet implements ControlledFleet, AsyncDisposable {
  #running: Running | null = null

  state = (): FleetState => {
    const running = this.#running
    if (running === null) return { fleet: null, words: '' }
    const { pumps, seed, speed, mix } = running.order
    if (running.failed !== null) return { fleet: null, words: running.failed }
    return {
      fleet: { pumps, seed, speed, mix, hubs: hubsOfFleet(pumps), startedAt: running.startedAt },
      words: running.hubs?.words() ?? running.progress,
    }
  }

  /** Resolves at once: letting many hubs in takes a while. */
  start = async (order: FleetOrder): Promise<void> => {
    await this.stop()
    const running: Running = {
      order,
      startedAt: systemClock.now(),
      hubs: null,
      timer: null,
      failed: null,
      progress: 'Its hubs are being let in.',
    }
    this.#running = running
    void this.#begin(running).catch((error: unknown) => {
      running.failed = error instanceof SimulatorError ? error.message : 'It could not begin.'
    })
  }

  stop = async (): Promise<void> => {
    const running = this.#running
    this.#running = null
    if (running?.timer != null) clearInterval(running.timer)
    await running?.hubs?.[Symbol.asyncDispose]()
  };

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #begin(running: Running): Promise<void> {
    const { pumps, seed, speed, mix, server, claims } = running.order
    const hubs = hubsOfFleet(pumps)
    const fleet = new Fleet({ pumps, hubs, seed, mix: mixes[mix], sampleEveryMs })
    const told = await FleetHubs.enrol({
      server: new URL(server),
      claims: readClaims(claims.join('\n'), hubs),
      fleet,
      statusIntervalMs: sampleEveryMs / speed,
      log: { note: () => {} },
      progress: (text) => {
        running.progress = `${text}.`
      },
    })
    if (this.#running !== running) return told[Symbol.asyncDispose]()
    running.hubs = told
    told.start()
    let virtualMs = 0
    let realMs = systemClock.monotonic()
    running.timer = setInterval(() => {
      const now = systemClock.monotonic()
      virtualMs += Math.min(now - realMs, longestGapMs) * speed
      realMs = now
      for (const said of fleet.advance(virtualMs)) told.take(said)
    }, paceMs)
  }
}
