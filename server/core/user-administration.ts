import type { UserId } from '#domain/ids.ts'
import type { Person, Role } from '#domain/live/views.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { Clock } from '#domain/time.ts'
import type { AccountStore, PasswordHasher } from './accounts.ts'
import type { FactorStore } from './factor-store.ts'

/** `last-admin`: no other administrator could sign in. */
export type AccountChange = 'done' | 'nobody' | 'kiosk' | 'last-admin'

export interface UserAdministration {
  /** Null: the name is taken. The password is shown once and stored as a hash only. */
  /** `wardOf`: of a kiosk, the team whose wall it is. */
  add(by: Person, name: string, role: Role, wardOf?: TeamId): Promise<{ readonly password: string } | null>
  /** Ends all sessions, and open pages within 5 s. */
  setRole(by: Person, name: string, role: Exclude<Role, 'kiosk'>): Promise<AccountChange>
  /** Disabling ends all sessions, and open pages within 5 s. */
  setDisabled(by: Person, name: string, disabled: boolean): Promise<AccountChange>
  /** Her app, passkeys and recovery codes are void and her sessions over: she sets up new ones at her next sign-in. */
  resetFactors(by: Person, name: string, reason: string): Promise<'done' | 'nobody' | 'kiosk'>
  /** Makes the user of that name have exactly this role's account and password; for the demonstration. */
  ensure(by: Person, name: string, role: Role, password: string | null): Promise<{ readonly password: string }>
}

export interface UserAdministrationDependencies {
  readonly store: AccountStore
  readonly factors: Pick<FactorStore, 'reset'>
  readonly hasher: PasswordHasher
  readonly newUserId: () => UserId
  readonly newPassword: () => string
  readonly clock: Pick<Clock, 'now'>
}

export const createUserAdministration = (deps: UserAdministrationDependencies): UserAdministration => {
  const { store, factors, hasher, newUserId, newPassword, clock } = deps

  const add = async (by: Person, name: string, role: Role, password: string, wardOf?: TeamId): Promise<boolean> => {
    const passwordHash = await hasher.hash(password)
    const ward = wardOf === undefined ? {} : { wardOf }
    const user = { userId: newUserId(), name, role, passwordHash, disabled: false, ...ward }
    return store.addUser(user, { by, at: clock.now() })
  }

  return {
    async add(by, name, role, wardOf) {
      const password = newPassword()
      return (await add(by, name, role, password, wardOf)) ? { password } : null
    },

    async setRole(by, name, role) {
      const user = await store.userByName(name)
      if (user === null) return 'nobody'
      if (user.role === 'kiosk') return 'kiosk'
      return (await store.setRole(user.userId, role, { by, at: clock.now() })) ? 'done' : 'last-admin'
    },

    async setDisabled(by, name, disabled) {
      const user = await store.userByName(name)
      if (user === null) return 'nobody'
      return (await store.setDisabled(user.userId, disabled, { by, at: clock.now() })) ? 'done' : 'last-admin'
    },

    async resetFactors(by, name, reason) {
      const user = await store.userByName(name)
      if (user === null) return 'nobody'
      if (user.role === 'kiosk') return 'kiosk'
      await factors.reset(user.userId, reason, { by, at: clock.now() })
      return 'done'
    },

    async ensure(by, name, role, known) {
      const user = await store.userByName(name)
      if (user !== null && known !== null && (await hasher.verify(known, user.passwordHash)) === 'right')
        return { password: known }
      const password = newPassword()
      if (user === null) await add(by, name, role, password)
      else await store.setPasswordHash(user.userId, await hasher.hash(password), { by, at: clock.now() })
      return { password }
    },
  }
}
