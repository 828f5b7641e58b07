import { describe, expect, it } from 'vitest'
import { impurities, longFiles, marks } from './hygiene.ts'
import { isCode, readTree } from './source-tree.ts'

const tree = readTree()

const impure = (text: string, path = 'domain/x.ts'): readonly string[] =>
  impurities(new Map([[path, text]])).map((finding) => finding.what)

const marked = (text: string, path = 'test/x.test.ts'): readonly string[] =>
  marks(new Map([[path, text]])).map((finding) => finding.what)

describe('pure folders', () => {
  it('take time, chance and the platform as arguments', () => {
    expect([...tree.keys()].filter((path) => /^domain\/|\/core\//.test(path)).length).toBeGreaterThan(15)
    expect(impurities(tree)).toEqual([])
  })

  it.each([
    ['a clock', 'export const a = Date.now()', 'Date'],
    ['a date', 'export const a = new Date()', 'Date'],
    ['a timer', 'setTimeout(() => {}, 1)', 'setTimeout'],
    ['a timer given another name', 'const later = setTimeout', 'setTimeout'],
    ['a timer in an object', 'export const a = { setTimeout }', 'setTimeout'],
    ['a way round', 'globalThis["Date"]', 'globalThis'],
    ['chance', 'export const a = Math.random()', 'Math.random'],
    ['chance by a computed name', 'export const a = Math["random"]()', 'Math.random'],
    ['chance given another name', 'const { random } = Math', 'Math.random'],
    ['the environment', 'export const a = process.env', 'process'],
  ])('are caught with %s', (_, text, what) => {
    expect(impure(text)).toContain(what)
    expect(impure(text, 'simulators/core/x.ts')).toContain(what)
  })

  it('reckon with days and zones in one folder, where a clock is still caught', () => {
    const calendar = `import { Temporal } from 'temporal-polyfill'\nexport const a = Temporal.PlainDate.from('2026-01-05')`
    expect(impure(calendar, 'domain/on-call/x.ts')).toEqual([])
    expect(impure(calendar, 'domain/alarm/x.ts')).toContain('Temporal')
    for (const clock of ['Temporal.Now.instant()', 'Temporal["Now"]', 'Temporal'])
      expect(impure(`export const a = ${clock}`, 'domain/on-call/x.ts')).toContain('Temporal')
  })

  it('may use the names as labels', () => {
    expect(
      impure('export const a = (x: { Date: number }) => x.Date + Math.max(1, 2)\nexport const b = { process: 1 }'),
    ).toEqual([])
  })

  it('are the only ones under this rule', () => {
    expect(impure('export const a = Date.now()', 'gateway/adapters/x.ts')).toEqual([])
  })
})

describe('every file', () => {
  it('is finished', () => {
    expect(tree.size).toBeGreaterThan(40)
    expect(marks(tree)).toEqual([])
  })

  it.each([
    ['a path of one machine', '// see /home/ann/notes', 'machine path'],
    ['a mark', '// TODO later', 'unfinished mark'],
    ['a test switched off', 'it.skip("x", () => {})', 'test switched off or singled out'],
    ['a test singled out', 'describe.only("x", () => {})', 'test switched off or singled out'],
    ['a server nobody verifies', 'connect({ rejectUnauthorized: false })', 'TLS without verification'],
    ['a server verified by a variable', 'connect({ rejectUnauthorized: strict })', 'TLS without verification'],
    ['a process that verifies nobody', 'NODE_TLS_REJECT_UNAUTHORIZED=0', 'TLS without verification'],
    ['a name nobody compares', 'connect({ checkServerIdentity: () => undefined })', 'TLS without verification'],
    ['a coverage comment', '/* v8 ignore next */', 'code hidden from coverage'],
    ['a silenced compiler', '// @ts-ignore', 'compiler switched off'],
    ['a silenced linter', '// oxlint-disable-next-line no-console', 'linter switched off without a reason'],
    ['a linter silenced at large', '/* eslint-disable no-console -- noisy */', 'linter switched off without a reason'],
  ])('is caught with %s', (_, text, what) => {
    expect(marked(text)).toEqual([what])
  })

  it('verifies servers, but for the one file that does it by itself', () => {
    const text = 'connect({ rejectUnauthorized: false })'
    const where = (path: string) => marked(text, path)
    expect(where('gateway/adapters/http-uplink/dateless-connect.ts')).toEqual([])
    expect(where('gateway/adapters/http-uplink/secure-connect.ts')).toEqual(['TLS without verification'])
    expect(where('test/support/x.ts')).toEqual(['TLS without verification'])
    expect(marked('connect({ rejectUnauthorized: true })')).toEqual([])
  })

  it('may skip a suite whose program is missing', () => {
    expect(marked('describe.skipIf(missing)("x", () => {})')).toEqual([])
  })

  it('stays short', () => {
    const questions = longFiles(tree, 300)
    for (const { file, line } of questions) console.warn(`${file} has ${line} lines: which two things is it?`)
    expect([...tree.keys()].filter(isCode).length).toBeGreaterThan(30)
    expect(longFiles(tree, 400)).toEqual([])
    expect(longFiles(new Map([['domain/x.ts', 'a\n'.repeat(401)]]), 400)).toHaveLength(1)
  })
})
