import { courseOf } from '#domain/adherence/course.ts'
import type { Course } from '#domain/adherence/course.ts'
import { keptRun } from '#domain/adherence/kept-run.ts'
import type { KeptRun } from '#domain/adherence/kept-run.ts'
import type { RunInPlan } from '#domain/adherence/planned-stretches.ts'
import type { AdherencePolicy } from '#domain/adherence/policy.ts'
import type { ChannelId, PumpId } from '#domain/ids.ts'
import { channelsOf } from '#domain/live/channels.ts'
import type { PumpView } from '#domain/live/views.ts'
import type { TelemetryStore } from '../ports.ts'
import type { PumpEvents } from '../pump-events.ts'

export interface RunJudgeDependencies {
  readonly telemetry: Pick<TelemetryStore, 'history'>
  readonly pumpEvents: PumpEvents
  readonly policy: AdherencePolicy
}

const mostPoints = 2000
const mostEvents = 500
/** What most deliveries need: the rest is read for those that go on, or have not begun. */
const firstLookMs = 3_600_000
/** A shorter silence is no gap, ms. */
const shortestGapMs = 60_000

/** Judges one planned delivery by what the stores have of it. Rejects when they do not answer. */
export class RunJudge {
  readonly #deps: RunJudgeDependencies

  constructor(deps: RunJudgeDependencies) {
    this.#deps = deps
  }

  /** Of several channels the one that delivered speaks for the pump; where one cannot be told of, nor can the run. */
  async judge(pump: PumpView, planned: RunInPlan, now: number): Promise<KeptRun> {
    const channels = channelsOf(pump).flatMap(({ sample }) => (sample === null ? [] : [sample.channelId]))
    const asked: readonly (ChannelId | undefined)[] = channels.length > 1 ? channels : [undefined]
    const judged: KeptRun[] = []
    for (const channel of asked) judged.push(await this.#ofChannel(pump, channel, planned, now))
    const [first] = judged
    const ran = judged.find(({ start }) => start.how === 'at' || start.how === 'went-on')
    const told = ran ?? judged.find(({ start }) => start.how === 'not-known') ?? first
    if (told === undefined) throw new Error('a pump without a channel was judged')
    return told
  }

  async #ofChannel(pump: PumpView, channel: ChannelId | undefined, planned: RunInPlan, now: number): Promise<KeptRun> {
    const { run } = planned
    const told = Math.min(planned.to, now)
    const isOver = now >= planned.to
    const judgedAt = planned.cutAt === null ? now : Math.min(now, planned.cutAt)
    const soon = Math.min(told, run.endsAt + firstLookMs)
    const first = await this.#course(pump, channel, planned.from, soon)
    const isSettled = first.stretches.some(({ kind }) => kind === 'flows') && first.stretches.at(-1)?.kind === 'stands'
    const course = isSettled || soon === told ? first : await this.#course(pump, channel, planned.from, told)
    return keptRun({ run, course, now: judgedAt, isOver }, this.#deps.policy)
  }

  async #course(
    { pumpId, statusIntervalMs }: PumpView,
    channel: ChannelId | undefined,
    from: number,
    to: number,
  ): Promise<Course> {
    const gapMs = Math.max(shortestGapMs, 3 * statusIntervalMs)
    if (to <= from) return { from, to: from, stretches: [], gaps: [], counts: [] }
    const { buckets } = await this.#deps.telemetry.history(pumpId, { from, to, maxPoints: mostPoints, channel })
    const events = channel === undefined ? this.#events(pumpId, from, to) : []
    return courseOf({ from, to, buckets, events, gapMs }, statusIntervalMs)
  }

  /** An event does not say of which channel it is. */
  #events(pumpId: PumpId, from: number, to: number) {
    return this.#deps.pumpEvents.between(pumpId, from, to, mostEvents)
  }
}
