import { BootId } from '#domain/ids.ts'
import { HttpUplink } from '#gateway/adapters/http-uplink/http-uplink.ts'
import { KeyStore } from '#gateway/adapters/key-store.ts'
import { systemClock } from '#gateway/adapters/system-time.ts'
import { rotateKey } from '#gateway/compose/rotate-key.ts'
import { reachFor } from '#test/support/server-trust.ts'
import { pino } from 'pino'

// Replaces the key of a hub as a process of its own, and dies at the step it is told: FOLDER SERVER STEP.

const [folder = '', server = '', deadly = ''] = process.argv.slice(2)

const dieAt = (step: string): void => {
  if (step !== deadly) return
  process.kill(process.pid, 'SIGKILL')
  // The signal may take a moment; nothing more may happen.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

const keys = await KeyStore.open(folder, dieAt)
const bootId = BootId.parse(`rotator-${process.pid}`)
await using uplink = new HttpUplink({ ...reachFor(new URL(server), systemClock), bootId, identity: keys })
const asking: Pick<HttpUplink, 'rotate'> = {
  rotate: async (...asked) => {
    const reply = await uplink.rotate(...asked)
    dieAt('answered')
    return reply
  },
}
await rotateKey(keys, asking, AbortSignal.timeout(10_000), pino({ level: 'silent' }))
