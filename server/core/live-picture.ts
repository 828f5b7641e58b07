import type { ChannelId, EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import { comparePlaces } from '#domain/alarm/report-order.ts'
import type { ReportPlace } from '#domain/alarm/reports.ts'
import { openDigest } from '#domain/live/messages.ts'
import { findProfile } from '#domain/pump-protocols/profiles.ts'
import type { At, LiveChange, LiveHeartbeat, LiveSnapshot, LiveTelemetry } from '#domain/live/messages.ts'
import { shownValues } from '#domain/live/channels.ts'
import type { AlarmView, ChannelReading, HubView, PumpView } from '#domain/live/views.ts'
import { isSimulated } from '#domain/telemetry.ts'
import type { Clock } from '#domain/time.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'
import type { PumpReport } from '#domain/uplink/envelope.ts'
import type { TelemetryRecord } from '#domain/uplink/records.ts'
import type { WallAssignments } from './assignments.ts'
import { assignmentOf } from './assignments.ts'
import { newestOfChannels } from './newest-of-channels.ts'
import type { DatedRecord, LiveFeed, SampleSink } from './ports.ts'

/** Everything people see now, and the numbering of its changes within this start of the server. */
export interface LivePicture extends SampleSink {
  at(): At
  snapshot(): LiveSnapshot
  heartbeat(): Omit<LiveHeartbeat, 'build'>
  /** The newest sample of each, for the coalesced telemetry message. */
  samples(pumpIds: Iterable<PumpId>): LiveTelemetry['samples']
  pump(pumpId: PumpId): PumpView | null
  pumps(): readonly PumpView[]
  hub(hubId: HubId): HubView | null
  hubs(): readonly HubView[]
  openAlarms(): readonly AlarmView[]
  /** One commit's outcome: one numbered update. Alarms whose response is closed leave the picture. */
  commit(outcome: {
    readonly alarms?: readonly AlarmView[]
    readonly hubs?: readonly HubView[]
    readonly pumps?: readonly { readonly hubId: HubId; readonly report: PumpReport }[]
    /** Null: nobody is being paged about it any more. */
    readonly paged?: ReadonlyMap<EpisodeId, PagedNote | null>
  }): void
  /** What an event said of a pump's link, before the next heartbeat says it again. */
  setLink(pumpId: PumpId, link: PumpView['link']): void
  /** Its assignment changed. */
  assigned(pumpId: PumpId): void
  /** Where updates go; a picture without a feed only remembers. */
  publishTo(feed: Pick<LiveFeed, 'publish' | 'telemetry'>): void
}

export const isClosed = (alarm: Pick<AlarmView, 'condition' | 'response'>): boolean =>
  alarm.response === 'closed' || alarm.condition === 'closed'

interface Shown {
  readonly view: PumpView
  readonly channels: ReadonlyMap<ChannelId, ShownChannel>
}

interface ShownChannel {
  readonly reading: ChannelReading
  /** Of the shown sample: a hub's numbers order its samples, whatever their dates say. */
  readonly hubId: HubId
  readonly place: ReportPlace
}

export interface LivePictureDependencies {
  readonly clock: Clock
  /** New at each start. */
  readonly epoch: string
  readonly assignments: WallAssignments
}

export const createLivePicture = ({ clock, epoch, assignments }: LivePictureDependencies): LivePicture => {
  const alarms = new Map<EpisodeId, AlarmView>()
  const pumps = new Map<PumpId, Shown>()
  const hubs = new Map<HubId, HubView>()
  const paged = new Map<EpisodeId, PagedNote>()
  let seq = 0
  let feed: Pick<LiveFeed, 'publish' | 'telemetry'> | null = null

  const publish = (changes: readonly LiveChange[]): void => {
    if (changes.length === 0) return
    seq += 1
    feed?.publish({ epoch, seq }, changes)
  }

  const blank = (hubId: HubId, pumpId: PumpId): PumpView => {
    const { label, criticality } = assignmentOf(assignments, pumpId)
    return {
      pumpId,
      hubId,
      label,
      criticality,
      port: '',
      protocol: 'unknown',
      maker: null,
      model: null,
      serial: null,
      link: 'waiting',
      statusIntervalMs: 10_000,
      experimental: false,
      simulated: false,
      caution: null,
      sample: null,
      sampledAt: null,
      receivedAt: null,
      uncertaintyMs: 0,
      otherChannels: [],
    }
  }

  const shownOf = (hubId: HubId, pumpId: PumpId): Shown =>
    pumps.get(pumpId) ?? { view: blank(hubId, pumpId), channels: new Map() }

  const assignedView = (view: PumpView): PumpView => {
    const { label, criticality } = assignmentOf(assignments, view.pumpId)
    // A pump of a laboratory has no patient: an assignment of it is a mistake.
    return { ...view, label: findProfile(view.protocol)?.laboratory === true ? null : label, criticality }
  }

  const putReport = (hubId: HubId, report: PumpReport): LiveChange | null => {
    const shown = shownOf(hubId, report.pumpId)
    const view = assignedView({
      ...shown.view,
      hubId,
      port: report.port,
      protocol: report.protocol,
      maker: report.maker,
      model: report.model,
      serial: report.serial,
      link: report.link,
      statusIntervalMs: report.statusIntervalMs,
      experimental: report.experimental,
      // Once simulated, a pump stays so: nothing downstream may remove the mark.
      simulated: report.simulated || shown.view.simulated,
      caution: findProfile(report.protocol)?.caution ?? null,
    })
    const changed = !pumps.has(report.pumpId) || !sameIdentity(shown.view, view)
    pumps.set(report.pumpId, { ...shown, view })
    return changed ? { kind: 'pump', pump: view } : null
  }

  /** A sample, if it is newer than what is shown. */
  const show = (dated: DatedRecord, record: TelemetryRecord): void => {
    const known = pumps.has(record.pumpId)
    const shown = shownOf(dated.hubId, record.pumpId)
    const channel = shown.channels.get(record.body.channelId)
    const place = { numbering: dated.numbering, seq: record.seq }
    const newer =
      channel?.hubId === dated.hubId
        ? comparePlaces(place, channel.place) > 0
        : dated.occurredAt > (channel?.reading.sampledAt ?? Number.NEGATIVE_INFINITY)
    if (!newer) return
    const { raw: _, ...sample } = record.body
    const simulated = shown.view.simulated || isSimulated(record.body.measurementStatus)
    const reading: ChannelReading = {
      sample,
      sampledAt: dated.occurredAt,
      receivedAt: dated.receivedAt,
      uncertaintyMs: dated.uncertaintyMs,
    }
    const channels = new Map(shown.channels).set(sample.channelId, {
      reading,
      hubId: dated.hubId,
      place,
    })
    const values = shownValues([...channels.values()].map((one) => one.reading))
    const view: PumpView = { ...shown.view, ...values, hubId: dated.hubId, simulated }
    pumps.set(record.pumpId, { view, channels })
    if (!known || simulated !== shown.view.simulated || view.hubId !== shown.view.hubId)
      publish([{ kind: 'pump', pump: view }])
    else feed?.telemetry([record.pumpId])
  }

  return {
    at: () => ({ epoch, seq }),
    snapshot: () => ({
      at: { epoch, seq },
      serverAt: clock.now(),
      alarms: [...alarms.values()],
      pumps: [...pumps.values()].map(({ view }) => view),
      hubs: [...hubs.values()],
      paged: [...paged.values()],
    }),
    heartbeat: () => ({
      at: { epoch, seq },
      serverAt: clock.now(),
      openAlarms: alarms.size,
      openDigest: openDigest(alarms.values()),
    }),
    samples: (pumpIds) =>
      [...pumpIds].flatMap((pumpId) => {
        const shown = pumps.get(pumpId)
        if (shown === undefined) return []
        const { sample, sampledAt, receivedAt, uncertaintyMs, otherChannels } = shown.view
        return [{ pumpId, sample, sampledAt, receivedAt, uncertaintyMs, otherChannels }]
      }),
    pump: (pumpId) => pumps.get(pumpId)?.view ?? null,
    pumps: () => [...pumps.values()].map(({ view }) => view),
    hub: (hubId) => hubs.get(hubId) ?? null,
    hubs: () => [...hubs.values()],
    openAlarms: () => [...alarms.values()],

    commit(outcome) {
      const changes: LiveChange[] = []
      for (const alarm of outcome.alarms ?? []) {
        if (!isClosed(alarm)) {
          alarms.set(alarm.episodeId, alarm)
          changes.push({ kind: 'alarm', alarm })
        } else if (alarms.delete(alarm.episodeId)) changes.push({ kind: 'alarm-closed', episodeId: alarm.episodeId })
      }
      for (const { hubId, report } of outcome.pumps ?? []) {
        const change = putReport(hubId, report)
        if (change !== null) changes.push(change)
      }
      for (const hub of outcome.hubs ?? []) {
        hubs.set(hub.hubId, hub)
        changes.push({ kind: 'hub', hub })
      }
      for (const [episodeId, note] of outcome.paged ?? [])
        if (note !== null) {
          paged.set(episodeId, note)
          changes.push({ kind: 'paged', note })
        } else if (paged.delete(episodeId)) changes.push({ kind: 'not-paged', episodeId })
      publish(changes)
    },

    take(samples) {
      const newest = newestOfChannels(samples)
      for (const dated of samples) {
        const { record } = dated
        if (record.kind !== 'telemetry') continue
        const marks = isSimulated(record.body.measurementStatus) && pumps.get(record.pumpId)?.view.simulated !== true
        if (marks || newest.has(dated)) show(dated, record)
      }
    },

    setLink(pumpId, link) {
      const shown = pumps.get(pumpId)
      if (shown === undefined || shown.view.link === link) return
      const view = { ...shown.view, link }
      pumps.set(pumpId, { ...shown, view })
      publish([{ kind: 'pump', pump: view }])
    },

    assigned(pumpId) {
      const shown = pumps.get(pumpId)
      if (shown === undefined) return
      const view = assignedView(shown.view)
      if (sameIdentity(shown.view, view)) return
      pumps.set(pumpId, { ...shown, view })
      publish([{ kind: 'pump', pump: view }])
    },

    publishTo(target) {
      feed = target
    },
  }
}

const identityFields = [
  'hubId',
  'label',
  'criticality',
  'port',
  'protocol',
  'maker',
  'model',
  'serial',
  'link',
  'statusIntervalMs',
  'experimental',
  'simulated',
  'caution',
] as const satisfies readonly (keyof PumpView)[]

const sameIdentity = (a: PumpView, b: PumpView): boolean => identityFields.every((field) => a[field] === b[field])
