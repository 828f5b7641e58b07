import { describe, expect, it } from 'vitest'
import { play, replayedPump } from '#simulators/replay.ts'
import { protocols } from '#simulators/config.ts'

const minute = 60_000
const pumpWith = (protocol: string, seed: number, scenario = 'noisy-line') =>
  replayedPump(protocol, [`scenario=${scenario}`, `seed=${seed}`])

describe('a replay', () => {
  it.each(protocols)(
    'of %s is the same again, however its time is cut, and another with another seed',
    async (name) => {
      const whole = await play(pumpWith(name, 7), (replay) => replay.advance(2 * minute))
      const inPieces = await play(pumpWith(name, 7), async (replay) => {
        for (let to = 0; to <= 2 * minute; to += 30) await replay.advance(to)
        await replay.advance(2 * minute)
      })
      const inLeaps = await play(pumpWith(name, 7), async (replay) => {
        for (const to of [10, 40_010, 40_070, 2 * minute]) await replay.advance(to)
      })
      const other = await play(pumpWith(name, 8), (replay) => replay.advance(2 * minute))
      expect([inPieces, inLeaps]).toEqual([whole, whole])
      expect(other.truth.sha256).not.toBe(whole.truth.sha256)
      expect(whole.truth.count).toBeGreaterThan(1)
    },
  )

  it.each(['ip1', 'alaris-acp', 'neurowave-ap4000', 'zyno-miva', 'terumo-xml-tcp'])(
    'of %s is asked by the hub’s own session, also after the cable was out',
    async (protocol) => {
      const asked = async (ms: number) =>
        (await play(pumpWith(protocol, 1, 'unplug'), (replay) => replay.advance(ms))).toPump.count
      const before = await asked(10_000)
      expect(before).toBeGreaterThan(0)
      expect(await asked(3 * minute)).toBeGreaterThan(before)
    },
  )
})
