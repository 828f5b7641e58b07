import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { Role } from '#domain/live/views.ts'

/** How the demonstration hands its sign-ins and its hub's claim to whoever started it. Readable by the owner alone. */
export const DemoAccess = z.object({
  users: z.array(z.object({ role: Role, name: z.string(), password: z.string() })),
  /** Null when the demonstration's hub is enrolled already. */
  claim: z.object({ id: z.string(), code: z.string() }).nullable(),
})
export type DemoAccess = z.infer<typeof DemoAccess>

/** What the last start wrote, or null. */
export const readDemoAccess = async (file: string): Promise<DemoAccess | null> => {
  try {
    return DemoAccess.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return null
  }
}

/** In one step: a reader sees the old content or the new one. */
export const writeDemoAccess = async (file: string, access: DemoAccess): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, `${JSON.stringify(access)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
