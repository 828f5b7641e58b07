import { describe, expect, it, onTestFinished } from 'vitest'
import { UserId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { newPassword } from '#server/adapters/account-secrets.ts'
import { createArgon2Hasher } from '#server/adapters/argon2-hasher.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { createSqliteAccounts } from '#server/adapters/sqlite-accounts.ts'
import type { AccountStore, Session, User } from '#server/core/accounts.ts'
import { Secret } from '#domain/secret.ts'
import { createMemoryAccounts } from '#test/support/memory-accounts.ts'
import { byAdmin } from '#test/support/acts.ts'

const user: User = {
  userId: UserId.parse('u-1'),
  name: 'Maja Ösei',
  role: 'nurse',
  passwordHash: 'hash',
  disabled: false,
}
const session = (idHash: string, startedAt: number, lastSeenAt = startedAt): Session => ({
  idHash,
  userId: user.userId,
  client: { device: 'Firefox on Linux', origin: '10.0.3.x' },
  startedAt: instant(startedAt),
  lastSeenAt: instant(lastSeenAt),
  provenAt: instant(startedAt),
  factors: ['password'],
})

const accountStoreContract = (name: string, open: () => AccountStore): void => {
  describe(`account store: ${name}`, () => {
    it('finds a user whatever the case of the name, and keeps names unique', async () => {
      const store = open()
      expect(await store.addUser(user, byAdmin)).toBe(true)
      expect(await store.addUser({ ...user, userId: UserId.parse('u-2'), name: 'MAJA ÖSEI' }, byAdmin)).toBe(false)
      expect(await store.userByName('maja ösei')).toEqual(user)
      expect(await store.userByName('nobody')).toBeNull()
    })

    it('keeps a session with its user until it is ended', async () => {
      const store = open()
      await store.addUser(user, byAdmin)
      await store.addSession(session('a', 1000))
      expect(await store.session('a')).toEqual({ session: session('a', 1000), user })
      await store.endSession('a', instant(2000))
      expect(await store.session('a')).toBeNull()
    })

    it('gives a session a new id after a fresh proof, once', async () => {
      const store = open()
      await store.addUser(user, byAdmin)
      await store.addSession(session('a', 1000))
      const renewed: Session = { ...session('b', 1000), provenAt: instant(2000), factors: ['password', 'totp'] }
      expect(await store.renewSession('a', renewed)).toBe(true)
      expect(await store.session('a')).toBeNull()
      expect((await store.session('b'))?.session).toEqual(renewed)
      expect(await store.renewSession('a', { ...renewed, idHash: 'c' })).toBe(false)
    })

    it('activity moves forward only', async () => {
      const store = open()
      await store.addUser(user, byAdmin)
      await store.addSession(session('a', 1000))
      await store.touchSession('a', instant(3000))
      await store.touchSession('a', instant(2000))
      expect((await store.session('a'))?.session.lastSeenAt).toBe(3000)
    })

    it('forgets sessions that are too old or too long idle', async () => {
      const store = open()
      await store.addUser(user, byAdmin)
      await store.addSession(session('old', 100, 9000))
      await store.addSession(session('idle', 8000, 8000))
      await store.addSession(session('good', 8000, 9000))
      await store.sweepSessions(instant(1000), instant(8500))
      const left = await Promise.all(['old', 'idle', 'good'].map(async (id) => (await store.session(id)) !== null))
      expect(left).toEqual([false, false, true])
    })

    it('disabling a user ends all sessions', async () => {
      const store = open()
      await store.addUser(user, byAdmin)
      await store.addSession(session('a', 1000))
      await store.setDisabled(user.userId, true, byAdmin)
      expect(await store.session('a')).toBeNull()
      expect((await store.userByName(user.name))?.disabled).toBe(true)
    })

    it('lists the sessions of one person, and ends those of them that are named', async () => {
      const store = open()
      await store.addUser(user, byAdmin)
      for (const idHash of ['a', 'b', 'c']) await store.addSession(session(idHash, 1000))
      await store.revokeSessions(UserId.parse('u-other'), ['a'], byAdmin)
      await store.revokeSessions(user.userId, ['b', 'gone'], byAdmin)
      expect((await store.sessionsOf(user.userId)).toSorted((a, b) => (a.idHash < b.idHash ? -1 : 1))).toEqual([
        session('a', 1000),
        session('c', 1000),
      ])
    })

    it('a new password hash replaces the old one', async () => {
      const store = open()
      await store.addUser(user, byAdmin)
      await store.setPasswordHash(user.userId, 'new hash', byAdmin)
      expect((await store.userByName(user.name))?.passwordHash).toBe('new hash')
    })
  })
}

accountStoreContract('in memory', createMemoryAccounts)
accountStoreContract('SQLite', () => {
  const { database, change } = openJournal(':memory:')
  onTestFinished(() => database.close())
  return createSqliteAccounts(database, change)
})

describe('password hashes', () => {
  const small = { memory: 64, passes: 1, parallelism: 1 }

  it('carry their parameters, differ each time and are 64 MiB, t=3, p=1', async () => {
    const hasher = createArgon2Hasher()
    const [one, two] = await Promise.all([hasher.hash('secret'), hasher.hash('secret')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(one).not.toBe(two)
    expect(await hasher.verify('secret', one)).toBe('right')
    expect(await hasher.verify('Secret', one)).toBe('wrong')
  })

  it('of weaker parameters are right and outdated', async () => {
    const old = await createArgon2Hasher(null, small).hash('secret')
    expect(await createArgon2Hasher(null, { ...small, passes: 2 }).verify('secret', old)).toBe('outdated')
  })

  it('need the same pepper', async () => {
    const hash = await createArgon2Hasher(new Secret('pepper'), small).hash('secret')
    expect(await createArgon2Hasher(new Secret('pepper'), small).verify('secret', hash)).toBe('right')
    expect(await createArgon2Hasher(null, small).verify('secret', hash)).toBe('wrong')
  })

  it('that are no hashes are wrong, not an error', async () => {
    expect(await createArgon2Hasher(null, small).verify('secret', 'plain')).toBe('wrong')
  })

  it('more than two at a time wait, and all are answered', async () => {
    const hasher = createArgon2Hasher(null, small)
    const hash = await hasher.hash('secret')
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => hasher.verify(n % 2 ? 'x' : 'secret', hash)))
    expect(answers.filter((answer) => answer === 'right')).toHaveLength(10)
  })

  it('generated passwords are long and never repeat', () => {
    const made = new Set(Array.from({ length: 1000 }, newPassword))
    expect(made.size).toBe(1000)
    for (const password of made) expect(password).toMatch(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/)
  })
})
