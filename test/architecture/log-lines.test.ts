import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { logProblems, tellable } from './log-lines.ts'
import { readTree } from './source-tree.ts'

/** What the logger itself writes, and Fastify into lines of a request. */
const ofEveryLine = ['time', 'level', 'msg', 'reqId']

const found = (code: string) => logProblems(new Map([['server/core/x.ts', code]]))

describe('lines of the log', () => {
  it('tell what is on the list, in fixed sentences', () => {
    expect(logProblems(readTree())).toEqual([])
    for (const word of ['label', 'phone', 'password', 'cookie', 'body', 'secret', 'note', 'name', 'url', 'headers'])
      expect(tellable.has(word)).toBe(false)
  })

  it('are described in docs/operations.md, each field of them and no other', async () => {
    const page = await readFile('docs/operations.md', 'utf8')
    const [, table = ''] = /\*\*What a line may tell\*\*(.*?)\n\n`LOG_LEVEL/s.exec(page) ?? []
    const described = [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
    )
    expect(described.toSorted()).toEqual([...tellable, ...ofEveryLine].toSorted())
  })

  it.each([
    ["log.info({ label }, 'changed')", 'server/core/x.ts tells label'],
    ["this.#deps.log.warn({ hubId, 'phone': p }, 'changed')", 'server/core/x.ts tells phone'],
    ["request.log.info({ ...body }, 'changed')", 'server/core/x.ts ...body is told whole'],
    ["log.error(patient, 'changed')", 'server/core/x.ts patient is told whole'],
    [
      'log.error({ hubId }, `changed ${label}`)',
      'server/core/x.ts says `changed ${label}`, which is no fixed sentence',
    ],
    ['log.error(`changed ${label}`)', 'server/core/x.ts says `changed ${label}`, which is no fixed sentence'],
    ["const text = f('a')\nlog.info({ hubId }, text)", 'server/core/x.ts says text, which is no fixed sentence'],
  ])('are caught with %s', (code, problem) => {
    expect(found(code)).toEqual([problem])
  })

  it.each([
    "log.info({ hubId, reason: r() }, 'changed')",
    "log.info('gateway has stopped')",
    "const text = 'it changed'\nlog.info({}, text)",
    'catalog.info({ label }, `x ${y}`)',
    'math.log(label)',
  ])('are let be with %s', (code) => {
    expect(found(code)).toEqual([])
  })
})
