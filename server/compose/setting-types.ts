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

export const setting = <T extends z.ZodType>(type: T, meta: Meta): z.ZodOptional<T> => type.optional().meta({ ...meta })
