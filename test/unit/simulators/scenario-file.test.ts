import { describe, expect, it } from 'vitest'
import { pumpAlarmCodes } from '#domain/alarm/codes.ts'
import { unmet } from '#simulators/core/expectations.ts'
import { parseScenario } from '#simulators/scenario-file.ts'
import { scenarioNamed, scenarioNames } from '#simulators/scenario-library.ts'
import { playScenario } from '#test/support/scenario-play.ts'

const problem = (text: string): string => {
  try {
    parseScenario(text, 'story.yaml')
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

const what = 'what: A story that is told in this test.'

describe('a scenario file', () => {
  it('is read with its times, acts, reactions and expectations', () => {
    const spec = parseScenario(
      `
name: story
${what}
timeline:
  - { after: 1m30s, do: [occlude, drain-battery 19] }
  - { at: 2h, do: raise temperature }
reactions:
  - { when: occlusion-downstream, chance: 0.5, after: about 46s from 30s to 5m, do: fix }
expect:
  - { alarm: link-lost-pump, never: true }
  - { alarm: temperature, active: { within: 15s, after: raise } }
`,
      'story.yaml',
    )
    expect(spec.timeline).toEqual([
      {
        at: null,
        after: { kind: 'exactly', ms: 90_000 },
        acts: [{ act: 'occlude' }, { act: 'drain-battery', amount: 19 }],
      },
      { at: 7_200_000, after: { kind: 'exactly', ms: 0 }, acts: [{ act: 'raise', code: 'temperature' }] },
    ])
    expect(spec.reactions[0]).toMatchObject({
      when: ['occlusion-downstream'],
      after: { kind: 'about', medianMs: 46_000, leastMs: 30_000, mostMs: 300_000 },
      acts: ['fix'],
    })
    expect(spec.expect[1]?.active).toEqual({ withinMs: 15_000, after: 'raise' })
  })

  it.each([
    ['{', 'is not YAML'],
    [`name: Story\n${what}`, 'name: must be 1 to 64 of a-z 0-9 -'],
    [`name: s\n${what}\ntimeline: [{ after: 10, do: occlude }]`, 'timeline.0.after'],
    [`name: s\n${what}\ntimeline: [{ after: 10s, do: occlud }]`, 'unknown act'],
    [`name: s\n${what}\ntimeline: [{ after: 10s, do: drain-battery 120 }]`, 'from 0 to 100 %'],
    [`name: s\n${what}\ntimeline: [{ after: 10s, do: raise noise }]`, 'raise takes a code'],
    [`name: s\n${what}\ncolour: red`, 'Unrecognized key'],
    [`name: s\n${what}\nexpect: [{ alarm: air-in-line, active: { within: 5s, after: unplug } }]`, 'which nobody does'],
  ])('that is wrong is refused with the place and the reason: %s', (text, reason) => {
    expect(problem(text)).toContain(reason)
  })
})

describe('the library', () => {
  it('has a scenario for every alarm that a pump reports, and for what homes go through', () => {
    const names = scenarioNames()
    expect(names.length).toBeGreaterThanOrEqual(30)
    const expected = new Set(names.flatMap((name) => scenarioNamed(name)?.expect.map(({ alarm }) => alarm) ?? []))
    for (const code of pumpAlarmCodes) if (code !== 'device-text') expect(expected).toContain(code)
    for (const name of [
      'tpn-night',
      'battery-pulled',
      'false-upstream-occlusion',
      'two-alarms-at-once',
      'alarm-during-outage',
      'swapped-pumps',
    ])
      expect(names).toContain(name)
    for (const name of names) expect(scenarioNamed(name)?.name).toBe(name)
    expect(scenarioNamed('no-such-scenario')).toBeNull()
    expect(scenarioNamed('./no/such/file.yaml')).toBeNull()
  })

  // What the hub and the server find out about links is left to `simulators verify`.
  it.each(scenarioNames())('%s keeps what it promises of what the pump says and what is concluded from it', (name) => {
    const spec = scenarioNamed(name)
    if (spec === null) throw new Error('no such scenario')
    const course = playScenario(spec, 1)
    const seen: readonly string[] = [...pumpAlarmCodes, 'under-infusion', 'over-infusion', 'stopped-early']
    const own = spec.expect.filter(({ alarm }) => seen.includes(alarm))
    expect(own.map((expectation) => unmet(expectation, course)).filter((words) => words !== null)).toEqual([])
  })

  it('is told differently by another seed, and the same by the same', () => {
    const spec = scenarioNamed('demo')
    if (spec === null) throw new Error('no such scenario')
    expect(playScenario(spec, 1)).toEqual(playScenario(spec, 1))
    expect(playScenario(spec, 1)).not.toEqual(playScenario(spec, 2))
  })
})

const deadline = (seconds: number, after: 'occlude' | 'unplug' | null = 'occlude') => ({
  withinMs: seconds * 1000,
  after,
})
const of = (more: object) => ({
  alarm: 'occlusion-downstream' as const,
  never: false,
  active: null,
  ended: null,
  ...more,
})

describe('an expectation', () => {
  const course = {
    startedAt: 0,
    acts: [{ act: 'occlude', at: 10_000 }] as const,
    alarms: [{ code: 'occlusion-downstream', startedAt: 25_000, endedAt: 60_000 }] as const,
  }
  it('is met in time, and says in words by how much it is not', () => {
    expect(unmet(of({ active: deadline(15) }), course)).toBeNull()
    expect(unmet(of({ active: deadline(14) }), course)).toBe(
      'occlusion-downstream was not active within 14 s of "occlude"; it was from 15.0 s to 50.0 s',
    )
    expect(unmet(of({ ended: deadline(50) }), course)).toBeNull()
    expect(unmet(of({ ended: deadline(49) }), course)).toContain('had not ended within 49 s')
    expect(unmet(of({ never: true }), course)).toContain('was raised 1 times')
    expect(unmet(of({ alarm: 'air-in-line', active: deadline(15) }), course)).toContain('it never was')
    expect(unmet(of({ alarm: 'air-in-line', ended: deadline(15) }), course)).toContain('never was there to end')
    expect(unmet(of({ active: deadline(5, 'unplug') }), course)).toContain('nobody did "unplug"')
  })
})
