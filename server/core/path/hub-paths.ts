import { isOverdue, isUnproven, limitWords, overdueAfterMs } from '#domain/path/overdue.ts'
import type { Expectation, PathPolicy } from '#domain/path/overdue.ts'
import type { EpisodeId, HubId } from '#domain/ids.ts'
import type { HubPath } from '#domain/live/views.ts'
import type { Clock } from '#domain/time.ts'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import { allSimulated, hubSubject } from '../link-commands.ts'
import type { SubjectCommand } from '../link-commands.ts'
import type { LivePicture } from '../live-picture.ts'
import type { Log } from '../log.ts'
import type { CanaryArrival } from './canary-intake.ts'
import type { PathProof, PathProofs } from './path-proofs.ts'

export interface HubPathsDependencies {
  readonly system: (commands: readonly SubjectCommand[]) => Promise<void>
  readonly picture: Pick<LivePicture, 'hub' | 'pump' | 'commit'>
  readonly proofs: Pick<PathProofs, 'hubProven'>
  readonly policy: PathPolicy
  /** A hub that is silent for this long is lost, and that is its alarm. */
  readonly hubSilenceMs: number
  readonly clock: Clock
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

interface Watched {
  /** A heartbeat came since the start. */
  readonly spoke: boolean
  /** Null: it sends no test alarms. */
  readonly everyMs: number | null
  readonly provenMs: number | null
  readonly provenAt: number | null
  readonly tookMs: number | null
  readonly hops: HubPath['hops']
  readonly expectedMs: number | null
  /** What the journal was told last; null: nothing since the start. */
  readonly told: boolean | null
}

const unknown: Watched = {
  spoke: false,
  everyMs: null,
  provenMs: null,
  provenAt: null,
  tookMs: null,
  hops: null,
  expectedMs: null,
  told: null,
}

/**
 * "Path proven 42 s ago" for each hub, and the alarm when it is too long ago. One root cause: a hub that nobody hears has an alarm of
 * its own. A level: each look says what is, and what could not be stored is said again.
 */
export class HubPaths {
  readonly #deps: HubPathsDependencies
  readonly #startedMs: number
  readonly #hubs = new Map<HubId, Watched>()
  #telling = false

  constructor(deps: HubPathsDependencies) {
    this.#deps = deps
    this.#startedMs = deps.clock.monotonic()
  }

  /** Hubs of the last run; those without a proof too. Before the first heartbeat. */
  remember(hubIds: readonly HubId[], proofs: readonly PathProof<HubId>[]): void {
    const { clock } = this.#deps
    for (const hubId of hubIds) this.#hubs.set(hubId, unknown)
    for (const { id, provenAt, tookMs } of proofs)
      this.#hubs.set(id, {
        ...unknown,
        provenAt,
        tookMs,
        provenMs: clock.monotonic() - Math.max(0, clock.now() - provenAt),
      })
  }

  heard(hubId: HubId, { canaryEveryMs }: Pick<Heartbeat, 'canaryEveryMs'>): void {
    const known = this.#hubs.get(hubId) ?? unknown
    const everyMs = canaryEveryMs ?? null
    this.#hubs.set(hubId, {
      ...known,
      spoke: true,
      everyMs,
      expectedMs: everyMs === null ? null : (known.expectedMs ?? this.#deps.clock.monotonic()),
    })
    if (canaryEveryMs !== undefined) this.#show(hubId)
  }

  arrived({ hubId, writtenAt, receivedAt, storedAt }: CanaryArrival): void {
    const { clock, proofs, log } = this.#deps
    const known = this.#hubs.get(hubId) ?? unknown
    const proof = { provenAt: storedAt, tookMs: Math.max(0, storedAt - writtenAt) }
    const hops = { uplinkMs: Math.max(0, receivedAt - writtenAt), journalMs: Math.max(0, storedAt - receivedAt) }
    this.#hubs.set(hubId, { ...known, ...proof, hops, provenMs: clock.monotonic() })
    this.#show(hubId)
    proofs
      .hubProven({ id: hubId, ...proof })
      .catch((error: unknown) => log.error({ err: error, hubId }, 'a proof of the path could not be stored'))
    void this.look()
  }

  /** To be called every few seconds. Never rejects. */
  async look(): Promise<void> {
    for (const hubId of this.#hubs.keys()) this.#judge(hubId)
    if (this.#telling) return
    const changed = [...this.#hubs].flatMap(([hubId, watched]) => {
      const wanted = this.#wanted(hubId, watched)
      return wanted === null || wanted === watched.told ? [] : [{ hubId, wanted }]
    })
    if (changed.length === 0) return
    this.#telling = true
    try {
      await this.#deps.system(changed.map(({ hubId, wanted }) => this.#command(hubId, wanted)))
      for (const { hubId, wanted } of changed) this.#put(hubId, { told: wanted })
    } catch (error) {
      this.#deps.log.error({ err: error }, 'that a path is not proven could not be stored')
    } finally {
      this.#telling = false
    }
  }

  /** Silence ends the expectation: what comes back has one interval to prove itself. */
  #judge(hubId: HubId): void {
    if (this.#deps.picture.hub(hubId)?.state !== 'live') this.#put(hubId, { expectedMs: null })
    this.#show(hubId)
  }

  /** Null: too early to say, and what was said stands. */
  #wanted(hubId: HubId, { spoke, everyMs, ...times }: Watched): boolean | null {
    const { picture, clock, policy, hubSilenceMs } = this.#deps
    const now = clock.monotonic()
    const isLive = picture.hub(hubId)?.state === 'live'
    if (!isLive) return now - this.#startedMs < 2 * hubSilenceMs ? null : false
    if (!spoke) return null
    if (everyMs === null) return false
    if (isOverdue({ everyMs, ...times }, now, policy)) return true
    // Only a proof ends it: time that was granted does not.
    return times.provenMs === null || isUnproven({ everyMs, ...times }, now, policy) ? null : false
  }

  #put(hubId: HubId, change: Partial<Watched>): void {
    this.#hubs.set(hubId, { ...(this.#hubs.get(hubId) ?? unknown), ...change })
  }

  #show(hubId: HubId): void {
    const { picture, clock, policy } = this.#deps
    const shown = picture.hub(hubId)
    const watched = this.#hubs.get(hubId)
    if (shown === null || watched === undefined || (watched.everyMs === null && shown.path === undefined)) return
    const { everyMs, provenAt, tookMs, hops, provenMs, expectedMs } = watched
    const expectation: Expectation = { everyMs: everyMs ?? 0, provenMs, expectedMs: expectedMs ?? this.#startedMs }
    const overdue = everyMs !== null && isUnproven(expectation, clock.monotonic(), policy)
    const path: HubPath = { everyMs, provenAt, tookMs, hops, overdue }
    if (JSON.stringify(path) !== JSON.stringify(shown.path)) picture.commit({ hubs: [{ ...shown, path }] })
  }

  #command(hubId: HubId, wanted: boolean): SubjectCommand {
    const { clock, picture, newEpisodeId, policy } = this.#deps
    const about = { at: clock.now(), code: 'path-unproven', channelId: null } as const
    const subject = hubSubject(hubId)
    if (!wanted) return { subject, command: { type: 'end-derived', ...about } }
    const limit = limitWords(overdueAfterMs(this.#hubs.get(hubId)?.everyMs ?? 0, policy))
    const pumps = (picture.hub(hubId)?.pumpIds ?? []).map((pumpId) => picture.pump(pumpId))
    return {
      subject,
      command: {
        type: 'raise-derived',
        ...about,
        episodeId: newEpisodeId(),
        hubId,
        priority: null,
        delivering: null,
        text: `no test alarm of this hub has come through for ${limit}`,
        unverifiedPumps: [],
        experimental: false,
        simulated: allSimulated(pumps),
      },
    }
  }
}
