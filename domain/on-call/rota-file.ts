import { z } from 'zod'
import type { UserId } from '../ids.ts'
import { DutyPlace, TeamId } from './duty.ts'
import { dateOf, whenClockReaches } from './local-calendar.ts'
import { LocalTime, TimeZone, Weekdays } from './local-time.ts'
import { Rota } from './rota.ts'

const Name = z.string().trim().min(1).max(64)
const places = { primary: Name, backup: Name, lead: Name }
const LocalMoment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'must be a local time such as 2026-12-24T19:00')
  .refine((text) => dateOf(text.slice(0, 10)) !== null && LocalTime.safeParse(text.slice(11)).success, 'does not exist')

/** A team's rota as a person writes it: names of users, and local times of the team. */
export const RotaFile = z.strictObject({
  team: TeamId,
  timeZone: TimeZone,
  /** Each line may fill all three places. */
  entries: z
    .array(
      z
        .strictObject({ weekdays: Weekdays, from: LocalTime, to: LocalTime, ...z.object(places).partial().shape })
        .refine(
          (line) => DutyPlace.options.some((place) => line[place] !== undefined),
          'must name primary, backup or lead',
        ),
    )
    .max(100),
  overrides: z
    .array(
      z.strictObject({
        from: LocalMoment,
        to: LocalMoment,
        place: DutyPlace,
        /** Null: nobody. */
        user: Name.nullable(),
      }),
    )
    .max(500)
    .default([]),
})
export type RotaFile = Readonly<z.infer<typeof RotaFile>>

export type ReadRota =
  | { readonly ok: true; readonly rota: Rota }
  | { readonly ok: false; readonly problems: readonly string[] }

/** `userOf` finds a user by name; null: there is none. */
export const rotaOfFile = (file: RotaFile, userOf: (name: string) => UserId | null): ReadRota => {
  const problems = new Set<string>()
  const user = (name: string): UserId | null => {
    const found = userOf(name)
    if (found === null) problems.add(`there is no user named "${name}" who can be on call`)
    return found
  }
  const at = (moment: string): number => {
    const date = dateOf(moment.slice(0, 10))
    return date === null ? Number.NaN : whenClockReaches(file.timeZone, date, moment.slice(11))
  }
  const entries = file.entries.flatMap(({ weekdays, from, to, ...names }) =>
    DutyPlace.options.flatMap((place) => {
      const name = names[place]
      return name === undefined ? [] : [{ weekdays, from, to, place, userId: user(name) }]
    }),
  )
  const overrides = file.overrides.map(({ from, to, place, user: name }) => ({
    from: at(from),
    to: at(to),
    place,
    userId: name === null ? null : user(name),
  }))
  if (problems.size > 0) return { ok: false, problems: [...problems] }
  const rota = Rota.safeParse({ timeZone: file.timeZone, entries, overrides })
  return rota.success
    ? { ok: true, rota: rota.data }
    : { ok: false, problems: rota.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) }
}
