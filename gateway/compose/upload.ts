import { HeartbeatLoop } from '../core/heartbeat.ts'
import { LaneForwarder } from '../core/lane-forwarder.ts'
import { untilPaired } from '../core/pairing.ts'
import { careForIdentity } from './identity-care.ts'
import { pair } from './pair.ts'
import { rotateKey } from './rotate-key.ts'
import type { Logger } from 'pino'
import type { EpisodeId, PumpId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Reach } from '../adapters/http-uplink/exchange.ts'
import type { HttpUplink } from '../adapters/http-uplink/http-uplink.ts'
import type { KeyStore } from '../adapters/key-store.ts'
import type { Config } from '../config.ts'
import type { Random } from '../core/backoff.ts'
import type { HubConditions } from '../core/hub-conditions.ts'
import type { LaneTrouble } from '../core/lane-forwarder.ts'
import type { Outbox } from '../core/ports.ts'

export interface UploadDeps {
  readonly config: Pick<Config, 'enrol' | 'keyDays'>
  readonly keys: KeyStore
  readonly outbox: Outbox
  readonly uplink: HttpUplink
  readonly reach: Reach
  readonly conditions: HubConditions
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly random: Random
  readonly heartbeatBody: () => Promise<Omit<Heartbeat, 'v' | 'anchor'>>
  readonly snapshotsWanted: (pumpIds: readonly PumpId[]) => void
  readonly accepted: (episodeIds: readonly EpisodeId[], askedMs: number) => void
  readonly closedOut: (episodeIds: readonly EpisodeId[]) => void
  readonly urgent: () => boolean
  readonly log: Logger
}

/** Everything that goes to the server: heartbeats and both lanes, once the hub is paired. */
export interface Upload {
  readonly heartbeat: HeartbeatLoop
  readonly lanes: Readonly<Record<Lane, LaneForwarder>>
  /** Ends only when `signal` aborts. Never rejects. */
  run(signal: AbortSignal): Promise<void>
}

export const upload = (deps: UploadDeps): Upload => {
  const { config, keys, outbox, uplink, reach, conditions, clock, scheduler, random, log } = deps
  const refused = (text: string): void => conditions.set({ code: 'hub-auth-failed', priority: 'medium', text })
  const troubleTold = (what: string, trouble: LaneTrouble | null): void => {
    if (trouble?.code === 'GW_UPLINK_HUB_REFUSED') refused(trouble.message)
    if (trouble !== null) {
      const { code, message: reason, trace } = trouble
      log.warn({ what, code, reason, trace }, 'uplink in trouble, records are kept')
      return
    }
    log.info({ what }, 'uplink works')
    conditions.clear('hub-auth-failed')
    for (const lane of Object.values(lanes)) lane.serverAnswers()
    if (what !== 'heartbeat') heartbeat.soon()
  }
  const laneForwarder = (lane: Lane): LaneForwarder =>
    new LaneForwarder({ lane, outbox, uplink, clock, scheduler, random, troubleChanged: troubleTold })
  const lanes = { alarm: laneForwarder('alarm'), telemetry: laneForwarder('telemetry') }
  const heartbeat = new HeartbeatLoop({
    uplink,
    body: deps.heartbeatBody,
    scheduler,
    random,
    snapshotsWanted: deps.snapshotsWanted,
    accepted: deps.accepted,
    closedOut: deps.closedOut,
    urgent: deps.urgent,
    troubleChanged: (trouble) => troubleTold('heartbeat', trouble),
  })
  const claim = config.enrol
  const run = async (signal: AbortSignal): Promise<void> => {
    await untilPaired(
      {
        isPaired: async () => (await keys.reload()) || keys.pairing !== null,
        claim: claim === undefined ? null : () => pair(keys, reach, claim, signal, log),
        scheduler,
        random,
        told: ({ code, message }) => {
          refused(`NOT PAIRED: ${message}`)
          log.warn({ code, reason: message }, 'NOT PAIRED, records are kept')
        },
      },
      signal,
    )
    if (signal.aborted) return
    conditions.clear('hub-auth-failed')
    const beating = heartbeat.run(signal)
    const caring = careForIdentity(
      {
        keys,
        keyDays: config.keyDays,
        serverNow: () => reach.trust.serverTime.now(),
        isLockedOut: () => heartbeat.trouble?.code === 'GW_UPLINK_HUB_REFUSED',
        rotate: () => rotateKey(keys, uplink, signal, log),
        pairAgain:
          claim === undefined ? null : { claimId: claim.claimId, pair: () => pair(keys, reach, claim, signal, log) },
        changed: () => {
          heartbeat.soon()
          for (const lane of Object.values(lanes)) lane.serverAnswers()
        },
        clock,
        scheduler,
        log,
      },
      signal,
    )
    // Dates need an anchor, so a boot's first exchange is a heartbeat.
    await Promise.race([heartbeat.first, beating])
    await Promise.all([beating, caring, lanes.alarm.run(signal), lanes.telemetry.run(signal)])
  }
  return { heartbeat, lanes, run }
}
