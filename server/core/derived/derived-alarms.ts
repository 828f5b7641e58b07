import { comparePlaces } from '#domain/alarm/report-order.ts'
import type { ReportPlace } from '#domain/alarm/reports.ts'
import { newWatch, watched } from '#domain/derived/channel-watch.ts'
import type { ChannelWatch } from '#domain/derived/channel-watch.ts'
import type { DerivedPolicy } from '#domain/derived/policy.ts'
import type { ChannelId, EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import { watchedValues } from '#domain/derived/watched-sample.ts'
import { isSimulated } from '#domain/telemetry.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { AlarmService } from '../alarm-service.ts'
import type { LivePicture } from '../live-picture.ts'
import type { Log } from '../log.ts'
import type { DatedRecord, SampleSink } from '../ports.ts'
import { channelConclusions } from './channel-conclusions.ts'
import { identitySettled } from './identity-settled.ts'
import { LevelBook } from './level-book.ts'
import type { PumpMarks } from './level-book.ts'
import type { PlanWatch } from './plan-watch.ts'

export interface DerivedAlarmsDependencies {
  readonly alarms: Pick<AlarmService, 'system'>
  readonly picture: Pick<LivePicture, 'pump' | 'openAlarms'>
  readonly plans: PlanWatch
  readonly policy: DerivedPolicy
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

interface WatchedChannel {
  readonly pumpId: PumpId
  readonly channelId: ChannelId
  watch: ChannelWatch
  /** The newest sample of its hub, by the hub's own numbers. */
  newest: Newest | null
}

interface Newest {
  readonly hubId: HubId
  readonly place: ReportPlace
  readonly at: number
}

const everyMs = 1000

/**
 * What the server concludes from the readings of pumps (alarms.md "Server-derived alarms"), raised and ended through the alarm
 * service. Fed by samples and by time. It remembers nothing over a restart: sums begin at zero and an unknown level raises and ends
 * nothing, so a new start can be late and never wrong.
 */
export class DerivedAlarms implements SampleSink, AsyncDisposable {
  readonly #deps: DerivedAlarmsDependencies
  readonly #channels = new Map<string, WatchedChannel>()
  /** Pumps that said of themselves that they are simulated. */
  readonly #simulated = new Set<PumpId>()
  readonly #book = new LevelBook()
  #cancel: Cancel = () => undefined
  #working: Promise<void> = Promise.resolve()
  #busy = false
  #stopped = false

  constructor(deps: DerivedAlarmsDependencies) {
    this.#deps = deps
  }

  start(): void {
    this.#cancel = this.#deps.scheduler.after(everyMs, () => {
      if (this.#stopped) return
      this.#conclude()
      this.#tell()
      this.start()
    })
  }

  take(samples: readonly DatedRecord[]): void {
    const heard = new Set<WatchedChannel>()
    for (const dated of samples) {
      const channel = this.#watch(dated)
      if (channel !== null) heard.add(channel)
    }
    for (const channel of heard) this.#judge(channel)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#working
  }

  /**
   * Samples are put in order by their dates. Once the clock of the server was put back, those of the hour before would lie in the future
   * and nothing new would count for an hour: the channel begins anew, as after a start. False: a sample dated by the old clock.
   */
  #goesOn(channel: WatchedChannel, sample: Newest): boolean {
    const { newest } = channel
    const { reorderMs } = this.#deps.policy
    if (newest?.hubId !== sample.hubId) channel.newest = sample
    else if (comparePlaces(sample.place, newest.place) > 0) {
      if (sample.at < newest.at - reorderMs) channel.watch = newWatch
      channel.newest = sample
    } else return sample.at <= newest.at + reorderMs
    return true
  }

  /** Null: it says nothing about now. */
  #watch({ hubId, record, numbering, occurredAt, uncertaintyMs, late }: DatedRecord): WatchedChannel | null {
    // A thinned record is a mean over a minute, and history.
    if (record.kind !== 'telemetry') return null
    const { pumpId, bootId, monotonicMs, seq, body } = record
    const channel = this.#channelOf(pumpId, body.channelId)
    if (isSimulated(body.measurementStatus)) this.#simulated.add(pumpId)
    if (!this.#goesOn(channel, { hubId, place: { numbering, seq }, at: occurredAt })) return null
    const values = watchedValues(body)
    const known = channel.watch.recent.at(-1)?.bootId
    // The same text, not another one that says the same: a channel keeps dozens.
    const ofBoot = known === bootId ? known : bootId
    const sample = { at: occurredAt, uncertaintyMs, bootId: ofBoot, monotonicMs, seq, late, values }
    channel.watch = watched(channel.watch, sample, this.#deps.policy)
    if (late) return null
    this.#deps.plans.heard(pumpId, channel.watch.picture.deliveredAt, values)
    return channel
  }

  #channelOf(pumpId: PumpId, channelId: ChannelId): WatchedChannel {
    const key = `${pumpId}/${channelId}`
    const known = this.#channels.get(key)
    if (known !== undefined) return known
    const channel: WatchedChannel = { pumpId, channelId, watch: newWatch, newest: null }
    this.#channels.set(key, channel)
    return channel
  }

  #judge({ pumpId, channelId, watch }: WatchedChannel): void {
    if (watch.picture.late) return
    const isRaised = this.#book.isRaised({ pumpId, channelId, code: 'under-infusion' })
    const { clock, policy } = this.#deps
    const conclusions = channelConclusions({ pumpId, channelId }, watch.picture, clock.now(), policy, isRaised)
    for (const conclusion of conclusions) this.#book.set(conclusion)
  }

  #conclude(): void {
    for (const channel of this.#channels.values()) this.#judge(channel)
    for (const conclusion of this.#deps.plans.conclusions(this.#deps.clock.now())) this.#book.set(conclusion)
  }

  /** One at a time; what fails is told again a second later. */
  #tell(): void {
    const { alarms, picture, clock, newEpisodeId, log } = this.#deps
    if (this.#busy) return
    const { commands: concluded, stored } = this.#book.due(clock.now(), newEpisodeId, (pumpId) => this.#marksOf(pumpId))
    const settled = identitySettled(picture.openAlarms(), (pumpId) => picture.pump(pumpId), clock.now())
    const commands = [...concluded, ...settled]
    if (commands.length === 0) return
    this.#busy = true
    this.#working = alarms
      .system(commands)
      .then(stored, (error: unknown) => log.error({ err: error }, 'what was concluded about pumps could not be stored'))
      .finally(() => {
        this.#busy = false
      })
  }

  #marksOf(pumpId: PumpId): PumpMarks {
    const view = this.#deps.picture.pump(pumpId)
    return {
      hubId: view?.hubId ?? null,
      experimental: view?.experimental ?? false,
      simulated: view?.simulated === true || this.#simulated.has(pumpId),
    }
  }
}
