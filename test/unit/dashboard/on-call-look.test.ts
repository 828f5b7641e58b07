import { describe, expect, it } from 'vitest'
import { UserId } from '#domain/ids.ts'
import type { OnCallNow } from '#domain/on-call/api.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { isLoud, onCallLook } from '#dashboard/core/on-call-look.ts'

const hour = 3_600_000
const now = 1_800_000_000_000
const person = (name: string) => ({ userId: UserId.parse(name), name })
type Team = OnCallNow['teams'][number]

const team = (changes: Partial<Omit<Team, 'duty'>> = {}, duty: Partial<Team['duty']> = {}): Team => {
  const teamId = TeamId.parse('north')
  return {
    teamId,
    name: 'North',
    timeZone: 'Europe/Berlin',
    duty: { teamId, primary: person('m.osei'), backup: person('j.lind'), lead: null, ...duty },
    nextChangeAt: null,
    gaps: [],
    ...changes,
  }
}
const look = (...teams: readonly Team[]) =>
  onCallLook({ teams: [...teams], seesOnly: null, reachability: [], serverTime: now }, now)

describe('what the bar says of who is on call', () => {
  it('names who is first and who follows, and nobody twice', () => {
    expect(look(team())).toEqual({ is: 'covered', primary: 'm.osei', next: 'j.lind' })
    expect(look(team({}, { backup: person('m.osei'), lead: person('k.adu') }))).toMatchObject({ next: 'k.adu' })
    expect(look(team({}, { backup: null }))).toMatchObject({ next: null })
  })

  it('is loud 12 h before a gap, in one, and without a rota', () => {
    const gap = (from: number) => team({ gaps: [{ from: now + from, to: now + from + hour }] })
    expect(look(gap(13 * hour)).is).toBe('covered')
    expect(look(gap(11 * hour))).toEqual({ is: 'gap-soon', primary: 'm.osei', from: now + 11 * hour })
    expect(look(gap(-hour / 2))).toEqual({ is: 'nobody', until: now + hour / 2 })
    expect(look(team({}, { primary: null }))).toEqual({ is: 'nobody', until: null })
    expect(look(team({ timeZone: null }, { primary: null })).is).toBe('no-rota')
    expect([gap(11 * hour), gap(0), team({ timeZone: null })].map((one) => isLoud(look(one)))).toEqual([
      true,
      true,
      true,
    ])
    expect(isLoud(look(team()))).toBe(false)
  })

  it('forgets a gap that is over', () => {
    expect(look(team({ gaps: [{ from: now - hour, to: now }] })).is).toBe('covered')
  })

  it('of several teams tells the worst', () => {
    expect(look(team(), team({}, { primary: null })).is).toBe('nobody')
  })

  it('claims nothing that was not told', () => {
    expect(onCallLook(null, now).is).toBe('unknown')
    expect(look().is).toBe('unknown')
  })
})
