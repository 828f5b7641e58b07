import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { RotaFile } from '#domain/on-call/rota-file.ts'
import { ServerError } from '../core/errors.ts'

/** Reads a team's rota from YAML or JSON. Rejects with `SRV_CONFIG`, naming every problem. */
export const readRotaFile = async (path: string): Promise<RotaFile> => {
  const unusable = (why: string, cause?: unknown): ServerError =>
    new ServerError('SRV_CONFIG', `the rota ${path}: ${why}`, cause)
  let content: unknown
  try {
    content = parse(await readFile(path, 'utf8'), { maxAliasCount: 0 })
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : 'cannot be read', error)
  }
  const parsed = RotaFile.safeParse(content ?? {})
  if (parsed.success) return parsed.data
  throw unusable(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}
