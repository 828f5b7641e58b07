import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { AccountStore, User } from './accounts.ts'
import { may } from './permissions.ts'
import type { AlarmSubject } from './ports.ts'
import type { ScopeBook } from './scope-book.ts'

/** Who can be given an alarm: people who may act on one and whose account is in use. */
export interface Colleagues {
  /** By name. */
  all(): Promise<readonly Person[]>
  /** Null: nobody of that id could find this alarm and act on it. */
  find(userId: UserId, subject: AlarmSubject): Promise<Person | null>
}

const canTake = ({ role, disabled }: User): boolean => !disabled && may(role, 'alarm.act')

export const colleaguesIn = (store: Pick<AccountStore, 'users'>, scopes: Pick<ScopeBook, 'sees'>): Colleagues => {
  const all = async (): Promise<readonly Person[]> =>
    (await store.users()).filter(canTake).map(({ userId, name }) => ({ userId, name }))
  return {
    all,
    find: async (userId, subject) =>
      scopes.sees(userId, subject) ? ((await all()).find((person) => person.userId === userId) ?? null) : null,
  }
}
