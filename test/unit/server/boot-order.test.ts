import { describe, expect, it } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { numberingOf, type KnownBoot } from '#server/core/boot-order.ts'

const boot = (name: string): BootId => BootId.parse(name)
const known = (bootId: string, numbering: number, highestSeq: number): KnownBoot => ({
  bootId: boot(bootId),
  numbering,
  highestSeq,
})
const speaks = (firstSeq: number | null, earlier: readonly string[] | null = null) => ({
  bootId: boot('new'),
  firstSeq,
  earlierBoots: earlier?.map(boot) ?? null,
})

describe('a boot that is first heard of', () => {
  const latest = [known('a', 2, 90), known('b', 2, 120), known('silent', 2, 0)]

  it('begins the first numbering of its hub', () => {
    expect(numberingOf([], speaks(700))).toBe(0)
  })

  it('goes on with the numbering when its numbers are above all others', () => {
    expect(numberingOf(latest, speaks(121))).toBe(2)
    expect(numberingOf(latest, speaks(500, ['gone', 'a']))).toBe(2)
  })

  it.each([
    ['counts anew', speaks(1)],
    ['counts again what is counted', speaks(100, ['b', 'a'])],
    ['has numbers above all others from an outbox that remembers none of them', speaks(500, ['c'])],
    ['remembers nothing', speaks(500, [])],
    ['tells no number', speaks(null, ['b'])],
  ])('begins the next numbering when it %s', (_what, speaking) => {
    expect(numberingOf(latest, speaking)).toBe(3)
  })
})
