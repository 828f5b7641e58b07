import { describe, expect, it } from 'vitest'
import { findProfile } from '#domain/pump-protocols/profiles.ts'
import { derived } from '#test/vectors/zyno-miva.ts'
import { FakeMiva, logEntry, play } from './miva-pump.ts'
import { Bench } from './session-support.ts'
import { bytes, stxSum } from './support.ts'

const run = logEntry(1)
const paused = logEntry(2)
const batteryHigh = logEntry(13, 32)
/** Running, every alarm known, none active. */
const calm = [batteryHigh, run]
const quiet = (count: number): string[] => Array.from({ length: count }, () => logEntry(15))
const upstream = logEntry(9, 1)
const downstream = logEntry(9, 2)
const cleared = logEntry(9, 4)

const opened = (settings: unknown = {}): Bench => {
  const configured = findProfile('zyno-miva')?.configured(settings)
  if (configured?.ok !== true) throw new TypeError('no such settings')
  return new Bench(configured.profile.newSession()).open()
}
const started = (pump: FakeMiva, settings: unknown = {}): Bench => {
  const bench = opened(settings)
  play(bench, pump, 6000)
  return bench
}
const codes = (bench: Bench): readonly string[] =>
  (bench.of('alarms').at(-1)?.active ?? []).map(({ code, vendorCode }) =>
    code === 'device-text' && vendorCode?.startsWith('unknown') === true ? vendorCode : code,
  )
/** The list of alarms after these events on top of a calm pump. */
const after = (settings: unknown, ...entries: readonly string[]): readonly string[] => {
  const pump = new FakeMiva(...calm)
  const bench = started(pump, settings)
  pump.write(...entries)
  play(bench, pump, 4000)
  return codes(bench)
}

describe('a MIVA session: polling', () => {
  it('asks for serial number, firmware, clock and the ring first, in order, one at a time', () => {
    const bench = opened()
    const asked = play(bench, new FakeMiva(...calm), 400)
    expect(asked.slice(0, 4)).toEqual(['RN', 'RS', 'RC', 'RI'])
    expect(bench.of('identified')).toMatchObject([{ identity: { serial: 'SN800009', firmware: '1.02.003' } }])
  })

  it('keeps every period over a minute', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump)
    const asked = play(bench, pump, 60_000)
    const count = (name: string): number => asked.filter((one) => one === name).length
    for (const [name, low, high] of [
      ['RI', 55, 60],
      ['Q7', 28, 30],
      ['Q5', 11, 12],
      ['Q6', 11, 12],
      ['Q3', 11, 12],
      ['RD', 5, 6],
      ['Q0', 5, 6],
      ['R7', 1, 1],
      ['RN', 1, 1],
      ['RL', 0, 0],
    ] as const) {
      expect(count(name), name).toBeGreaterThanOrEqual(low)
      expect(count(name), name).toBeLessThanOrEqual(high)
    }
    expect(bench.session.counters).not.toHaveProperty('timeouts')
    expect(bench.session.counters).not.toHaveProperty('bad')
  })

  it('lets the end of the log go first while it reads a long way back', () => {
    const pump = new FakeMiva(...quiet(600))
    const bench = opened()
    const asked = play(bench, pump, 12_000)
    const rings = asked.filter((request) => request === 'RI').length
    expect(rings).toBeGreaterThanOrEqual(10)
    expect(asked).toContain('Q5')
  })

  it('repeats a request twice and goes on', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump)
    pump.answers['Q5'] = null
    const asked = play(bench, pump, 6000)
    expect(asked.join()).toContain('Q5,Q5,Q5')
    expect(bench.session.counters['timeouts']).toBeGreaterThanOrEqual(1)
    expect(bench.session.link).toBe('up')
  })

  it('does not go on without a serial number, and does not hurry', () => {
    const pump = new FakeMiva(...calm)
    pump.answers['RN'] = null
    const asked = play(opened(), pump, 9500)
    expect(new Set(asked)).toEqual(new Set(['RN']))
    expect(asked.length).toBeLessThanOrEqual(18)
  })

  it('counts a serial number with a digit missing, and is not fooled', () => {
    const bench = opened().receive(stxSum('RNSN80000'))
    expect(bench.session.counters).toMatchObject({ bad: 1 })
    expect(bench.of('identified')).toEqual([])
  })

  it('counts and ignores a sensor stream and what nobody asked for', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump)
    bench.clear().receive(stxSum('S90102030405'), stxSum('RI0000000000000009'), bytes('\u0002QHERROR23\u0003'))
    expect(bench.session.counters).toMatchObject({ bad: 3 })
    expect(bench.kinds).toEqual([])
  })

  it('takes an entry with another index for no answer, and asks again', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump)
    pump.write(downstream)
    pump.answers['RE'] = `00000001${paused}`
    play(bench, pump, 2000)
    expect(bench.session.counters['bad']).toBeGreaterThanOrEqual(1)
    expect(codes(bench)).toEqual([])
    delete pump.answers['RE']
    play(bench, pump, 3000)
    expect(codes(bench)).toEqual(['occlusion-downstream'])
  })
})

describe('a MIVA session: what a pump says', () => {
  it('reports the figures of the program, and no rate', () => {
    const bench = started(new FakeMiva(...calm))
    expect(bench.links).toEqual(['waiting', 'up'])
    expect(bench.of('sample').at(-1)?.sample).toMatchObject({
      channelId: '1',
      pumpSerial: 'SN800009',
      operatingState: 'infusing',
      rateMlPerHour: null,
      infusedTotalMl: 12.5,
      programRemainingMl: 30,
      vtbiMl: 100,
      activeAlarms: [],
      measurementStatus: ['valid'],
      raw: { mode: 'CONTINUOUS', rateUnit: 'mL/hr', batteryVolts: '4.25', infusionTimeSeconds: '3600' },
    })
  })

  it('shows nothing where the pump has nothing, and no figure that it repeats no more', () => {
    const pump = new FakeMiva(...calm)
    pump.answers['QD'] = 'ERROR'
    const bench = started(pump)
    expect(bench.of('sample').at(-1)?.sample).toMatchObject({ vtbiMl: null, infusedTotalMl: 12.5 })
    pump.answers['Q5'] = null
    play(bench, pump, 25_000)
    expect(bench.of('sample').at(-1)?.sample).toMatchObject({ infusedTotalMl: null, programRemainingMl: 30 })
  })

  it('marks a figure that cannot be read', () => {
    const pump = new FakeMiva(...calm)
    pump.answers['Q6'] = 'XYZ'
    expect(started(pump).of('sample').at(-1)?.sample).toMatchObject({
      programRemainingMl: null,
      measurementStatus: ['invalid'],
      raw: { remaining: 'XYZ' },
    })
  })

  it('tells a bolus, a pause and a start', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump)
    pump.answers['Q7'] = '1'
    play(bench, pump, 3000)
    expect(bench.of('sample').at(-1)?.sample.operatingState).toBe('bolus')
    pump.answers['Q7'] = '0'
    pump.write(paused)
    play(bench, pump, 3000)
    expect(bench.of('sample').at(-1)?.sample.operatingState).toBe('paused')
    expect(bench.kinds).toContain('delivery-stop')
    pump.write(run)
    play(bench, pump, 3000)
    expect(bench.of('sample').at(-1)?.sample.operatingState).toBe('infusing')
  })
})

describe('a MIVA session: alarms from the log', () => {
  it('raises and ends the occlusion of the page, with time and index as reference', () => {
    const pump = new FakeMiva(...calm, ...quiet(13))
    const bench = started(pump)
    pump.write(derived.entry15.slice(10, -2))
    play(bench, pump, 2000)
    expect(bench.of('alarms').at(-1)?.active).toEqual([
      {
        code: 'occlusion-downstream',
        channelId: '1',
        vendorCode: 'type 9/2 entry 0000000F',
        vendorText: 'downstream occlusion, pump clock 2022-11-04 11:10:36',
        priority: null,
      },
    ])
    expect(bench.of('sample').at(-1)?.sample).toMatchObject({
      operatingState: 'unknown',
      activeAlarms: ['occlusion-downstream'],
    })
    pump.write(derived.entry16.slice(10, -2), derived.entry17.slice(10, -2))
    play(bench, pump, 2000)
    expect(bench.of('alarms').at(-1)?.active).toMatchObject([
      { code: 'battery-low', vendorCode: 'type 13/2 entry 00000011', vendorText: expect.stringContaining('3.61 V') },
    ])
    expect(bench.of('sample').at(-1)?.sample.operatingState).toBe('infusing')
  })

  it('hands out an alarm that was over before it was read', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump).clear()
    pump.write(upstream, cleared)
    play(bench, pump, 2000)
    expect(bench.of('alarms').map(({ active }) => active.map(({ code }) => code))).toEqual([['occlusion-upstream'], []])
  })

  it('never raises the same entry twice, and keeps the first while an alarm is told again', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump)
    pump.write(downstream, downstream)
    play(bench, pump, 10_000)
    const lists = bench.of('alarms').map(({ active }) => active.map(({ vendorCode }) => vendorCode).join())
    expect(lists).toEqual(['', 'type 9/2 entry 00000002'])
  })

  it.each([
    [[downstream], ['occlusion-downstream']],
    [[upstream], ['occlusion-upstream']],
    [[logEntry(9, 0)], ['occlusion-unspecified']],
    [[logEntry(9, 3)], ['occlusion-unspecified']],
    [[upstream, downstream, logEntry(9, 7), cleared], []],
    [[downstream, run], []],
    [[downstream, paused], ['occlusion-downstream']],
    [[logEntry(3)], ['reservoir-empty']],
    [[logEntry(3), run], []],
    [[logEntry(14)], ['cassette-detached']],
    [[logEntry(14), run], []],
    [[logEntry(4, 1)], ['dose-limit-reached']],
    [[logEntry(4, 2), run], ['dose-limit-reached']],
    [[logEntry(4, 1), logEntry(4, 4)], []],
    [[logEntry(5), logEntry(6), logEntry(7), logEntry(8), logEntry(10, 1), logEntry(12), logEntry(15)], []],
    [[logEntry(11, 1)], ['device-text']],
    [[logEntry(11, 2), run], ['maintenance-due']],
    [[logEntry(13, 2)], ['battery-low']],
    [[logEntry(13, 4)], ['battery-depleted']],
    [[logEntry(13, 256)], ['battery-depleted']],
    [[logEntry(13, 128)], ['battery-fault']],
    [[logEntry(13, 512), batteryHigh], ['battery-fault']],
    [[logEntry(13, 512), logEntry(13, 64)], []],
    [
      [logEntry(13, 2), logEntry(13, 4), run],
      ['battery-low', 'battery-depleted'],
    ],
    [[logEntry(13, 2), logEntry(13, 4), logEntry(13, 1)], []],
    [[logEntry(13, 2), logEntry(13, 64)], []],
    [[logEntry(13, 2), logEntry(13, 16), logEntry(13, 0), logEntry(13, 8)], ['battery-low']],
  ])('reads %j as %j', (entries, expected) => {
    expect(after({}, ...entries)).toEqual(expected)
  })

  it('shows types above 15 as text as long as no table is set, and nothing else', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump)
    pump.write(logEntry(17, 1), logEntry(28), logEntry(40))
    play(bench, pump, 3000)
    expect(
      bench
        .of('alarms')
        .at(-1)
        ?.active.map(({ code, vendorText }) => `${code} ${vendorText}`),
    ).toEqual([
      'device-text event type 17 (table not set), pump clock 2022-11-04 11:10:36',
      'device-text event type 28 (table not set), pump clock 2022-11-04 11:10:36',
      'device-text event type 40 (table not set), pump clock 2022-11-04 11:10:36',
    ])
    expect(bench.of('sample').at(-1)?.sample.operatingState).toBe('infusing')
  })

  it.each([
    ['A', 18, 0x12, ['pump-malfunction']],
    ['A', 19, 0, ['pump-malfunction']],
    ['A', 27, 0, ['pump-malfunction']],
    ['A', 20, 2, ['battery-depleted']],
    ['A', 20, 1, ['battery-fault']],
    ['A', 21, 0, []],
    ['A', 22, 0, ['paused-too-long']],
    ['A', 23, 0, []],
    ['A', 24, 0, []],
    ['A', 25, 0, []],
    ['A', 26, 0, []],
    ['A', 28, 0, ['device-text']],
    ['A', 29, 0, ['device-text']],
    ['B', 17, 0, ['pump-malfunction']],
    ['B', 18, 0, ['pump-malfunction']],
    ['B', 26, 0, ['pump-malfunction']],
    ['B', 19, 2, ['battery-depleted']],
    ['B', 19, 0, ['battery-fault']],
    ['B', 20, 0, []],
    ['B', 21, 0, ['paused-too-long']],
    ['B', 22, 0, []],
    ['B', 23, 0, []],
    ['B', 25, 0, []],
    ['B', 27, 0, ['device-text']],
    ['B', 28, 0, ['battery-depleted']],
    ['B', 29, 0, ['device-text']],
    ['B', 30, 0, ['battery-low']],
    ['B', 31, 1, ['battery-depleted']],
    ['B', 31, 3, ['battery-depleted']],
    ['B', 31, 0, []],
    ['B', 31, 9, ['device-text']],
    ['B', 32, 0, ['device-text']],
  ])('reads by table %s type %i/%i as %j', (eventTable, type, subtype, expected) => {
    expect(after({ eventTable }, logEntry(type, subtype))).toEqual(expected)
  })

  it('shows an event that no table knows with all its bytes', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump, { eventTable: 'B' })
    pump.write(logEntry(77, 5))
    play(bench, pump, 2000)
    expect(bench.of('alarms').at(-1)?.active[0]?.vendorText).toContain(`event type 77 ${logEntry(77, 5)}`)
  })

  it.each(['A', 'B'])('turns alarms unknown when the pump is switched off, by table %s', (eventTable) => {
    const [on, off] = eventTable === 'A' ? [16, 17] : [24, 16]
    const pump = new FakeMiva(...calm)
    const bench = started(pump, { eventTable })
    pump.write(downstream)
    play(bench, pump, 2000)
    bench.clear()
    pump.write(logEntry(off))
    play(bench, pump, 6000)
    expect(bench.kinds).toContain('power-off')
    expect(bench.of('alarms')).toEqual([])
    expect(bench.of('sample').at(-1)?.sample.operatingState).toBe('off')
    pump.write(logEntry(on))
    play(bench, pump, 3000)
    expect(bench.kinds).toContain('power-on')
    expect(codes(bench)).toEqual(['occlusion-downstream', 'unknown occlusion', 'unknown cassette', 'unknown battery'])
    expect(bench.of('sample').at(-1)?.sample.operatingState).toBe('unknown')
    pump.write(run)
    play(bench, pump, 3000)
    expect(codes(bench)).toEqual(['unknown battery'])
  })

  it('never interprets a raw record of a program', () => {
    const block = [logEntry(0, 0x0100), downstream, logEntry(14), logEntry(0, 0x0200)]
    const long = [logEntry(0, 0x0100), ...Array.from({ length: 16 }, () => downstream), logEntry(0, 0x0200)]
    expect(after({}, ...block, ...long)).toEqual([])
    expect(codes(started(new FakeMiva(...calm, ...long, ...block)))).toEqual([])
  })

  it('does not tell a list of alarms while a broken block is in the way of reading in order', () => {
    const pump = new FakeMiva(...calm, ...quiet(3))
    const bench = started(pump)
    pump.write(logEntry(0, 0x0100), ...quiet(20))
    bench.clear()
    play(bench, pump, 2600)
    expect(bench.of('link')[0]).toMatchObject({
      link: 'waiting',
      reason: 'a program block in the log of the pump is broken',
    })
    play(bench, pump, 5000)
    expect(bench.session.link).toBe('up')
    expect(codes(bench)).toEqual(['unknown occlusion', 'unknown cassette', 'unknown battery'])
  })
})

describe('a MIVA session: reading back', () => {
  it('rebuilds what stands from the log', () => {
    const pump = new FakeMiva(batteryHigh, logEntry(13, 2), run, upstream, cleared, downstream, ...quiet(30))
    expect(codes(started(pump))).toEqual(['battery-low', 'occlusion-downstream'])
  })

  it('tells no alarms and no sample before it is through', () => {
    const bench = opened()
    play(bench, new FakeMiva(...quiet(300)), 4000)
    expect(bench.kinds).toEqual(['link', 'identified'])
  })

  it('says which alarms the last 512 entries do not tell, until an event does', () => {
    const pump = new FakeMiva(...calm, downstream, ...quiet(600))
    const bench = opened()
    play(bench, pump, 40_000)
    expect(codes(bench)).toEqual(['unknown occlusion', 'unknown cassette', 'unknown battery'])
    expect(
      bench
        .of('alarms')
        .at(-1)
        ?.active.every(({ priority }) => priority === 'info'),
    ).toBe(true)
    expect(bench.of('sample').at(-1)?.sample).toMatchObject({ operatingState: 'unknown', activeAlarms: [] })
    pump.write(batteryHigh)
    play(bench, pump, 3000)
    expect(codes(bench)).toEqual(['unknown occlusion', 'unknown cassette'])
    pump.write(run)
    play(bench, pump, 3000)
    expect(codes(bench)).toEqual([])
  })

  it('knows a short log that was read whole', () => {
    expect(codes(started(new FakeMiva(run)))).toEqual([])
    expect(codes(started(new FakeMiva()))).toEqual([])
  })

  it('keeps alarms through a lost link: unknown, then read again, and never ended by silence', () => {
    const pump = new FakeMiva(...calm, ...quiet(30))
    const bench = started(pump)
    pump.write(downstream)
    play(bench, pump, 2000)
    bench.clear()
    bench.pass(12_000)
    expect(bench.links).toEqual(['stale', 'lost'])
    expect(bench.of('alarms')).toEqual([])
    const asked = play(bench, pump, 8000)
    expect(asked).toContain('RN')
    expect(bench.session.link).toBe('up')
    expect(codes(bench)).toEqual(['occlusion-downstream'])
  })

  it('keeps an alarm whose end may lie beyond what can be read', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump)
    pump.write(logEntry(13, 2))
    play(bench, pump, 2000)
    bench.close().open()
    pump.write(...quiet(600))
    play(bench, pump, 40_000)
    expect(codes(bench)).toEqual(['battery-low', 'unknown occlusion', 'unknown cassette', 'unknown battery'])
  })

  it('reads back after more than 512 new entries', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump).clear()
    pump.write(...quiet(500), run, batteryHigh, downstream, ...quiet(30))
    play(bench, pump, 1500)
    expect(bench.of('link')[0]).toMatchObject({ link: 'waiting' })
    play(bench, pump, 6000)
    expect(codes(bench)).toEqual(['occlusion-downstream'])
  })
})

describe('a MIVA session: identity, link and check', () => {
  it('goes stale after 3 s and is lost after 10 s of silence', () => {
    const bench = started(new FakeMiva(...calm))
      .clear()
      .pass(12_000)
    expect(bench.links).toEqual(['stale', 'lost'])
  })

  it('is lost when entries of the log stay away: half a state is none', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump).clear()
    pump.write(downstream)
    pump.answers['RE'] = null
    play(bench, pump, 14_000)
    expect(bench.links).toEqual(['stale', 'lost'])
  })

  it('reports another serial number, and verifies it before anything counts', () => {
    const pump = new FakeMiva(...calm, downstream)
    const bench = started(pump).clear()
    const other = new FakeMiva(...calm)
    other.serial = 'SN800010'
    play(bench, other, 70_000)
    const kinds = bench.kinds.filter((kind) => ['identity-changed', 'identified'].includes(kind))
    expect(kinds).toEqual(['identity-changed', 'identified'])
    expect(bench.of('sample').at(-1)?.sample.pumpSerial).toBe('SN800010')
    expect(codes(bench)).toEqual([])
  })

  it('says after ten replies with a wrong check that the variant may be another, and stops polling', () => {
    const pump = new FakeMiva(...calm)
    pump.rule = 'xor'
    const bench = opened()
    const asked = play(bench, pump, 11_000)
    expect(asked.length).toBeLessThanOrEqual(18)
    expect(bench.session.counters['crc']).toBeGreaterThanOrEqual(10)
    expect(bench.of('link').at(-1)).toMatchObject({ link: 'waiting', reason: 'check variant mismatch' })
    expect(play(bench, pump, 30_000)).toEqual([])
    pump.rule = 'sum'
    play(bench, pump, 40_000)
    expect(bench.session.link).toBe('up')
  })

  it('does not take damage to something else for another variant', () => {
    const pump = new FakeMiva(...calm)
    const bench = started(pump).clear()
    for (let count = 0; count < 20; count += 1) bench.receive(stxSum('S9AAAA', 'xor'))
    play(bench, pump, 3000)
    expect(bench.session.link).toBe('up')
  })

  it('speaks the other variant when it is told to', () => {
    const pump = new FakeMiva(...calm)
    pump.rule = 'xor'
    const bench = started(pump, { check: 'xor' })
    expect(bench.session.link).toBe('up')
    expect(bench.session.counters).not.toHaveProperty('crc')
  })

  it.each([{ check: 'crc' }, { eventTable: 'C' }, { other: 1 }])('knows no %j', (settings) => {
    expect(findProfile('zyno-miva')?.configured(settings).ok).toBe(false)
  })
})
