import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { HubId } from '#domain/ids.ts'
import { findClockQuality } from '#gateway/adapters/clock-quality.ts'
import { examinePairing } from '#gateway/adapters/doctor/pairing.ts'
import { KeyStore } from '#gateway/adapters/key-store.ts'
import { noteKnownTime, readKnownTime } from '#gateway/adapters/known-time.ts'

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'identity-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const hubId = HubId.parse('hub-1')
const paired = async () => {
  const folder = join(await newFolder(), 'identity')
  const keys = await KeyStore.open(folder)
  await keys.paired({ hubId, keyId: keys.key.keyId, server: 'http://s' })
  return { folder, keys, first: keys.key.keyId }
}

describe('the keys of a hub on its disk', () => {
  it('make one new key per purpose: the same for the same claim, another one for another claim', async () => {
    const { keys } = await paired()
    const first = await keys.next('claim-1')
    expect((await keys.next('claim-1')).keyId).toBe(first.keyId)
    expect((await keys.next('claim-2')).keyId).not.toBe(first.keyId)
    expect(await keys.isReplacing()).toBe(false)
    await keys.next(null)
    expect(await keys.isReplacing()).toBe(true)
  })

  it('sign with the old key until the new one is adopted, and leave nothing of the old one', async () => {
    const { folder, keys, first } = await paired()
    const next = await keys.next('claim-1')
    expect(keys.signer()?.keyId).toBe(first)
    await keys.adopted({ hubId, keyId: next.keyId, server: 'http://s', claimId: 'claim-1' })
    expect(keys.signer()?.sign('a')).toBe(next.sign('a'))
    expect((await readdir(folder)).toSorted()).toEqual([`key-${next.keyId}.pem`, 'pairing.json'])
    expect((await KeyStore.open(folder)).key.keyId).toBe(next.keyId)
  })

  it('are found by the doctor after a replacement too', async () => {
    const { folder, keys } = await paired()
    const next = await keys.next(null)
    await keys.adopted({ hubId, keyId: next.keyId, server: 'http://s' })
    expect(await examinePairing(join(folder, '..'), 'http://s')).toMatchObject([
      { level: 'ok', text: expect.stringContaining('paired as hub-1') as string },
    ])
    await chmod(join(folder, `key-${next.keyId}.pem`), 0o644)
    expect(await examinePairing(join(folder, '..'), 'http://s')).toMatchObject([{ level: 'fail' }, { level: 'ok' }])
  })

  it('are read again when another program has changed them, and only then', async () => {
    const { folder, keys } = await paired()
    expect(await keys.reload()).toBe(false)
    const other = await KeyStore.open(folder)
    const next = await other.next('claim-1')
    expect(await keys.reload()).toBe(false)
    await other.adopted({ hubId, keyId: next.keyId, server: 'http://s' })
    expect(await keys.reload()).toBe(true)
    expect(keys.signer()?.sign('a')).toBe(next.sign('a'))
  })

  it('say in words that a paired hub has lost its key', async () => {
    const { folder } = await paired()
    await rm(join(folder, 'hub-key.pem'))
    await expect(KeyStore.open(folder)).rejects.toThrow(/pair this hub again/)
  })

  it('start without the files that a hub can do without, should they be damaged', async () => {
    const { folder, first } = await paired()
    for (const name of ['next-key.json', 'server-pins.json']) await writeFile(join(folder, name), '{"pem":')
    const keys = await KeyStore.open(folder)
    expect([keys.signer()?.keyId, keys.serverPins, await keys.isReplacing()]).toEqual([first, [], false])
  })

  it('keep the two newest keys of the server', async () => {
    const { folder, keys } = await paired()
    for (const pin of ['sha256//a', 'sha256//b', 'sha256//b', 'sha256//c']) await keys.sawServerPin(pin)
    expect((await KeyStore.open(folder)).serverPins).toEqual(['sha256//c', 'sha256//b'])
  })
})

describe('a time that is certainly past', () => {
  it('is the newest of what was noted and of the program’s files, and follows a note back', async () => {
    const folder = await newFolder()
    const [note, file] = [join(folder, 'known-time.json'), join(folder, 'program')]
    expect(await readKnownTime(note, [join(folder, 'nothing')])).toBe(0)
    await writeFile(file, '')
    await utimes(file, 1_000, 1_000)
    expect(await readKnownTime(note, [file])).toBe(1_000_000)
    await noteKnownTime(note, 2_000_000.7)
    expect(await readKnownTime(note, [file])).toBe(2_000_000)
    await noteKnownTime(note, 1_500_000)
    expect(await readKnownTime(note, [file])).toBe(1_500_000)
    await writeFile(note, '{"knownTime":')
    expect(await readKnownTime(note, [file])).toBe(1_000_000)
  })
})

const computer = async (facts: { ntp?: string; mark?: boolean; hctosys?: string }) => {
  const folder = await newFolder()
  const places = {
    timedatectl: join(folder, 'timedatectl'),
    synchronized: join(folder, 'synchronized'),
    rtcFolder: join(folder, 'rtc'),
  }
  if (facts.ntp !== undefined) {
    await writeFile(places.timedatectl, `#!/bin/sh\n[ "$*" = "show -p NTPSynchronized --value" ] && ${facts.ntp}\n`)
    await chmod(places.timedatectl, 0o755)
  }
  if (facts.mark === true) await writeFile(places.synchronized, '')
  if (facts.hctosys !== undefined) {
    await mkdir(join(places.rtcFolder, 'rtc0'), { recursive: true })
    await writeFile(join(places.rtcFolder, 'rtc0', 'hctosys'), `${facts.hctosys}\n`)
  }
  return findClockQuality(places)
}

describe('how the clock of a computer was set', () => {
  it.each([
    ['by a time server, as the kernel says', { ntp: 'echo yes', hctosys: '1' }, 'ntp'],
    ['by a time server, as the mark says where nobody can ask', { mark: true }, 'ntp'],
    ['by a battery clock', { ntp: 'echo no', mark: true, hctosys: '1' }, 'device-rtc'],
    ['by nothing, beside a battery clock that was not used', { ntp: 'echo no', hctosys: '0' }, 'none'],
    ['by nothing', { ntp: 'echo no' }, 'none'],
    ['by nobody knows what, where the question fails', { ntp: 'exit 1' }, 'unknown'],
    ['by nobody knows what, where nobody can ask', {}, 'unknown'],
  ] as const)('%s', async (_name, facts, quality) => {
    expect(await computer(facts)).toBe(quality)
  })
})
