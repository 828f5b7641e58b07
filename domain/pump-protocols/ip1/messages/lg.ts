import type { Field } from '../../fields.ts'
import { integer } from '../../fields.ts'

// LG "," index "," uptime "," kind "," argument                                   pump -> host, history (ip1.md 2)
//   index     int
//   uptime    int ms
//   kind      PON RUN PAU STP ALR ALC; another kind is shown as it is
//   argument  alarm bit for ALR and ALC, else empty
// History never creates or clears an alarm.

export interface Lg {
  readonly type: 'LG'
  readonly index: Field<number>
  readonly uptime: Field<number>
  readonly kind: string
  readonly argument: string | null
}

export const parseLg = (fields: readonly string[]): Lg | null => {
  const [index, uptime, kind, argument] = fields
  if (index === undefined || uptime === undefined || kind === undefined || argument === undefined) return null
  return {
    type: 'LG',
    index: integer(index),
    uptime: integer(uptime),
    kind,
    argument: argument === '' ? null : argument,
  }
}
