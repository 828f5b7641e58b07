import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { AccountStore, User } from './accounts.ts'
import { may } from './permissions.ts'

/** Who can be given an alarm: people who may act on one and whose account is in use. */
export interface Colleagues {
  /** By name. */
  all(): Promise<readonly Person[]>
  find(userId: UserId): Promise<Person | null>
}

const canTake = ({ role, disabled }: User): boolean => !disabled && may(role, 'alarm.act')

export const colleaguesIn = (store: Pick<AccountStore, 'users'>): Colleagues => {
  const all = async (): Promise<readonly Person[]> =>
    (await store.users()).filter(canTake).map(({ userId, name }) => ({ userId, name }))
  return {
    all,
    find: async (userId) => (await all()).find((person) => person.userId === userId) ?? null,
  }
}
