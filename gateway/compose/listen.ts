import { profiles } from '#domain/pump-protocols/profiles.ts'
import { systemScheduler } from '../adapters/system-time.ts'
import { messageOf } from '../core/errors.ts'
import { fail, ok, warn } from '../core/finding.ts'
import { transportOf } from './pump-ports.ts'
import type { PortConfig } from '../config.ts'
import type { Finding } from '../core/finding.ts'

const mute = () => false

/** Opens one port, only listens, and says what it heard and which protocol that is. */
export const listenOn = async (port: PortConfig, seconds: number): Promise<Finding> => {
  const check = `port ${port.name}`
  const profile = profiles.get(port.protocol)
  if (profile === undefined) return fail(check, `unknown protocol ${port.protocol}`, 'correct the configuration')
  const readers = [...profiles].map(([name, each]) => ({ name, reader: each.newCapture(), frames: 0 }))
  const stop = AbortSignal.timeout(seconds * 1_000)
  let bytes = 0
  try {
    await using connection = await transportOf(port, { serial: profile.serial, permits: mute }, systemScheduler).open(
      stop,
    )
    stop.addEventListener('abort', () => void connection[Symbol.asyncDispose](), { once: true })
    for await (const chunk of connection.incoming) {
      bytes += chunk.byteLength
      for (const candidate of readers) candidate.frames += candidate.reader.push(chunk).filter(({ ok }) => ok).length
    }
  } catch (error) {
    return fail(check, messageOf(error), 'see the other lines about this port')
  }
  const heard = readers.filter(({ frames }) => frames > 0).toSorted((a, b) => b.frames - a.frames)
  const words = `${bytes} bytes in ${seconds} s`
  if (heard.some(({ name }) => name === port.protocol))
    return ok(check, `${words}, ${heard.map(({ name, frames }) => `${frames} frames of ${name}`).join(', ')}`)
  const [other] = heard
  if (other !== undefined)
    return fail(check, `${words}, frames of ${other.name}`, `write protocol: ${other.name} in the configuration`)
  return bytes === 0
    ? warn(check, `${words}: nobody speaks`, 'many pumps speak only when asked; check cable and power')
    : fail(
        check,
        `${words}, none of a known protocol`,
        'check speed and parity at the pump; gateway decode reads captures',
      )
}
