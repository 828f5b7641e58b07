import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HubPower } from '#domain/uplink/envelope.ts'

/** Where Linux says it; other paths in tests. */
export interface PowerPlaces {
  readonly supplies: string
  readonly sensors: string
}

export const linuxPowerPlaces: PowerPlaces = { supplies: '/sys/class/power_supply', sensors: '/sys/class/hwmon' }

const word = (...path: readonly string[]): Promise<string> =>
  readFile(join(...path), 'utf8').then(
    (text) => text.trim(),
    () => '',
  )

const namesIn = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => [])

/** A Raspberry Pi's own measurement of its supply; null: there is none. */
const isUnderVoltage = async (sensors: string): Promise<boolean | null> => {
  for (const name of await namesIn(sensors))
    if ((await word(sensors, name, 'name')) === 'rpi_volt')
      return (await word(sensors, name, 'in0_lcrit_alarm')) === '1'
  return null
}

/** What this computer runs on, as far as Linux tells; null where it does not: nothing is guessed. */
export const findPower = async (places: PowerPlaces = linuxPowerPlaces): Promise<HubPower | null> => {
  const underVoltage = await isUnderVoltage(places.sensors)
  if (underVoltage === true) return 'low-voltage'
  let onBattery = false
  for (const name of await namesIn(places.supplies)) {
    const at = (file: string): Promise<string> => word(places.supplies, name, file)
    // The battery of a mouse or a keyboard.
    if ((await at('scope')) === 'Device') continue
    if ((await at('online')) === '1') return 'mains'
    onBattery ||= (await at('status')) === 'Discharging'
  }
  if (onBattery) return 'battery'
  return underVoltage === null ? null : 'mains'
}
