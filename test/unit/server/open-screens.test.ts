import { describe, expect, it } from 'vitest'
import { OpenScreens, screensPerSession } from '#server/core/open-screens.ts'
import type { Screen } from '#server/core/open-screens.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const openFor = (most: number) => {
  const clock = new ManualClock()
  const screens = new OpenScreens(most, clock)
  const ended: string[] = []
  const come = (name: string, session = 'hers'): Screen | null => screens.come(session, () => ended.push(name))
  return { clock, screens, ended, come }
}

const isIn = (screen: Screen | null): boolean => screen?.isOver === false

describe('screens of one session', () => {
  it('are as many as ten tabs twice, and of each session for itself', () => {
    const { come } = openFor(screensPerSession)
    for (let nth = 0; nth < 20; nth += 1) expect(isIn(come(`${nth}`))).toBe(true)
    expect(isIn(come('one more'))).toBe(false)
    expect(isIn(come('of somebody else', 'his'))).toBe(true)
  })

  it('that answer stay, however many want in; a few of those are told why, the others get nothing', () => {
    const { clock, ended, come } = openFor(2)
    const here = [come('first'), come('second')]
    for (let nth = 0; nth < 100; nth += 1) {
      clock.advance(5_000)
      for (const screen of here) screen?.heard()
      come(`${nth}`)
    }
    expect(ended).toEqual([])
    const { clock: time, screens, come: comes } = openFor(1)
    const first = comes('first')
    const answers = (): (boolean | null)[] => Array.from({ length: 6 }, () => comes('more')?.isOver ?? null)
    expect(screens.isShut('hers')).toBe(false)
    expect(answers()).toEqual([true, true, true, true, null, null])
    expect(screens.isShut('hers')).toBe(true)
    expect(screens.isShut('his')).toBe(false)
    time.advance(4_000)
    expect(screens.isShut('hers')).toBe(false)
    expect(answers()).toEqual([true, true, null, null, null, null])
    time.advance(8_001)
    expect(screens.isShut('hers')).toBe(false)
    first?.heard()
    answers()
    expect(screens.isShut('hers')).toBe(true)
  })

  it('that are opened and closed again and again have to wait, 60 at once and then four a second', () => {
    const { clock, screens, come } = openFor(20)
    let opened = 0
    const openAll = (): number => {
      for (opened = 0; opened < 1_000 && !screens.isShut('hers'); opened += 1) come('again')?.left()
      return opened
    }
    expect(openAll()).toBe(60)
    clock.advance(2_000)
    expect(openAll()).toBe(8)
    expect(screens.isShut('his')).toBe(false)
  })

  it('that were closed make room', () => {
    const { come } = openFor(1)
    const first = come('first')
    expect(isIn(come('too many'))).toBe(false)
    first?.left()
    expect(isIn(come('second'))).toBe(true)
  })

  it('that were not heard for longer than a ping takes make room, the quietest first', () => {
    const { clock, ended, come } = openFor(3)
    const [, second] = [come('first'), come('second'), come('third')]
    clock.advance(1_000)
    second?.heard()
    clock.advance(11_000)
    expect(isIn(come('too soon'))).toBe(false)
    clock.advance(1)
    expect(isIn(come('fourth'))).toBe(true)
    expect(isIn(come('fifth'))).toBe(true)
    expect(isIn(come('sixth'))).toBe(false)
    expect(ended).toEqual(['first', 'third'])
  })

  it('are forgotten with the last of them', () => {
    const { clock, screens, come } = openFor(1)
    const first = come('first')
    clock.advance(13_000)
    const second = come('second')
    first?.left()
    expect(isIn(come('third'))).toBe(false)
    second?.left()
    expect(screens.sessions).toBe(0)
  })
})
