import { z } from 'zod'
import { Secret } from '#domain/secret.ts'

interface Meta {
  readonly description: string
  /** As a person would write it in the environment; absent = not set. */
  readonly default?: string
  readonly secret?: boolean
}

export const text = z.string().trim().min(1)
export const secret = text.transform((value) => new Secret(value))

export const whole = (low: number, high: number) =>
  text
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(low, `must be at least ${low}`).max(high, `must be at most ${high}`))
export const flag = z.enum(['0', '1'], 'must be 0 or 1').transform((value) => value === '1')

export const setting = <T extends z.ZodType>(type: T, meta: Meta): z.ZodOptional<T> => type.optional().meta({ ...meta })
