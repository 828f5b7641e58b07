import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pumpAlarmCodes } from '#domain/alarm/codes.ts'
import { scenarioNamed, scenarioNames } from '#simulators/scenario-library.ts'
import { repository } from '#test/support/program.ts'

// What the library has to cover: every alarm of the catalogue, and every hazard of docs/clinical.md 12.

/** The generic infusion pump's list (GPCA), and what can go wrong around a pump. A new one is a line here and in the page. */
const hazards = [
  'over-infusion',
  'under-infusion',
  'air',
  'occlusion',
  'door',
  'temperature',
  'overheating',
  'battery low',
  'battery depleted',
  'battery will not charge',
  'supply',
  'CPU',
  'memory',
  'watchdog',
  'clock',
  'reservoir low',
  'reservoir empty',
  'paused or idle too long',
  'link loss',
  'hub reboot',
  'clock jump',
  'counter reset',
  'duplicate frames',
  'out-of-order frames',
  'CRC errors',
  'false upstream occlusion after 1 h idle',
  'battery pulled without a word',
  'air detector off',
  'two alarms at once',
  'another pump on the cable',
  'a night of parenteral nutrition',
]

/** What no pump says and one pump alone is enough to cause. */
const derivedOfPumps = [
  'link-lost-pump',
  'identity-changed',
  'stopped-early',
  'under-infusion',
  'over-infusion',
] as const

const page = readFileSync(join(repository, 'docs/clinical.md'), 'utf8')
const played = new Map(
  [...page.matchAll(/^\| ([^|]+) \| ((?:`[^`|]+`(?:, )?)+) \|$/gm)].map(([, hazard = '', stories = '']) => [
    hazard,
    [...stories.matchAll(/`([^`]+)`/g)].map(([, story = '']) => story),
  ]),
)

const specs = scenarioNames().flatMap((name) => scenarioNamed(name) ?? [])

/** Alarms that a story makes active on purpose. */
const raised = new Set(
  specs.flatMap(({ expect: wanted }) => wanted.filter(({ active }) => active !== null).map(({ alarm }) => alarm)),
)

describe('the library of scenarios', () => {
  // `device-text` is what a pump says in words of its own, which simulated pumps have none of.
  it.each(pumpAlarmCodes.filter((code) => code !== 'device-text'))('raises %s in a story', (code) => {
    expect(raised).toContain(code)
  })

  it('raises what hub and server find out about a pump', () => {
    for (const code of derivedOfPumps) expect(raised).toContain(code)
  })

  it.each(hazards)('plays the hazard: %s', (hazard) => {
    const stories = played.get(hazard) ?? []
    expect(stories, 'a line of the table in docs/clinical.md 12').not.toEqual([])
    for (const story of stories)
      if (story.startsWith('test/')) expect(existsSync(join(repository, story)), story).toBe(true)
      else expect(scenarioNames()).toContain(story)
  })

  it('is named in the page hazard by hazard, and by no other', () => {
    expect([...played.keys()].filter((hazard) => !hazards.includes(hazard))).toEqual([])
  })

  it('says in every story what has to be seen, except in those that show and teach', () => {
    expect(specs.filter(({ expect: wanted }) => wanted.length === 0).map(({ name }) => name)).toEqual([
      'demo',
      'demo-opening',
    ])
  })
})
