import { describe, expect, it } from 'vitest'
import { seedOf, portOf, wireTwins } from '#simulators/twins.ts'
import { replayedPump } from '#simulators/replay.ts'
import { settingsOf } from '#simulators/config.ts'
import { AlarisTwin } from '#simulators/core/alaris-acp/twin.ts'
import { crcHex, toBytes } from '#simulators/core/crc.ts'
import { packet } from '#simulators/core/new-era-ne1000/frames.ts'
import { NewEraTwin } from '#simulators/core/new-era-ne1000/twin.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import type { PumpEvent, SessionStep } from '#domain/pump-protocols/profile.ts'
import type { FirmwareBug } from '#simulators/core/faults/catalog.ts'
import type { Fact, Output } from '#simulators/core/statement.ts'
import { storyNamed } from '#simulators/scenario-library.ts'
import { actedOn, asked, benchPump } from '#test/support/twin-bench.ts'
import { configuredProfile } from '#test/unit/pump-protocols/support.ts'

type Wired = keyof typeof wireTwins

/** What the hub's own session makes of a pump that is occluded for two minutes and released, with a bug from the start. */
const heard = (protocol: Wired, bug: FirmwareBug | null, more: readonly string[] = [], scenario = 'normal') => {
  const config = replayedPump(protocol, [`scenario=${scenario}`, 'rateMlPerHour=120', ...more])
  const story = storyNamed(scenario)
  if (story === null) throw new Error(scenario)
  const twin = wireTwins[protocol](config)
  const pump = new SimulatedPump({
    id: config.id,
    seed: seedOf(config),
    settings: settingsOf(config),
    scenario: story,
    twin,
  })
  const session = configuredProfile(protocol, portOf(config)).newSession('bench-1')
  const events: PumpEvent[] = []
  const facts: Fact[] = []
  const texts: string[] = []
  let now = 0
  const said = (outputs: readonly Output[]): void => {
    for (const output of outputs) {
      if (output.fact !== null) facts.push(output.fact)
      if (output.kind !== 'bytes') continue
      texts.push(Buffer.from(output.bytes).toString('latin1'))
      did(session.received(output.bytes, now))
    }
  }
  const did = (steps: readonly SessionStep[]): void => {
    for (const step of steps) {
      if (step.kind === 'event') events.push(step.event)
      else if (step.kind === 'send') said(pump.received(step.bytes))
    }
  }
  if (bug !== null) said(pump.fault({ fault: bug, on: true, amount: 0, way: 'both' }))
  did(session.opened(0))
  for (; now <= 300_000; now += 100) {
    if (scenario === 'normal' && now === 30_000) said(pump.act({ act: 'occlude' }))
    if (scenario === 'normal' && now === 150_000)
      said([...pump.act({ act: 'release' }), ...pump.act({ act: 'resume' })])
    said(pump.advance(now))
    did(session.tick(now))
  }
  const samples = events.flatMap((event) => (event.kind === 'sample' ? [event.sample] : []))
  const levels = events.flatMap((event) => (event.kind === 'alarms' ? [event.active.map(({ code }) => code)] : []))
  const codes = events.flatMap((event) => {
    if (event.kind === 'alarms') return event.active.map(({ code }) => code)
    return event.kind === 'alarm-edge' && event.raised ? [event.alarm.code] : []
  })
  return { session, samples, levels, codes: new Set(codes), facts, texts }
}

const lastAlarm = (facts: readonly Fact[]) => facts.findLast(({ kind }) => kind === 'alarm')

/** Of an Alaris pump that was stopped and started a few times: the number of its newest log entry. */
const newestEntry = (bug: FirmwareBug | null): number => {
  const pump = benchPump({ id: '8002-51740', twin: new AlarisTwin('8002-51740'), profile: 'generic-syringe' })
  if (bug !== null) pump.fault({ fault: bug, on: true, amount: 0, way: 'both' })
  for (let second = 1; second <= 6; second += 1) {
    pump.act({ act: second % 2 === 0 ? 'resume' : 'pause' })
    pump.advance(second * 1000)
  }
  return Number(/\^EVENT\^(\d+)/.exec(asked(pump, toBytes(`!INF|${crcHex('INF')}\r`)))?.[1])
}

const polled = ['ip1', 'alaris-acp', 'neurowave-ap4000', 'zyno-miva', 'terumo-xml-tcp'] as const
const safe = ['safTimeoutS=20']

describe('firmware with a bug', () => {
  it.each(polled)('of %s goes on showing an alarm that is over, for the hub as in the truth', (protocol) => {
    const [good, bad] = [heard(protocol, null), heard(protocol, 'stuck-alarm')]
    expect(good.levels.some((level) => level.length > 0)).toBe(true)
    expect(good.levels.at(-1)).toEqual([])
    expect(bad.levels.at(-1)).toHaveLength(1)
    if (protocol === 'ip1') return
    expect(lastAlarm(good.facts)).toMatchObject({ raised: false })
    expect(lastAlarm(bad.facts)).toMatchObject({ raised: true })
  })

  it('of a New Era pump answers everything with its alarm, however often that was acknowledged', () => {
    const twin = new NewEraTwin({ mode: 'safe', safTimeoutS: 0 })
    const pump = benchPump({ id: 'LAB-1', twin, profile: 'generic-syringe' })
    pump.fault({ fault: 'stuck-alarm', on: true, amount: 0, way: 'both' })
    actedOn(pump, ['occlude'], 120)
    const answers = [1, 2, 3].map(() => asked(pump, packet('safe', 'RAT')))
    expect(answers.map((answer) => answer.includes('A?S'))).toEqual([true, true, true])
    pump.fault({ fault: 'stuck-alarm', on: false, amount: 0, way: 'both' })
    expect([1, 2].map(() => asked(pump, packet('safe', 'RAT')).includes('A?S'))).toEqual([true, false])
  })

  it.each(['ip1', 'alaris-acp', 'neurowave-ap4000', 'terumo-xml-tcp'] as const)(
    'of %s tells a rate per minute',
    (protocol) => {
      const rates = new Set(heard(protocol, 'wrong-unit').samples.map(({ rateMlPerHour }) => rateMlPerHour))
      expect(rates.has(2)).toBe(true)
      expect(rates.has(120)).toBe(false)
    },
  )

  it('of pumps that tell no rate is wrong in volumes, or where it is asked', () => {
    const total = (bug: FirmwareBug | null) => heard('zyno-miva', bug).samples.at(-1)?.infusedTotalMl ?? 0
    expect(total('wrong-unit')).toBeCloseTo(total(null) / 10, 1)
    expect(heard('new-era-ne1000', 'wrong-unit', safe).texts.some((text) => text.includes('2.000MH'))).toBe(true)
  })

  it.each([...polled, 'new-era-ne1000'] as const)(
    'of %s puts a check on its frames that fits none, and is not heard',
    (protocol) => {
      const more = protocol === 'new-era-ne1000' ? safe : []
      expect(heard(protocol, null, more).samples.length).toBeGreaterThan(10)
      const { session, samples, texts } = heard(protocol, 'wrong-check', more)
      expect([session.link, samples]).not.toEqual(['up', []])
      expect(samples).toEqual([])
      expect(texts.length).toBeGreaterThan(0)
      expect(session.counters['crc'] ?? 0).toBeGreaterThan(0)
    },
  )

  it('skips numbers: of messages, of the log, of answers', () => {
    expect([newestEntry(null), newestEntry('skipped-numbers')]).toEqual([105, 106])
    // The hub asks again until the answer is its own.
    const [good, bad] = [heard('terumo-xml-tcp', null), heard('terumo-xml-tcp', 'skipped-numbers')]
    expect(bad.texts.length).toBeGreaterThan(good.texts.length * 1.2)
    expect(bad.samples.length).toBeGreaterThan(good.samples.length * 0.8)
    expect(heard('zyno-miva', 'skipped-numbers').codes.has('occlusion-downstream')).toBe(true)
  })

  it('of a MIVA streams sensor values, which the hub counts and ignores', () => {
    const { session, codes } = heard('zyno-miva', 'sensor-stream')
    expect(session.link).toBe('up')
    expect(session.counters['bad'] ?? 0).toBeGreaterThan(100)
    expect(codes.has('occlusion-downstream')).toBe(true)
  })
})

describe('a MIVA', () => {
  it.each([
    ['sum', 'A'],
    ['xor', 'A'],
    ['sum', 'B'],
    ['xor', 'B'],
  ])('with its check by %s numbers its log as in table %s', (check, table) => {
    const more = [`check=${check}`, `eventTable=${table}`]
    const broken = heard('zyno-miva', null, more, 'pump-malfunction')
    expect(broken.session.link).toBe('up')
    expect(broken.codes.has('pump-malfunction')).toBe(true)
    expect(heard('zyno-miva', null, more, 'paused-too-long').codes.has('paused-too-long')).toBe(true)
  })
})
