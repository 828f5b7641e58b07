import type { HubId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import { Enrolment } from './enrolment.ts'
import type { HubConditionAlarms } from './hub-condition-alarms.ts'
import type { HubCrypto } from './hub-crypto.ts'
import { HubHeartbeat } from './hub-heartbeat.ts'
import { HubKeys } from './hub-keys.ts'
import { Ingest } from './ingest.ts'
import { KeyRotationDesk } from './key-rotation.ts'
import type { Log } from './log.ts'
import type { HubGate } from './pressure/hub-gate.ts'
import type {
  AcceptedHigh,
  AlarmIntake,
  AlarmJournal,
  HeartbeatSink,
  HubRegistry,
  IngestObserver,
  NonceBook,
  ReceiptBook,
  SampleSink,
  TelemetryStore,
} from './ports.ts'
import { SignatureCheck } from './signature-check.ts'
import { SnapshotRequests } from './snapshot-requests.ts'
import { UplinkFigures } from './uplink-figures.ts'

export interface HubUplinkDependencies {
  readonly journal: Pick<AlarmJournal, 'commit'>
  readonly receipts: ReceiptBook
  readonly hubs: HubRegistry
  readonly nonces: NonceBook
  readonly store: Pick<TelemetryStore, 'write'>
  readonly alarms: AlarmIntake
  readonly samples: SampleSink
  readonly heartbeats: HeartbeatSink
  /** Hears from which address a hub beats. */
  readonly cameFrom?: (hubId: HubId, address: string) => void
  /** Everything that is logged on the way of a request carries its trace. */
  readonly inTrace?: (trace: string | null, work: () => void) => void
  readonly figures?: Pick<UplinkFigures, 'answered'>
  readonly conditions: Pick<HubConditionAlarms, 'take'>
  readonly accepted: AcceptedHigh
  readonly observer: IngestObserver
  readonly hubCrypto: HubCrypto
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly lateAfterMs: number
  /** `host:port` names under which hubs reach this server, lower case; asked per request. */
  readonly authorities: () => ReadonlySet<string>
  readonly gate: HubGate
  readonly log: Log
}

/** Everything behind `/hub/v1`. */
export interface HubUplink {
  readonly ingest: Ingest
  readonly heartbeat: HubHeartbeat
  readonly signatures: SignatureCheck
  readonly enrolment: Enrolment
  readonly rotation: KeyRotationDesk
  /** Ask a hub for a pump's full alarm list with `want`. */
  readonly snapshots: SnapshotRequests
  /** `forget` after a revocation. */
  readonly keys: HubKeys
  readonly heartbeats: Pick<HeartbeatSink, 'refused'>
  readonly gate: HubGate
  readonly cameFrom: (hubId: HubId, address: string) => void
  readonly inTrace: (trace: string | null, work: () => void) => void
  readonly figures: Pick<UplinkFigures, 'answered'>
  readonly clock: Clock
  readonly log: Log
}

export const hubUplink = (deps: HubUplinkDependencies): HubUplink => {
  const { hubs, hubCrypto, clock, log } = deps
  const snapshots = new SnapshotRequests()
  const ingest = new Ingest({ ...deps, snapshots, hash: (text) => hubCrypto.hash(text) })
  const keys = new HubKeys(hubs, clock)
  return {
    ingest,
    snapshots,
    keys,
    heartbeats: deps.heartbeats,
    gate: deps.gate,
    cameFrom: deps.cameFrom ?? (() => undefined),
    inTrace: deps.inTrace ?? ((_, work) => work()),
    figures: deps.figures ?? new UplinkFigures(),
    clock,
    log,
    heartbeat: new HubHeartbeat({
      ...deps,
      registry: hubs,
      dating: ingest.dating,
      sink: deps.heartbeats,
      snapshots,
    }),
    signatures: new SignatureCheck(keys, deps.nonces, hubCrypto, clock, deps.authorities, (hubId, bootId) =>
      deps.observer.requestForged(hubId, bootId),
    ),
    enrolment: new Enrolment(hubs, hubCrypto, clock),
    rotation: new KeyRotationDesk(hubs, keys, hubCrypto, clock),
  }
}
