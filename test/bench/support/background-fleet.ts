import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Program } from '#test/support/program.ts'

/** `simulators fleet` as hubs of a running server, each pump a sample a second. Ends with the program. */
export const backgroundFleet = async (
  { url, dataDir, folder }: { readonly url: string; readonly dataDir: string; readonly folder: string },
  { pumps, hubs, seed }: { readonly pumps: number; readonly hubs: number; readonly seed: number },
): Promise<Program> => {
  const claims = join(folder, 'claims')
  const made = new Program({
    name: 'claims',
    args: ['server/main.ts', 'claim', 'create', '--name', 'Fleet', '--count', String(hubs)],
    env: { DATA_DIR: dataDir },
  })
  const code = await made.ended(60_000)
  if (code !== 0) throw new Error(`claims: ${made.output.slice(-1000)}`)
  writeFileSync(claims, made.output)
  const options = { pumps, hubs, seed, 'sample-every': 1, server: url, claims }
  const fleet = new Program({
    name: 'fleet',
    args: [
      'simulators/main.ts',
      'fleet',
      ...Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]),
    ],
  })
  await fleet.says(/hubs are paired/, 120_000)
  await fleet.says(/[1-9]\d* records stored/, 60_000)
  return fleet
}
