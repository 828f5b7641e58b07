import { ChannelId, type EpisodeId, type UserId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { SubjectCommand } from '../link-commands.ts'
import type { Log } from '../log.ts'
import type { ReachBook } from './reach-book.ts'

export interface ChannelDownDependencies {
  readonly system: (commands: readonly SubjectCommand[]) => Promise<void>
  readonly reach: ReachBook
  /** Whether somebody would page this person now: on call in some team, or owner of an alarm that goes on. */
  readonly isNeeded: (userId: UserId) => boolean
  readonly clock: Clock
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

/** Simulated pages have an alarm of their own, so that it pages nobody real. */
const lanes = [
  { simulated: false, channelId: null },
  { simulated: true, channelId: ChannelId.parse('demo') },
] as const

/**
 * "Cannot reach you" is an alarm of the site: raised while somebody on call could not be reached with the last page, or while nobody is
 * on call for an alarm that waits; ended when a page or a test goes through. A level: each look says what is, and what failed is said again.
 */
export class ChannelDownAlarm {
  readonly #deps: ChannelDownDependencies
  readonly #told = new Map<boolean, string | null>()
  #telling = false

  constructor(deps: ChannelDownDependencies) {
    this.#deps = deps
  }

  async look(): Promise<void> {
    if (this.#telling) return
    const wanted = lanes.map((lane) => ({ ...lane, text: this.#text(lane.simulated) }))
    const changed = wanted.filter(
      ({ simulated, text }) => !this.#told.has(simulated) || this.#told.get(simulated) !== text,
    )
    if (changed.length === 0) return
    this.#telling = true
    try {
      await this.#deps.system(
        changed.map(({ simulated, channelId, text }) => this.#command(simulated, channelId, text)),
      )
      for (const { simulated, text } of changed) this.#told.set(simulated, text)
    } catch (error) {
      this.#deps.log.error({ err: error }, 'that somebody cannot be reached could not be stored')
    } finally {
      this.#telling = false
    }
  }

  #text(simulated: boolean): string | null {
    const { reach, isNeeded } = this.#deps
    const people = reach
      .unreached()
      .filter((one) => one.simulated === simulated && isNeeded(one.person.userId))
      .map(({ person, reason }) => `${person.name} (${reason})`)
      .toSorted()
    // Not for the site's own alarms, of which this is one: it would be its own reason and never end.
    const waiting = reach
      .withNobody()
      .filter((root) => root.startsWith('demo/') === simulated && !root.endsWith('/site')).length
    const parts = [
      ...(people.length === 0 ? [] : [`cannot be reached: ${people.join(', ')}`]),
      ...(waiting === 0 ? [] : ['nobody on call who could be asked']),
    ]
    return parts.length === 0 ? null : parts.join('; ').slice(0, 256)
  }

  #command(simulated: boolean, channelId: ChannelId | null, text: string | null): SubjectCommand {
    const { clock, newEpisodeId } = this.#deps
    const about = { at: clock.now(), code: 'notify-channel-down', channelId } as const
    const subject = { kind: 'site' } as const
    if (text === null) return { subject, command: { type: 'end-derived', ...about } }
    const rest = { hubId: null, priority: null, delivering: null, unverifiedPumps: [], experimental: false }
    return {
      subject,
      command: { type: 'raise-derived', ...about, ...rest, episodeId: newEpisodeId(), text, simulated },
    }
  }
}
