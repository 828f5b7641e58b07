import { ChannelId, type EpisodeId } from '#domain/ids.ts'
import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { Clock } from '#domain/time.ts'
import type { SubjectCommand } from './link-commands.ts'
import type { Log } from './log.ts'

export interface SiteAlarmDependencies {
  readonly system: (commands: readonly SubjectCommand[]) => Promise<void>
  readonly clock: Clock
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

export interface SiteAlarmRule {
  readonly code: AlarmCode
  /** What the alarm says now; null: it is over. */
  readonly text: (simulated: boolean) => string | null
  /** Whether an alarm of the last run may end because nothing speaks for it now. */
  readonly mayEndUntold: () => boolean
}

/** What is simulated has an alarm of its own, so that it pages nobody real. */
const lanes = [
  { simulated: false, channelId: null },
  { simulated: true, channelId: ChannelId.parse('demo') },
] as const

/** An alarm of the site about the people it calls. A level: each look says what is, and what failed is said again. */
export class SiteAlarm {
  readonly #deps: SiteAlarmDependencies
  readonly #rule: SiteAlarmRule
  readonly #told = new Map<boolean, string | null>()
  #telling = false

  constructor(deps: SiteAlarmDependencies, rule: SiteAlarmRule) {
    this.#deps = deps
    this.#rule = rule
  }

  /** Never rejects. */
  async look(): Promise<void> {
    if (this.#telling) return
    const changed = lanes
      .map((lane) => ({ ...lane, text: this.#rule.text(lane.simulated) }))
      .filter(({ simulated, text }) => this.#isNews(simulated, text))
    if (changed.length === 0) return
    this.#telling = true
    try {
      await this.#deps.system(
        changed.map(({ simulated, channelId, text }) => this.#command(simulated, channelId, text)),
      )
      for (const { simulated, text } of changed) this.#told.set(simulated, text)
    } catch (error) {
      this.#deps.log.error({ err: error, code: this.#rule.code }, 'an alarm of the site could not be stored')
    } finally {
      this.#telling = false
    }
  }

  #isNews(simulated: boolean, text: string | null): boolean {
    if (this.#told.has(simulated)) return this.#told.get(simulated) !== text
    return text !== null || this.#rule.mayEndUntold()
  }

  #command(simulated: boolean, channelId: ChannelId | null, text: string | null): SubjectCommand {
    const { clock, newEpisodeId } = this.#deps
    const about = { at: clock.now(), code: this.#rule.code, channelId }
    const subject = { kind: 'site' } as const
    if (text === null) return { subject, command: { type: 'end-derived', ...about } }
    const rest = { hubId: null, priority: null, delivering: null, unverifiedPumps: [], experimental: false }
    return {
      subject,
      command: {
        type: 'raise-derived',
        ...about,
        ...rest,
        episodeId: newEpisodeId(),
        text: text.slice(0, 256),
        simulated,
      },
    }
  }
}
