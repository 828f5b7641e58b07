import {
  allSides,
  openDashboardBench,
  openFakeBench,
  openOracleBench,
  openTelephoneBench,
  openWebhookBench,
  openWebPushBench,
} from '#test/support/channel-benches.ts'
import { pageChannelsContract } from './page-channels.contract.ts'

// The real ones first; what stands in for them elsewhere has to keep the same promises.

pageChannelsContract('web push', allSides, openWebPushBench)
pageChannelsContract('a webhook', allSides, () => openWebhookBench())
pageChannelsContract('a telephone', allSides, openTelephoneBench)
pageChannelsContract('open pages of the dashboard', ['takes it', 'says nothing'], openDashboardBench)
pageChannelsContract('under a test’s control', ['takes it', 'refuses', 'says nothing'], openFakeBench)
pageChannelsContract('of the oracle run', ['takes it', 'refuses', 'says nothing'], openOracleBench)
