import { z } from 'zod'

/** Seconds within which every pump of a line is asked at least once, by the number of pumps. */
const roundSeconds = (pumps: number): number => 2 * pumps

/** Settings of one line. Two of them change what this pump does: a query acknowledges its alarm, and in Safe mode it arms a time-out. */
export const newEraSettings = z
  .strictObject({
    mode: z
      .enum(['safe', 'basic'])
      .default('safe')
      .describe(
        'What the pump was set to with `SAF`: packets with a check, or text without. Never found out by sending.',
      ),
    poll: z
      .enum(['off', 'dis-rat'])
      .default('off')
      .describe(
        '`off`: nothing is ever written, pushed alarms are listened to. `dis-rat`: volume and rate are asked for.',
      ),
    acceptPollEffects: z
      .boolean()
      .default(false)
      .describe(
        'With `poll: dis-rat` in Safe mode: yes, each query acknowledges an alarm of the pump, and the pump stops when queries end.',
      ),
    safTimeoutS: z
      .int()
      .min(0)
      .max(255)
      .default(0)
      .describe(
        'With `poll: dis-rat` in Safe mode: the time-out that was set at the pump with `SAF`, s. At least 6 per pump.',
      ),
    addresses: z
      .string()
      .regex(/^([0-9]{2}(,[0-9]{2}){0,7})?$/, 'two digits each, separated by commas, at most eight')
      .default('')
      .describe(
        'Pumps of the line to be asked, such as `00,01`. Empty: the form without address, which pump 00 answers.',
      ),
    assetTag: z
      .string()
      .regex(/^([A-Za-z0-9][A-Za-z0-9._-]{0,47})?$/, 'must be 1 to 48 of A-Z a-z 0-9 . _ -')
      .default('')
      .describe(
        'Name on the housing: the pump has no serial number, so this is its id. Empty: made from the name of the port.',
      ),
  })
  .superRefine(({ mode, poll, acceptPollEffects, safTimeoutS, addresses }, context) => {
    if (mode === 'basic' || poll === 'off') return
    const complain = (name: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [name], message })
    if (!acceptPollEffects)
      complain(
        'acceptPollEffects',
        'must be true: each query acknowledges an alarm, and the pump stops when queries end',
      )
    const least = 3 * roundSeconds(targetsOf(addresses).length)
    if (safTimeoutS < least)
      complain('safTimeoutS', `must be what SAF was set to, at least ${least}: three rounds of queries have to fit`)
  })

export type NewEraSettings = z.output<typeof newEraSettings>

export const targetsOf = (addresses: string): readonly (string | null)[] =>
  addresses === '' ? [null] : [...new Set(addresses.split(','))]
