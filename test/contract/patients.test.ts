import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { unassigned } from '#domain/assignment/assignment.ts'
import type { AssignmentDetails } from '#domain/assignment/assignment.ts'
import { PumpId } from '#domain/ids.ts'
import { Secret } from '#domain/secret.ts'
import { instant } from '#domain/time.ts'
import { journalMigrations } from '#server/adapters/sqlite/journal-migrations.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { passingPatientKeys, patientKeyFile, patientKeysOf } from '#server/adapters/sqlite/patient-keys.ts'
import { openDatabase } from '#server/adapters/sqlite/database.ts'
import { byAdmin } from '#test/support/acts.ts'
import { Program } from '#test/support/program.ts'

const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'patients-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

const opened = (file = ':memory:', secrets: Parameters<typeof openJournal>[1] = {}) => {
  const journal = openJournal(file, secrets)
  onTestFinished(() => journal.alarms[Symbol.asyncDispose]())
  return journal
}

const rose: AssignmentDetails = {
  ...unassigned,
  label: 'Rose Cottage',
  phone: '+49 30 1234567',
  therapy: 'parenteral-nutrition',
  criticality: 'standard',
  timeZone: 'Europe/Berlin',
}
const told = /Rose Cottage|1234567|parenteral|Europe\/Berlin/
const p1 = PumpId.parse('P-1')
const hours = 3_600_000

type Journal = ReturnType<typeof openJournal>

const put = (journal: Journal, pumpId: PumpId, version: number, details: AssignmentDetails | null, at = 0) =>
  journal.assignments.put([{ pumpId, expectedVersion: version, details, by: byAdmin.by, at: instant(at) }])

/** Every byte of the database, its write-ahead log included. */
const bytesIn = (dir: string): string =>
  readdirSync(dir)
    .filter((name) => name.startsWith('journal.db'))
    .map((name) => readFileSync(join(dir, name), 'latin1'))
    .join('')

const old = (file: string): void => {
  const database = openDatabase(file, journalMigrations.slice(0, -1))
  database.exec(`
    INSERT INTO assignment VALUES
      ('P-1', 1, 100, 1, 'all', 'parenteral-nutrition', 'standard', 'Europe/Berlin', NULL, 'u-1', 'Lind'),
      ('P-1', 2, 200, 1, 'all', 'pain', 'standard', 'Europe/Berlin', NULL, 'u-1', 'Lind'),
      ('P-1', 3, 300, 0, 'all', NULL, 'unknown', NULL, NULL, 'u-1', 'Lind'),
      ('P-2', 1, 100, 1, 'all', NULL, 'unknown', NULL, NULL, 'u-1', 'Lind');
    INSERT INTO assignment_contact VALUES
      ('P-1', 1, 'Rose Cottage', '+49 30 1234567'), ('P-1', 2, 'Rose Cottage', NULL), ('P-1', 3, NULL, NULL), ('P-2', 1, NULL, NULL);`)
  database.close()
}

const say = async (dir: string, ...args: readonly string[]) => {
  const program = new Program({ name: 'server', args: ['server/main.ts', ...args], env: { DATA_DIR: dir } })
  onTestFinished(() => program[Symbol.asyncDispose]())
  return { code: await program.ended(60_000), text: program.output, program }
}

const filled = async (dir: string, pumps: number): Promise<Journal> => {
  const journal = opened(join(dir, 'journal.db'))
  const writes = Array.from({ length: pumps }, (_, place) => ({
    pumpId: PumpId.parse(`P-${place}`),
    expectedVersion: 0,
    details: { ...rose, label: `Home ${place}` },
    ...byAdmin,
  }))
  await journal.assignments.put(writes)
  return journal
}

const labels = async (journal: Journal) => (await journal.assignments.current()).map(({ details }) => details?.label)

describe('keys of the table of patients', () => {
  it('are made once, for their owner alone, and read again when the file is another one', () => {
    const file = join(folder(), 'deep', 'patient-keys')
    const ring = patientKeyFile(file)
    const [first] = ring.keys()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(patientKeyFile(file).keys()).toEqual([first])
    const beside = patientKeyFile(file)
    beside.change?.([beside.newKey(), ...beside.keys()])
    expect(ring.keys()).toHaveLength(2)
    expect(ring.keys()[1]).toEqual(first)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(file, '..'))).toEqual(['patient-keys'])
  })

  it('are refused when they are none', () => {
    const file = join(folder(), 'patient-keys')
    writeFileSync(file, 'abc\n')
    expect(() => patientKeyFile(file).keys()).toThrow(expect.objectContaining({ code: 'SRV_CONFIG' }))
    expect(() => patientKeysOf(new Secret('ab'.repeat(31)))).toThrow(/PATIENT_KEYS/)
    const two = patientKeysOf(new Secret(`${'ab'.repeat(32)}, ${'cd'.repeat(32)}`))
    expect(two.keys()).toHaveLength(2)
    expect(two.change).toBeNull()
  })
})

describe('the table of patients', () => {
  it('holds nothing about a person that can be read without the key', async () => {
    const dir = folder()
    const journal = opened(join(dir, 'journal.db'))
    await put(journal, p1, 0, rose)
    expect((await journal.assignments.current())[0]?.details).toEqual(rose)
    expect(bytesIn(dir)).not.toMatch(told)
    expect(bytesIn(dir)).toContain('P-1')
  })

  it('counts what cannot be opened as not known, which is critical, and says how much it is', async () => {
    const dir = folder()
    const journal = opened(join(dir, 'journal.db'))
    await put(journal, p1, 0, rose)
    expect(journal.patients.unreadable()).toEqual({ rows: 0, keyIds: [] })
    const keyless = opened(join(dir, 'journal.db'), { patientKeys: passingPatientKeys() })
    expect((await keyless.assignments.current())[0]?.details).toEqual(unassigned)
    expect(keyless.patients.unreadable()).toMatchObject({ rows: 1 })
    await put(keyless, p1, 1, rose)
    expect((await keyless.assignments.current())[0]?.details).toEqual(rose)
  })

  it('gives one patient out whole, and erases one for good; what the pump was used by others for stays', async () => {
    const dir = folder()
    const journal = opened(join(dir, 'journal.db'))
    await put(journal, p1, 0, rose, hours)
    await put(journal, p1, 1, { ...rose, label: 'Home 2', phone: null }, 2 * hours)
    const mine = journal.patients.list().find(({ uses }) => uses[0]?.validFrom === hours)?.patientId ?? ''
    const other = journal.patients.list().find(({ patientId }) => patientId !== mine)?.patientId ?? ''
    expect(journal.patients.export('pt-nobody', byAdmin)).toBeNull()
    expect(journal.patients.export(mine, byAdmin)).toMatchObject({
      patientId: mine,
      erasedAt: null,
      uses: [{ pumpId: 'P-1', validFrom: hours, validTo: 2 * hours, details: rose }],
      alarms: [],
      looks: [],
    })
    expect(journal.patients.erase(other, byAdmin)).toBe('in-use')
    expect(journal.patients.erase('pt-nobody', byAdmin)).toBe('unknown')
    expect(journal.patients.erase(mine, byAdmin)).toBe('erased')
    const [first, second] = await journal.assignments.history(p1)
    expect(first).toMatchObject({ validFrom: hours, details: { label: null, phone: null, criticality: 'unknown' } })
    expect(second?.details?.label).toBe('Home 2')
    expect(journal.patients.list().find(({ patientId }) => patientId === mine)?.erasedAt).toBe(byAdmin.at)
    expect(journal.auditReader.find({}, 2).map(({ action, object }) => [action, object])).toEqual([
      ['patient.erase', `patient:${mine}`],
      ['patient.export', `patient:${mine}`],
    ])
    const again = opened(join(dir, 'journal.db'))
    expect((await again.assignments.history(p1))[0]?.details?.label).toBeNull()
  })
})

describe('what earlier releases kept in plain text', () => {
  it('is sealed when the new one opens it, and its bytes are overwritten', async () => {
    const dir = folder()
    const file = join(dir, 'journal.db')
    old(file)
    expect(bytesIn(dir)).toMatch(told)
    const journal = opened(file)
    const history = await journal.assignments.history(p1)
    expect(
      history.map(({ version, validFrom, validTo, details }) => [
        version,
        validFrom,
        validTo,
        details?.label,
        details?.phone,
        details?.therapy,
      ]),
    ).toEqual([
      [1, 100, 200, 'Rose Cottage', '+49 30 1234567', 'parenteral-nutrition'],
      [2, 200, 300, 'Rose Cottage', null, 'pain'],
      [3, 300, null, undefined, undefined, undefined],
    ])
    expect(
      journal.patients
        .list()
        .map(({ uses }) => uses.length)
        .toSorted((a, b) => a - b),
    ).toEqual([1, 2])
    expect(bytesIn(dir)).not.toMatch(told)
    const again = opened(file)
    expect(await again.assignments.history(p1)).toEqual(history)
  })
})

describe('server patients', () => {
  it('rotate-key seals everything anew beside a running server, which goes on reading and writing', async () => {
    const dir = folder()
    const server = await filled(dir, 450)
    const before = readFileSync(join(dir, 'patient-keys'), 'utf8')
    const rotated = await say(dir, 'patients', 'rotate-key')
    expect(rotated).toMatchObject({ code: 0, text: expect.stringContaining('450 of 450 rows') })
    const after = readFileSync(join(dir, 'patient-keys'), 'utf8')
    expect(after.trim().split('\n')).toHaveLength(1)
    expect(after).not.toBe(before)
    await put(server, p1, 1, rose, 5)
    expect(server.patients.unreadable().rows).toBe(0)
    const fresh = opened(join(dir, 'journal.db'))
    expect(fresh.patients.unreadable().rows).toBe(0)
    expect((await labels(fresh)).filter((label) => label === null)).toEqual([])
  })

  it('rotate-key that is stopped at any step leaves what can be read, and goes on when it is started again', async () => {
    const dir = folder()
    await filled(dir, 60)
    const keys = patientKeyFile(join(dir, 'patient-keys'))
    const readable = async (): Promise<void> => {
      const journal = openJournal(join(dir, 'journal.db'))
      expect((await labels(journal)).filter((label) => label === null)).toEqual([])
      expect(journal.patients.unreadable().rows).toBe(0)
      await journal.alarms[Symbol.asyncDispose]()
    }
    const first = opened(join(dir, 'journal.db')).keyReplacement
    first.begin(byAdmin)
    await readable()
    first.step(25)
    await readable()
    // Another run takes the same new key.
    const newest = keys.keys()[0]?.id
    const second = opened(join(dir, 'journal.db')).keyReplacement
    expect(second.begin(byAdmin).newest).toBe(newest)
    expect(second.end()).toBe(false)
    expect(keys.keys()).toHaveLength(2)
    while (second.step(10) > 0) await readable()
    expect(second.end()).toBe(true)
    expect(keys.keys().map(({ id }) => id)).toEqual([newest])
    await readable()
  })

  it('list, export and erase one patient by id', async () => {
    const dir = folder()
    const journal = await filled(dir, 2)
    await put(journal, p1, 1, null, 2_000)
    const listed = await say(dir, 'patients', 'list')
    const [, patientId = ''] = /^(pt-[\w-]+): Home 1$/m.exec(listed.text) ?? []
    expect(JSON.parse((await say(dir, 'patients', 'export', '--patient', patientId)).text)).toMatchObject({
      patientId,
      uses: [{ details: { label: 'Home 1' } }],
    })
    expect(await say(dir, 'patients', 'erase', '--patient', 'pt-x')).toMatchObject({ code: 1 })
    expect(await say(dir, 'patients', 'erase', '--patient', patientId)).toMatchObject({ code: 0 })
    expect((await say(dir, 'patients', 'list')).text).toMatch(new RegExp(`^${patientId}: erased `, 'm'))
    const kept = new DatabaseSync(join(dir, 'journal.db'), { readOnly: true })
    expect(kept.prepare("SELECT count(*) AS rows FROM audit WHERE action LIKE 'patient.%'").get()).toEqual({ rows: 4 })
    kept.close()
  })
})
