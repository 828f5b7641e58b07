import { alarmEngine } from '#domain/alarm/engine.ts'
import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import { BootId, EpisodeId } from '#domain/ids.ts'
import { defaultPathPolicy } from '#domain/path/overdue.ts'
import { instant } from '#domain/time.ts'
import { alarmDefaults } from '#gateway/core/alarm-defaults.ts'
import { Canary, canaryState } from '#gateway/core/canary.ts'
import { GatewayError } from '#gateway/core/errors.ts'
import { LaneForwarder } from '#gateway/core/lane-forwarder.ts'
import { PumpStream } from '#gateway/core/pump-stream.ts'
import type { OutboxRecord } from '#gateway/core/ports.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import { canaryIntake } from '#server/core/path/canary-intake.ts'
import type { CanaryArrival } from '#server/core/path/canary-intake.ts'
import { HubPaths } from '#server/core/path/hub-paths.ts'
import type { PathProof, PathProofs } from '#server/core/path/path-proofs.ts'
import { PathTimer } from '#server/core/path/path-timer.ts'
import type { HubId } from '#domain/ids.ts'
import { MemoryOutbox } from '#test/contract/outbox-memory.ts'
import { hub1, openServerBench, pump1, pumpReport } from './server-bench.ts'

export const intervalMs = 600_000

/** Ways to break each hop from the hub to the journal. */
export interface PathFaults {
  hubForgets: boolean
  outboxRefuses: boolean
  outboxBlocked: boolean
  uplinkCut: boolean
  ingestRefuses: boolean
  hubSilent: boolean
}

/** A hub's canary, recorder, outbox list and alarm lane in front of a server's core, on one manual clock; each hop can be broken. */
export const openPathBench = async () => {
  const server = await openServerBench()
  const { clock, alarms, picture, log, newEpisodeId } = server
  const faults: PathFaults = {
    hubForgets: false,
    outboxRefuses: false,
    outboxBlocked: false,
    uplinkCut: false,
    ingestRefuses: false,
    hubSilent: false,
  }
  const kept = new Map<HubId, PathProof<HubId>>()
  const proofs: Pick<PathProofs, 'hubProven'> = { hubProven: async (proof) => void kept.set(proof.id, proof) }
  const arrivals: CanaryArrival[] = []
  const pathsOn = (): HubPaths =>
    new HubPaths({
      system: (commands) => alarms.system(commands),
      picture,
      proofs,
      policy: defaultPathPolicy,
      hubSilenceMs: defaultAlarmPolicy.hubSilenceMs,
      clock,
      newEpisodeId,
      log,
    })
  let paths = pathsOn()
  const intake = canaryIntake({
    alarms,
    engine: alarmEngine,
    policy: defaultAlarmPolicy,
    clock,
    newEpisodeId,
    arrived: (arrival) => {
      arrivals.push(arrival)
      paths.arrived(arrival)
    },
    log,
  })
  const timer = new PathTimer({ look: () => paths.look(), scheduler: clock })

  const outbox = new MemoryOutbox(BootId.parse('boot-canary'))
  outbox.onAppend = async () => {
    if (faults.outboxRefuses) throw new GatewayError('GW_OUTBOX_FULL', 'no room')
    if (faults.outboxBlocked) await new Promise(() => undefined)
  }
  const take = async (batch: readonly OutboxRecord[]): Promise<readonly Verdict[]> => {
    if (faults.uplinkCut) throw new GatewayError('GW_UPLINK_UNREACHABLE', 'cut')
    if (faults.ingestRefuses) return batch.map(({ seq }) => ({ seq, verdict: 'refused', reason: 'schema' }))
    const receivedAt = clock.now()
    const dated = batch.map((record) => {
      const occurredAt = instant(record.wallAt)
      const late = receivedAt - occurredAt > defaultAlarmPolicy.lateAfterMs
      return { hubId: hub1, record, numbering: 0, occurredAt, uncertaintyMs: 0, receivedAt, late }
    })
    const keys = batch.map(({ lane, bootId, seq }) => ({ lane, bootId, seq, hash: `h${seq}` }))
    try {
      await intake.take(hub1, dated, keys)
    } catch (error) {
      throw new GatewayError('GW_UPLINK_UNREACHABLE', '503', { cause: error })
    }
    return batch.map(({ seq }) => ({ seq, verdict: 'stored' }))
  }
  const lane = new LaneForwarder({
    lane: 'alarm',
    outbox,
    uplink: { deliver: (_lane, batch) => take(batch) },
    clock,
    scheduler: clock,
    random: () => 0.5,
    troubleChanged: () => {},
  })
  let episodes = 0
  const canary = new Canary({
    stream: new PumpStream({
      outbox,
      stamp: () => ({ monotonicMs: clock.monotonic(), wallAt: clock.now(), clockQuality: 'ntp' }),
      appended: () => lane.wake(),
      pumpChanged: () => {},
      context: {
        port: 'canary',
        experimental: false,
        marks: ['test'],
        defaults: alarmDefaults,
        newEpisodeId: () => EpisodeId.parse(`canary-${(episodes += 1)}`),
      },
      initial: canaryState,
    }),
    everyMs: intervalMs,
    failed: () => {},
  })
  const stopping = new AbortController()
  const running = lane.run(stopping.signal)
  const beat = (): void => {
    clock.after(10_000, beat)
    if (faults.hubSilent) return
    server.heartbeat([pumpReport(pump1)])
    paths.heard(hub1, { canaryEveryMs: intervalMs })
  }
  const second = (): void => {
    clock.after(1_000, second)
    if (!faults.hubForgets) void canary.passTime(clock.monotonic(), lane.report().trouble === null)
  }
  beat()
  second()
  server.links.start()
  timer.start()
  return {
    ...server,
    serverFaults: server.faults,
    faults,
    arrivals,
    outbox,
    kept,
    intake,
    path: () => picture.hub(hub1)?.path,
    open: () => picture.openAlarms().map(({ code, condition }) => `${code} ${condition}`),
    /** The server's memory of proofs is what was kept. */
    restartPaths: (): void => {
      paths = pathsOn()
      paths.remember([hub1], [...kept.values()])
    },
    passes: (ms: number) => clock.advanceAsync(ms),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      lane.wake()
      await running
      await timer[Symbol.asyncDispose]()
      await server.close()
    },
  }
}

export type PathBench = Awaited<ReturnType<typeof openPathBench>>
