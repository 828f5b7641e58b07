import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { UplinkRecord } from '#domain/uplink/records.ts'
import { BootId } from '#domain/ids.ts'
import { Fleet } from '#simulators/core/fleet/fleet.ts'
import { recordOf } from '#simulators/core/fleet/hub-records.ts'
import { mixes, mixNames, type MixName } from '#simulators/core/fleet/mixes.ts'
import { planOf } from '#simulators/core/fleet/plan.ts'
import { ratesOf } from '#simulators/core/fleet/rates.ts'
import { Statistics } from '#simulators/core/fleet/statistics.ts'
import { table } from '#simulators/core/fleet/table.ts'
import { truthOf } from '#simulators/core/fleet/truth.ts'
import { seededRandom } from '#simulators/core/random.ts'
import type { Said } from '#simulators/core/fleet/said.ts'

const hourMs = 3_600_000

const fleetOf = (mix: MixName, pumps: number, more: Partial<ConstructorParameters<typeof Fleet>[0]> = {}): Fleet =>
  new Fleet({ mix: mixes[mix], pumps, hubs: 4, seed: 7, sampleEveryMs: 0, ...more })

/** Everything said in `hours`, with time cut where `cuts` says (ms; the last goes on). */
const run = (fleet: Fleet, hours: number, cuts: readonly number[] = [hourMs]): readonly Said[] => {
  const said: Said[] = []
  for (let at = 0, cut = 0; at < hours * hourMs; cut += 1) {
    at = Math.min(hours * hourMs, at + (cuts[cut % cuts.length] ?? hourMs))
    said.push(...fleet.advance(at))
  }
  return said
}

const checksum = (said: readonly Said[]): string =>
  createHash('sha256')
    .update(said.map((one) => JSON.stringify(truthOf(one))).join('\n'))
    .digest('hex')

describe('what is planned for deliveries', () => {
  it.each(mixNames)('comes to the published counts in the mix %s', (name) => {
    const mix = mixes[name]
    const random = seededRandom(1)
    const volume = mix.therapies.reduce((sum, one) => sum + one.share * one.deliveriesPerDay, 0)
    const counts = new Map<string, number>()
    let alarms = 0
    let deliveries = 0
    for (const therapy of mix.therapies) {
      const rates = ratesOf(mix, therapy)
      let own = 0
      const times = Math.round((20_000 * therapy.share * therapy.deliveriesPerDay) / volume)
      for (let delivery = 0; delivery < times; delivery += 1) {
        const plan = planOf(rates, random)
        for (const cause of [...(plan.runsOut ? ['complete'] : []), ...plan.troubles.map((one) => one.cause)]) {
          counts.set(cause, (counts.get(cause) ?? 0) + 1)
          own += 1
        }
      }
      if (therapy.alarmsPerDelivery !== null) expect(own / times / therapy.alarmsPerDelivery).toBeCloseTo(1, 1)
      alarms += own
      deliveries += times
    }
    expect(Math.abs(alarms / deliveries / mix.alarmsPerDelivery - 1)).toBeLessThan(0.05)
    const whole = mix.shares.reduce((sum, [percent]) => sum + percent, 0)
    for (const [percent, cause] of mix.shares)
      expect(Math.abs((whole * (counts.get(cause) ?? 0)) / alarms - percent), cause).toBeLessThan(0.5)
  })

  it('asks no therapy for fewer alarms than none', () => {
    for (const name of mixNames)
      for (const therapy of mixes[name].therapies) {
        const { runsOut, others } = ratesOf(mixes[name], therapy)
        expect(others).toBeGreaterThan(0)
        expect(runsOut).toBeGreaterThan(0)
        expect(runsOut).toBeLessThanOrEqual(1)
      }
  })
})

const alarmsInSteps = (quietMs: number): readonly string[] =>
  run(fleetOf('home', 20, { quietMs }), 24).flatMap((one) =>
    one.kind === 'alarm' && one.raised ? [`${one.pumpId} ${one.code}`] : [],
  )

describe('a fleet', () => {
  it('says the same however its time is cut, and something else with another seed', () => {
    const options = { sampleEveryMs: 60_000 }
    const whole = checksum(run(fleetOf('home', 12, options), 8, [8 * hourMs]))
    expect(checksum(run(fleetOf('home', 12, options), 8, [250, 61_000, 7_777, 1_000_000]))).toBe(whole)
    expect(checksum(run(fleetOf('home', 12, { ...options, seed: 8 }), 8))).not.toBe(whole)
  })

  it.each(mixNames)('raises each alarm for a cause, once, and puts it right: %s', (name) => {
    const said = run(fleetOf(name, 24), 48)
    const deliveries = said.filter((one) => one.kind === 'delivery')
    expect(deliveries.length).toBeGreaterThan(50)
    expect(deliveries.filter(({ alarms }) => alarms.other !== undefined)).toEqual([])
    const open = new Map<string, Said>()
    for (const one of said) {
      if (one.kind !== 'alarm') continue
      const key = `${one.pumpId}/${one.episode}`
      expect(open.has(key), `${key} ${one.code}`).toBe(!one.raised)
      if (one.raised) open.set(key, one)
      else open.delete(key)
    }
    expect(open.size).toBeLessThan(24)
  })

  it('does the same in long steps as in short ones', () => {
    expect(alarmsInSteps(60_000).toSorted()).toEqual(alarmsInSteps(5_000).toSorted())
  })

  it('spreads its pumps over its hubs, and its therapies over its pumps', () => {
    const fleet = fleetOf('home', 101, { hubs: 10 })
    const sizes = Map.groupBy(fleet.pumps, (_, index) => fleet.hubOf(index))
    expect(sizes.size).toBe(10)
    expect(Math.max(...[...sizes.values()].map((own) => own.length))).toBeLessThanOrEqual(11)
    for (const { name, share } of mixes.home.therapies) {
      const count = fleet.pumps.filter(({ therapy }) => therapy === name).length
      expect(Math.abs(count - 101 * share)).toBeLessThanOrEqual(1)
    }
  })

  it('tells hubs nothing but valid records with the demo mark', () => {
    const bootId = BootId.parse('boot')
    const stamp = { seq: 1, bootId, monotonicMs: 1, wallAt: 1, clockQuality: 'ntp' }
    const records = run(fleetOf('home', 8, { sampleEveryMs: 600_000 }), 12).flatMap(
      (one) => recordOf(one, bootId) ?? [],
    )
    expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(['telemetry', 'condition', 'event']))
    for (const record of records) {
      expect(UplinkRecord.parse({ ...stamp, ...record }).seq).toBe(1)
      expect(JSON.stringify(record)).toContain('"measurementStatus":["demo"]')
    }
  })

  it('is counted beside what is published', () => {
    const statistics = new Statistics(mixes.neonatal)
    for (const said of run(fleetOf('neonatal', 20), 48)) statistics.take(said)
    const text = table(statistics.lines())
    expect(text).toMatch(/^alarms per delivery +\d\.\d\d +1\.74 +-?\d+\.\d %$/m)
    expect(text).toMatch(/^share cassette-detached +\d\d\.\d\d % +38\.38 % /m)
    expect(text).toMatch(/^share other +0 % +0 %$/m)
  })
})
