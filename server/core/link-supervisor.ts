import type { AlarmPolicy } from '#domain/alarm/policy.ts'
import type { EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import type { HubView } from '#domain/live/views.ts'
import type { Cancel, Clock, Instant, Scheduler } from '#domain/time.ts'
import type { Heartbeat, PumpReport } from '#domain/uplink/envelope.ts'
import type { AlarmService, LinkEvent } from './alarm-service.ts'
import {
  hubGaveUp,
  hubHeard,
  hubLost,
  hubProven,
  hubRefused,
  hubRevoked,
  riskChanged,
  pumpFound,
  pumpLost,
} from './link-commands.ts'
import type { SubjectCommand } from './link-commands.ts'
import { expectHub, forgetHub, hearHub, hearList, isOvertaken, passTime } from './link-watch.ts'
import type { LinkFinding, LinkState, LinkStep } from './link-watch.ts'
import type { LivePicture } from './live-picture.ts'
import type { Log } from './log.ts'
import type { HeartbeatSink, HubRegistry, KnownHub, KnownPump } from './ports.ts'

export interface LinkSupervisorDependencies {
  readonly alarms: Pick<AlarmService, 'system' | 'tick' | 'onListed' | 'onLink' | 'isListed' | 'forgetLists'>
  readonly picture: LivePicture
  readonly policy: AlarmPolicy
  /** Its monotonic time judges silence: it should not count a stall of this process. */
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly registry: Pick<HubRegistry, 'names'>
  /** Asks a hub for full alarm lists; the wish stands until they come. */
  readonly wantLists: (hubId: HubId, pumpIds: readonly PumpId[]) => void
  readonly log: Log
}

const watchEveryMs = 1000
const tickEveryMs = 5000
/** A revoked hub that has not tried for this long has given up, ms. */
const gaveUpMs = 3_600_000

/** Runs the link watch: hands heartbeats and time to it, and its findings to the alarm service, in order and until they are stored. */
export class LinkSupervisor implements HeartbeatSink, AsyncDisposable {
  readonly #deps: LinkSupervisorDependencies
  #state: LinkState = new Map()
  #findings: readonly LinkFinding[] = []
  /** The last link event of each pump. */
  readonly #linkEvents = new Map<PumpId, LinkEvent>()
  /** Revoked hubs: when they tried last, or were last known to be revoked, and whether that was told. */
  readonly #knocking = new Map<HubId, { readonly at: number; readonly told: boolean }>()
  #working: Promise<void> = Promise.resolve()
  #busy = false
  #cancel: Cancel = () => undefined
  #lastTickAt = 0
  #stopped = false

  constructor(deps: LinkSupervisorDependencies) {
    this.#deps = deps
    deps.alarms.onLink((event) => void this.#linkEvents.set(event.pumpId, event))
    deps.alarms.onListed((pumpId) => this.#step(hearList(this.#state, pumpId, deps.clock.monotonic(), deps.policy)))
  }

  /** Puts what the last run knew on the picture. Before `AlarmService.rebuild`, which wants to know each pump's hub. */
  remember(hubs: readonly KnownHub[], pumps: readonly KnownPump[]): void {
    // Nobody has been heard yet: no link of the last run is taken for granted.
    const shown = pumps.map(({ hubId, report }) => ({ hubId, report: { ...report, link: 'waiting' as const } }))
    this.#deps.picture.commit({
      pumps: shown,
      hubs: hubs.map((hub) =>
        hubView(hub.hubId, hub.name, hub.lastHeartbeat, hub.lastHeardAt, stateOf(hub), pumpsOf(hub.hubId, pumps)),
      ),
    })
    const now = this.#deps.clock.monotonic()
    for (const hub of hubs)
      if (hub.state === 'revoked') this.#knocking.set(hub.hubId, { at: now, told: false })
      else if (hub.enrolledAt !== null) this.#state = expectHub(this.#state, hub.hubId, pumpsOf(hub.hubId, pumps), now)
  }

  start(): void {
    this.#again()
  }

  heartbeat(hubId: HubId, sent: Heartbeat, receivedAt: Instant): void {
    const { picture, policy, alarms, clock } = this.#deps
    if (isOvertaken(this.#state, hubId, sent)) return
    const body = { ...sent, pumps: sent.pumps.map((report) => this.#asEventsSay(sent, report)) }
    const step = hearHub(this.#state, hubId, body, clock.monotonic(), policy, (pumpId) => alarms.isListed(pumpId))
    const name = picture.hub(hubId)?.name ?? hubId
    const pumpIds = [...(step.state.get(hubId)?.pumps.keys() ?? [])]
    picture.commit({
      pumps: body.pumps.map((report) => ({ hubId, report })),
      hubs: [{ ...hubView(hubId, name, body, receivedAt, 'live', pumpIds), ...pathOf(picture.hub(hubId)) }],
    })
    const told = this.#knocking.get(hubId)?.told === true
    this.#knocking.delete(hubId)
    if (told) this.#step({ state: step.state, findings: [...step.findings, { kind: 'hub-gave-up', hubId }] })
    else this.#step(step)
  }

  /** Hubs that were enrolled, renamed or revoked since, possibly by another process. */
  async refresh(): Promise<void> {
    for (const hub of await this.#deps.registry.names()) {
      const shown = this.#deps.picture.hub(hub.hubId)
      if (hub.state === 'revoked' && shown !== null && shown.state !== 'revoked') this.#revoked(hub.hubId)
      const unknown = shown?.name !== hub.name || shown.state === 'revoked'
      if (hub.state === 'active' && hub.enrolledAt !== null && unknown) this.#enrolled(hub.hubId, hub.name)
    }
  }

  #enrolled(hubId: HubId, name: string): void {
    const shown = this.#deps.picture.hub(hubId)
    this.#deps.picture.commit({
      hubs: [hubAgain(hubId, name, shown)],
    })
    this.#state = expectHub(this.#state, hubId, shown?.pumpIds ?? [], this.#deps.clock.monotonic())
  }

  /** A heartbeat that was built before a link event and arrives after it must not take it back. */
  #asEventsSay({ bootId, monotonicMs }: Heartbeat, report: PumpReport): PumpReport {
    const event = this.#linkEvents.get(report.pumpId)
    if (event === undefined || event.bootId !== bootId || event.monotonicMs <= monotonicMs) return report
    return { ...report, link: event.link, silentMs: null }
  }

  /** A request of a hub whose key is revoked was refused. */
  refused(hubId: HubId): void {
    const { picture, clock } = this.#deps
    const shown = picture.hub(hubId)
    if (shown?.state !== 'revoked') {
      // Another program may have revoked it a moment ago: `refresh` will know.
      this.#knocking.set(hubId, { at: clock.monotonic(), told: false })
      return
    }
    const told = this.#knocking.get(hubId)?.told === true
    this.#knocking.set(hubId, { at: clock.monotonic(), told: true })
    if (!told) this.#step({ state: this.#state, findings: [{ kind: 'hub-refused', hubId, pumpIds: shown.pumpIds }] })
  }

  /** What a pump is used for has changed: an alarm that names it may weigh more, or less, than when it was raised. */
  riskChanged(pumpId: PumpId): void {
    this.#step({ state: this.#state, findings: [{ kind: 'risk-changed', pumpId }] })
  }

  #gaveUp(now: number): void {
    for (const [hubId, { at }] of this.#knocking) {
      if (now - at < gaveUpMs) continue
      this.#knocking.delete(hubId)
      this.#step({ state: this.#state, findings: [{ kind: 'hub-gave-up', hubId }] })
    }
  }

  #revoked(hubId: HubId): void {
    this.#state = forgetHub(this.#state, hubId)
    const shown = this.#deps.picture.hub(hubId)
    if (shown === null) return
    this.#deps.picture.commit({ hubs: [{ ...shown, state: 'revoked' }] })
    for (const pumpId of shown.pumpIds) this.#deps.picture.setLink(pumpId, 'lost')
    this.#deps.alarms.forgetLists(shown.pumpIds)
    this.#step({ state: this.#state, findings: [{ kind: 'hub-revoked', hubId, pumpIds: shown.pumpIds }] })
    const knocked = this.#knocking.get(hubId)
    if (knocked === undefined) this.#knocking.set(hubId, { at: this.#deps.clock.monotonic(), told: false })
    else if (this.#deps.clock.monotonic() - knocked.at < 2 * tickEveryMs) this.refused(hubId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#working
  }

  #again(): void {
    this.#cancel = this.#deps.scheduler.after(watchEveryMs, () => {
      if (this.#stopped) return
      this.#again()
      const now = this.#deps.clock.monotonic()
      this.#step(passTime(this.#state, now, this.#deps.policy))
      this.#gaveUp(now)
      if (now - this.#lastTickAt < tickEveryMs) return
      this.#lastTickAt = now
      this.#deps.alarms
        .tick()
        .then(() => this.refresh())
        .catch((error: unknown) =>
          this.#deps.log.error({ err: error }, 'alarm timers or hubs could not be read or stored'),
        )
    })
  }

  #step(step: LinkStep): void {
    this.#state = step.state
    this.#findings = [...this.#findings, ...step.findings]
    for (const finding of step.findings) this.#show(finding)
    // One at a time; what fails is tried again with the next step or the next second.
    if (this.#busy || this.#stopped || this.#findings.length === 0) return
    this.#busy = true
    this.#working = this.#store().finally(() => {
      this.#busy = false
    })
  }

  #show(finding: LinkFinding): void {
    const { alarms, picture, log, wantLists } = this.#deps
    if (finding.kind === 'pump-found' && !alarms.isListed(finding.pumpId)) wantLists(finding.hubId, [finding.pumpId])
    if (finding.kind === 'pump-lost') alarms.forgetLists([finding.pumpId])
    if (finding.kind !== 'hub-lost') return
    alarms.forgetLists(finding.pumpIds)
    wantLists(finding.hubId, finding.pumpIds)
    const shown = picture.hub(finding.hubId)
    if (shown !== null) picture.commit({ hubs: [{ ...shown, state: 'lost' }] })
    log.warn({ hubId: finding.hubId, pumps: finding.pumpIds.length }, 'hub is silent')
  }

  async #store(): Promise<void> {
    try {
      for (let next = this.#findings[0]; next !== undefined; next = this.#findings[0]) {
        await this.#deps.alarms.system(this.#commandsOf(next))
        this.#findings = this.#findings.slice(1)
      }
    } catch (error) {
      this.#deps.log.error({ err: error }, 'a change of a link could not be stored')
    }
  }

  #commandsOf(finding: LinkFinding): readonly SubjectCommand[] {
    const { clock, newEpisodeId, picture } = this.#deps
    const facts = { at: clock.now(), newEpisodeId, pump: (pumpId: PumpId) => picture.pump(pumpId) }
    switch (finding.kind) {
      case 'hub-lost':
        return hubLost(facts, finding.hubId, finding.pumpIds)
      case 'hub-revoked':
        return hubRevoked(facts, finding.hubId, finding.pumpIds)
      case 'hub-refused':
        return hubRefused(facts, finding.hubId, finding.pumpIds)
      case 'hub-gave-up':
        return hubGaveUp(facts, finding.hubId)
      case 'risk-changed':
        return riskChanged(facts, finding.pumpId, picture.openAlarms())
      case 'hub-heard':
        return hubHeard(facts, finding.pumpIds)
      case 'hub-proven':
        return hubProven(facts, finding.hubId)
      case 'pump-lost':
        return pumpLost(facts, finding.hubId, finding.pumpId, finding.reason)
      case 'pump-found':
        return pumpFound(facts, finding.pumpId)
    }
  }
}

// A heartbeat does not say how far test alarms came.
const pathOf = (shown: HubView | null): Pick<HubView, 'path'> => (shown?.path === undefined ? {} : { path: shown.path })

// Lost until it speaks: no data never looks like OK.
const hubAgain = (hubId: HubId, name: string, shown: HubView | null): HubView => {
  if (shown === null) return hubView(hubId, name, null, null, 'never-heard', [])
  return { ...shown, name, state: shown.state === 'revoked' ? 'lost' : shown.state }
}

const pumpsOf = (hubId: HubId, pumps: readonly KnownPump[]): readonly PumpId[] =>
  pumps.filter((pump) => pump.hubId === hubId).map(({ report }) => report.pumpId)

// Not `live` before the first heartbeat of this run: no data never looks like OK.
const stateOf = (hub: KnownHub): HubView['state'] => {
  if (hub.state === 'revoked') return 'revoked'
  return hub.lastHeardAt === null ? 'never-heard' : 'lost'
}

const hubView = (
  hubId: HubId,
  name: string,
  beat: Heartbeat | null,
  heardAt: Instant | null,
  state: HubView['state'],
  pumpIds: readonly PumpId[],
): HubView => ({
  hubId,
  name,
  state,
  lastHeardAt: heardAt,
  bootId: beat?.bootId ?? null,
  gatewayVersion: beat?.versions.gateway ?? null,
  clockErrorMs: beat === null || heardAt === null ? null : beat.wallAt - heardAt,
  power: beat?.power ?? null,
  outbox:
    beat === null
      ? null
      : {
          alarmRows: beat.outbox.alarm.rows,
          telemetryRows: beat.outbox.telemetry.rows,
          alarmOldestMs: beat.outbox.alarm.oldestAgeMs,
          telemetryOldestMs: beat.outbox.telemetry.oldestAgeMs,
          quarantined: beat.outbox.quarantined,
        },
  ports: beat === null ? [] : [...beat.ports],
  pumpIds: [...pumpIds],
})
