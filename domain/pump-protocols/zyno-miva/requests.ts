import { hexDigits } from '../ascii.ts'
import type { AllowedRequest } from '../whitelist.ts'
import type { CheckRule } from './frame.ts'
import { mivaFrame } from './frame.ts'
import { ringSize } from './ring.ts'

/** Everything that may ever be sent, beside `RE` with an index (zyno-miva.md 2). None of them has a parameter. */
export const requestNames = [
  'RN',
  'RS',
  'RB',
  'RL',
  'RC',
  'RI',
  'R7',
  'RD',
  'R2',
  'Q0',
  'Q3',
  'Q4',
  'Q5',
  'Q6',
  'Q7',
  'QD',
] as const
export type RequestName = (typeof requestNames)[number]

/** `index`: inside the ring. */
export const entryRequest = (index: number): `RE${string}` => `RE${hexDigits(index, 8)}`

export const mivaWhitelist = (rule: CheckRule): readonly AllowedRequest[] => [
  ...requestNames.map((name) => ({
    shape: `STX ${name}<check> ETX`,
    slots: new RegExp(`^.${name}[0-9A-F]{2}.$`, 's'),
    build: () => mivaFrame(name, rule),
  })),
  {
    shape: 'STX RE<index, 00000000 to 0000A8FF><check> ETX',
    slots: /^.RE(0000[0-9A-F]{4})[0-9A-F]{2}.$/s,
    // an index outside the ring builds nothing, so nothing equals it
    build: ([index = '']) => (Number.parseInt(index, 16) < ringSize ? mivaFrame(`RE${index}`, rule) : new Uint8Array()),
  },
]
