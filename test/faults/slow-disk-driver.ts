import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { BootId } from '#domain/ids.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'

// Opens an outbox, makes its disk slow, and then asks for two full groups of telemetry and one alarm at once, in this order, while
// another group is being committed. Prints in which order they became durable, and how the thread that listens to pumps fared.

const [folder = '', delayFile = '', delayMs = '0'] = process.argv.slice(2)
const outbox = await openSqliteOutbox({
  folder,
  bootId: BootId.parse(randomUUID()),
  quarantined: () => {},
  salvaged: () => {},
  died: () => process.exit(4),
})
const group = () => Array.from({ length: 200 }, () => telemetryRecord())
await outbox.append([conditionRecord()])
await outbox.append(group())

writeFileSync(delayFile, delayMs)
let turns = 0
const turning = setInterval(() => (turns += 1), 10)
const loop = monitorEventLoopDelay({ resolution: 5 })
loop.enable()
const started = performance.now()
const order: { readonly what: string; readonly afterMs: number; readonly turns: number }[] = []
const durable = (what: string) => (): void => {
  order.push({ what, afterMs: Math.round(performance.now() - started), turns })
}
const first = outbox.append(group()).then(durable('telemetry 1'))
const others = [group(), group()].map((records, index) =>
  outbox.append(records).then(durable(`telemetry ${index + 2}`)),
)
const alarm = outbox.append([conditionRecord()]).then(durable('alarm'))
await Promise.all([first, ...others, alarm])
loop.disable()
clearInterval(turning)
const ms = (nanoseconds: number): number => Math.round(nanoseconds / 1e5) / 10
process.stdout.write(
  JSON.stringify({ order, loopP99Ms: ms(loop.percentile(99)), loopMaxMs: ms(loop.max), turns }) + '\n',
)
writeFileSync(delayFile, '0')
await outbox[Symbol.asyncDispose]()
