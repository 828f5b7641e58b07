import { basename, join, resolve } from 'node:path'
import { mkdir } from 'node:fs/promises'
import { copySettled, isThere, removeOlder } from '../adapters/backup/folder.ts'
import { makeBackup, noteBackup } from '../compose/backup.ts'
import type { ServerConfig } from '../config.ts'
import { patientKeysFile } from '../core/backup.ts'
import { commandLine } from './assignments.ts'
import { complain, optionsOf, say, serverVersion } from './program.ts'
import type { Command } from './program.ts'

/** What has to be kept besides, because it is not in a backup. */
const besides = (config: ServerConfig): readonly string[] => [
  ...(config.influx === null ? [] : ['The samples are in InfluxDB: influxd backup (1.x) or influx backup (2.x).']),
  ...(config.passwordPepper === null ? [] : ['PASSWORD_PEPPER is not in it: without it no password matches.']),
  ...(config.patientKeys === null ? [] : ['PATIENT_KEYS is not in it: without it labels and plans are gone.']),
]

/** Named after the backup that it opens. */
const copyPatientKeys = async ({ dataDir }: ServerConfig, folder: string, backup: string): Promise<number> => {
  const from = join(dataDir, patientKeysFile)
  if (!(await isThere(from))) return complain(`There is no ${from}: nothing was copied to ${folder}.`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const to = join(folder, `${patientKeysFile}-${backup}`)
  await copySettled(from, to)
  say(`The key of the patients: ${to}`)
  return 0
}

export const backupCommand: Command = {
  words: 'backup',
  usage: `  backup --to DIR                        databases and their keys in a new folder below DIR, beside a running server;
                                         --keep N removes all but the newest N there afterwards,
                                         --patient-keys-to DIR copies the key of the patients to another place`,
  async run(config, args) {
    const { to, keep, 'patient-keys-to': keysTo } = optionsOf(args, 'to', 'keep', 'patient-keys-to')
    if (to === undefined) return complain('backup needs --to DIR')
    const kept = keep === undefined ? null : Number(keep)
    if (kept !== null && !(Number.isSafeInteger(kept) && kept > 0)) return complain('--keep: how many, 1 or more')
    if (keysTo !== undefined && resolve(keysTo) === resolve(to))
      return complain('--patient-keys-to: the key beside the backups would open them. Name another place.')
    const made = await makeBackup(config, to, serverVersion(), (name) => process.stderr.write(`${name} …\n`))
    const { folder, manifest } = made
    for (const { name, bytes } of manifest.files) say(`  ${name}: ${bytes} bytes`)
    say(`Backup of ${manifest.madeAt}: ${folder}`)
    if (!(await noteBackup(config, made, commandLine)))
      say('Not written into the audit trail: the databases are another release’s.')
    for (const sentence of besides(config)) say(sentence)
    const copied = keysTo === undefined ? 0 : await copyPatientKeys(config, keysTo, basename(folder))
    if (keysTo === undefined && config.patientKeys === null)
      say('The key of the patients is not in it: --patient-keys-to DIR, on another disk than the backups.')
    if (kept !== null) for (const name of await removeOlder(resolve(to), kept)) say(`Removed ${name}.`)
    return copied
  },
}
