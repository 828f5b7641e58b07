import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { goneSince, type Reach } from '#domain/on-call/reachability.ts'
import type { Clock } from '#domain/time.ts'
import type { OpenAlarm } from './alarm-index.ts'
import type { SubjectCommand } from './link-commands.ts'
import type { Log } from './log.ts'
import type { AlarmSubject } from './ports.ts'
import { subjectKey } from './ports.ts'

export interface GoneOwnersDependencies {
  readonly openAlarms: () => Iterable<OpenAlarm>
  readonly reachOf: (person: Person) => Reach
  /** False: the alarm is another team's by now, where she cannot find it. */
  readonly sees: (userId: UserId, subject: AlarmSubject) => boolean
  readonly system: (commands: readonly SubjectCommand[]) => Promise<void>
  readonly afterMs: number
  /** Its monotonic time should not count a stall of this process. */
  readonly clock: Clock
  readonly log: Log
}

/**
 * Nobody owns an alarm who is gone (alarms.md). A level: each look says of every owner whether she has been out of reach for too long, and
 * what could not be stored is said again. Time counts from the start of this run: after a restart everybody has to come back first.
 */
export class GoneOwners {
  readonly #deps: GoneOwnersDependencies
  readonly #goneSince = new Map<UserId, number>()
  #looking = false

  constructor(deps: GoneOwnersDependencies) {
    this.#deps = deps
  }

  /** Whose reach has to be known. */
  owners(): readonly Person[] {
    return [...new Map(this.#owned().map(({ owner }) => [owner.userId, owner])).values()]
  }

  /** Never rejects. */
  async look(): Promise<void> {
    if (this.#looking) return
    const { system, clock, log } = this.#deps
    const gone = this.#gone(clock.monotonic())
    const commands = new Map<string, SubjectCommand>()
    for (const { subject, episode, owner } of this.#owned()) {
      const isGone = gone.has(owner.userId) || !this.#deps.sees(owner.userId, subject)
      const type = isGone ? 'owner-gone' : 'owner-back'
      const isKnown = (episode.response.ownerGoneAt !== null) === (type === 'owner-gone')
      if (isKnown) continue
      const command = { type, at: clock.now(), owner: owner.userId } as const
      commands.set(`${subjectKey(subject)} ${owner.userId}`, { subject, command })
    }
    if (commands.size === 0) return
    this.#looking = true
    try {
      await system([...commands.values()])
    } catch (error) {
      log.error({ err: error, alarms: commands.size }, 'that an owner of alarms is gone could not be stored')
    } finally {
      this.#looking = false
    }
  }

  /** Those out of reach for so long that they have nothing any more. */
  #gone(nowMs: number): ReadonlySet<UserId> {
    const { reachOf, afterMs } = this.#deps
    const owners = this.owners()
    const known = new Set(owners.map(({ userId }) => userId))
    for (const userId of this.#goneSince.keys()) if (!known.has(userId)) this.#goneSince.delete(userId)
    const gone = new Set<UserId>()
    for (const owner of owners) {
      const since = goneSince(reachOf(owner), nowMs, this.#goneSince.get(owner.userId) ?? null)
      if (since === null) this.#goneSince.delete(owner.userId)
      else this.#goneSince.set(owner.userId, since)
      if (since !== null && nowMs - since >= afterMs) gone.add(owner.userId)
    }
    return gone
  }

  #owned() {
    return [...this.#deps.openAlarms()].flatMap(({ subject, episode }) => {
      const { owner, resolution } = episode.response
      return owner === null || resolution !== null ? [] : [{ subject, episode, owner }]
    })
  }
}
