import { UserId } from '#domain/ids.ts'
import type { Person, Role } from '#domain/live/views.ts'
import type { UserAdministration } from './user-administration.ts'

export interface DemoSignIn {
  readonly role: Role
  readonly name: string
  readonly password: string
}

/** Stands for a person where the demonstration sets itself up. */
export const demonstration: Person = { userId: UserId.parse('demonstration'), name: 'demonstration' }

const people: readonly (readonly [Role, string])[] = [
  ['nurse', 'm.osei'],
  ['lead', 'j.lind'],
  ['engineer', 'r.costa'],
  ['admin', 'a.novak'],
]

/** Two nurses, so that one can be faster than the other, an engineer and an admin. A restart keeps passwords that still hold. */
export const demoPeople = (users: UserAdministration, before: readonly DemoSignIn[]): Promise<readonly DemoSignIn[]> =>
  Promise.all(
    people.map(async ([role, name]) => {
      const known = before.find((person) => person.name === name)?.password ?? null
      return { role, name, ...(await users.ensure(demonstration, name, role, known)) }
    }),
  )
