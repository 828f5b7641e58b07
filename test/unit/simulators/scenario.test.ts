import { describe, expect, it } from 'vitest'
import { readAct } from '#simulators/core/acts.ts'
import { Ip1Twin } from '#simulators/core/ip1/twin.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import { noiseAt, seededRandom } from '#simulators/core/random.ts'
import { storyNamed } from '#simulators/scenario-library.ts'
import { SimulatedPump } from '#simulators/core/simulated-pump.ts'

const run = (name: string, seconds: number, rateMlPerHour = 125, seed = 1, quantumMs = 50) => {
  const scenario = storyNamed(name)
  if (scenario === null) throw new Error('no such scenario')
  const identity = {
    serial: 'P-1',
    maker: '',
    model: '',
    firmware: '',
    intervalMs: Math.max(1_000, quantumMs * 10),
    capabilities: ['DEMO'],
  }
  const settings = { ...pumpProfiles['generic-ambulatory'], rateMlPerHour }
  const pump = new SimulatedPump({
    id: 'P-1',
    seed,
    settings,
    scenario,
    twin: new Ip1Twin({ identity, seed }),
    quantumMs,
  })
  const facts = pump.advance(seconds * 1000).flatMap((output) => {
    if (output.kind === 'cable') return [`${output.atMs / 1000} ${output.plugged ? 'plugged' : 'unplugged'}`]
    return output.fact?.kind === 'alarm'
      ? [`${Math.round(output.atMs / 1000)} ${output.fact.raised ? '+' : '-'}${output.fact.code}`]
      : []
  })
  return { pump, facts }
}

describe('scenarios', () => {
  it.each([
    ['normal', 300, []],
    ['occlusion-downstream', 200, ['25 +occlusion-downstream', '100 -occlusion-downstream']],
    ['air-in-line', 200, ['13 +air-in-line', '101 -air-in-line']],
    ['battery-low', 200, ['10 +battery-low', '130 -battery-low']],
    ['infusion-complete', 200, ['11 +kvo-active', '100 -kvo-active']],
    ['unplug', 200, ['10 unplugged', '55 plugged']],
  ])('%s tells its story', (name, seconds, story) => {
    expect(run(name, seconds).facts).toEqual(story)
  })

  it('demo-opening rings within half a minute and recovers by itself', () => {
    const { facts } = run('demo-opening', 300)
    expect(facts.slice(0, 2)).toEqual(['21 +occlusion-downstream', '96 -occlusion-downstream'])
  })

  it('demo goes on for hours without a pump that stays broken', () => {
    for (const seed of [1, 2]) {
      const { pump, facts } = run('demo', 6 * 3600, 50, seed, 500)
      expect(facts.filter((fact) => fact.includes('+')).length).toBeGreaterThan(15)
      expect(pump.state.activity).not.toBe('off')
      const quiet = pump.advance(pump.nowMs + 3_600_000)
      expect(quiet.some((output) => output.fact?.kind === 'sample' && output.fact.operatingState === 'infusing')).toBe(
        true,
      )
    }
  })
})

describe('acts from outside', () => {
  it('are read with their amount, or refused with a sentence', () => {
    expect(readAct('occlude', undefined)).toEqual({ act: 'occlude' })
    expect(readAct('inject-air', 0.8)).toEqual({ act: 'inject-air', amount: 0.8 })
    expect(readAct('toString', undefined)).toContain('unknown act')
    expect(readAct('drain-battery', 101)).toBe('drain-battery: amount must be a number from 0 to 100 %')
    expect(readAct('pause', 3)).toBe('pause takes no amount')
  })
})

describe('seeded numbers', () => {
  it('repeat, and forks do not disturb their source', () => {
    const a = seededRandom(42)
    const b = seededRandom(42)
    b.fork('other').next()
    expect([a.next(), a.next()]).toEqual([b.next(), b.next()])
    expect(seededRandom(1).fork('x').next()).not.toBe(seededRandom(1).fork('y').next())
  })

  it('fill their ranges evenly', () => {
    const random = seededRandom(9)
    const counts = Array<number>(10).fill(0)
    for (let i = 0; i < 10_000; i++) {
      const bin = random.whole(0, 9)
      counts[bin] = (counts[bin] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
    const mean = Array.from({ length: 10_000 }, (_, n) => noiseAt(3, n)).reduce((sum, x) => sum + x, 0) / 10_000
    expect(Math.abs(mean)).toBeLessThan(0.03)
  })

  it('give the published median of log-normal repair times', () => {
    const random = seededRandom(4)
    const times = Array.from({ length: 5001 }, () => random.logNormal(3.82, 1.58)).toSorted((a, b) => a - b)
    expect(times[2500]).toBeGreaterThan(42)
    expect(times[2500]).toBeLessThan(50)
  })
})
