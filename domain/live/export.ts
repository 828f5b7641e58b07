import { z } from 'zod'
import { ChannelId } from '../ids.ts'

export const ExportFormat = z.enum(['csv', 'jsonl'])
export type ExportFormat = z.infer<typeof ExportFormat>

/** `samples`: each as it was stored, as long as samples are kept. `minutes`: first, least, greatest and last of each minute. */
export const ExportResolution = z.enum(['samples', 'minutes'])
export type ExportResolution = z.infer<typeof ExportResolution>

export const ExportQuery = z.object({
  /** ms since the epoch, inclusive. */
  from: z.coerce.number().int().nonnegative(),
  /** exclusive */
  to: z.coerce.number().int().nonnegative(),
  format: ExportFormat.default('csv'),
  resolution: ExportResolution.default('samples'),
  /** Of a pump with several channels: which of them; without it, the first. */
  channel: ChannelId.optional(),
})
