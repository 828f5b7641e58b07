import { readFile, rm, writeFile } from 'node:fs/promises'

/** Start time of a process in clock ticks since boot: with the pid it names one process for good. Null: there is no such process. */
const startedAt = async (pid: number): Promise<string | null> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The second field is a name in brackets that may contain anything; field 22 is the twentieth after it.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

/** Notes which process makes the noise, so that a later start can end it if this one is killed. */
export const noteNoise = async (path: string, pid: number): Promise<void> => {
  await writeFile(path, JSON.stringify({ pid, startedAt: await startedAt(pid) }), { mode: 0o600 })
}

/** Ends the noise of a hub that was killed while it sounded: nobody else would. */
export const endLeftOverNoise = async (path: string): Promise<void> => {
  const noted = /^\{"pid":(\d+),"startedAt":"(\d+)"\}$/.exec(await readFile(path, 'utf8').catch(() => ''))
  await rm(path, { force: true }).catch(() => {})
  if (noted === null) return
  const pid = Number(noted[1])
  if (pid < 2 || (await startedAt(pid)) !== noted[2]) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
