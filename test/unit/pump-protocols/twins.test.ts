import { describe, expect, it } from 'vitest'
import type { PumpEvent, PumpSession, SessionStep } from '#domain/pump-protocols/profile.ts'
import { AlarisTwin } from '#simulators/core/alaris-acp/twin.ts'
import { NeurowaveTwin } from '#simulators/core/neurowave-ap4000/twin.ts'
import { Ip1Twin } from '#simulators/core/ip1/twin.ts'
import { NewEraTwin } from '#simulators/core/new-era-ne1000/twin.ts'
import { TerumoTwin } from '#simulators/core/terumo-xml-tcp/twin.ts'
import type { ProtocolTwin } from '#simulators/core/protocol-twin.ts'
import { MivaTwin } from '#simulators/core/zyno-miva/twin.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import type { PumpProfileName } from '#simulators/core/pump-settings.ts'
import { storyNamed } from '#simulators/scenario-library.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'
import type { Fact, Output } from '#simulators/core/statement.ts'
import { configuredProfile } from './support.ts'

/** A session on a simulated pump, without a wire between them: what the pump did, and what the session made of it. */
const play = (
  protocol: string,
  settings: PumpProfileName,
  scenario: string,
  twin: ProtocolTwin,
  ms: number,
  port: Readonly<Record<string, unknown>> = {},
) => {
  const session: PumpSession = configuredProfile(protocol, port).newSession('bench-1')
  const story = storyNamed(scenario)
  if (!story) throw new TypeError(`no ${scenario}`)
  const pump = new SimulatedPump({ id: 'p', seed: 7, settings: pumpProfiles[settings], scenario: story, twin })
  const facts: Fact[] = []
  const events: PumpEvent[] = []
  let now = 0
  const heard = (outputs: readonly Output[]): void => {
    for (const output of outputs) {
      if (output.fact) facts.push(output.fact)
      if (output.kind === 'bytes') did(session.received(output.bytes, now))
    }
  }
  const did = (steps: readonly SessionStep[]): void => {
    for (const step of steps) {
      if (step.kind === 'event') events.push(step.event)
      else if (step.kind === 'send') heard(pump.received(step.bytes))
    }
  }
  did(session.opened(0))
  for (; now <= ms; now += 100) {
    heard(pump.advance(now))
    did(session.tick(now))
  }
  const samples = events.flatMap((event) => (event.kind === 'sample' ? [event.sample] : []))
  const levels = events.flatMap((event) => (event.kind === 'alarms' ? [event.active.map(({ code }) => code)] : []))
  return { session, facts, events, samples, levels }
}

const ip1Twin = () =>
  new Ip1Twin({
    identity: {
      serial: 'SIM-1',
      maker: 'Sim',
      model: 'AP100',
      firmware: '1',
      intervalMs: 1000,
      capabilities: ['AL', 'AK', 'LG', 'DEMO'],
    },
    seed: 7,
  })

/** The first frames come before the pump has been asked who it is. */
const tail = <T>(list: readonly T[]): readonly T[] => list.slice(-85)

describe('a session on a simulated pump', () => {
  it.each([
    ['normal', []],
    ['occlusion-downstream', ['occlusion-downstream']],
    ['air-in-line', ['air-in-line']],
    ['infusion-complete', ['kvo-active']],
  ])('of IP1 tells exactly what the pump said: %s', (scenario, alarms) => {
    const { session, facts, samples, levels } = play('ip1', 'generic-ambulatory', scenario, ip1Twin(), 90_000)
    const told = facts.filter((fact) => fact.kind === 'sample')
    expect(samples.length).toBeGreaterThan(85)
    expect(
      tail(samples).map((sample) => [
        sample.operatingState,
        sample.rateMlPerHour,
        sample.infusedTotalMl,
        sample.programRemainingMl,
        sample.linePressureMmHg,
        sample.batteryPercent,
        sample.activeAlarms.toSorted(),
      ]),
    ).toEqual(
      tail(told).map((fact) => [
        fact.operatingState,
        fact.rateMlPerHour,
        fact.infusedTotalMl,
        fact.programRemainingMl,
        fact.linePressureMmHg,
        fact.batteryPercent,
        fact.activeAlarms?.toSorted(),
      ]),
    )
    expect([...new Set(levels.flat())]).toEqual(alarms)
    expect(samples.every(({ measurementStatus }) => measurementStatus.includes('demo'))).toBe(true)
    expect(session.link).toBe('up')
    expect(Object.keys(session.counters).toSorted()).toEqual(['bytes', 'ok'])
    expect(facts.filter((fact) => fact.kind === 'refused')).toEqual([])
  })

  it('of IP1 hands every alarm out within one step and receipts it', () => {
    const { facts, events } = play('ip1', 'generic-ambulatory', 'occlusion-downstream', ip1Twin(), 200_000)
    const alarms = facts.filter((fact) => fact.kind === 'alarm')
    const receipts = facts.filter((fact) => fact.kind === 'receipt')
    const edges = events.flatMap((event) => (event.kind === 'alarm-edge' ? [event] : []))
    expect(alarms.length).toBeGreaterThanOrEqual(2)
    expect(edges.map(({ alarm, raised }) => [alarm.code, raised, alarm.priority])).toEqual(
      alarms.map(({ code, raised, priority }) => [code, raised, priority]),
    )
    expect(receipts).toHaveLength(alarms.length)
  })

  it.each([
    ['normal', []],
    ['occlusion-downstream', ['occlusion-unspecified']],
    ['infusion-complete', ['infusion-near-complete', 'infusion-complete']],
  ])('of Alaris reads status and alarms without a refused request: %s', (scenario, alarms) => {
    const twin = new AlarisTwin('8002-00042')
    const { session, facts, samples, levels } = play('alaris-acp', 'generic-syringe', scenario, twin, 90_000)
    const told = facts.filter((fact) => fact.kind === 'sample')
    expect(samples.length).toBeGreaterThanOrEqual(44)
    expect(samples.map((sample) => [sample.rateMlPerHour, sample.infusedTotalMl, sample.linePressureMmHg])).toEqual(
      told.map((fact) => [fact.rateMlPerHour, fact.infusedTotalMl, fact.linePressureMmHg]),
    )
    expect([...new Set(levels.flat())]).toEqual(alarms)
    expect(session.link).toBe('up')
    expect(session.identity?.serial).toBe('8002-00042')
    expect(Object.keys(session.counters).toSorted()).toEqual(['bytes', 'ok'])
    expect(facts.filter((fact) => fact.kind === 'refused')).toEqual([])
  })

  it.each([
    ['normal', []],
    ['occlusion-downstream', ['occlusion-downstream']],
    ['air-in-line', ['air-in-line']],
    ['infusion-complete', ['infusion-complete']],
  ])('of AP-4000 tells both channels as the pump said: %s', (scenario, alarms) => {
    const twin = new NeurowaveTwin('032-19-50-042')
    const { session, facts, samples, levels } = play('neurowave-ap4000', 'generic-two-channel', scenario, twin, 180_000)
    const told = facts.filter((fact) => fact.kind === 'sample')
    expect(samples.length).toBeGreaterThanOrEqual(110)
    expect(
      samples.map((sample) => [
        sample.channelId,
        sample.rateMlPerHour,
        sample.infusedTotalMl,
        sample.programRemainingMl,
        sample.activeAlarms,
      ]),
    ).toEqual(
      told.map((fact) => [
        fact.channelId,
        fact.rateMlPerHour,
        fact.infusedTotalMl,
        fact.programRemainingMl,
        fact.activeAlarms,
      ]),
    )
    expect([...new Set(levels.flat())]).toEqual(alarms)
    expect(session.link).toBe('up')
    expect(session.identity?.serial).toBe('032-19-50-042')
    expect(Object.keys(session.counters).toSorted()).toEqual(['bytes', 'ok'])
    expect(facts.filter((fact) => fact.kind === 'refused')).toEqual([])
  })

  it.each([
    ['normal', []],
    ['occlusion-downstream', ['occlusion-downstream']],
    ['air-in-line', []],
    ['battery-low', ['battery-low']],
  ])('of MIVA reads its log without a refused request: %s', (scenario, alarms) => {
    const { session, facts, events, samples, levels } = play(
      'zyno-miva',
      'generic-ambulatory',
      scenario,
      new MivaTwin('SN800042'),
      240_000,
    )
    const told = facts.filter((fact) => fact.kind === 'sample')
    const pairs = samples.map((sample) => `${sample.infusedTotalMl} ${sample.programRemainingMl}`)
    // those before the log was read back are no samples
    for (const fact of told.slice(2)) expect(pairs).toContain(`${fact.infusedTotalMl} ${fact.programRemainingMl}`)
    const begun = facts.filter((fact) => fact.kind === 'alarm').map(({ code, raised }) => [code, raised])
    expect(edgesOf(levels)).toEqual(begun)
    expect([...new Set(levels.flat())]).toEqual(alarms)
    expect(events.filter((event) => event.kind === 'identified')).toHaveLength(1)
    expect(session.link).toBe('up')
    expect(Object.keys(session.counters).toSorted()).toEqual(['bytes', 'ok'])
    expect(facts.filter((fact) => fact.kind === 'refused')).toEqual([])
  })

  it.each([
    ['normal', []],
    ['occlusion-downstream', ['occlusion-unspecified']],
    ['infusion-complete', ['reservoir-low', 'infusion-complete']],
  ])('of Terumo tells exactly what the pump said: %s', (scenario, alarms) => {
    const twin = new TerumoTwin('000100700000009901000001')
    const port = { model: 'ss' }
    const { session, facts, samples, levels } = play('terumo-xml-tcp', 'generic-syringe', scenario, twin, 150_000, port)
    const told = facts.filter((fact) => fact.kind === 'sample')
    expect(samples.length).toBeGreaterThanOrEqual(70)
    const values = samples.map((sample) => [
      sample.operatingState,
      sample.rateMlPerHour,
      sample.infusedTotalMl,
      sample.activeAlarms,
    ])
    expect(values).toEqual(
      told.map((fact) => [fact.operatingState, fact.rateMlPerHour, fact.infusedTotalMl, fact.activeAlarms]),
    )
    expect([...new Set(levels.flat())]).toEqual(alarms)
    expect(session.link).toBe('up')
    expect(session.identity?.serial).toBe('000100700000009901000001')
    expect(Object.keys(session.counters).toSorted()).toEqual(['bytes', 'ok'])
    expect(facts.filter((fact) => fact.kind === 'refused')).toEqual([])
  })

  it('of New Era is only listened to: the alarm is pushed, and nothing is ever asked', () => {
    const twin = new NewEraTwin({ mode: 'safe', safTimeoutS: 60 })
    const played = play('new-era-ne1000', 'generic-syringe', 'occlusion-downstream', twin, 150_000)
    expect([...new Set(played.levels.flat())]).toEqual(['drive-fault'])
    expect(played.session.link).toBe('listening')
    expect(played.facts.filter((fact) => fact.kind === 'alarm').map(({ code, raised }) => [code, raised])).toEqual([
      ['drive-fault', true],
      ['drive-fault', false],
    ])
    expect(played.facts.filter((fact) => fact.kind === 'sample')).toEqual([])
  })

  it('of New Era that is asked tells its volume, and stops asking at the alarm', () => {
    const twin = new NewEraTwin({ mode: 'safe', safTimeoutS: 20 })
    const port = { poll: 'dis-rat', acceptPollEffects: true, safTimeoutS: 20 }
    const story = 'occlusion-downstream'
    const { session, facts, samples, levels } = play('new-era-ne1000', 'generic-syringe', story, twin, 140_000, port)
    const told = facts.filter((fact) => fact.kind === 'sample')
    expect(told.length).toBeGreaterThan(15)
    expect([...new Set(samples.map(({ infusedTotalMl }) => infusedTotalMl))].slice(0, -1)).toEqual(
      expect.arrayContaining([...new Set(told.map((fact) => fact.infusedTotalMl))].slice(0, -1)),
    )
    // 20 s after the last query the pump's own time-out alarms and stops it.
    expect(levels.at(-1)).toEqual(['drive-fault', 'host-timeout'])
    expect(session.link).toBe('listening')
    expect(session.reason).toContain('queries to pump 00 stopped')
    expect(Object.keys(session.counters).toSorted()).toEqual(['bytes', 'ok'])
    expect(facts.filter((fact) => fact.kind === 'refused')).toEqual([])
  })

  it('of New Era in Basic mode finds the alarm by asking', () => {
    const twin = new NewEraTwin({ mode: 'basic', safTimeoutS: 0 })
    const port = { poll: 'dis-rat', mode: 'basic' }
    const played = play('new-era-ne1000', 'generic-syringe', 'occlusion-downstream', twin, 150_000, port)
    expect([...new Set(played.levels.flat())]).toEqual(['drive-fault'])
    expect(played.session.link).toBe('listening')
    expect(played.samples.every(({ measurementStatus }) => measurementStatus.includes('questionable'))).toBe(true)
  })
})

/** What began and ended between one list of alarms and the next. */
const edgesOf = (levels: readonly (readonly string[])[]): readonly (readonly [string, boolean])[] =>
  levels.flatMap((level, at) => {
    const before = levels[at - 1] ?? []
    return [
      ...before.filter((code) => !level.includes(code)).map((code) => [code, false] as const),
      ...level.filter((code) => !before.includes(code)).map((code) => [code, true] as const),
    ]
  })
