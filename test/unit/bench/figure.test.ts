import { describe, expect, it } from 'vitest'
import { figureOf, tableOf } from '#test/bench/figure.ts'

const memory = { name: 'memory', unit: 'MB', limit: 60, target: { on: 'ratio', atMost: 2.5 } } as const

describe('a figure of the bench', () => {
  it('is judged by its ratio to what the same run measured', () => {
    expect(figureOf({ ...memory, value: 150 })).toEqual({
      name: 'memory',
      value: 150,
      unit: 'MB',
      limit: 60,
      ratio: 2.5,
      target: 'ratio ≤ 2.5',
      reached: true,
    })
    expect(figureOf({ ...memory, value: 151 }).reached).toBe(false)
  })

  it('is judged by its value where the target says so, and by nothing without a target', () => {
    const cpu = { name: 'cpu', unit: '%', target: { on: 'value', atMost: 3 } } as const
    expect(figureOf({ ...cpu, value: 3 }).reached).toBe(true)
    expect(figureOf({ ...cpu, value: 3.01 }).reached).toBe(false)
    expect(figureOf({ name: 'rows', value: 9, unit: '1/s', target: { on: 'value', atLeast: 10 } })).toMatchObject({
      target: 'value ≥ 10',
      reached: false,
    })
    expect(figureOf({ name: 'known', value: 1, unit: '1' }).reached).toBeNull()
  })

  it('never reaches a ratio that could not be had, nor a value that is no number', () => {
    const { limit: _limit, ...unlimited } = memory
    expect(figureOf({ ...unlimited, value: 1 }).reached).toBe(false)
    expect(figureOf({ ...memory, limit: 0, value: 1 }).reached).toBe(false)
    expect(figureOf({ ...memory, value: NaN }).reached).toBe(false)
  })

  it('stands in a table with one line a figure', () => {
    const lines = tableOf([figureOf({ ...memory, value: 200 })]).split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/^memory +200 +MB +60 +3\.33 +ratio ≤ 2\.5 +NO$/)
  })
})
