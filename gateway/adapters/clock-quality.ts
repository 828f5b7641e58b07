import { execFile } from 'node:child_process'
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClockQuality } from '#domain/uplink/records.ts'

/** Where Linux says it; other paths in tests. */
export interface ClockPlaces {
  readonly timedatectl: string
  readonly synchronized: string
  readonly rtcFolder: string
}

export const linuxClockPlaces: ClockPlaces = {
  timedatectl: 'timedatectl',
  synchronized: '/run/systemd/timesync/synchronized',
  rtcFolder: '/sys/class/rtc',
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** The kernel's own word, which every time daemon sets; null: nobody here can ask for it. */
const kernelSynchronized = (timedatectl: string): Promise<boolean | null> => {
  const { promise, resolve } = Promise.withResolvers<boolean | null>()
  execFile(timedatectl, ['show', '-p', 'NTPSynchronized', '--value'], { timeout: 2_000 }, (error, stdout) => {
    const word = stdout.trim()
    resolve(error === null && (word === 'yes' || word === 'no') ? word === 'yes' : null)
  })
  return promise
}

/** Whether the kernel took its time from a battery clock when it started. */
const setFromRtc = async (folder: string): Promise<boolean> => {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    const word = await readFile(join(folder, name, 'hctosys'), 'utf8').catch(() => '')
    if (word.trim() === '1') return true
  }
  return false
}

/** How the wall clock was set, as far as Linux tells. `unknown` where it does not: nothing is guessed. */
export const findClockQuality = async (places: ClockPlaces = linuxClockPlaces): Promise<ClockQuality> => {
  const synchronized = await kernelSynchronized(places.timedatectl)
  if (synchronized === true) return 'ntp'
  // systemd-timesyncd makes this file when it has set the clock since the boot of the machine.
  if (synchronized === null && (await exists(places.synchronized))) return 'ntp'
  if (await setFromRtc(places.rtcFolder)) return 'device-rtc'
  return synchronized === null ? 'unknown' : 'none'
}
