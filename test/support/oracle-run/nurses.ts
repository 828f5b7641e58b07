import type { EpisodeId } from '#domain/ids.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import type { AlarmView, Person } from '#domain/live/views.ts'
import type { Page } from '#domain/paging/page.ts'
import type { Random } from '#simulators/core/random.ts'
import type { DriverLog } from './log.ts'
import type { OracleServer } from './oracle-server.ts'
import { isDemoPerson, people } from './people.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface NursesOptions {
  readonly time: VirtualTime
  readonly driver: DriverLog
  readonly server: () => OracleServer | null
  readonly random: Random
  readonly isAway: (person: Person) => boolean
}

type Act = LiveCommand extends infer C
  ? C extends LiveCommand
    ? Omit<C, 'requestId' | 'episodeId' | 'expectedVersion'>
    : never
  : never

/** A station shows no answer within this time, ms: she presses again. */
const answerMs = 10_000
const mostTries = 30
const roundEveryMs = 300_000

/** People who accept, refuse, hand over, race each other or do not answer, by a seed. */
export class Nurses {
  readonly #options: NursesOptions
  #requests = 0

  constructor(options: NursesOptions) {
    this.#options = options
  }

  begin(): void {
    const round = (): void => {
      this.#closeOut()
      this.#options.time.after(roundEveryMs, round)
    }
    this.#options.time.after(roundEveryMs, round)
  }

  paged(person: Person, page: Page): void {
    const { time, random, isAway } = this.#options
    const [what, waitMs] = [random.next(), 1000 * random.between(3, 120)]
    const raced = random.next()
    time.after(waitMs, () => {
      if (isAway(person) || what < 0.2) return
      for (const episodeId of page.episodeIds) {
        if (page.kind === 'reminder') {
          if (what > 0.9) this.#act(person, episodeId, { kind: 'withdraw' })
          else if (what > 0.75) this.#handOver(person, episodeId)
          else if (what > 0.45) this.#act(person, episodeId, { kind: 'check-in' })
          continue
        }
        if (what < 0.3) this.#act(person, episodeId, { kind: 'reject', reason: 'with another patient' })
        else this.#act(person, episodeId, { kind: 'accept' })
        const rival = people[Math.floor(raced * 4 * people.length) % people.length]
        if (raced < 0.25 && rival !== undefined && isDemoPerson(rival.userId) === page.simulated)
          this.#act(rival, episodeId, { kind: 'accept' })
      }
    })
  }

  #handOver(from: Person, episodeId: EpisodeId): void {
    const { random, time } = this.#options
    const others = people.filter((one) => one !== from && isDemoPerson(one.userId) === isDemoPerson(from.userId))
    const to = others[random.whole(0, others.length - 1)]
    if (to === undefined) return
    const takes = random.next() < 0.7
    this.#act(from, episodeId, { kind: 'hand-over', to: to.userId }, () =>
      time.after(5_000, () =>
        this.#act(to, episodeId, takes ? { kind: 'take-over' } : { kind: 'decline-hand-over', reason: 'not now' }),
      ),
    )
  }

  /** What is over is closed out, by its owner or by whoever goes round. */
  #closeOut(): void {
    for (const alarm of this.#options.server()?.picture.openAlarms() ?? []) {
      if (alarm.condition !== 'ended' && alarm.condition !== 'latched') continue
      const demo = people.find(({ userId }) => isDemoPerson(userId) === alarm.simulated)
      const by = alarm.owner ?? demo
      const outcome = { class: 'true-and-acted', finding: 'none', note: '' } as const
      if (by !== undefined) this.#act(by, alarm.episodeId, { kind: 'resolve', ...outcome })
    }
  }

  #act(by: Person, episodeId: EpisodeId, act: Act, done: () => void = () => {}): void {
    const requestId = `request-${(this.#requests += 1)}`
    this.#try(by, episodeId, act, requestId, done, 1, null)
  }

  #try(
    by: Person,
    episodeId: EpisodeId,
    act: Act,
    requestId: string,
    done: () => void,
    tries: number,
    saw: AlarmView | null,
  ): void {
    const { time, server, driver } = this.#options
    const again = time.after(answerMs, () => {
      if (tries < mostTries) this.#try(by, episodeId, act, requestId, done, tries + 1, saw)
    })
    const there = server()
    if (there?.serves !== true) return
    const alarm = there.picture.openAlarms().find((one) => one.episodeId === episodeId) ?? saw
    if (alarm === null) {
      again()
      return
    }
    const command = { ...act, requestId, episodeId, expectedVersion: alarm.version }
    const press = async (): Promise<void> => {
      const { outcome } = await there.alarms.desk.act(by, command)
      if (!there.serves) return
      again()
      if (outcome !== 'ok') return
      driver.acknowledged.push({ atMs: time.nowMs, by: by.userId, kind: act.kind, episodeId })
      done()
    }
    // What fails is pressed again.
    press().catch(() => {})
  }
}
