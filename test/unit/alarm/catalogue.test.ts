import { describe, expect, it } from 'vitest'
import { advice, firstChecks } from '#domain/alarm/advice.ts'
import { catalogue, defaultPriority, leastPriority, raisedPriority } from '#domain/alarm/catalogue.ts'
import { AlarmCode } from '#domain/alarm/codes.ts'

// vocabulary.md 4 and 5, column by column: priority (^ = one step up when the therapy is critical), what stops, type.
const table = `
occlusion-downstream    HIGH               stopped              T
occlusion-upstream      HIGH               stopped              T
occlusion-unspecified   HIGH               stopped              T
air-in-line             HIGH               stopped              T
free-flow               HIGH               uncontrolled         T
reservoir-empty         HIGH               stopped              T
reservoir-low           LOW                goes-on              A
infusion-near-complete  LOW                goes-on              A
infusion-complete       MEDIUM^            stopped-as-planned   T
kvo-active              LOW^               goes-on              A
kvo-ended               MEDIUM             stopped              T
cassette-detached       HIGH/INFO          stopped              T
set-not-seated          HIGH/INFO          stopped              T
battery-low             MEDIUM^            goes-on              T
battery-depleted        HIGH               stopped              T
battery-fault           LOW                goes-on              T
battery-replace         LOW                goes-on              A
mains-lost              LOW                goes-on              A
drive-fault             HIGH               stopped              T
pump-malfunction        HIGH               usually-stopped      T
sensor-fault            MEDIUM/HIGH^       perhaps-stopped      T
temperature             MEDIUM             perhaps-stopped      T
paused-too-long         MEDIUM             stopped              T
dose-limit-reached      LOW^               goes-on              A
host-timeout            LOW                goes-on              T
maintenance-due         INFO               goes-on              A
keypad-fault            LOW                goes-on              A
device-text             MEDIUM             unknown              T
link-lost-pump          MEDIUM^delivering  unknown              T
link-lost-hub           MEDIUM^delivering  unknown              T
missed-start            MEDIUM^            not-started          A
stopped-early           MEDIUM^            stopped              A
under-infusion          MEDIUM^            too-low              T
over-infusion           MEDIUM^            too-high             T
settings-changed        MEDIUM             not-affected         A
clock-untrusted         INFO               not-affected         A
hub-auth-failed         MEDIUM^delivering  unknown              T
hub-cloned              MEDIUM             unknown              T
record-quarantined      LOW                not-affected         T
storage-degraded        LOW                not-affected         T
server-degraded         LOW                not-affected         T
records-unaccounted     LOW                not-affected         T
identity-changed        MEDIUM             unknown              T
path-unproven           MEDIUM             not-affected         T
notify-channel-down     MEDIUM             not-affected         T
rota-gap                MEDIUM             not-affected         A
hand-over-open          MEDIUM             not-affected         A
`

const row = (code: AlarmCode): string[] => {
  const { priority, raised, delivery, type } = catalogue[code]
  const word = typeof priority === 'string' ? priority : `${priority.delivering}/${priority.notDelivering}`
  const step = { never: '', 'when-critical': '^', 'when-critical-and-delivering': '^delivering' }[raised]
  return [code, word.toUpperCase() + step, delivery, type === 'technical' ? 'T' : 'A']
}

describe('the alarm catalogue', () => {
  it('has the priorities, effects and types of the vocabulary', () => {
    const expected = table
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/))
    expect(AlarmCode.options.map(row)).toEqual(expected)
  })

  it('has a short name, a consequence and one sentence for every code, and no name twice', () => {
    for (const code of AlarmCode.options) {
      const { name, consequence } = catalogue[code]
      expect(name.length).toBeLessThanOrEqual(32)
      expect(consequence.length).toBeLessThanOrEqual(48)
      expect(advice[code].meaning).toMatch(/^[A-Z][^!?]+\.$/)
    }
    expect(new Set(AlarmCode.options.map((code) => catalogue[code].name)).size).toBe(AlarmCode.options.length)
  })

  it('never says what a patient must not be told, nor words that other makers use in other meanings', () => {
    const forbidden =
      /disconnect|unplug|flush|override|overrid|setting|silenc(?:e|ed|ing)\b(?! may follow| proves nothing)|\bmute|suspend|disable|inhibit|\bclear(?:ed)?\b|acknowledge|\bcomms\b|your fault|mistake|wrong|should have|!|oops/i
    const texts = AlarmCode.options.flatMap((code) => {
      const entry = { ...catalogue[code], ...advice[code] }
      return [entry.name, entry.consequence, entry.meaning, ...entry.firstChecks, ...(entry.criticalFirstChecks ?? [])]
    })
    expect(texts.length).toBeGreaterThan(180)
    expect(texts.filter((text) => forbidden.test(text))).toEqual([])
    for (const bad of ['Disconnect the line.', 'Flush it.', 'Change the settings.', 'Silence the pump.', 'Mute it.'])
      expect(bad).toMatch(forbidden)
  })

  it('asks in short sentences', () => {
    for (const code of AlarmCode.options)
      for (const check of advice[code].firstChecks) {
        expect(check.length).toBeLessThanOrEqual(72)
        expect(check).toMatch(/[.?]$/)
      }
  })

  it('says for a blocked line under critical therapy: touch nothing, call first', () => {
    for (const code of ['occlusion-downstream', 'occlusion-upstream'] as const) {
      for (const criticality of ['critical', 'unknown'] as const) {
        const said = firstChecks(code, criticality).join(' ')
        expect(said).toMatch(/touch nothing/i)
        expect(said).toMatch(/call/i)
        expect(said).not.toMatch(/\?/)
      }
      expect(firstChecks(code, 'standard').length).toBeGreaterThan(2)
    }
  })

  it('takes an open cassette for high while the pump infuses or may infuse, and for a notice otherwise', () => {
    for (const code of ['cassette-detached', 'set-not-seated'] as const) {
      expect(defaultPriority(code, true)).toBe('high')
      expect(defaultPriority(code, null)).toBe('high')
      expect(defaultPriority(code, false)).toBe('info')
      expect(leastPriority(code)).toBe('info')
    }
    expect(defaultPriority('sensor-fault', false)).toBe('high')
    expect(defaultPriority('sensor-fault', true)).toBe('medium')
  })

  it('raises by one step where the vocabulary has its mark', () => {
    expect(raisedPriority('kvo-active', 'low', null)).toBe('medium')
    expect(raisedPriority('battery-low', 'medium', null)).toBe('high')
    expect(raisedPriority('temperature', 'medium', null)).toBe('medium')
    expect(raisedPriority('link-lost-pump', 'medium', false)).toBe('medium')
    expect(raisedPriority('link-lost-pump', 'medium', null)).toBe('high')
  })
})
