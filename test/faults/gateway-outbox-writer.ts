import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { BootId } from '#domain/ids.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { gatewayErrorCode } from '#gateway/core/errors.ts'
import { smallOutbox } from '#test/support/small-outbox.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'

// Appends for ever and writes down what was acknowledged, outside the outbox, until somebody kills it.

const [folder = '', acknowledged = '', telemetryKiB] = process.argv.slice(2)
const bootId = BootId.parse(randomUUID())
const outbox = await openSqliteOutbox({
  folder,
  bootId,
  limits: telemetryKiB === undefined ? smallOutbox : { ...smallOutbox, telemetryBytes: Number(telemetryKiB) * 1024 },
  quarantined: () => {},
  salvaged: () => process.exit(3),
  died: () => process.exit(4),
})
process.stdout.write('ready\n')

const acknowledge = (seqs: readonly number[]): void =>
  appendFileSync(acknowledged, seqs.map((seq) => `${seq}\n`).join(''))

const alarms = async (): Promise<void> => {
  for (;;) acknowledge(await outbox.append([conditionRecord({ episodeId: randomUUID() })]))
}
const telemetry = async (): Promise<void> => {
  for (;;) {
    const appended = outbox.append(Array.from({ length: 20 }, () => telemetryRecord()))
    outbox.hurry()
    try {
      acknowledge(await appended)
    } catch (error) {
      // Nothing slows this writer down, so it may outrun the thinning: a refusal is an answer, and acknowledges nothing.
      if (gatewayErrorCode(error) !== 'GW_OUTBOX_FULL') throw error
    }
  }
}
await Promise.all([alarms(), alarms(), telemetry()])
