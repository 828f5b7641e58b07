import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { createSqlitePushDevices } from '#server/adapters/sqlite-push-devices.ts'
import { MemoryPushDevices } from '#test/support/memory-push-devices.ts'
import { pushDevicesContract } from './push-devices.contract.ts'

pushDevicesContract('in memory', async () => ({ devices: new MemoryPushDevices(), close: async () => undefined }))

pushDevicesContract('SQLite', async () => {
  const journal = openJournal(':memory:')
  return {
    devices: createSqlitePushDevices(journal.database, journal.change),
    close: async () => journal.alarms[Symbol.asyncDispose](),
  }
})
