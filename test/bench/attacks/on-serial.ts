import { PtyPort } from '#simulators/adapters/pty.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { paced } from './attack.ts'
import type { Attack } from './attack.ts'

const seed = 19
const bytesPerSecond = 11_520
const turnsPerSecond = 50

let opened: Promise<readonly PtyPort[]> | null = null

/** Random bytes on every line without a pause, as fast as 115,200 baud. Beginnings of frames are frequent among them. The lines stay plugged in. */
export const serialNoise: Attack = async ({ serialPaths }, signal) => {
  opened ??= Promise.all(serialPaths.map((path) => PtyPort.open(path)))
  const ports = await opened
  const random = seededRandom(seed)
  const any = (): number => (random.next() < 0.05 ? 0x02 : random.whole(0, 255))
  await paced(turnsPerSecond, signal, () => {
    for (const port of ports) port.write(Uint8Array.from({ length: bytesPerSecond / turnsPerSecond }, any))
  })
}
