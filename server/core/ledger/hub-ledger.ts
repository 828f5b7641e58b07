import type { BootId, EpisodeId, HubId } from '#domain/ids.ts'
import type { HubLedger } from '#domain/live/ledger.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import type { AlarmService } from '../alarm-service.ts'
import { allSimulated, hubSubject } from '../link-commands.ts'
import type { LivePicture } from '../live-picture.ts'
import type { Log } from '../log.ts'
import type { KnownHub } from '../ports.ts'
import type { LedgerStore, ToldNumbers } from './facts.ts'
import { balanceOf, lastHours, sumOf, type HubWord } from './hub-balance.ts'

export interface HubLedgerDependencies {
  readonly store: LedgerStore
  readonly alarms: Pick<AlarmService, 'system'>
  readonly picture: Pick<LivePicture, 'hub' | 'pump'>
  /** How long hours are kept, days. */
  readonly keptDays: number
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

/** One hub in each tick, so that all have their turn in a minute, or in a tenth of a second each. */
const roundMs = 60_000
const shortestMs = 100
/** Missing for so long without a break before somebody is told: a restart, a slow line and a proxy's buffer are over by then. */
export const graceMs = 900_000
/** What is missing for longer is told by the page and by no alarm: nobody can do anything about it any more. */
const alarmedHours = 7 * 24
const dayMs = 86_400_000

interface Heard {
  readonly bootId: BootId
  readonly monotonicMs: number
  readonly word: HubWord
}

/** The loss ledger: every number a hub gave out is stored, waiting, thinned, refused or unaccounted for (reliability.md 2). */
export class HubLedgers implements AsyncDisposable {
  readonly #deps: HubLedgerDependencies
  readonly #heard = new Map<HubId, Heard>()
  readonly #untold = new Map<string, ToldNumbers>()
  /** Since when a hub lacks records, monotonic ms. */
  readonly #missingSince = new Map<HubId, number>()
  readonly #told = new Map<HubId, boolean>()
  #next = 0
  #cancel: Cancel = () => undefined
  #working: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(deps: HubLedgerDependencies) {
    this.#deps = deps
  }

  remember(known: readonly KnownHub[]): void {
    for (const { hubId, lastHeartbeat, lastHeardAt } of known)
      if (lastHeartbeat !== null && lastHeardAt !== null) this.heartbeat(hubId, lastHeartbeat, lastHeardAt)
  }

  heartbeat(hubId: HubId, body: Heartbeat, at: number): void {
    const { bootId, monotonicMs, manifest, outbox } = body
    const last = this.#heard.get(hubId)
    // One that was overtaken on its way says what was.
    if (last?.bootId === bootId && last.monotonicMs > monotonicMs) return
    this.#heard.set(hubId, { bootId, monotonicMs, word: { at, outbox } })
    const key = `${hubId}/${bootId}`
    // When a number was first told of is nearest to when it was given out.
    if (manifest !== null && manifest.lastSeq > (this.#untold.get(key)?.lastSeq ?? 0))
      this.#untold.set(key, { hubId, bootId, ...manifest, at })
  }

  start(): void {
    if (this.#stopped) return
    const everyMs = Math.max(shortestMs, roundMs / Math.max(1, this.#heard.size))
    this.#cancel = this.#deps.scheduler.after(everyMs, () => {
      this.#working = this.look().finally(() => this.start())
    })
  }

  knows(hubId: HubId): boolean {
    return this.#heard.has(hubId)
  }

  async of(hubId: HubId, hours: number): Promise<HubLedger> {
    const { store, clock } = this.#deps
    await this.#tell()
    const now = clock.now()
    const { from, to } = lastHours(now, hours)
    const word = this.#heard.get(hubId)?.word ?? null
    const all = balanceOf(await store.boots(hubId, from), word).filter(({ at }) => at >= from && at < to)
    return { hubId, from, to, heardAt: word?.at ?? null, hours: [...all], total: sumOf(all), serverTime: now }
  }

  /** One hub, each in its turn; never rejects. */
  async look(): Promise<void> {
    const { clock, store, keptDays, log } = this.#deps
    const hubs = [...this.#heard.keys()]
    const hubId = hubs[this.#next % hubs.length]
    this.#next = (this.#next + 1) % Math.max(1, hubs.length)
    if (hubId === undefined) return
    try {
      await this.#judge(hubId)
      await store.expire(hubId, clock.now() - keptDays * dayMs)
    } catch (error) {
      log.warn({ err: error }, 'the ledger of records could not be looked at')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#working
    await this.#tell().catch(() => undefined)
  }

  async #tell(): Promise<void> {
    const told = [...this.#untold.values()]
    if (told.length === 0) return
    this.#untold.clear()
    try {
      await this.#deps.store.tell(told)
    } catch (error) {
      for (const one of told) {
        const key = `${one.hubId}/${one.bootId}`
        if (!this.#untold.has(key)) this.#untold.set(key, one)
      }
      throw error
    }
  }

  async #judge(hubId: HubId): Promise<void> {
    const { clock } = this.#deps
    const { total } = await this.of(hubId, alarmedHours)
    const now = clock.monotonic()
    if (total.unaccounted === 0) {
      this.#missingSince.delete(hubId)
      await this.#say(hubId, 0)
      return
    }
    const since = this.#missingSince.get(hubId) ?? now
    this.#missingSince.set(hubId, since)
    if (now - since >= graceMs) await this.#say(hubId, total.unaccounted)
  }

  async #say(hubId: HubId, unaccounted: number): Promise<void> {
    const { alarms, picture, clock, newEpisodeId } = this.#deps
    const isMissing = unaccounted > 0
    if (this.#told.get(hubId) === isMissing) return
    const about = { at: clock.now(), code: 'records-unaccounted', channelId: null } as const
    const pumps = (picture.hub(hubId)?.pumpIds ?? []).map((pumpId) => picture.pump(pumpId))
    await alarms.system([
      {
        subject: hubSubject(hubId),
        command: isMissing
          ? {
              type: 'raise-derived',
              ...about,
              episodeId: newEpisodeId(),
              hubId,
              priority: null,
              delivering: null,
              text: `${unaccounted} records of this hub never came; the hub's page says of which hours`,
              unverifiedPumps: [],
              experimental: false,
              simulated: allSimulated(pumps),
            }
          : { type: 'end-derived', ...about },
      },
    ])
    this.#told.set(hubId, isMissing)
  }
}
