import { openDigest } from '#domain/live/messages.ts'
import type { At, LiveChange, LiveHeartbeat, LiveTelemetry, LiveUpdate, SnapshotPart } from '#domain/live/messages.ts'
import type { PumpId } from '#domain/ids.ts'
import type { PumpView } from '#domain/live/views.ts'
import { checkHeartbeat, foldTelemetry, foldUpdate } from '#dashboard/core/live-fold.ts'
import type { LiveState } from '#dashboard/core/live-fold.ts'
import type { ServerClock } from '#dashboard/core/server-clock.ts'
import { SnapshotGathering, without } from '#dashboard/core/snapshot-gathering.ts'
import type { FromWorker } from '#dashboard/core/worker-protocol.ts'
import { FleetWatch } from './fleet-watch.ts'

const fleetKinds: ReadonlySet<LiveChange['kind']> = new Set(['pump', 'pump-gone', 'hub', 'hub-gone'])

/** The server's picture as it is folded here, and what the page is told of it. */
export class ShownPicture {
  readonly #tell: (message: FromWorker) => void
  readonly #clock: ServerClock
  readonly #fleet: FleetWatch
  #state: LiveState | null = null
  /** A snapshot that is being told. */
  #gathering: SnapshotGathering | null = null
  /** All pumps were told once: there is a fleet to be drawn. */
  #isWhole = false
  #shown: ReadonlySet<PumpId> = new Set()
  /** Pumps on screen with values that are not told yet. */
  readonly #heard = new Set<PumpId>()

  constructor(tell: (message: FromWorker) => void, clock: ServerClock) {
    this.#tell = tell
    this.#clock = clock
    this.#fleet = new FleetWatch(
      tell,
      () => clock.now(performance.now()),
      () => this.#tellHeard(),
    )
  }

  /** Up to where it is known; null: a snapshot is needed, or the one that was begun. */
  get at(): At | null {
    return this.#gathering === null ? (this.#state?.at ?? null) : null
  }

  get isGathering(): boolean {
    return this.#gathering !== null
  }

  /** For alarms that are being told: there is nothing to compare yet. */
  get isWaiting(): boolean {
    return this.#gathering?.hasAlarms === false
  }

  forget(): void {
    this.#state = null
    this.#gathering = null
    this.#isWhole = false
  }

  /** False: an update that came meanwhile does not follow. */
  part(part: SnapshotPart): boolean {
    if (part.part === 0) {
      this.#gathering = new SnapshotGathering()
      this.#clock.hear(part.serverAt, performance.now())
    }
    const gathering = this.#gathering
    if (gathering?.fits(part) !== true) return true
    const gathered = gathering.take(part, this.#state)
    switch (gathered.kind) {
      case 'alarms-to-come':
        return true
      case 'alarms': {
        const { serverAt } = part
        this.#state = gathered.state
        const { alarms, paged } = gathered.state
        // All alarms in one message: what is shown is never half of one picture and half of another.
        const shown = { alarms: [...alarms.values()], paged: [...paged.values()] }
        this.#tell({ kind: 'snapshot', serverAt, ...shown, ...gathered.news })
        const followed = gathered.waiting.every((update) => this.update(update))
        this.#tellFleet(part, gathering, { pumps: [], hubs: [] })
        return followed
      }
      case 'fleet':
        this.#state = gathered.state
        this.#tellFleet(part, gathering, gathered.news)
        return true
    }
  }

  /** False: it does not follow what is known here. */
  update(update: LiveUpdate): boolean {
    if (this.#gathering?.hasAlarms === false) {
      this.#gathering.keep(update)
      return true
    }
    const folded = foldUpdate(this.#state, update)
    switch (folded.kind) {
      case 'known':
        return true
      case 'resync':
        return false
      case 'applied':
        this.#state = folded.state
        this.#gathering?.heard(update.changes)
        this.#tellNewRows(update.changes)
        this.#tell({ kind: 'changes', serverAt: update.serverAt, changes: update.changes })
        if (this.#isWhole && update.changes.some(({ kind }) => fleetKinds.has(kind)))
          this.#fleet.reordered(folded.state)
        else this.look()
        return true
    }
  }

  telemetry(telemetry: LiveTelemetry): void {
    if (this.#state === null) return
    this.#state = foldTelemetry(this.#state, telemetry)
    for (const { pumpId } of telemetry.samples) if (this.#shown.has(pumpId)) this.#heard.add(pumpId)
    if (this.#isWhole) this.look()
    else this.#tellHeard()
  }

  /** Whether the server has the same alarms open. */
  equals(heartbeat: LiveHeartbeat): boolean {
    return checkHeartbeat(this.#state, heartbeat, openDigest) === null
  }

  /** Values grow old also while nothing is told. */
  look(): void {
    if (this.#state !== null && this.#isWhole) this.#fleet.changed(this.#state)
  }

  /** What comes on screen gets its newest values at once. */
  show(shown: ReadonlySet<PumpId>): void {
    const before = this.#shown
    this.#shown = shown
    this.#tellValues([...shown].filter((id) => !before.has(id)))
  }

  #tellFleet(
    part: SnapshotPart,
    gathering: SnapshotGathering,
    news: Pick<Extract<FromWorker, { kind: 'fleet-part' }>, 'pumps' | 'hubs'>,
  ): void {
    if (this.#state === null) return
    const gone = part.whole ? gathering.gone(this.#state) : { pumpIds: [], hubIds: [] }
    const toCome = part.whole ? 0 : Math.max(0, part.pumpCount - gathering.pumpsTold)
    this.#tell({ kind: 'fleet-part', ...news, toCome, gone })
    if (!part.whole) return
    this.#state = without(this.#state, gone)
    this.#gathering = null
    this.#isWhole = true
    this.#fleet.first(this.#state)
  }

  #tellHeard(): void {
    this.#tellValues([...this.#heard])
    this.#heard.clear()
  }

  #tellValues(pumpIds: readonly PumpId[]): void {
    const samples = pumpIds.flatMap((pumpId) => {
      const pump = this.#shown.has(pumpId) ? this.#state?.pumps.get(pumpId) : undefined
      return pump === undefined ? [] : [valuesOf(pump)]
    })
    if (samples.length > 0) this.#tell({ kind: 'telemetry', samples })
  }

  /** A row that is about to appear must not begin with what its pump told when the page was opened. */
  #tellNewRows(changes: readonly LiveChange[]): void {
    const samples = changes.flatMap((change) => {
      const pumpId = change.kind === 'alarm' ? change.alarm.pumpId : null
      const pump = pumpId === null || this.#shown.has(pumpId) ? undefined : this.#state?.pumps.get(pumpId)
      return pump === undefined ? [] : [valuesOf(pump)]
    })
    if (samples.length > 0) this.#tell({ kind: 'telemetry', samples })
  }
}

const valuesOf = ({
  pumpId,
  sample,
  sampledAt,
  receivedAt,
  uncertaintyMs,
  otherChannels,
}: PumpView): LiveTelemetry['samples'][number] => ({
  pumpId,
  sample,
  sampledAt,
  receivedAt,
  uncertaintyMs,
  otherChannels,
})
