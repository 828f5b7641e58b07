import { beforeEach, describe, expect, it } from 'vitest'
import { UserId } from '#domain/ids.ts'
import { createAccounts, sessionPolicy } from '#server/core/accounts.ts'
import type { Accounts, PasswordHasher, User } from '#server/core/accounts.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { createMemoryAccounts } from '#test/support/memory-accounts.ts'
import { byAdmin } from '#test/support/acts.ts'

const minutes = 60_000
let clock: ManualClock
let verified: string[]
let refused: (string | null)[] = []
let store: ReturnType<typeof createMemoryAccounts>
let accounts: Accounts

const hasher: PasswordHasher = {
  hash: async (password) => `hash of ${password}`,
  async verify(password, passwordHash) {
    verified.push(passwordHash)
    if (passwordHash === `old hash of ${password}`) return 'outdated'
    return passwordHash === `hash of ${password}` ? 'right' : 'wrong'
  },
}

const nurse: User = {
  userId: UserId.parse('u-1'),
  name: 'm.osei',
  role: 'nurse',
  passwordHash: 'hash of right',
  disabled: false,
}

beforeEach(async () => {
  clock = new ManualClock()
  verified = []
  refused = []
  store = createMemoryAccounts()
  await store.addUser(nurse, byAdmin)
  let ids = 0
  accounts = createAccounts({
    store,
    hasher,
    secrets: { newSessionId: () => `id-${(ids += 1)}`, hashSessionId: (id) => `sha of ${id}` },
    clock,
    scheduler: clock,
    refused: (userId) => void refused.push(userId),
  })
})

const signInAs = async (name: string, password: string, address: string) => {
  const user = await accounts.checkPassword(name, password, address)
  return user === null ? null : await accounts.begin(user, ['password'], address)
}

const signIn = async (): Promise<string> => {
  const signedIn = await signInAs('M.Osei', 'right', '::1')
  if (signedIn === null) throw new Error('refused')
  return signedIn.sessionId
}

describe('a sign-in that fails', () => {
  it('is told with whose account it was, and with nobody when there is none of that name', async () => {
    expect(await signInAs('M.Osei', 'wrong', '::1')).toBeNull()
    expect(await signInAs('my password', 'wrong', '::1')).toBeNull()
    await signIn()
    expect(refused).toEqual(['u-1', null])
  })
})

describe('sessions', () => {
  it('a right password opens a session of which the database knows only the hash', async () => {
    const id = await signIn()
    expect(await accounts.authenticate(id)).toMatchObject({ userId: 'u-1', role: 'nurse', sessionHash: `sha of ${id}` })
    expect(await store.session(id)).toBeNull()
  })

  it('ends after 30 idle minutes, and activity postpones that', async () => {
    const id = await signIn()
    clock.advance(29 * minutes)
    expect(await accounts.authenticate(id)).not.toBeNull()
    clock.advance(29 * minutes)
    expect(await accounts.authenticate(id)).not.toBeNull()
    clock.advance(30 * minutes)
    expect(await accounts.authenticate(id)).toBeNull()
  })

  it('looking whether it is good does not count as activity', async () => {
    const id = await signIn()
    for (let passed = 0; passed < 30; passed += 5) {
      expect(await accounts.recheck(`sha of ${id}`)).not.toBeNull()
      clock.advance(5 * minutes)
    }
    expect(await accounts.recheck(`sha of ${id}`)).toBeNull()
  })

  it('what a page asks by itself counts since somebody touched it', async () => {
    const id = await signIn()
    for (let passed = 0; passed < 30; passed += 5) {
      expect(await accounts.authenticate(id, passed * minutes)).not.toBeNull()
      clock.advance(5 * minutes)
    }
    expect(await accounts.authenticate(id, 30 * minutes)).toBeNull()
  })

  it('ends after 12 hours whatever happens', async () => {
    const id = await signIn()
    for (let passed = 0; passed < sessionPolicy.absoluteMs; passed += 20 * minutes) {
      expect(await accounts.authenticate(id)).not.toBeNull()
      clock.advance(20 * minutes)
    }
    expect(await accounts.authenticate(id)).toBeNull()
  })

  it('signing out ends it and tells who holds sockets of it', async () => {
    const ended: string[] = []
    accounts.onSessionEnd((hash) => ended.push(hash))
    const id = await signIn()
    await accounts.signOut(`sha of ${id}`)
    expect(ended).toEqual([`sha of ${id}`])
    expect(await accounts.authenticate(id)).toBeNull()
  })

  it('a disabled user is out at once', async () => {
    const id = await signIn()
    await store.setDisabled(nurse.userId, true, byAdmin)
    expect(await accounts.authenticate(id)).toBeNull()
    expect(await signInAs('m.osei', 'right', '::1')).toBeNull()
  })
})

describe('signing in', () => {
  it('an unknown name costs one password check like a known one', async () => {
    expect(await signInAs('nobody', 'x', '::1')).toBeNull()
    expect(await signInAs('m.osei', 'x', '::1')).toBeNull()
    expect(verified).toHaveLength(2)
  })

  it('a hash with yesterday’s parameters is renewed', async () => {
    await store.setPasswordHash(nurse.userId, 'old hash of right', null)
    await signIn()
    expect((await store.userByName('m.osei'))?.passwordHash).toBe('hash of right')
  })

  it('guessing gets slower, other addresses do not, and the right password always works', async () => {
    for (let tries = 0; tries < 5; tries += 1) expect(await signInAs('m.osei', 'x', '10.0.0.9')).toBeNull()
    let answered = false
    const sixth = signInAs('m.osei', 'right', '10.0.0.9').then((answer) => {
      answered = true
      return answer
    })
    await clock.advanceAsync(499)
    expect(answered).toBe(false)
    expect(await signIn()).toBe('id-2')
    await clock.advanceAsync(1)
    expect(await sixth).not.toBeNull()
  })
})
