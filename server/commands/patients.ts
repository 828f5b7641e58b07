import { openOffice } from '../compose/office.ts'
import { commandLine } from './assignments.ts'
import { complain, optionsOf, say } from './program.ts'
import type { Command } from './program.ts'

const rowsAtOnce = 200

const time = (at: number | null): string => (at === null ? 'now' : new Date(at).toISOString())
const noSuchPatient = (id: string): string => `There is no patient "${id}". See: server patients list`

export const patientsListCommand: Command = {
  words: 'patients list',
  usage: '  patients list                          who used which pump from when to when: it holds labels',
  async run(config, args) {
    optionsOf(args)
    await using office = await openOffice(config)
    const act = { actor: commandLine.userId, action: 'patient.view', object: 'list:patients' } as const
    await office.journal.audit.note([{ ...act, at: office.now() }])
    for (const { patientId, uses, erasedAt } of office.journal.patients.list()) {
      const label = uses.findLast(({ details }) => details?.label !== null)?.details?.label
      say(`${patientId}: ${erasedAt === null ? (label ?? 'no label') : `erased ${time(erasedAt)}`}`)
      for (const { pumpId, validFrom, validTo } of uses) say(`  ${pumpId}, ${time(validFrom)} to ${time(validTo)}`)
    }
    return 0
  },
}

export const patientsExportCommand: Command = {
  words: 'patients export',
  usage: '  patients export --patient ID           all that is kept about one patient, as JSON on standard output',
  async run(config, args) {
    const { patient } = optionsOf(args, 'patient')
    if (patient === undefined) return complain('patients export needs --patient ID')
    await using office = await openOffice(config)
    const record = office.journal.patients.export(patient, { by: commandLine, at: office.now() })
    if (record === null) return complain(noSuchPatient(patient))
    say(JSON.stringify(record, null, 2))
    return 0
  },
}

export const patientsEraseCommand: Command = {
  words: 'patients erase',
  usage: `  patients erase --patient ID            label, number, therapy, plan and time zone of one patient go for good; what pumps
                                         told stays, under the pump's id`,
  async run(config, args) {
    const { patient } = optionsOf(args, 'patient')
    if (patient === undefined) return complain('patients erase needs --patient ID')
    await using office = await openOffice(config)
    switch (office.journal.patients.erase(patient, { by: commandLine, at: office.now() })) {
      case 'unknown':
        return complain(noSuchPatient(patient))
      case 'in-use':
        return complain(`A pump is still used for ${patient}: set it free first. Nothing was erased.`)
      case 'erased':
        say(`Erased ${patient}. Backups made before still hold it, and what nurses typed into records of alarms stays.`)
        return 0
    }
  },
}

export const patientsRotateKeyCommand: Command = {
  words: 'patients rotate-key',
  usage: `  patients rotate-key                    a new key for the table of patients; may run beside the server and be started
                                         again after it was stopped`,
  async run(config, args) {
    optionsOf(args)
    await using office = await openOffice(config)
    const { keyReplacement } = office.journal
    const { newest, others } = keyReplacement.begin({ by: commandLine, at: office.now() })
    const all = keyReplacement.left()
    say(`New key ${newest}; ${all} rows under ${others.join(', ') || 'no other key'}.`)
    for (let before = all; before > 0;) {
      while (keyReplacement.step(rowsAtOnce) > 0) say(`${all - keyReplacement.left()} of ${all} rows`)
      // What a server that runs wrote meanwhile has another turn, as long as there is less each time.
      const left = keyReplacement.left()
      before = left < before ? left : 0
    }
    if (!keyReplacement.end())
      return complain(
        `${keyReplacement.left()} rows cannot be read with the keys that are here, so the old keys stay. Start this again with their key.`,
      )
    say(config.patientKeys === null ? 'Done; the old key is gone.' : 'Done; take the old key out of PATIENT_KEYS.')
    return 0
  },
}
