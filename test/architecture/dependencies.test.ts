import { describe, expect, it } from 'vitest'
import { belowFloor, floorRowProblems, inexact, staleJudgements, unjudgedScripts, unpinned } from './dependencies.ts'
import type { Lock, LockEntry, Manifest } from './dependencies.ts'
import { readText } from './source-tree.ts'

const lock = JSON.parse(readText('package-lock.json')) as Lock
const manifest = JSON.parse(readText('package.json')) as Manifest

const lockOf = (packages: Readonly<Record<string, LockEntry>>): Lock => ({ packages })

describe('dependencies', () => {
  it('are at or above the version with the last known weakness fixed, every copy', () => {
    const paths = Object.keys(lock.packages)
    expect(paths.length).toBeGreaterThan(100)
    for (const name of ['aedes', 'fastify', 'socket.io-parser', 'engine.io', 'ws', 'fast-uri'])
      expect(paths.some((path) => path.endsWith(`node_modules/${name}`))).toBe(true)
    expect(belowFloor(lock)).toEqual([])
  })

  it.each([
    ['node_modules/ws', '8.21.0'],
    ['node_modules/a/node_modules/ws', '8.20.9'],
    ['node_modules/ws', '7.99.99'],
    ['node_modules/fast-uri', '3.1.6'],
    ['node_modules/fast-uri', '4.1.3'],
    ['node_modules/undici', '6.99.0'],
    ['node_modules/aedes', '2.0.0-beta.1'],
    ['node_modules/@fastify/secure-session', '8.0.0'],
  ])('are caught below the floor: %s %s', (path, version) => {
    expect(belowFloor(lockOf({ [path]: { version } }))).toHaveLength(1)
  })

  it.each([
    ['node_modules/ws', '8.21.1'],
    ['node_modules/fast-uri', '3.1.7'],
    ['node_modules/fast-uri', '4.2.0'],
    ['node_modules/undici', '9.0.0'],
  ])('pass at the floor: %s %s', (path, version) => {
    expect(belowFloor(lockOf({ [path]: { version } }))).toEqual([])
  })

  it('are named by exact versions', () => {
    expect(inexact(manifest)).toEqual([])
    expect(inexact({ ...manifest, dependencies: { a: '^1.0.0', b: 'latest', c: '1.0.0' } })).toHaveLength(2)
  })

  it('run no install script that nobody has judged', () => {
    expect(Object.values(lock.packages).some((entry) => entry.hasInstallScript)).toBe(true)
    expect(unjudgedScripts(lock, manifest)).toEqual([])
    expect(unjudgedScripts(lockOf({ 'node_modules/x': { hasInstallScript: true } }), manifest)).toHaveLength(1)
    expect(unjudgedScripts(lockOf({ 'node_modules/x/node_modules/y': { hasInstallScript: true } }), manifest)).toEqual([
      'node_modules/x/node_modules/y',
    ])
    expect(staleJudgements(lock, manifest)).toEqual([])
    const lax = { ...manifest, allowScripts: { '@serialport/bindings-cpp': true, gone: false } }
    expect(staleJudgements(lock, lax)).toEqual(['@serialport/bindings-cpp', 'gone'])
  })

  it('run none by an npm that knows nothing of that list either, nor by ours', () => {
    expect(readText('.npmrc')).toMatch(/^ignore-scripts=true$/m)
    const hooks = Object.keys(manifest.scripts).filter((name) =>
      /^(pre|post)?(install|prepare|pack|publish)/.test(name),
    )
    expect(hooks).toEqual([])
  })

  it('carry a checksum and no address of a registry', () => {
    expect(unpinned(lock)).toEqual([])
    const integrity = lock.packages['node_modules/aedes']?.integrity ?? ''
    const resolved = 'https://registry.example.org/x/-/x-1.0.0.tgz'
    for (const [entry, found] of [
      [{ version: '1.0.0', integrity }, 0],
      [{ version: '1.0.0' }, 1],
      [{ version: '1.0.0', integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, 1],
      [{ version: '1.0.0', integrity, resolved }, 1],
      [{ link: true, integrity }, 1],
    ] as const)
      expect([entry, unpinned(lockOf({ 'node_modules/x': entry })).length]).toEqual([entry, found])
  })

  it('have the floors, with their reasons, on the page that security is read on', () => {
    const page = readText('docs/security.md')
    expect(floorRowProblems(page)).toEqual([])
    expect(floorRowProblems(page.replace('≥ 8.21.1', '≥ 8.21.0'))).toHaveLength(1)
    expect(floorRowProblems(page.replace(/^\| `aedes`.*\n/m, ''))).toHaveLength(1)
    expect(floorRowProblems(page.replace(/^(\| `)aedes(`.*\n)/m, '$1other$2$1aedes$2'))).toEqual(['other has no floor'])
  })
})
