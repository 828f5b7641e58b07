import { describe, expect, it } from 'vitest'
import { belowFloor, inexact, unjudgedScripts, unpinned } from './dependencies.ts'
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
  })

  it('carry a checksum and no address of a registry', () => {
    expect(unpinned(lock)).toEqual([])
    expect(unpinned(lockOf({ 'node_modules/x': { version: '1.0.0' } }))).toHaveLength(1)
  })
})
