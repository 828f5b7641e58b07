import type { Episode } from '#domain/alarm/episode.ts'
import type { BootId, EpisodeId, HubId, UserId } from '#domain/ids.ts'
import type { Page } from '#domain/paging/page.ts'
import type { ModelAlarm } from '#simulators/core/pump-alarms.ts'
import type { Fault } from './fault-plan.ts'

// What the driver knows by itself. All times are true time, ms from the beginning: no clock of a hub or server enters.

/** One alarm of a pump, from its raising to its end. */
export interface TrueRun {
  readonly pump: number
  readonly code: ModelAlarm
  readonly startMs: number
  /** Infinity: it goes on. */
  endMs: number
  /** Its hub has it durably. */
  taken: boolean
}

export interface FaultWindow {
  readonly fault: Fault
  readonly fromMs: number
  readonly toMs: number
}

export interface SentPage {
  /** Place among all that happened. */
  readonly order: number
  readonly atMs: number
  readonly page: Page
  readonly userId: UserId
  /** A channel took it. */
  readonly taken: boolean
}

/** What a commit of the server did to an episode. */
export interface SeenEpisode {
  readonly order: number
  readonly atMs: number
  readonly subject: string
  readonly episodeId: EpisodeId
  readonly after: Episode | null
  /** Read back by a start of the server. */
  readonly isReadBack: boolean
}

/** An act that the server said is done. */
export interface Acknowledged {
  readonly atMs: number
  readonly by: UserId
  readonly kind: string
  readonly episodeId: EpisodeId
}

export class DriverLog {
  readonly runs: TrueRun[] = []
  readonly windows: FaultWindow[] = []
  readonly pages: SentPage[] = []
  readonly seen: SeenEpisode[] = []
  readonly acknowledged: Acknowledged[] = []
  /** By boot. */
  readonly produced = new Map<BootId, { readonly hubId: HubId; readonly seqs: number[] }>()
  /** Which alarms of a pump a hub's id stands for. */
  readonly told = new Map<EpisodeId, Set<TrueRun>>()
  /** When the server began to serve, and when it died. */
  readonly serverStarts: number[] = []
  readonly errors: string[] = []
  readonly counters = { samples: 0, requests: 0, repeated: 0, deaths: 0 }

  #order = 0

  nextOrder(): number {
    return (this.#order += 1)
  }

  tell(id: EpisodeId, run: TrueRun): void {
    const runs = this.told.get(id) ?? new Set()
    runs.add(run)
    this.told.set(id, runs)
    run.taken = true
  }
}
