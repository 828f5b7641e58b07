import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { UserId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { createSqliteAccounts } from '#server/adapters/sqlite-accounts.ts'
import { byAdmin } from '#test/support/acts.ts'

const userId = UserId.parse('u-1')
const by = { by: { userId, name: 'm.osei' }, at: instant(1000) }
const secret = Uint8Array.from({ length: 20 }, (_, place) => place + 65)

const open = async () => {
  const dir = mkdtempSync(join(tmpdir(), 'factors-'))
  const file = join(dir, 'journal.db')
  const journal = openJournal(file)
  onTestFinished(async () => {
    await journal.alarms[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })
  const accounts = createSqliteAccounts(journal.database, journal.change)
  const user = { userId, name: 'm.osei', role: 'nurse', passwordHash: '-', disabled: false } as const
  await accounts.addUser(user, byAdmin)
  return { dir, file, journal, factors: journal.factors }
}

const passkey = (credentialId: string) => ({
  credentialId,
  userId,
  rpId: 'localhost',
  name: 'Telephone',
  publicKey: new Uint8Array([1, 2, 3]),
  counter: 1,
  transports: ['internal', 'hybrid'],
  addedAt: 1000,
  usedAt: null,
})

describe('the secret of an authenticator app', () => {
  it('is sealed in the database and opens for its own person only', async () => {
    const { journal, factors } = await open()
    await factors.setTotp(userId, secret, 7, by)
    expect(await factors.totp(userId)).toEqual({ secret, lastStep: 7, addedAt: 1000 })
    const stored = Buffer.from(journal.database.prepare('SELECT secret FROM app_totp').get()?.['secret'] as Uint8Array)
    for (const plain of [Buffer.from(secret), Buffer.from(Buffer.from(secret).toString('hex'))])
      expect(stored.includes(plain)).toBe(false)
    journal.database.exec("PRAGMA foreign_keys = OFF; UPDATE app_totp SET user_id = 'u-2'")
    expect(await factors.totp(UserId.parse('u-2'))).toMatchObject({ secret: null })
  })

  it('is sealed anew when the key is replaced, so that the old key can go', async () => {
    const { journal, factors } = await open()
    await factors.setTotp(userId, secret, 7, by)
    const { keyReplacement } = journal
    const keyOf = () => journal.database.prepare('SELECT key_id FROM app_totp').get()?.['key_id']
    const before = keyOf()
    const { newest } = keyReplacement.begin(byAdmin)
    expect(keyReplacement.left()).toBe(1)
    while (keyReplacement.step(10) > 0);
    expect([keyReplacement.left(), keyReplacement.end(), keyOf()]).toEqual([0, true, newest])
    expect(newest).not.toBe(before)
    expect((await factors.totp(userId))?.secret).toEqual(secret)
  })

  it('lets one of two use the same step', async () => {
    const { factors } = await open()
    await factors.setTotp(userId, secret, 7, by)
    expect(await Promise.all([factors.useTotpStep(userId, 8), factors.useTotpStep(userId, 8)])).toEqual([true, false])
    expect(await factors.useTotpStep(userId, 7)).toBe(false)
  })
})

describe('passkeys', () => {
  it('are kept until they are removed, by nobody but their person, and none twice', async () => {
    const { factors } = await open()
    expect(await factors.addPasskey(passkey('a'), by)).toBe(true)
    expect(await factors.addPasskey({ ...passkey('a'), userId: UserId.parse('u-1') }, by)).toBe(false)
    await factors.usedPasskey('a', 9, instant(2000))
    expect(await factors.passkey('a')).toEqual({ ...passkey('a'), counter: 9, usedAt: 2000 })
    expect(await factors.renamePasskey(UserId.parse('u-2'), 'a', 'Mine', by)).toBe(false)
    expect(await factors.renamePasskey(userId, 'a', 'Key ring', by)).toBe(true)
    expect((await factors.passkeys(userId)).map(({ name }) => name)).toEqual(['Key ring'])
    expect(await factors.removePasskey(UserId.parse('u-2'), 'a', by)).toBe(false)
    expect(await factors.removePasskey(userId, 'a', by)).toBe(true)
    expect(await factors.passkeys(userId)).toEqual([])
  })
})

describe('recovery codes', () => {
  it('are used once each, and new ones make the old ones void', async () => {
    const { factors } = await open()
    await factors.setRecoveryCodes(userId, ['a', 'b', 'c'], by)
    expect(await factors.useRecoveryCode(userId, 'b', instant(2000))).toBe(2)
    expect(await factors.useRecoveryCode(userId, 'b', instant(2000))).toBeNull()
    expect(await factors.useRecoveryCode(UserId.parse('u-2'), 'a', instant(2000))).toBeNull()
    await factors.setRecoveryCodes(userId, ['d'], by)
    expect([await factors.useRecoveryCode(userId, 'a', instant(2000)), await factors.recoveryLeft(userId)]).toEqual([
      null,
      1,
    ])
  })
})

describe('a reset', () => {
  it('takes everything away and ends the sessions in one step, and is open until she has something again', async () => {
    const { journal, factors } = await open()
    const accounts = createSqliteAccounts(journal.database, journal.change)
    await factors.setTotp(userId, secret, 7, by)
    await factors.addPasskey(passkey('a'), by)
    await factors.setRecoveryCodes(userId, ['a'], by)
    const client = { device: '', origin: '' }
    const times = { startedAt: instant(1000), lastSeenAt: instant(1000), provenAt: instant(1000) }
    await accounts.addSession({ idHash: 'hash-1', userId, client, ...times, factors: ['password', 'totp'] })
    expect(await factors.openReset(userId)).toBeNull()
    expect(await factors.reset(userId, 'telephone lost', byAdmin)).toEqual(['hash-1'])
    expect([await factors.totp(userId), await factors.passkeys(userId), await factors.recoveryLeft(userId)]).toEqual([
      null,
      [],
      0,
    ])
    const told = { at: byAdmin.at, by: byAdmin.by.name, reason: 'telephone lost' }
    expect(await factors.openReset(userId)).toEqual(told)
    await factors.addPasskey(passkey('b'), by)
    expect(await factors.openReset(userId)).toBeNull()
    await factors.reset(userId, 'again', byAdmin)
    await factors.setTotp(userId, secret, 7, by)
    expect(await factors.openReset(userId)).toBeNull()
  })
})

describe('every change of a factor', () => {
  it('has its row in the audit trail', async () => {
    const { journal, factors } = await open()
    await factors.setTotp(userId, secret, 7, by)
    await factors.addPasskey(passkey('a'), by)
    await factors.setRecoveryCodes(userId, ['a'], by)
    await factors.useRecoveryCode(userId, 'a', instant(2000))
    await factors.renamePasskey(userId, 'a', 'Key ring', by)
    await factors.removePasskey(userId, 'a', by)
    await factors.removeTotp(userId, by)
    await factors.reset(userId, 'telephone lost', byAdmin)
    const rows = journal.auditReader.find({ object: 'user:u-1' }, 20).toReversed()
    expect(rows.map(({ action }) => action)).toEqual([
      'user.add',
      'factor.totp',
      'factor.passkey',
      'factor.recovery',
      'factor.recovery-use',
      'factor.passkey-name',
      'factor.passkey-remove',
      'factor.totp-remove',
      'factor.reset',
    ])
  })
})
