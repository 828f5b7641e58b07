import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { HttpUplink } from '#gateway/adapters/http-uplink/http-uplink.ts'
import { KeyStore } from '#gateway/adapters/key-store.ts'
import { systemClock } from '#gateway/adapters/system-time.ts'
import { conditionRecord } from '#test/support/gateway-records.ts'
import { startHubServer } from '#test/support/hub-server.ts'
import { repository } from '#test/support/program.ts'
import { reachFor } from '#test/support/server-trust.ts'

const steps = ['next-key-kept', 'answered', 'key-file-kept', 'pairing-kept', 'old-key-gone'] as const

const rotate = (folder: string, server: URL, step: string): Promise<number | NodeJS.Signals | null> => {
  const args = ['--disable-warning=ExperimentalWarning', 'test/faults/key-rotator.ts', folder, server.href, step]
  const child = spawn(process.execPath, args, { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)))
}

const paired = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rotation-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const server = await startHubServer(folder)
  onTestFinished(() => server[Symbol.asyncDispose]())
  const identity = join(folder, 'identity')
  const { pairing } = await server.pair(identity)
  let boots = 0
  /** One alarm, as a hub that has just started over that folder sends it. */
  const deliver = async () => {
    const bootId = BootId.parse(`boot-${(boots += 1)}`)
    const keys = await KeyStore.open(identity)
    await using uplink = new HttpUplink({ ...reachFor(server.url, systemClock), bootId, identity: keys })
    const record = { ...conditionRecord(), seq: boots, bootId }
    return await uplink.deliver('alarm', [record], AbortSignal.timeout(10_000))
  }
  return { identity, server, deliver, firstKey: pairing?.keyId, hubId: pairing?.hubId }
}

describe('a hub that replaces its key', () => {
  it.each(steps)('killed at "%s" has a key that works, and finishes when it runs again', async (step) => {
    const { identity, server, deliver, firstKey, hubId } = await paired()
    expect(await rotate(identity, server.url, step)).toBe('SIGKILL')
    expect(await deliver()).toMatchObject([{ verdict: 'stored' }])
    // What was finished before the kill is a replacement of its own the second time.
    expect(await rotate(identity, server.url, 'never')).toBe(0)
    expect(await deliver()).toMatchObject([{ verdict: 'stored' }])
    const { pairing, key } = await KeyStore.open(identity)
    expect(pairing?.keyId).not.toBe(firstKey)
    expect(pairing?.keyId).toBe(key.keyId)
    expect(pairing?.hubId).toBe(hubId)
    expect((await readdir(identity)).toSorted()).toEqual([`key-${key.keyId}.pem`, 'pairing.json'])
  })

  it('goes on with the key it has begun with, so that a lost answer costs nothing', async () => {
    const { identity, server, firstKey } = await paired()
    await rotate(identity, server.url, 'answered')
    const begun = await (await KeyStore.open(identity)).next(null)
    expect((await KeyStore.open(identity)).pairing?.keyId).toBe(firstKey)
    await rotate(identity, server.url, 'never')
    expect((await KeyStore.open(identity)).pairing?.keyId).toBe(begun.keyId)
  })
})
