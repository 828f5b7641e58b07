import { restoreBackup } from '../compose/backup.ts'
import { commandLine } from './assignments.ts'
import { complain, optionsOf, say } from './program.ts'
import type { Command } from './program.ts'

export const restoreCommand: Command = {
  words: 'restore',
  usage: `  restore --from FOLDER --reason TEXT    puts a backup in place of what is in the data folder, which is moved aside; the
                                         server must be stopped; --patient-keys FILE: their key, unless it is here`,
  async run(config, args) {
    const { from, reason, 'patient-keys': patientKeys = null } = optionsOf(args, 'from', 'reason', 'patient-keys')
    if (from === undefined || reason === undefined || reason.trim() === '')
      return complain('restore needs --from FOLDER and --reason TEXT, which goes into the audit trail')
    const { manifest, aside, unreadable } = await restoreBackup(config, { from, patientKeys, reason, by: commandLine })
    const since = manifest.madeAt
    say(`The data of ${since} is back in ${config.dataDir}.`)
    if (aside !== null) say(`What was there is in ${aside}: remove it when nobody needs it any more.`)
    if (unreadable > 0)
      say(`The key of ${unreadable} rows of patients is not here: their pumps count as critical until it is.`)
    if (config.influx !== null) say('The samples are in InfluxDB and are as they were.')
    say('All sessions have ended: everybody signs in again, screens on walls too.')
    say(`Hubs that were revoked, and people who were disabled or lost a role, after ${since} have to be again.`)
    if (config.audit.headDir !== null)
      say(`Signed heads in ${config.audit.headDir} are of the trail that was lost: keep them under another name.`)
    say('Start the server, then: server audit verify')
    return 0
  },
}
