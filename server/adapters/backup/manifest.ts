import { z } from 'zod'
import { journalFile, keysOfDatabases, telemetryFile } from '#server/core/backup.ts'
import type { BackupManifest } from '#server/core/backup.ts'

const file = z.strictObject({
  name: z.enum([journalFile, telemetryFile, ...keysOfDatabases]),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  schema: z.int().positive().nullable(),
})

const manifest = z.strictObject({
  format: z.literal(1),
  version: z.string(),
  madeAt: z.iso.datetime(),
  files: z
    .array(file)
    .refine((files) => files.some(({ name }) => name === journalFile), 'the journal is not in it')
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'a file is in it twice'),
})

/** Throws for what is no list of a backup's files, and for a name that is none of them. */
export const readManifest = (text: string): BackupManifest => manifest.parse(JSON.parse(text))
