import { randomBytes, randomUUID } from 'node:crypto'
import { openSync, writeSync } from 'node:fs'
import { BootId } from '#domain/ids.ts'
import { HttpUplink } from '#gateway/adapters/http-uplink/http-uplink.ts'
import { KeyStore } from '#gateway/adapters/key-store.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { systemClock, systemScheduler } from '#gateway/adapters/system-time.ts'
import { LaneForwarder } from '#gateway/core/lane-forwarder.ts'
import { pause } from '#gateway/core/waiting.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'
import { tokenOf } from '#test/support/power-cut/acknowledgements.ts'
import { reachFor } from '#test/support/server-trust.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { DriverTask } from '#test/support/power-cut/acknowledgements.ts'

// Appends to an outbox and writes down, outside of it, what was acknowledged and what may leave: the oracle of the tests that kill
// this program or cut its power. A line is written in one call, so it is there whole or not at all.

const task: DriverTask = JSON.parse(process.argv[2] ?? '{}')
const random = seededRandom(task.seed)
const log = openSync(task.acknowledged, 'a')
const tell = (lines: readonly string[]): void => {
  if (lines.length > 0) writeSync(log, lines.map((line) => `${line}\n`).join(''))
}

const outbox = await openSqliteOutbox({
  folder: task.folder,
  bootId: BootId.parse(randomUUID()),
  limits: smallOutbox,
  quarantined: () => process.exit(5),
  salvaged: () => process.exit(3),
  died: () => process.exit(4),
})
tell(['ready'])

let appended = 0
const goesOn = (): boolean => task.records === null || appended < task.records

const appendAll = async (tokens: readonly string[], records: Parameters<typeof outbox.append>[0]): Promise<void> => {
  const committed = outbox.append(records)
  if (task.lie === 'acknowledges-early') tell(tokens.map((token) => `safe 0 ${token}`))
  if (records[0]?.lane === 'telemetry') outbox.hurry()
  const seqs = await committed
  appended += records.length
  if (task.lie === null) tell(seqs.map((seq, index) => `safe ${seq} ${tokens[index]}`))
}

const alarms = async (): Promise<void> => {
  while (goesOn()) {
    const token = randomUUID()
    await appendAll([token], [conditionRecord({ episodeId: token })])
  }
}

const telemetry = async (): Promise<void> => {
  while (goesOn()) {
    // A rate that no other record has.
    const rates = Array.from({ length: random.whole(1, 20) }, () => randomBytes(6).readUIntBE(0, 6) / 2 ** 38)
    await appendAll(
      rates.map(String),
      rates.map((rateMlPerHour) => telemetryRecord({ rateMlPerHour })),
    )
  }
}

/** What was delivered leaves. Told before it is asked for: from then on nobody is owed the record. */
const settle = async (): Promise<void> => {
  while (goesOn()) {
    const lane = random.whole(0, 1) === 0 ? 'alarm' : 'telemetry'
    const oldest = await outbox.peek(lane, task.keep + random.whole(1, 40))
    const delivered = oldest.slice(0, Math.max(0, oldest.length - task.keep))
    tell(delivered.map((record) => `leaves ${record.seq} ${tokenOf(record)}`))
    await outbox.settle(delivered.map(({ seq }) => seq))
  }
}

const stop = new AbortController()
const { signal } = stop

/** The gateway's own way to the server. */
const deliver = async (server: string, identity: string): Promise<void> => {
  const keys = await KeyStore.open(identity)
  await using uplink = new HttpUplink({
    ...reachFor(new URL(server), systemClock),
    bootId: outbox.bootId,
    identity: keys,
  })
  const lane = (name: Lane): LaneForwarder =>
    new LaneForwarder({
      lane: name,
      outbox,
      uplink,
      clock: systemClock,
      scheduler: systemScheduler,
      random: () => random.next(),
      troubleChanged: () => {},
    })
  await Promise.all([lane('alarm').run(signal), lane('telemetry').run(signal)])
}

const drained = async (): Promise<boolean> => {
  const { alarm, telemetry: samples } = await outbox.depth()
  return alarm.rows + samples.rows === 0
}

const leaving = task.uplink === null ? settle() : deliver(task.uplink.server, task.uplink.identity)
await Promise.all([alarms(), alarms(), telemetry()])
if (task.end === 'kill') process.kill(process.pid, 'SIGKILL')
while (task.end === 'drained' && !(await drained())) await pause(systemScheduler, 20, signal)
stop.abort()
await leaving
await outbox[Symbol.asyncDispose]()
