import { TeamId } from '#domain/on-call/duty.ts'
import { instant } from '#domain/time.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { serverAdmin } from '#test/support/acts.ts'

// Changes teams without an end, each change with its audit row, and says a line after each. Killed from outside.

const [, , file = ''] = process.argv
const { onCall } = openJournal(file)
const teamId = TeamId.parse('north')
for (let turn = 1; ; turn += 1) {
  await onCall.putTeam(teamId, `North ${turn}`, { by: serverAdmin, at: instant(turn) })
  process.stdout.write(`${turn}\n`)
}
