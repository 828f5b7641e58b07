import type { AlarmCommand } from '#domain/alarm/commands.ts'
import { ChannelId } from '#domain/ids.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { AlarmService } from './alarm-service.ts'
import type { Log } from './log.ts'
import type { OnCallBook } from './on-call-book.ts'

const checkEveryMs = 60_000

export interface RotaGapAlarmsDependencies {
  readonly onCall: Pick<OnCallBook, 'gapsAhead' | 'team' | 'teams'>
  readonly alarms: Pick<AlarmService, 'system'>
  /** A gap that begins within this time is an alarm already. */
  readonly aheadMs: number
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  /** The whole site is a demonstration. */
  readonly simulated: boolean
  readonly log: Log
}

/**
 * Nobody on call is an alarm of the site, one for each team that has a rota, from 12 h before the gap until it is closed
 * (alarms.md, "On call"). A team without any rota pages nobody and says so on every screen instead.
 */
export class RotaGapAlarms implements Disposable {
  readonly #deps: RotaGapAlarmsDependencies
  /** What was last said of each team; null: that there is no gap. */
  readonly #said = new Map<TeamId, string | null>()
  #cancel: Cancel = () => undefined
  #ended = false

  constructor(deps: RotaGapAlarmsDependencies) {
    this.#deps = deps
  }

  /** Looks now and every minute. */
  async start(): Promise<void> {
    await this.check()
    if (!this.#ended) this.#cancel = this.#deps.scheduler.after(checkEveryMs, () => void this.start())
  }

  async check(): Promise<void> {
    const { onCall, alarms, log } = this.#deps
    for (const teamId of onCall.teams()) {
      const text = this.#gapOf(teamId)
      if (this.#said.get(teamId) === text) continue
      try {
        await alarms.system([{ subject: { kind: 'site' }, command: this.#command(teamId, text) }])
        this.#said.set(teamId, text)
      } catch (error) {
        log.error({ err: error, teamId }, 'a gap of a rota could not be stored')
      }
    }
  }

  [Symbol.dispose](): void {
    this.#ended = true
    this.#cancel()
  }

  #gapOf(teamId: TeamId): string | null {
    const { onCall, aheadMs, clock } = this.#deps
    const team = onCall.team(teamId)
    const [gap] = onCall.gapsAhead(teamId, aheadMs)
    if (team === null || team.rota === null || gap === undefined) return null
    const { timeZone } = team.rota.rota
    const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' })
    const until = `until ${format.format(gap.to)}`
    return gap.from <= clock.now()
      ? `${team.name}: nobody is primary on call now, ${until} (${timeZone})`
      : `${team.name}: nobody is primary on call from ${format.format(gap.from)} ${until} (${timeZone})`
  }

  #command(teamId: TeamId, text: string | null): AlarmCommand {
    const about = { at: this.#deps.clock.now(), code: 'rota-gap', channelId: ChannelId.parse(teamId) } as const
    if (text === null) return { ...about, type: 'end-derived' }
    return {
      ...about,
      type: 'raise-derived',
      episodeId: this.#deps.newEpisodeId(),
      hubId: null,
      priority: null,
      delivering: null,
      text,
      unverifiedPumps: [],
      experimental: false,
      simulated: this.#deps.simulated,
    }
  }
}
