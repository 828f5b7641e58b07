import '@fontsource-variable/atkinson-hyperlegible-next/wght.css'
import './ui/styles/tokens.css'
import './ui/styles/base.css'
import './ui/styles/controls.css'
import './ui/styles/shell.css'
import './ui/styles/wall.css'
import './ui/styles/queue.css'
import './ui/styles/tiles.css'
import './ui/styles/fleet.css'
import './ui/styles/panel.css'
import './ui/styles/forms.css'
import './ui/styles/narrow.css'
import { render } from 'preact'
import { WebAudioDesk } from './adapters/audio/audio-desk.ts'
import { WakeLockDesk } from './adapters/awake/wake-lock-desk.ts'
import { liveWorkerUrl, startServerLink } from './adapters/link/server-link.ts'
import { passkeyDesk } from './adapters/passkeys/passkey-desk.ts'
import { BrowserPushDesk, pushWorkerUrl } from './adapters/push/browser-push-desk.ts'
import { workerPolicy } from './adapters/trusted/worker-policy.ts'
import { App } from './ui/app.tsx'
import { noteLostStyles } from './ui/lost-styles.ts'
import { AppContext, AppState } from './ui/state/app-state.ts'
import { openUrgent } from './ui/state/open-urgent.ts'

noteLostStyles()
const trusted = workerPolicy([liveWorkerUrl, pushWorkerUrl])
const push = new BrowserPushDesk(trusted)
const app = new AppState(startServerLink(trusted), new WebAudioDesk(), push, new WakeLockDesk(), passkeyDesk)
push.keepPage()
openUrgent(app)
const root = document.getElementById('app')
if (root !== null)
  render(
    <AppContext.Provider value={app}>
      <App />
    </AppContext.Provider>,
    root,
  )
