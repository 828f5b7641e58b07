import { overdueAfterMs } from '#domain/path/overdue.ts'
import type { PathPolicy } from '#domain/path/overdue.ts'
import { ChannelId } from '#domain/ids.ts'
import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { SubjectCommand } from '../link-commands.ts'
import type { Log } from '../log.ts'
import type { Stations } from './stations.ts'

export interface StationAlarmDependencies {
  readonly system: (commands: readonly SubjectCommand[]) => Promise<void>
  readonly stations: Pick<Stations, 'unheard'>
  readonly isOnCall: (userId: UserId) => boolean
  readonly isDemoPerson: (userId: UserId) => boolean
  readonly policy: PathPolicy
  readonly clock: Clock
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

/** Pages of demo people have an alarm of their own, so that it pages nobody real. */
const lanes = [
  { simulated: false, channelId: null },
  { simulated: true, channelId: ChannelId.parse('demo') },
] as const

/** One alarm of the site that names everybody on call whose page has not heard a test alarm for too long. A level, like `HubPaths`. */
export class StationAlarm {
  readonly #deps: StationAlarmDependencies
  readonly #startedMs: number
  readonly #told = new Map<boolean, string | null>()
  #telling = false

  constructor(deps: StationAlarmDependencies) {
    this.#deps = deps
    this.#startedMs = deps.clock.monotonic()
  }

  /** Never rejects. */
  async look(): Promise<void> {
    if (this.#telling) return
    const changed = lanes
      .map((lane) => ({ ...lane, text: this.#text(lane.simulated) }))
      .filter(({ simulated, text }) => this.#isNews(simulated, text))
    if (changed.length === 0) return
    this.#telling = true
    try {
      await this.#deps.system(
        changed.map(({ simulated, channelId, text }) => this.#command(simulated, channelId, text)),
      )
      for (const { simulated, text } of changed) this.#told.set(simulated, text)
    } catch (error) {
      this.#deps.log.error({ err: error }, 'that a page does not hear could not be stored')
    } finally {
      this.#telling = false
    }
  }

  /** An alarm of the last run stands until people had the time to come back. */
  #isNews(simulated: boolean, text: string | null): boolean {
    const { clock, policy } = this.#deps
    if (this.#told.has(simulated)) return this.#told.get(simulated) !== text
    return text !== null || clock.monotonic() - this.#startedMs > overdueAfterMs(policy.stationEveryMs, policy)
  }

  #text(simulated: boolean): string | null {
    const { stations, isOnCall, isDemoPerson } = this.#deps
    const names = stations
      .unheard()
      .filter(({ person: { userId } }) => isOnCall(userId) && isDemoPerson(userId) === simulated)
      .map(({ person, why }) => `${person.name} (${why})`)
      .toSorted()
    return names.length === 0 ? null : `on call, and no page hears a test alarm: ${names.join(', ')}`.slice(0, 256)
  }

  #command(simulated: boolean, channelId: ChannelId | null, text: string | null): SubjectCommand {
    const { clock, newEpisodeId } = this.#deps
    const about = { at: clock.now(), code: 'path-unproven', channelId } as const
    const subject = { kind: 'site' } as const
    if (text === null) return { subject, command: { type: 'end-derived', ...about } }
    const rest = { hubId: null, priority: null, delivering: null, unverifiedPumps: [], experimental: false }
    return {
      subject,
      command: { type: 'raise-derived', ...about, ...rest, episodeId: newEpisodeId(), text, simulated },
    }
  }
}
