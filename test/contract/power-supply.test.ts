import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { findPower } from '#gateway/adapters/power-supply.ts'

type Files = Readonly<Record<string, Readonly<Record<string, string>>>>

const powerOf = async (supplies: Files, sensors: Files = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'power-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [kind, devices] of Object.entries({ supplies, sensors }))
    for (const [name, files] of Object.entries(devices)) {
      mkdirSync(join(folder, kind, name), { recursive: true })
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, kind, name, file), `${text}\n`)
    }
  return await findPower({ supplies: join(folder, 'supplies'), sensors: join(folder, 'sensors') })
}

const adapter = (online: string) => ({ AC: { type: 'Mains', online } })
const battery = (status: string) => ({ BAT0: { type: 'Battery', status } })
const raspberry = (alarm: string) => ({ hwmon1: { name: 'rpi_volt', in0_lcrit_alarm: alarm } })

it('says what a computer runs on: its adapter, its battery, or too little of either', async () => {
  expect(await powerOf({ ...battery('Charging'), ...adapter('1') })).toBe('mains')
  expect(await powerOf({ ...battery('Discharging'), ...adapter('0') })).toBe('battery')
  expect(await powerOf({}, raspberry('0'))).toBe('mains')
  expect(await powerOf({}, raspberry('1'))).toBe('low-voltage')
  expect(await powerOf({ USB: { type: 'UPS', status: 'Discharging' } }, raspberry('0'))).toBe('battery')
})

it('guesses nothing where Linux says nothing, and takes no mouse for the computer', async () => {
  expect(await powerOf({}, { hwmon0: { name: 'cpu_thermal' } })).toBeNull()
  expect(await findPower({ supplies: '/nowhere', sensors: '/nowhere' })).toBeNull()
  expect(await powerOf({ hidpp_battery_0: { type: 'Battery', scope: 'Device', status: 'Discharging' } })).toBeNull()
})
