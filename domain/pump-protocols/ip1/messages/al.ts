import type { Field } from '../../fields.ts'
import { hex4, integer, isMalformed, word } from '../../fields.ts'

// AL "," uptime "," notification "," alarm-bit "," priority "," raised       pump -> host, at once on a change (ip1.md 2)
//   uptime        int ms
//   notification  4 upper-case hex digits, +1 per new AL
//   alarm-bit     2 upper-case hex digits, 00..1F; a higher bit is kept, as the vendor text of `device-text`
//   priority      H M L
//   raised        "1" raised, "0" cleared
// A malformed notification or alarm-bit makes the frame void.

export interface Al {
  readonly type: 'AL'
  readonly uptime: Field<number>
  readonly notification: string
  readonly alarmBit: string
  readonly priority: Field<'H' | 'M' | 'L'>
  readonly raised: Field<boolean>
}

export const parseAl = (fields: readonly string[]): Al | null => {
  const [uptime, notification, alarmBit, priority, raised] = fields
  if (
    uptime === undefined ||
    notification === undefined ||
    alarmBit === undefined ||
    priority === undefined ||
    raised === undefined
  )
    return null
  if (!hex4.test(notification) || !/^[0-9A-F]{2}$/.test(alarmBit)) return null
  const flag = word(raised, ['0', '1'])
  return {
    type: 'AL',
    uptime: integer(uptime),
    notification,
    alarmBit,
    priority: word(priority, ['H', 'M', 'L']),
    raised: isMalformed(flag) ? flag : flag === '1',
  }
}
