import type { Field } from '../../fields.ts'
import { shaped } from '../../fields.ts'

// "RL" library                               pump -> host (zyno-miva.md 2)
//   library  20 characters: name, blank, version

export interface Rl {
  readonly type: 'RL'
  readonly library: Field<string>
}

export const parseRl = (data: string): Rl => ({ type: 'RL', library: shaped(data, /^.{20}$/) })
