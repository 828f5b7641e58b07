import { constants } from 'node:fs'
import { access, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, warn } from '../../core/finding.ts'
import { holdersOf } from './open-files.ts'
import type { Finding } from '../../core/finding.ts'

const byIdFolder = '/dev/serial/by-id'

/** Stable names of the serial adapters that are plugged in, with the device behind each. */
const stableNames = async (): Promise<ReadonlyMap<string, string>> => {
  const names = await readdir(byIdFolder).catch(() => [])
  const paths = names.map((name) => join(byIdFolder, name))
  return new Map(await Promise.all(paths.map(async (path) => [path, await realpath(path)] as const)))
}

const present = (names: ReadonlyMap<string, string>): string =>
  names.size === 0 ? 'no USB serial adapter is plugged in' : `plugged in: ${[...names.keys()].join(', ')}`

/** Looks at a serial port without opening it: opening moves its control lines, which some pumps take for a signal. */
export const examineSerialPort = async (name: string, path: string): Promise<readonly Finding[]> => {
  const check = `port ${name}`
  const names = await stableNames()
  const device = await realpath(path).catch(() => null)
  if (device === null)
    return [fail(check, `${path} is not there`, `plug the cable in, or correct the path; ${present(names)}`)]
  if (!(await stat(device)).isCharacterDevice())
    return [fail(check, `${path} is no serial device`, `correct the path; ${present(names)}`)]
  const refused = await access(device, constants.R_OK | constants.W_OK).then(
    () => false,
    () => true,
  )
  if (refused)
    return [
      fail(
        check,
        `this user may not use ${path}`,
        'add the gateway’s user to the group dialout (sudo usermod -aG dialout USER) and start it again',
      ),
    ]
  const others = (await holdersOf(device)).filter(({ isGateway }) => !isGateway)
  if (others.length > 0)
    return [
      fail(
        check,
        `${path} is in use by ${others.map(({ command, pid }) => `${command} (process ${pid})`).join(', ')}`,
        'stop that program, and keep it from starting again',
      ),
    ]
  const stable = [...names].find(([, target]) => target === device)?.[0]
  if (/^\/dev\/tty(USB|ACM)\d+$/.test(path))
    return [
      warn(
        check,
        `${path} is there, but may be another adapter after the next plugging`,
        stable === undefined ? 'name it by a udev rule of its own' : `write serial:${stable} in the configuration`,
      ),
    ]
  return [ok(check, `${path} is there and may be used`)]
}
