import { judgeAlarms } from './judge-alarms.ts'
import { judgeEnds } from './judge-ends.ts'
import { judgeCheckIns } from './judge-check-ins.ts'
import { judgePages } from './judge-pages.ts'
import { judgeSilence } from './judge-silence.ts'
import type { OracleFinding } from './finding.ts'
import type { Played } from './play.ts'
import { Paths } from './paths.ts'

/** All that is wrong with what the server made of a plan; empty: nothing. */
export const judge = (played: Played): readonly OracleFinding[] => {
  const paths = new Paths(played)
  return [
    ...judgeAlarms(played, paths),
    ...judgeEnds(played, paths),
    ...judgePages(played, paths),
    ...judgeSilence(played, paths),
    ...judgeCheckIns(played, paths),
    ...judgeRecords(played),
  ]
}

/** Produced = stored + pending, number by number; an act that was acknowledged is in the journal; nothing was refused. */
const judgeRecords = ({ driver, received, waiting, final }: Played): readonly OracleFinding[] => {
  const findings: OracleFinding[] = []
  let missing = 0
  for (const [bootId, { seqs }] of driver.produced)
    missing += seqs.filter((seq) => received.get(bootId)?.has(seq) !== true).length
  if (missing > waiting) findings.push({ kind: 'record-lost', what: `${missing - waiting} records are nowhere` })
  if (waiting > 0)
    findings.push({ kind: 'not-drained', what: `${waiting} records wait although nothing is wrong any more` })
  for (const { by, kind, episodeId, atMs } of driver.acknowledged) {
    const ids = [episodeId, final.into.get(episodeId), ...aliasesOf(final, episodeId)]
    if (
      !ids.some((id) => final.acts.has(`${id} ${kind} ${by}`)) &&
      !(kind === 'accept' && ids.some((id) => final.acts.has(`${id} take-over ${by}`)))
    )
      findings.push({ kind: 'act-lost', what: `${by} was told at ${atMs} ms that "${kind}" of ${episodeId} is done` })
  }
  findings.push(...judgeOwners({ driver }))
  for (const what of final.twice) findings.push({ kind: 'two-owners', what })
  for (const what of driver.errors) findings.push({ kind: 'trouble', what })
  return findings
}

/** No start of the server forgets who has an alarm. A process that died between its commit and the telling knew more than it showed. */
const judgeOwners = ({ driver }: Pick<Played, 'driver'>): readonly OracleFinding[] => {
  const before = new Map<string, string | null>()
  const diedTelling = (atMs: number): boolean =>
    driver.windows.some(
      ({ fault, toMs }) => fault.kind === 'kill-server-after-commit' && toMs <= atMs && toMs > atMs - 1_000,
    )
  return driver.seen.flatMap(({ episodeId, after, atMs, isReadBack }): readonly OracleFinding[] => {
    const was = before.get(episodeId)
    const owner = after?.response.owner?.userId ?? null
    before.set(episodeId, owner)
    return !isReadBack || was === undefined || was === owner || diedTelling(atMs)
      ? []
      : [{ kind: 'act-lost', what: `${episodeId} was ${was}'s and is ${owner}'s after the start at ${atMs} ms` }]
  })
}

const aliasesOf = ({ episodes }: Played['final'], id: string): readonly string[] =>
  [...episodes.values()]
    .filter(({ condition }) => condition.aliases.some((alias) => alias === id))
    .map(({ episodeId }) => episodeId)
