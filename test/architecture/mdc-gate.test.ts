import { parseSync } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import { AlarmCode } from '#domain/alarm/codes.ts'
import {
  alarmCodings,
  alarmMdc,
  eventMdc,
  type MdcRow,
  mdcSources,
  mdcSystem,
  sampleMdc,
  structureMdc,
} from '#domain/mdc.ts'
import { isNode, type Node, visit } from './module-graph.ts'
import { isCode, readTree, type Tree } from './source-tree.ts'

const alarmRows = Object.values(alarmMdc).flatMap(({ exact, broader }) =>
  broader === undefined ? [exact] : [exact, broader],
)
const rows: readonly MdcRow[] = [
  ...Object.values(sampleMdc),
  ...Object.values(eventMdc),
  ...Object.values(structureMdc),
  ...alarmRows,
]
const numbers = new Set(rows.flatMap(({ code }) => (code === null ? [] : [code])))

/** Public code claims these, and they are something else (vocabulary.md 10.3). */
const neverCopy = new Set([196614, 196620, 196670, 196800, 264819, 157942, 197290])

/** The table itself and this test may hold the numbers; nothing else. */
const table = ['domain/mdc.ts', 'test/architecture/mdc-gate.test.ts']

const strayNumbers = (tree: Tree): readonly string[] =>
  [...tree]
    .filter(([path]) => isCode(path) && !table.includes(path))
    .flatMap(([path, text]) => {
      const found: string[] = []
      visit(parseSync(path, text).program as unknown as Node, (node) => {
        if (!isNode(node) || node.type !== 'Literal') return
        const value = typeof node['value'] === 'string' ? Number(node['value'] || Number.NaN) : node['value']
        if (typeof value === 'number' && (numbers.has(value) || neverCopy.has(value))) found.push(`${path}: ${value}`)
      })
      return found
    })

describe('MDC codes', () => {
  it('each have a source and a mark that fits', () => {
    expect(rows.length).toBeGreaterThan(90)
    for (const row of rows) {
      expect(Object.keys(mdcSources)).toContain(row.source)
      expect(row.mark === 'unknown').toBe(row.source === 'none')
      if (row.mark === 'unknown') expect(row).toMatchObject({ code: null, refid: null })
      else expect(row.code !== null || row.refid !== null).toBe(true)
    }
  })

  it('hold none of the wrong numbers of public code', () => {
    expect([...numbers].filter((number) => neverCopy.has(number))).toEqual([])
  })

  it('stand in one table', () => {
    const tree = readTree()
    expect([...tree.keys()].filter(isCode).length).toBeGreaterThan(80)
    expect(strayNumbers(tree)).toEqual([])
  })

  it.each([
    ['a number', 'export const occlusion = 196940'],
    ['a number with separators', 'export const occlusion = 196_940'],
    ['text', "export const occlusion = '196940'"],
    ['a wrong number of public code', 'export const battery = 196620'],
  ])('are caught elsewhere as %s', (_, text) => {
    expect(strayNumbers(new Map([['server/core/x.ts', text]]))).toHaveLength(1)
  })
})

describe('the codings of an alarm', () => {
  it('start with our own code', () => {
    for (const code of AlarmCode.options) expect(alarmCodings(code)[0]).toMatchObject({ code, exact: true })
  })

  it('show a secondary code beside its mark, and a broader one as broader', () => {
    expect(alarmCodings('under-infusion')[1]).toEqual({
      system: mdcSystem,
      code: '196950',
      mark: 'secondary',
      exact: true,
    })
    expect(alarmCodings('air-in-line').slice(1)).toEqual([
      { system: mdcSystem, code: '196860', mark: 'verified', exact: false },
    ])
  })

  it('leave out what is not known', () => {
    for (const code of ['battery-depleted', 'kvo-active', 'mains-lost', 'temperature'] as const)
      expect(alarmCodings(code)).toHaveLength(1)
  })

  it('are those of vocabulary.md 4 and 5', () => {
    const exact = AlarmCode.options.flatMap((code) => {
      const number = alarmMdc[code].exact.code
      return number === null ? [] : [[code, number]]
    })
    expect(Object.fromEntries(exact)).toEqual({
      'occlusion-downstream': 196940,
      'occlusion-unspecified': 196688,
      'free-flow': 197206,
      'reservoir-empty': 196634,
      'infusion-near-complete': 197334,
      'infusion-complete': 197332,
      'cassette-detached': 196842,
      'battery-low': 196802,
      'battery-fault': 196804,
      'battery-replace': 203286,
      'pump-malfunction': 196678,
      'sensor-fault': 196920,
      'paused-too-long': 197192,
      'maintenance-due': 203266,
      'device-text': 196616,
      'under-infusion': 196950,
      'settings-changed': 203276,
    })
  })
})
